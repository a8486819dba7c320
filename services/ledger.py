"""What was sent: by mailing, with the numbers of those who got it and of those who did not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from learning import mailings
from learning.mailings import Deliveries, Mailing, Subject, Tally
from learning.notices import SYSTEMS, ZOOM, Kind
from learning.sessions import Session, SessionId
from services.ports.clocks import Clock
from services.ports.storage import NewUnitOfWork, Pages

APART = (SYSTEMS - {Kind.ENGAGE_POST}) | {Kind.FAN_OUT}
"""These tell nobody anything."""


class Ledger:
    def __init__(self, new_uow: NewUnitOfWork, clock: Clock) -> None:
        self._new_uow = new_uow
        self._clock = clock

    async def deliveries(self, limit: int) -> Deliveries:
        """The latest mailings that have begun, as of one moment."""
        now = self._clock.now()
        async with self._new_uow(survey=True) as uow:
            written = await uow.ledger.tallies()
            pages = await uow.ledger.pages()
            told = _told([*written, *await uow.ledger.totals()], pages)
            begun = {
                name: last
                for name, (tallies, last) in told.items()
                if not tallies or mailings.has_begun(tallies, now)
            }
            newest = sorted(begun, key=lambda name: (begun[name], name), reverse=True)[:limit]
            reasons = await uow.ledger.reasons(newest)
            subjects = {name: subject for name in newest if (subject := Subject.of(name))}
            ids = {s.session_id for s in subjects.values() if s.session_id is not None}
            sessions = await uow.sessions.among(ids)
        to_come, by_name = _to_come(pages), _by_name(written)
        return Deliveries(
            mailings=tuple(
                _mailing(
                    name,
                    subject,
                    told[name][0],
                    due_at=begun[name],
                    to_come=to_come.get(name, 0),
                    given_up=reasons.get(name, {}),
                    sessions=sessions,
                )
                for name, subject in subjects.items()
            ),
            events=mailings.events(by_name),
            zoom=mailings.events(by_name, ZOOM),
            ahead=sum(t.count for n, (those, _) in told.items() if n not in begun for t in those),
        )


def _told(
    tallies: Iterable[Tally], pages: Iterable[Pages]
) -> dict[str, tuple[list[Tally], datetime]]:
    """The tallies of each mailing that tells people something, and when the last of it was due."""
    by_name = _by_name(tallies)
    began = {each.mailing: each.began for each in pages}
    told: dict[str, tuple[list[Tally], datetime]] = {}
    for name in by_name.keys() | began.keys():
        subject = Subject.of(name)
        if subject is not None and subject.kind not in APART:
            found = by_name.get(name, [])
            told[name] = found, max([t.last for t in found] or [began[name]])
    return told


def _by_name(tallies: Iterable[Tally]) -> dict[str, list[Tally]]:
    by_name: dict[str, list[Tally]] = {}
    for tally in tallies:
        by_name.setdefault(tally.mailing, []).append(tally)
    return by_name


def _to_come(pages: Iterable[Pages]) -> dict[str, int]:
    to_come: dict[str, int] = {}
    for each in pages:
        to_come[each.mailing] = to_come.get(each.mailing, 0) + each.people
    return to_come


def _mailing(
    name: str,
    subject: Subject,
    tallies: Iterable[Tally],
    *,
    due_at: datetime,
    to_come: int,
    given_up: Mapping[str, int],
    sessions: Mapping[SessionId, Session],
) -> Mailing:
    counts: dict[str, int] = {}
    for tally in tallies:
        counts[tally.state] = counts.get(tally.state, 0) + tally.count
    return Mailing(
        name=name,
        subject=subject,
        due_at=due_at,
        session=sessions.get(subject.session_id) if subject.session_id is not None else None,
        to_come=to_come,
        queued=counts.get("queued", 0),
        being_sent=counts.get("leased", 0),
        held_back=counts.get("held_back", 0),
        sent=counts.get("sent", 0),
        dropped=counts.get("dropped", 0),
        given_up=given_up,
    )
