"""The words alone, understood as the product does it today; a test holds the two together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial

from dialogs.booking_answers import ONE_OF_THEM, THAT_ONE
from dialogs.programme_answers import MOST
from integrations import meanings
from language import commands
from language.calendar import Calendar, When
from language.commands import Command, Wanted
from language.context import Context, Fit
from language.meaning import Floats, Meaning, ProgrammeMeaning, texts_of
from language.phrases import ordinal
from language.understanding import at_once, by_meaning, texts_in, understand
from learning.search import Match, SearchIndex, clear_match
from learning.sessions import Session
from services.listing import Programme
from tests.understanding.answers import Answer, Part
from tests.understanding.lines import ZONE, Line, sessions


def today(line: Line) -> Answer:
    """What is understood, with what the dialog would have remembered of the list shown."""
    return answer(line, programme(line.programme))


def by_words(line: Line) -> Answer:
    """The same without a sentence model."""
    return answer(line, programme(line.programme, has_model=False))


def answer(line: Line, known: Programme, heard_by: Programme | None = None) -> Answer:
    """What is found in a programme; by another one of the same sessions it is decided what is wanted."""
    return Answer(parts=tuple(_parts(line, known, heard_by or known)))


@cache
def meaning() -> Meaning:
    found = meanings.load()
    assert found is not None, "make setup fetches the sentence model"
    return found


def fresh() -> None:
    """Forget what the model was asked before."""
    meaning().forget()


@cache
def programme(name: str, *, has_model: bool = True) -> Programme:
    index = SearchIndex(sessions(name))
    if not has_model:
        return Programme(version=1, editions=(), index=index)
    means = ProgrammeMeaning(meaning(), index.sessions, vectors(name))
    return Programme(version=1, editions=(), index=index, meaning=means)


@cache
def vectors(name: str) -> Mapping[str, Floats]:
    texts = [text for session in sessions(name) for text in texts_of(session)]
    return dict(zip(texts, meaning().embed(texts), strict=True))


def remembered(line: Line, bare: Context) -> commands.WhatsOn | commands.Find | None:
    """What the list shown is remembered to answer, as the replies of `ProgrammeAnswers` have it."""
    match understand(line.before, bare) if line.before else None:
        case commands.WhatsOn(when=when, about=about, wanted=wanted):
            days = when or When(first=line.now.date(), last=line.now.date())
            return commands.WhatsOn(days, about, wanted)
        case commands.Find() if len(line.shown) == 1:
            [shown] = _sessions(line.shown, line)
            return commands.Find(shown.title)
        case commands.Find() as asked:
            return asked
        case _:
            return None


def _parts(line: Line, known: Programme, heard_by: Programme) -> Iterator[Part]:
    calendar = Calendar(
        today=line.now.date(), days=known.days(ZONE), now=line.now.time().replace(tzinfo=None)
    )

    def fit(text: str) -> Fit:
        return heard_by.fit(text, line.now)

    wishes = meaning().wishes if heard_by.meaning else None
    bare = Context(
        calendar=calendar,
        wishes=wishes,
        fit=fit,
        named=cache(partial(heard_by.named, now=line.now)),
    )
    context = replace(bare, asked=remembered(line, bare), shown=len(line.shown))
    command = at_once(line.utterance, context)
    if command is None:
        heard_by.think(*texts_in(line.utterance, context))
        command = by_meaning(line.utterance, context)
    for each in command.commands if isinstance(command, commands.Several) else (command,):
        yield _part(each, line, known, context)


def _part(command: Command, line: Line, programme: Programme, context: Context) -> Part:
    match command:
        case commands.Find(text=text, when=when, wanted=wanted):
            return _found(text, when, line, programme, wanted=wanted)
        case commands.WhatsOn(when=when, about=about, wanted=wanted):
            return _on(when, about, wanted, line, programme)
        case commands.Book(what=what):
            named = _named(what, line, programme)
            matches, when = programme.wished(what, line.now, ZONE)
            clear = clear_match(matches)
            certain = named or ([] if clear is None else [clear])
            codes = _codes(certain or [m.session for m in matches])
            return Part(
                intent="book",
                codes=codes,
                when=when,
                is_done=bool(certain),
                is_sure=bool(certain) or bool(matches and matches[0].is_sure),
            )
        case commands.Cancel(what=what):
            codes = _codes(_to_cancel(what, line, programme))
            is_sure = bool(codes) or not what or what in THAT_ONE
            return Part(intent="cancel", codes=codes, is_done=bool(codes), is_sure=is_sure)
        case commands.CancelSession(what=what):
            named = _named(what, line, programme)
            matches = _find(programme, what, line)
            return Part(
                intent="cancel_session", codes=_codes(named or [m.session for m in matches])
            )
        case commands.More():
            return Part(intent="more", codes=_codes(_more(context.asked, line, programme)))
        case commands.Another(than=than, what=what):
            named = _find(programme, what, line, 8) if what else []
            shown = [named[0].session] if _fits(named) else _sessions(line.shown, line)
            if not shown:
                return _on(None, "", frozenset(), line, programme)
            others = programme.others(shown[0], line.now, than)
            return Part(intent="find" if than in _LENGTHS else "another_time", codes=_codes(others))
        case commands.Snooze(when=when):
            return Part(intent="snooze", when=when, is_done=True)
        case commands.Chatter():
            return Part(intent="none")
        case commands.Nudges() | commands.Highlights() | commands.ChannelHighlights():
            name = _snake(type(command).__name__)
            return Part(intent=f"{name}_{'on' if command.on else 'off'}", is_done=True)
        case _:
            return Part(intent=NAMES.get(type(command), _snake(type(command).__name__)))


_LENGTHS = (commands.Than.SHORTER, commands.Than.LONGER)
NAMES: dict[type[Command], str] = {
    commands.WhoIsUnreached: "unreached",
}


def _find(programme: Programme, text: str, line: Line, most: int = 50) -> list[Match]:
    return programme.find(text, line.now, most, near=programme.nearness(text))


def _found(
    text: str,
    when: When | None,
    line: Line,
    programme: Programme,
    *,
    wanted: frozenset[Wanted],
    is_named: bool = True,
) -> Part:
    """As `Conversation` and `ProgrammeAnswers.find` do it: a name first, then what fits."""
    if is_named and when is None and (named := _named(text, line, programme)):
        return Part(intent="find", codes=_codes(named))
    near = programme.nearness(text)
    matches = programme.find(text, line.now, MOST, near=near, when=when, zone=ZONE, wanted=wanted)
    if not _fits(matches) and (when is not None or wanted):
        elsewhere = programme.find(text, line.now, MOST, near=near)
        matches = elsewhere if _fits(elsewhere) else matches or elsewhere
    found = [m.session for m in matches]
    if not found and (day := programme.next_day(line.now.date(), ZONE, line.now)):
        found = programme.on(When(first=day, last=day), ZONE)
    if _fits(matches) and len(found) > 1 and matches[0].score == 1.0 and matches[1].score < 1.0:
        found = found[:1]
    return Part(intent="find", codes=_codes(found), when=when, is_sure=_fits(matches))


def _more(
    asked: commands.WhatsOn | commands.Find | None, line: Line, programme: Programme
) -> list[Session]:
    """As `ProgrammeAnswers.more_of` does it: the next day, or the next best."""
    if asked is None:
        return _like_the_shown(line, programme)
    if isinstance(asked, commands.WhatsOn) and not asked.about:
        last = asked.when.last if asked.when else line.now.date()
        day = programme.next_day(last + timedelta(days=1), ZONE, line.now)
        return programme.on(When(first=day, last=day), ZONE) if day else []
    about = asked.about if isinstance(asked, commands.WhatsOn) else asked.text
    found = [m.session for m in _find(programme, f"like {about}", line, MOST)]
    fresh = [s for s in found if s.code not in line.shown]
    return fresh or _like_the_shown(line, programme)


def _like_the_shown(line: Line, programme: Programme) -> list[Session]:
    shown = _sessions(line.shown, line)
    if len(shown) != 1:
        return []
    return programme.others(shown[0], line.now, commands.Than.ANOTHER_TIME)


def _fits(matches: Sequence[Match]) -> bool:
    return bool(matches) and matches[0].is_sure


def _on(
    when: When | None, about: str, wanted: frozenset[Wanted], line: Line, programme: Programme
) -> Part:
    """As `ProgrammeAnswers.whats_on` does it; where nothing is on, what fits on other days."""
    days = when or When(first=line.now.date(), last=line.now.date())
    if about:
        near = programme.nearness(about)
        matches = programme.find(
            about, line.now, MOST, near=near, when=days, zone=ZONE, wanted=wanted
        )
        if not _fits(matches):
            found = _found(about, when, line, programme, wanted=wanted, is_named=False)
            return Part(intent="whats_on", codes=found.codes, when=when, is_sure=found.is_sure)
        return Part(intent="whats_on", codes=_codes(m.session for m in matches), when=when)
    on = programme.on(days, ZONE, wanted)
    is_left = any(not s.is_over(line.now) for s in on) or (bool(on) and when is not None)
    from_day = max(line.now.date(), days.last)
    if not is_left and (day := programme.next_day(from_day, ZONE, line.now)):
        on = programme.on(When(first=day, last=day), ZONE)
    return Part(intent="whats_on", codes=_codes(on), when=when)


def _named(what: str, line: Line, programme: Programme) -> list[Session]:
    """As `BookingAnswers.named` does it: of the list just shown, or by its code or whole title."""
    shown = _sessions(line.shown, line)
    if what in THAT_ONE and len(shown) == 1:
        return shown
    if coded := programme.index.coded(what):
        return coded[:1]
    number = ordinal(what)
    if number is not None and shown and -1 <= number <= len(shown) and number != 0:
        return [shown[number - 1 if number > 0 else -1]]
    if number is not None or len(shown) < 2 or not ONE_OF_THEM.fullmatch(what):
        return []
    return programme.among(what, shown, line.now, ZONE)


def _to_cancel(what: str, line: Line, programme: Programme) -> list[Session]:
    """As `BookingAnswers.cancel_named` does it; nothing where it would ask which of all."""
    mine = [s for s in _sessions(line.booked, line) if not s.is_over(line.now)]
    if what in THAT_ONE or not what:
        meant = [s for s in mine if s.code in line.shown] if what else mine
        return meant if len(meant) == 1 else []
    if named := _named(what, line, programme):
        return named
    own = {s.id for s in mine}
    clear = clear_match([m for m in _find(programme, what, line) if m.session.id in own])
    return [clear] if clear else programme.among(what, mine, line.now, ZONE)


def _sessions(codes: Iterable[str], line: Line) -> list[Session]:
    by_code = {s.code: s for s in sessions(line.programme)}
    return [by_code[code] for code in codes]


def _codes(found: Iterable[Session]) -> tuple[str, ...]:
    return tuple(s.code for s in found)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
