"""The words alone, understood as the product does it today; a test holds the two together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from dialogs.booking_answers import THAT_ONE
from dialogs.programme_answers import WEAK
from language import commands
from language.commands import Command, ordinal, parse
from language.calendar import Calendar, When
from learning.search import Match, SearchIndex, clear_match
from learning.sessions import Session
from services.catalogue import Programme
from tests.understanding.answers import Answer, Part
from tests.understanding.lines import ZONE, Line, sessions


def today(line: Line) -> Answer:
    """The parser and the search, with what the dialog would have remembered of the list shown."""
    programme = _programme(line.programme)
    calendar = Calendar(
        today=line.now.date(), days=programme.days(ZONE), now=line.now.time().replace(tzinfo=None)
    )
    return Answer(parts=(_part(parse(line.utterance, calendar), line, programme),))


@cache
def _programme(name: str) -> Programme:
    return Programme(version=1, editions=(), index=SearchIndex(sessions(name)))


def _part(command: Command, line: Line, programme: Programme) -> Part:
    match command:
        case commands.Find(text=text, when=when, asked=asked):
            return _found(text, when, line, programme, asked=asked)
        case commands.WhatsOn(when=when, about=about):
            return _on(when, about, line, programme)
        case commands.Book(what=what):
            named = _named(what, line, programme)
            matches = _ahead(programme.index.find(what, limit=50), line)
            clear = clear_match(matches)
            certain = named or ([] if clear is None else [clear])
            codes = _codes(certain or [m.session for m in matches])
            return Part(intent="book", codes=codes, is_done=bool(certain))
        case commands.Cancel(what=what):
            codes = _codes(_to_cancel(what, line, programme))
            return Part(intent="cancel", codes=codes, is_done=bool(codes))
        case commands.CancelSession(what=what):
            named = _named(what, line, programme)
            matches = _ahead(programme.index.find(what, limit=50), line)
            return Part(
                intent="cancel_session", codes=_codes(named or [m.session for m in matches])
            )
        case commands.Nudges() | commands.Highlights() | commands.ChannelHighlights():
            name = _snake(type(command).__name__)
            return Part(intent=f"{name}_{'on' if command.on else 'off'}", is_done=True)
        case _:
            return Part(intent=NAMES.get(type(command), _snake(type(command).__name__)))


NAMES: dict[type[Command], str] = {
    commands.WhoIsUnreached: "unreached",
}


def _found(
    text: str,
    when: When | None,
    line: Line,
    programme: Programme,
    *,
    asked: bool,
    is_named: bool = True,
) -> Part:
    """As `Conversation` and `ProgrammeAnswers.find` do it: a name first, then what fits."""
    if is_named and when is None and (named := _named(text, line, programme)):
        return Part(intent="find", codes=_codes(named))
    matches = _ahead(programme.index.find(text, limit=50), line)
    if when is not None:
        falling = [m for m in matches if _falls(m.session, when)]
        matches = falling or matches
    is_shown_alone = len(matches) == 1 or (
        bool(matches) and matches[0].score == 1.0 and matches[1].score < 1.0
    )
    is_sure = asked or is_shown_alone or bool(matches and matches[0].score >= WEAK)
    best = [m.session for m in matches if m.score * 3 >= matches[0].score]
    best = best[:1] if is_shown_alone else best
    return Part(intent="find", codes=_codes(best), when=when, is_sure=is_sure)


def _on(when: When | None, about: str, line: Line, programme: Programme) -> Part:
    """As `ProgrammeAnswers.whats_on` does it; where nothing is on, what fits on other days."""
    wanted = when or When(first=line.now.date(), last=line.now.date())
    on = programme.on(wanted, ZONE, about)
    is_left = any(not s.is_over(line.now) for s in on) or (bool(on) and when is not None)
    if about and not is_left:
        found = _found(about, when, line, programme, asked=True, is_named=False)
        return Part(intent="whats_on", codes=found.codes, when=when)
    from_day = max(line.now.date(), wanted.last)
    if not is_left and (day := programme.next_day(from_day, ZONE, line.now)):
        on = programme.on(When(first=day, last=day), ZONE)
    return Part(intent="whats_on", codes=_codes(on), when=when)


def _named(what: str, line: Line, programme: Programme) -> list[Session]:
    """As `BookingAnswers.named` does it: of the list just shown, or by its code or whole title."""
    shown = [programme.index.coded(code)[0] for code in line.shown]
    if what in THAT_ONE and len(shown) == 1:
        return shown
    if coded := programme.index.coded(what):
        return coded[:1]
    number = ordinal(what)
    if number is not None and shown and -1 <= number <= len(shown) and number != 0:
        return [shown[number - 1 if number > 0 else -1]]
    return []


def _to_cancel(what: str, line: Line, programme: Programme) -> list[Session]:
    """As `BookingAnswers.cancel_named` does it; nothing where it would ask which of all."""
    mine = [programme.index.coded(code)[0] for code in line.booked]
    if what in THAT_ONE or not what:
        meant = [s for s in mine if s.code in line.shown] if what else mine
        return meant if len(meant) == 1 else []
    if named := _named(what, line, programme):
        return named
    matches = [m for m in programme.index.find(what, limit=50) if m.session in mine]
    chosen = clear_match(matches)
    return [] if chosen is None else [chosen]


def _ahead(matches: Sequence[Match], line: Line) -> list[Match]:
    """As `Catalogue.find` does it: what is over only where nothing else fits."""
    return [m for m in matches if not m.session.is_over(line.now)] or list(matches)


def _falls(session: Session, when: When) -> bool:
    return session.starts_at is not None and when.covers(session.starts_at.astimezone(ZONE))


def _codes(found: Iterable[Session]) -> tuple[str, ...]:
    return tuple(s.code for s in found)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
