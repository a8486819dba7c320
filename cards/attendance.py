"""Cards for saying who is at a session, and for seeing who was."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from learning.attendance import (
    BY_HAND,
    Attendee,
    Change,
    Named,
    Outcome,
    Presence,
    Source,
    Who,
    is_guest,
)
from learning.sessions import Session

PAGE = 12
"""People on one card: what can be looked over and ticked on a phone."""

MOST_SHOWN = 40
MOST_CHANGES = 5
SHORT = 80

STATES = {
    Presence.ATTENDED: "attended",
    Presence.BRIEFLY: "there briefly",
    Presence.ABSENT: "absent",
}
SOURCES = {
    Source.TEAMS: "seen by Teams",
    Source.ZOOM: "seen by Zoom",
    Source.CHECK_IN: "checked in",
    Source.DOOR: "checked in at the door",
    Source.CORRECTION: "corrected",
    Source.OWN_WORD: "by own word",
    Source.BOOKING: "booked and not seen",
}
BY_PEOPLE = BY_HAND | {Source.OWN_WORD}


def check_in_card(
    session: Session, lines: Sequence[Attendee], *, page: int, zone: ZoneInfo, note: str = ""
) -> Card:
    """Those who are booked, to be ticked; a card holds a page of them.

    It carries who was ticked when it was drawn: two people who tick at once do not undo each other.
    """
    booked = [line for line in lines if line.is_booked]
    pages = max(1, -(-len(booked) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = booked[page * PAGE : (page + 1) * PAGE]
    ticked = [line.who for line in shown if line.is_there]
    there = sum(line.is_there for line in lines)
    heading = f"Who is at {sayings.shortened(session.title, SHORT)}?"
    return kit.card(
        f"{heading} {there} checked in, {len(booked)} booked",
        kit.heading(heading),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.text(note) if note else None,
        kit.text(f"{there} here so far, of {len(booked)} booked."),
        _ticks(shown, ticked, page, pages) if shown else kit.text("Nobody has booked."),
        _walk_ins(lines),
        {
            "type": "Input.Text",
            "id": "others",
            "label": "Others who came, a name on each line",
            "isMultiline": True,
            "maxLength": 1000,
        },
        actions=_check_in_actions(session, shown, ticked, page, pages),
    )


def _ticks(shown: Sequence[Attendee], ticked: Sequence[Who], page: int, pages: int) -> Element:
    twice = _twice([line.name for line in shown])
    choices = [
        {"title": _name(line, with_address=line.name in twice), "value": line.who} for line in shown
    ]
    of = f", page {page + 1} of {pages}" if pages > 1 else ""
    return {
        "type": "Input.ChoiceSet",
        "id": "came",
        "label": f"Tick who is here{of}",
        "style": "expanded",
        "isMultiSelect": True,
        "wrap": True,
        "choices": choices,
        "value": ",".join(ticked),
    }


def _walk_ins(lines: Sequence[Attendee]) -> Element | None:
    names = [_name(line) for line in lines if line.is_there and not line.is_booked]
    return kit.quiet(f"Also here: {_some(names)}") if names else None


def _check_in_actions(
    session: Session, shown: Sequence[Attendee], ticked: Sequence[Who], page: int, pages: int
) -> list[Action]:
    about = {"session": session.id, "page": page}
    more = page + 1 < pages
    actions = [
        execute("Save and go on" if more else "Save", "attendance.tick", **about, was=list(ticked)),
        execute("Tick all on this card", "attendance.tick_all", **about) if shown else None,
        execute("Back", "attendance.page", session=session.id, page=page - 1) if page else None,
        execute("Who came", "attendance.who", session=session.id),
        execute("Page for the door", "attendance.door", session=session.id),
    ]
    return [action for action in actions if action is not None]


def who_came_card(
    session: Session,
    lines: Sequence[Attendee],
    changes: Sequence[Change],
    names: dict[str, str],
    *,
    zone: ZoneInfo,
    is_over: bool,
) -> Card:
    """The numbers, then the names by what became of them, then the latest corrections."""
    title = sayings.shortened(session.title, SHORT)
    said = numbers(lines)
    return kit.card(
        f"{title}: {said}",
        kit.heading(f"Who came to {title}"),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.text(said, weight="Bolder"),
        *_groups(lines),
        *_latest(changes, names, zone),
        actions=[
            execute("Check people in", "attendance.page", session=session.id, page=0),
            *([execute("Ask again", "attendance.again", session=session.id)] if is_over else []),
        ],
    )


def numbers(lines: Sequence[Attendee]) -> str:
    """'12 attended, 2 there briefly, 3 absent, 1 not known. 2 came without booking'."""
    count = {state: sum(_is(line, state) for line in lines) for state in Presence}
    unknown = sum(line.outcome is None for line in lines)
    parts = [f"{n} {STATES[state]}" for state, n in count.items() if n]
    parts += [f"{unknown} not known"] if unknown else []
    without = sum(line.is_there and not line.is_booked for line in lines)
    said = ", ".join(parts) or "Nobody is booked, and nobody was seen"
    return f"{said}. {without} came without booking" if without else said


def _groups(lines: Sequence[Attendee]) -> Sequence[Element]:
    groups = [
        (STATES[state].capitalize(), [line for line in lines if _is(line, state)])
        for state in Presence
    ]
    groups.append(("Not known", [line for line in lines if line.outcome is None]))
    return kit.fitting(
        [
            kit.group(
                kit.text(f"{name}: {len(those)}", weight="Bolder"),
                kit.quiet(_some([_with_source(line) for line in those])),
                separator=True,
            )
            for name, those in groups
            if those
        ]
    )


def _latest(changes: Sequence[Change], names: dict[str, str], zone: ZoneInfo) -> list[Element]:
    corrected = [c for c in changes if c.source is Source.CORRECTION][-MOST_CHANGES:]
    if not corrected:
        return []
    return [
        kit.group(
            kit.text("Corrected by hand", weight="Bolder"),
            *(kit.quiet(_changed(change, names, zone)) for change in reversed(corrected)),
            separator=True,
        )
    ]


def _changed(change: Change, names: dict[str, str], zone: ZoneInfo) -> str:
    who = names.get(change.who) or "somebody"
    by = names.get(change.changed_by) or "an organiser"
    local = change.changed_at.astimezone(zone)
    before = STATES[Presence(change.was)] if change.was else "not known"
    after = STATES[Presence(change.state)] if change.state else "not known"
    why = f": {sayings.shortened(change.why, 200)}" if change.why else ""
    when = f"{sayings.day(local.date())}, {local:%H:%M}"
    return f"{sayings.shortened(who, SHORT)}, {before} to {after}, by {by}, {when}{why}"


def why_card(session: Session, named: Named, state: Presence) -> Card:
    """A correction is kept with its reason, so it is asked for."""
    heading = f"Mark {_called(named)} as {STATES[state]}?"
    return kit.card(
        f"{heading} Say why, please",
        kit.heading(heading),
        kit.quiet(f"{session.code} · {sayings.shortened(session.title, SHORT)}"),
        {
            "type": "Input.Text",
            "id": "why",
            "label": "Why? It is kept with your name",
            "isRequired": True,
            "errorMessage": "Say in a few words how you know",
            "maxLength": 300,
        },
        actions=[
            execute(
                "Save",
                "attendance.mark",
                session=session.id,
                who=named.who,
                state=str(state),
            )
        ],
    )


def which_person_card(
    session: Session, name: str, people: Sequence[Named], verb: str, **data: object
) -> Card:
    """Several may be meant; each is a button."""
    heading = f"Which {sayings.shortened(name, 40)}?"
    return kit.card(
        f"{heading} {len(people)} may be meant",
        kit.heading(heading),
        kit.quiet(f"{session.code} · {sayings.shortened(session.title, SHORT)}"),
        *(
            kit.group(
                kit.text(_called(person), weight="Bolder"),
                kit.quiet(person.email) if person.email else None,
                kit.buttons(execute("This one", verb, session=session.id, who=person.who, **data)),
                separator=True,
            )
            for person in people
        ),
    )


def marked_card(session: Session, name: str, outcome: Outcome, before: str) -> Card:
    """What is kept now, and what was said before."""
    was = f" Before: {before}." if before else ""
    words = f"{name or 'This person'} is marked as {STATES[outcome.state]} at {session.title}.{was}"
    return kit.card(
        words,
        kit.text(words),
        kit.quiet("Whatever a report says later does not change it."),
        actions=[execute("Who came", "attendance.who", session=session.id)],
    )


def arrived_card(session: Session, *, zone: ZoneInfo) -> Card:
    heading = "You're checked in"
    return kit.card(
        f"{heading}: {session.title}",
        kit.heading(heading),
        kit.text(session.title, weight="Bolder"),
        kit.quiet(f"{sayings.moment(session, zone)} · {sayings.where(session)}"),
    )


def door_word_card(session: Session | None, note: str = "") -> Card:
    """The word on the door is what tells that somebody is there."""
    words = note or "What does the code on the door say?"
    data = {} if session is None else {"session": session.id}
    return kit.card(
        words,
        kit.text(words),
        kit.quiet(f"{session.code} · {session.title}") if session else None,
        {
            "type": "Input.Text",
            "id": "word",
            "label": "The six signs below the QR code",
            "isRequired": True,
            "errorMessage": "Six letters and digits",
            "maxLength": 12,
        },
        actions=[execute("Check me in", "attendance.here", **data)],
    )


def door_card(session: Session, *, page_url: str, word: str, zone: ZoneInfo) -> Card:
    """For whoever prints it: where the page is, and what it shows."""
    heading = f"The door of {sayings.shortened(session.title, SHORT)}"
    return kit.card(
        f"{heading}: {word}",
        kit.heading(heading),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.text(
            "Print the page and put it on the door, not into a message: whoever has its code can "
            "check in from anywhere."
        ),
        kit.facts(("Code", word)),
        actions=[kit.open_url("Open the page", page_url)],
    )


def state_and_source(outcome: Outcome | None) -> str:
    """'attended (seen by Teams, 52 minutes)'; '' where nothing is known."""
    if outcome is None:
        return ""
    minutes = f", {outcome.minutes} minutes" if outcome.seconds else ""
    why = f": {sayings.shortened(outcome.why, 100)}" if outcome.why else ""
    return f"{STATES[outcome.state]} ({SOURCES[outcome.source]}{minutes}{why})"


def _with_source(line: Attendee) -> str:
    marks: list[str] = []
    if line.outcome is not None and line.outcome.source in BY_PEOPLE:
        marks.append(SOURCES[line.outcome.source])
    if line.outcome is not None and line.outcome.seconds:
        marks.append(f"{line.outcome.minutes} min")
    if line.is_there and not line.is_booked:
        marks.append("not booked")
    return f"{_name(line)} ({', '.join(marks)})" if marks else _name(line)


def _is(line: Attendee, state: Presence) -> bool:
    return line.outcome is not None and line.outcome.state is state


def _name(line: Attendee, *, with_address: bool = False) -> str:
    name = line.name or ("a guest" if is_guest(line.who) else line.email or "somebody")
    name = sayings.shortened(name, SHORT)
    return f"{name} ({line.email})" if with_address and line.email else name


def _called(named: Named) -> str:
    return sayings.shortened(named.name or named.email or "this person", SHORT)


def _some(names: Sequence[str]) -> str:
    left = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" and {left} more" if left > 0 else "")


def _twice(names: Sequence[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}
