"""Reading the hub list: what changed in SharePoint becomes the programme, all of it or nothing."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from learning import hub_list, hub_notices, programme_file
from learning.hub_list import HubItem, ListColumn
from learning.notices import Notice
from learning.people import PersonId
from learning.programme_table import Table
from learning.sessions import Session, SessionId
from services.ports.clocks import Clock
from services.ports.hub import HubState, ListChanges, SharePointList
from services.ports.journal import HUB_LIST
from services.ports.storage import NewUnitOfWork, UnitOfWork
from services.ports.systems import Rejected, Unavailable
from services.programme import Import, ProgrammeService, WhichEdition

log = structlog.get_logger()

PATIENCE = timedelta(minutes=1)
"""How long an editor has to go on typing before they are told what is wrong with the item."""

KnownOrganisers = Callable[[], Awaitable[Sequence[PersonId]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one read came to: either `done` or faults, or neither where nothing has changed."""

    items: Mapping[int, HubItem]
    digest: str = ""
    done: Import | None = None
    whole: tuple[str, ...] = ()
    faults: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])

    @property
    def is_faulty(self) -> bool:
        return bool(self.whole or self.faults)


class HubReader:
    """Never two reads at once: the outbox gives the list one reader."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        programme: ProgrammeService,
        sharepoint: SharePointList,
        organisers: KnownOrganisers,
        *,
        list_key: str,
        timezone: str,
        link: str,
    ) -> None:
        """`link` opens the chat with the bot, `{text}` in it standing for what to say."""
        self._new_uow = new_uow
        self._clock = clock
        self._programme = programme
        self._list = sharepoint
        self._organisers = organisers
        self._key = list_key
        self._timezone = timezone
        self._link = link

    async def poll(self) -> None:
        """Have the list read, by whichever replica comes first."""
        await self._ask(hub_notices.slot(self._clock.now(), hub_notices.POLL))

    async def changed(self) -> None:
        """SharePoint says that something changed: have it read, once for all that it says now."""
        due = hub_notices.slot(self._clock.now(), hub_notices.SOON) + hub_notices.SOON
        await self._ask(due)

    async def read(self, asked_at: datetime) -> bool:
        """Bring the programme up to the list. False if that was done since it was asked for.

        Raises Unavailable or Rejected.
        """
        began = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            state = await uow.hub.state(self._key)
        if state.read_at is not None and asked_at <= state.read_at <= began:
            return False
        try:
            columns = await self._list.columns()
            changes = await self._list.changes(state.link)
        except (Unavailable, Rejected) as error:
            await self._cannot(str(error))
            raise
        items = await self._take_in(changes)
        await self._settle(await self._applied(items, columns, state), began)
        return True

    async def _ask(self, due: datetime) -> None:
        async with self._new_uow() as uow:
            await uow.outbox.add([hub_notices.read(due)])
            await uow.commit()

    async def _cannot(self, why: str) -> None:
        async with self._new_uow() as uow:
            state = await uow.hub.state(self._key, lock=True)
            await uow.hub.save(replace(state, trouble=why))
            await uow.commit()

    async def _take_in(self, changes: ListChanges) -> dict[int, HubItem]:
        """Store what was seen, so that it is never asked for again; all items as they now are."""
        to_tell = await self._organisers() if changes.gone or changes.is_all else ()
        seen = {each.id: each for each in changes.items}
        async with self._new_uow() as uow:
            state = await uow.hub.state(self._key, lock=True)
            known = {item.id: item for item in await uow.hub.items(self._key)}
            gone = {i for i in known if i in changes.gone or (changes.is_all and i not in seen)}
            taken = {i: hub_list.taken_in(known.get(i), each) for i, each in seen.items()}
            changed = [item for item in taken.values() if known.get(item.id) != item]
            await uow.hub.save_items(self._key, changed)
            await uow.hub.remove_items(self._key, sorted(gone))
            await uow.hub.save(replace(state, link=changes.link))
            lost = [s for i in sorted(gone) if (s := known[i].session_id) is not None]
            await self._tell_of_lost(uow, lost, to_tell)
            await uow.commit()
        return {i: item for i, item in (known | taken).items() if i not in gone}

    async def _tell_of_lost(
        self, uow: UnitOfWork, lost: Sequence[SessionId], organisers: Iterable[PersonId]
    ) -> None:
        if lost:
            now = self._clock.now()
            people = await _reachable(uow, organisers)
            await uow.outbox.add(
                [hub_notices.fault(p, now, due=now, items={}, gone=lost) for p in people]
            )

    async def _applied(
        self, items: Mapping[int, HubItem], columns: Sequence[ListColumn], state: HubState
    ) -> Reading:
        """Import the rows, unless they are those that were imported last."""
        if whole := hub_list.column_faults(columns):
            return Reading(items=items, whole=tuple(whole))
        rows, digest = await asyncio.to_thread(self._rows, items, columns)
        if digest == state.digest:
            return Reading(items=items, digest=digest)
        before = hub_list.table(
            [replace(i, fields=i.applied) for i in items.values() if i.applied is not None],
            columns,
            self._timezone,
        )
        try:
            done = await self._import(rows, before, state)
        except WhichEdition as error:
            editions = str(error).rpartition(": say")[0].replace("This file", "The list")
            words = f"{editions}. Say which: `python app.py hub-setup --edition NAME`."
            return Reading(items=items, whole=(words,))
        if done is None:
            return Reading(items=items, digest=digest)
        labels = hub_list.labels(columns)
        faults: dict[int, tuple[str, ...]] = {}
        for fault in done.reading.faults:
            words = hub_list.fault_words(fault, items.get(fault.line), labels)
            faults[fault.line] = (*faults.get(fault.line, ()), words)
        return Reading(items=items, digest=digest, done=done, faults=faults)

    def _rows(
        self, items: Mapping[int, HubItem], columns: Sequence[ListColumn]
    ) -> tuple[Table, str]:
        """In a thread: a long list takes a fifth of a second, in which people chat."""
        rows = hub_list.table(items.values(), columns, self._timezone)
        return rows, hub_list.digest(rows)

    async def _import(self, rows: Table, before: Table, state: HubState) -> Import | None:
        """None for a list that has had no rows yet.

        The list belongs to the edition that is near its dates, and where there are several, to the
        one that it belonged to before.
        """
        details = (await asyncio.to_thread(programme_file.read, before, self._timezone)).details
        known = {each.code.casefold(): each for each in details}
        usual = await self._edition_name(state)
        if not rows.rows and not usual:
            return None
        name = "" if rows.rows else usual
        try:
            return await self._programme.import_table(
                rows, edition_name=name, known=known, by=HUB_LIST
            )
        except WhichEdition:
            if not usual:
                raise
            return await self._programme.import_table(
                rows, edition_name=usual, known=known, by=HUB_LIST
            )

    async def _edition_name(self, state: HubState) -> str:
        editions = await self._programme.editions()
        return next((e.name for e in editions if e.id == state.edition_id), "")

    async def _settle(self, reading: Reading, began: datetime) -> None:
        """Keep what came of it, tell whoever made the faults, and have the list show the rest."""
        to_tell = await self._organisers() if reading.is_faulty else ()
        async with self._new_uow() as uow:
            state = await uow.hub.state(self._key, lock=True)
            now = {item.id: item for item in await uow.hub.items(self._key)}
            sessions = await self._sessions(uow, reading)
            items = [_settled(item, reading, sessions) for item in now.values()]
            if state.faults and not reading.whole:  # a column of ours may be new, and empty
                items = [replace(item, own={}) for item in items]
            whole = _mark(reading.whole)
            told = await self._tell(uow, items, whole if whole != state.told else "", to_tell)
            await uow.hub.save_items(self._key, [i for i in told if i != now[i.id]])
            state = replace(state, read_at=began, trouble="", faults=reading.whole, told=whole)
            if reading.digest and not reading.is_faulty:
                state = replace(state, digest=reading.digest)
            if reading.done is not None and not reading.is_faulty:
                edition = await uow.editions.named(reading.done.edition)
                report = hub_list.in_list_words(str(reading.done))
                state = replace(state, edition_id=edition and edition.id, report=report)
            await uow.hub.save(state)
            await uow.outbox.add(await self._unshown(uow, told, state))
            await uow.commit()
        log.info("hub list read", faults=len(reading.faults) + len(reading.whole))

    async def _sessions(self, uow: UnitOfWork, reading: Reading) -> dict[str, Session] | None:
        """The sessions of the list's edition by code, if it was brought up to the list."""
        if reading.done is None or reading.is_faulty:
            return None
        edition = await uow.editions.named(reading.done.edition)
        found = await uow.sessions.of_edition(edition.id) if edition else []
        return {session.code.casefold(): session for session in found}

    async def _tell(
        self, uow: UnitOfWork, items: Sequence[HubItem], whole: str, organisers: Sequence[PersonId]
    ) -> list[HubItem]:
        """Queue a message for each person about the versions that nobody was told of yet."""
        now = self._clock.now()
        fresh = [item for item in items if item.faults and item.told != item.version]
        editors = {item.editor for item in fresh if item.editor is not None}
        known = await _reachable(uow, sorted({*editors, *organisers}))
        last = [p for p in organisers if p in known]
        to_tell: dict[PersonId, dict[int, str]] = {p: {} for p in (last if whole else ())}
        for item in fresh:
            for person in [item.editor] if item.editor in known else last:
                if person is not None:
                    to_tell.setdefault(person, {})[item.id] = item.version
        notices = [
            hub_notices.fault(
                person, now, due=now + PATIENCE, items=about, whole=whole if person in last else ""
            )
            for person, about in to_tell.items()
        ]
        await uow.outbox.add(notices)
        said = {item_id for about in to_tell.values() for item_id in about}
        return [replace(i, told=i.version) if i.id in said else i for i in items]

    async def _unshown(
        self, uow: UnitOfWork, items: Sequence[HubItem], state: HubState
    ) -> list[Notice]:
        """The items in which the bot's columns do not say how it stands.

        While they cannot be written, one at a time: it shows when they can be again.
        """
        now = self._clock.now()
        sessions = await uow.sessions.among(i.session_id for i in items if i.session_id is not None)
        notices = [
            hub_notices.item(session.id, now)
            for item in items
            if item.session_id is not None and (session := sessions.get(item.session_id))
            if hub_list.differing(item.own, hub_list.shown(session, now, book(self._link, session)))
        ]
        return notices[:1] if state.unwritten else notices


def book(link: str, session: Session) -> str:
    """What opens the chat with the bot, ready to book this session."""
    return link.replace("{text}", f"book%20{session.code}")


def _settled(item: HubItem, reading: Reading, sessions: Mapping[str, Session] | None) -> HubItem:
    used = reading.items.get(item.id)
    item = replace(item, faults=reading.faults.get(item.id, ()))
    if sessions is None or used is None:
        return item
    session = sessions.get(used.code.casefold())
    return replace(item, applied=used.fields, session_id=session and session.id)


async def _reachable(uow: UnitOfWork, people: Iterable[PersonId]) -> list[PersonId]:
    """Those of them whom we know and can write to."""
    ids = list(dict.fromkeys(people))
    known = await uow.people.among(ids)
    return [i for i in ids if i in known and known[i].is_reachable]


def _mark(faults: Sequence[str]) -> str:
    """Stands for these faults of the whole list; '' for none."""
    return hashlib.sha256("\n".join(faults).encode()).hexdigest()[:40] if faults else ""
