"""The guide through a set's meeting, for whoever leads it and for those who follow it.

No line that stands for a card in a notification has anything in it that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from learning.courses import guide
from learning.courses.guide import Place

LONGEST_NOTES = 2000
PRESENTER, NOTES, OTHER = "dilemma", "notes", "who"
"""What the inputs are called."""

ONLY_THE_SET = "Only those who are in your set, and its facilitator, can read this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting as one of its set sees it. `leader` is '' while nobody is named, `leads` whether it is
    whom the card is for; `others` are the other members, by what their buttons carry and by name."""

    id: int
    set_id: int
    set_name: str
    course_id: int
    number: int
    of: int
    starts_at: datetime
    ends_at: datetime
    leader: str = ""
    leads: bool = False
    may_step_in: bool = False
    is_member: bool = True
    others: tuple[tuple[str, str], ...] = ()
    join_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dilemma:
    """Whose it is, and what they wrote."""

    id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What was handed over, and by whom."""

    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The round that is under way; `choices` are the dilemmas that could come next, in a good order."""

    number: int
    place: Place
    next_place: Place
    ends_at: datetime
    at: datetime
    presenting: Dilemma | None = None
    presents: bool = False
    choices: tuple[Dilemma, ...] = ()


def before_card(
    meeting: Meeting,
    *,
    zone: ZoneInfo,
    dilemmas: int,
    notes: Notes | None = None,
    may_start: bool = False,
    note: str = "",
) -> Card:
    """A meeting that has not begun: when, who leads, what there is to take up."""
    actions: list[Action] = []
    if may_start:
        actions.append(execute("Start the meeting", "guide.start", meeting=meeting.id))
    elif meeting.may_step_in:
        actions.append(_step_in(meeting))
    if meeting.is_member:
        actions.append(execute("Bring a dilemma", "dilemma.new", set=meeting.set_id))
    actions.append(execute("Dilemmas of the set", "dilemma.list", set=meeting.set_id))
    return kit.card(
        f"{meeting.set_name}: {moment(meeting, zone)}",
        kit.quiet(where(meeting)),
        kit.heading(moment(meeting, zone)),
        kit.notice(note, "warning") if note else None,
        kit.facts(("Leads", _leads(meeting)), ("Dilemmas brought", str(dilemmas))),
        *_notes(notes),
        kit.quiet("You can start from half an hour before.")
        if meeting.leads and not may_start
        else None,
        *_swap(meeting),
        actions=[*actions, *_join(meeting), _refresh(meeting)],
    )


def round_card(
    meeting: Meeting, now: Now, *, zone: ZoneInfo, commitments: bool, note: str = ""
) -> Card:
    """The round under way: what to say, until when, and where to go on."""
    title = now.place.round.title
    ends = sayings.clock(now.ends_at, zone)
    return kit.card(
        f"{title}, until {ends}",
        kit.quiet(where(meeting)),
        kit.heading(title),
        kit.notice(note, "warning") if note else None,
        kit.text(now.place.round.say) if now.place.round.say else None,
        *_presenting(now),
        kit.facts(
            ("Ends at", f"{ends}, {_left(now)}"),
            ("Meeting", f"until {sayings.clock(meeting.ends_at, zone)}"),
            ("Leads", _leads(meeting)),
        ),
        _choice(now) if meeting.leads else None,
        actions=[
            *(_ways(meeting, now) if meeting.leads else []),
            *([_step_in(meeting)] if meeting.may_step_in else []),
            *_commit(meeting, now, commitments),
            _refresh(meeting),
        ],
    )


def over_card(
    meeting: Meeting,
    *,
    zone: ZoneInfo,
    following: Meeting | None,
    own_notes: str | None = None,
    commitments: bool,
    note: str = "",
    is_kept: bool = False,
) -> Card:
    """A meeting that is over; `own_notes` is what its leader hands over, None for all others."""
    writes = own_notes is not None
    fields: list[Element | None] = []
    actions: list[Action] = []
    if writes:
        fields = [
            {
                "type": "Input.Text",
                "id": NOTES,
                "label": "Notes for whoever leads next: what was agreed, what is left open",
                "isMultiline": True,
                "maxLength": LONGEST_NOTES,
                **({"value": own_notes} if own_notes else {}),
            },
            kit.quiet(ONLY_THE_SET),
        ]
        actions = [execute("Hand over", "guide.notes", meeting=meeting.id)]
    return kit.card(
        f"{meeting.set_name}: meeting {meeting.number} is over",
        kit.quiet(where(meeting)),
        kit.heading("The meeting is over"),
        kit.notice("Your notes are kept for whoever leads next.", "good") if is_kept else None,
        kit.notice(note, "warning") if note else None,
        kit.facts(
            ("Next meeting", moment(following, zone)),
            ("Leads then", _leads(following)),
        )
        if following
        else kit.text("That was the last meeting of your set."),
        *fields,
        actions=[*actions, *([_commitment(meeting)] if commitments and meeting.is_member else [])],
    )


def choose_card(meetings: Sequence[Meeting], *, zone: ZoneInfo) -> Card:
    """Of which set, for somebody who is in more than one."""
    title = "Of which set?"
    return kit.card(
        title,
        kit.heading(title),
        *(
            kit.group(
                kit.text(each.set_name, weight="Bolder"),
                kit.quiet(moment(each, zone)),
                kit.buttons(execute("This one", "guide.open", meeting=each.id)),
                separator=True,
            )
            for each in meetings
        ),
    )


def step_in_card(meeting: Meeting, words: str) -> Card:
    """Somebody else leads it, and what can be done where they are missing."""
    return kit.card(
        words,
        kit.text(words),
        kit.text("If they are missing, you can lead instead.") if meeting.may_step_in else None,
        actions=[
            *([_step_in(meeting)] if meeting.may_step_in else []),
            execute("Follow the meeting", "guide.open", meeting=meeting.id),
        ],
    )


# --- parts ---------------------------------------------------------------------------------------


def moment(meeting: Meeting, zone: ZoneInfo) -> str:
    """'Tuesday 9 March, 10:00 to 12:00'."""
    day = sayings.day(meeting.starts_at.astimezone(zone).date())
    start, end = sayings.clock(meeting.starts_at, zone), sayings.clock(meeting.ends_at, zone)
    return f"{day}, {start} to {end}"


def where(meeting: Meeting) -> str:
    return f"{meeting.set_name} · meeting {meeting.number} of {meeting.of}"


def _leads(meeting: Meeting) -> str:
    return "You" if meeting.leads else meeting.leader or "Nobody named yet"


def _left(now: Now) -> str:
    minutes = guide.minutes_left(now.ends_at, now.at)
    if minutes > 0:
        return "1 minute left" if minutes == 1 else f"{minutes} minutes left"
    if minutes == 0:
        return "now"
    return "1 minute over" if minutes == -1 else f"{-minutes} minutes over"


def _presenting(now: Now) -> list[Element | None]:
    if now.place.turn is None:
        return []
    if now.presenting is None:
        words = "Ask who would like to tell of theirs." if now.place.begins_turn else ""
        return [kit.text(words) if words else None]
    whose = "Your dilemma" if now.presents else f"The dilemma of {now.presenting.name}"
    return [
        kit.group(kit.text(whose, weight="Bolder"), kit.text(now.presenting.text), separator=True)
    ]


def _choice(now: Now) -> Element | None:
    """Who presents next, whoever presented least in front."""
    if not now.next_place.begins_turn or not now.choices:
        return None
    return {
        "type": "Input.ChoiceSet",
        "id": PRESENTER,
        "label": "Whose dilemma comes next?",
        "style": "compact",
        "choices": [{"title": each.name, "value": str(each.id)} for each in now.choices],
        "value": str(now.choices[0].id),
    }


def _ways(meeting: Meeting, now: Now) -> list[Action]:
    """On, back, more time, and the end; each names the round that it was seen from."""
    seen = {"meeting": meeting.id, "round": now.number}
    onward = "Next dilemma" if now.place.ends_turn else f"Next: {now.next_place.round.title}"
    ways = [execute(onward, "guide.next", **seen)]
    if now.number:
        ways.append(execute("Back", "guide.back", **seen))
    more = execute("5 more minutes", "guide.more", **seen, ends=now.ends_at.isoformat())
    return [*ways, more, execute("Finish the meeting", "guide.finish", meeting=meeting.id)]


def _commit(meeting: Meeting, now: Now, commitments: bool) -> list[Action]:
    if not commitments or not now.presents or not now.place.ends_turn:
        return []
    return [_commitment(meeting)]


def _commitment(meeting: Meeting) -> Action:
    return execute("Make a commitment", "commitment.new", course=meeting.course_id)


def _swap(meeting: Meeting) -> list[Element | None]:
    """How whoever is to lead can have somebody else do it."""
    if not meeting.leads or not meeting.others:
        return []
    return [
        kit.subheading("You cannot lead it?"),
        {
            "type": "Input.ChoiceSet",
            "id": OTHER,
            "label": "Ask somebody to lead instead",
            "style": "compact",
            "placeholder": "Choose a member",
            "choices": [{"title": name, "value": who} for who, name in meeting.others],
        },
        kit.buttons(
            execute("Ask them", "guide.ask", meeting=meeting.id),
            execute("Pass on to the next in turn", "guide.pass", meeting=meeting.id),
        ),
    ]


def _notes(notes: Notes | None) -> list[Element | None]:
    if notes is None:
        return []
    words = f"Handed over by {notes.by}"
    return [kit.group(kit.text(words, weight="Bolder"), kit.text(notes.text), separator=True)]


def _step_in(meeting: Meeting) -> Action:
    return execute("I'll lead today", "guide.lead", meeting=meeting.id)


def _refresh(meeting: Meeting) -> Action:
    return execute("Refresh", "guide.open", meeting=meeting.id)


def _join(meeting: Meeting) -> list[Action]:
    return [kit.open_url("Join", meeting.join_url)] if meeting.join_url else []
