"""Statements are compiled once in a run: SQLAlchemy alone does it anew for each database."""

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.util import LRUCache

MOST = 5000


def _kind(dialect: Dialect) -> tuple[Any, ...]:
    """Dialects of one kind write the same SQL, whichever database each of them belongs to."""
    return (type(dialect), dialect.paramstyle, dialect.server_version_info)


class Compiled(MutableMapping[Any, Any]):
    """What has been compiled for any database, for SQLAlchemy to look into as if for one."""

    def __init__(self) -> None:
        self._known: MutableMapping[Any, Any] = LRUCache(MOST)

    def __getitem__(self, key: tuple[Dialect, Any]) -> Any:
        return self._known[(_kind(key[0]), *key[1:])]

    def __setitem__(self, key: tuple[Dialect, Any], compiled: Any) -> None:
        self._known[(_kind(key[0]), *key[1:])] = compiled

    def __delitem__(self, key: tuple[Dialect, Any]) -> None:
        del self._known[(_kind(key[0]), *key[1:])]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def compile_once() -> None:
    """From now on, on every database that is opened in this process."""
    compiled = Compiled()

    def connected(db: Connection) -> None:
        db.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", connected)
