"""The hub list in SharePoint, and where what we know of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from learning.hub_list import HubItem, ListColumn, Seen
from learning.people import PersonId
from learning.sessions import EditionId, SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """What changed since a `link` was given out, each item once; `link` is for the next time.

    With `is_all` these are all the items there are, and whatever else we know is gone.
    """

    items: tuple[Seen, ...]
    gone: tuple[int, ...]
    link: str
    is_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """SharePoint tells us of changes, at this address, until then."""

    id: str
    url: str
    until: datetime


class SharePointList(Protocol):
    """The list of the programme. All raise Unavailable or Rejected."""

    async def columns(self) -> list[ListColumn]: ...
    async def changes(self, link: str) -> ListChanges:
        """What changed since; everything where there is no link, or where it is too old."""
        ...

    async def item(self, item_id: int) -> Seen:
        """One item as it is now. Raises Missing."""
        ...

    async def write(self, item_id: int, values: Mapping[str, Any]) -> None:
        """Set these columns and no others. Raises Missing."""
        ...

    async def watch(self, url: str, secret: str, until: datetime, known: str) -> Watch:
        """Be told of changes until then; the subscription `known`, or one that is there, is used."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HubState:
    """How far we are with a list, by the ids of its site and its own.

    `read_at` is when the last read that succeeded began, `digest` stands for the rows that the
    programme was last brought up to, `faults` are about the list as a whole, `report` is what the
    last import did. `trouble` is why it could not be read, `unwritten` why not written, and
    `unwatched` why SharePoint does not tell us of changes.
    """

    list_key: str
    link: str = ""
    read_at: datetime | None = None
    digest: str = ""
    edition_id: EditionId | None = None
    faults: tuple[str, ...] = ()
    told: str = ""
    report: str = ""
    trouble: str = ""
    unwritten: str = ""
    unwatched: str = ""
    watch_id: str = ""
    watch_url: str = ""
    watch_until: datetime | None = None
    watch_again_at: datetime | None = None


class HubTables(Protocol):
    """What we know of the hub list, inside a unit of work."""

    async def state(self, list_key: str, *, lock: bool = False) -> HubState:
        """As it stands, held until commit if `lock`; of a list that we never read, nothing."""
        ...

    async def save(self, state: HubState) -> None: ...
    async def choose_edition(self, list_key: str, edition_id: EditionId) -> None: ...
    async def items(self, list_key: str) -> list[HubItem]: ...
    async def save_items(self, list_key: str, items: Sequence[HubItem]) -> None: ...
    async def remove_items(self, list_key: str, ids: Sequence[int]) -> None: ...
    async def item_of(self, list_key: str, session_id: SessionId) -> HubItem | None: ...
    async def forget(self, person_id: PersonId) -> None:
        """Take the person out of what was edited by whom."""
        ...
