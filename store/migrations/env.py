"""Alembic's way in: it is handed an open connection by `store.migrate`."""

import sqlalchemy as sa
from alembic import context

from store.course_tables import metadata
from store.migrate import OLDEST
from store.tables import versions

connection: sa.Connection = context.config.attributes["connection"]


def note_oldest() -> None:
    """Keep the oldest revision whose code still runs on the tables as they are now."""
    if not (heads := context.get_context().get_current_heads()):
        return
    connection.execute(sa.delete(versions).where(versions.c.name == OLDEST))
    for script in context.script.iterate_revisions(heads, "base"):
        if oldest := getattr(script.module, "oldest", ""):
            connection.execute(sa.insert(versions).values(name=OLDEST, value=int(oldest)))
            return


context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
    note_oldest()
