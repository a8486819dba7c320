"""A later version of the product: a copy of its source, with revisions that are yet to come."""

import re
import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config

from store import migrate
from store.engine import Database

ROOT = Path(__file__).parents[2]
NOT_SOURCE = shutil.ignore_patterns(
    ".*", "__pycache__", "docs", "dist", "node_modules", "tests", "var"
)

REVISION = """\
from alembic import op
import sqlalchemy as sa

revision = "{revision}"
down_revision = "{before}"
{oldest}

def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
"""

EXPANDS = (
    """op.add_column("bookings", sa.Column("later", sa.String(40), nullable=False, server_default="x"))
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))""",
    """op.drop_table("later")
    with op.batch_alter_table("bookings") as bookings:
        bookings.drop_column("later")""",
)
"""What may be done while the version before serves, and how it is taken back."""

NARROWS = (
    'op.drop_index("ix_bookings_person_id", "bookings")',
    'op.create_index("ix_bookings_person_id", "bookings", ["person_id"])',
)
"""Stands for taking away whatever an older version needs."""


def after(revision: str) -> str:
    return f"{int(revision) + 1:04}"


class LaterVersion:
    """Begins as this version; each revision that is added to it is its newest."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT, folder, ignore=NOT_SOURCE)
        self.app = folder / "app.py"
        self.head = migrate.HEAD
        self._store = folder / "store"

    def add(self, steps: tuple[str, str], *, oldest: str = "") -> str:
        """Add a revision; given the oldest one that its tables carry, it contracts."""
        revision = after(self.head)
        text = REVISION.format(
            revision=revision,
            before=self.head,
            oldest=f'oldest = "{oldest}"' if oldest else "",
            upgrade=steps[0],
            downgrade=steps[1],
        )
        (self._store / f"migrations/versions/{revision}_later.py").write_text(text)
        module = self._store / "migrate.py"
        module.write_text(re.sub(r'(?m)^HEAD = ".*"', f'HEAD = "{revision}"', module.read_text()))
        self.head = revision
        return revision

    async def migrate(self, database: Database) -> None:
        """As its own `migrate` does."""
        await migrate._run(database, self.to_head)

    async def take_back(self, database: Database, revision: str) -> None:
        await migrate._run(database, lambda config: command.downgrade(self._of(config), revision))

    def to_head(self, config: Config) -> None:
        command.upgrade(self._of(config), self.head)

    def _of(self, config: Config) -> Config:
        config.set_main_option("script_location", str(self._store / "migrations"))
        return config
