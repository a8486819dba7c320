"""The database: tables, repositories, the unit of work, migrations. SQLAlchemy stays in here."""
