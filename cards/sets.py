"""Cards about action learning sets: saying when one can, and one's own set."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from learning.courses.action_sets import SetMeeting, Wish
from learning.courses.series import SLOTS, in_order
from learning.people import Person
from learning.sessions import CourseId

SHORT = 80
MOST_DATES = 20

WHY = (
    "Say when you can, and sets are put together so that colleagues of one team are spread and nobody "
    "sits with their own manager."
)
WHO_SEES = (
    "Those who organise the programme see the times that you choose, to form the sets. "
    "Nobody else does."
)
MORE_IS_BETTER = "The more times you can make, the surer you are of a place."


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A set as its members see it."""

    id: int
    name: str
    title: str
    members: Sequence[Person]
    facilitator: Person | None
    meetings: Sequence[SetMeeting]
    join_url: str = ""
    chat: str = ""


CHANGES = {
    "": "Your action learning set",
    "dates": "The dates of your set have changed",
    "members": "Who is in your set has changed",
    "facilitator": "Your set has a facilitator",
}
"""Why somebody is shown their set."""


def availability_card(
    course_id: CourseId,
    title: str,
    *,
    wish: Wish | None = None,
    can: Collection[str] = (),
    prefers: Collection[str] = (),
    until: date | None = None,
    note: str = "",
) -> Card:
    """The half-days of a week. `can` and `prefers` are what was chosen before, right or not."""
    heading = "When can you meet your set?" if wish is None else "Change when you can"
    return kit.card(
        f"{note} {heading}" if note else f"{heading} {title}",
        kit.notice(note, "warning") if note else None,
        kit.heading(heading),
        kit.quiet(sayings.shortened(title, SHORT)),
        kit.text(WHY),
        _slots("can", "Which half-days can you make in an ordinary week?", can),
        _slots("prefers", "Which of these do you like best? You may leave this empty.", prefers),
        kit.quiet(MORE_IS_BETTER),
        kit.quiet(WHO_SEES),
        kit.quiet(f"Open until {sayings.day(until)}.") if until else None,
        actions=[
            execute("Put me forward" if wish is None else "Save", "set.send", course=course_id)
        ],
    )


def _slots(id: str, label: str, chosen: Collection[str]) -> Element:
    return {
        "type": "Input.ChoiceSet",
        "id": id,
        "label": label,
        "style": "expanded",
        "isMultiSelect": True,
        "choices": [{"title": slot, "value": slot} for slot in SLOTS],
        **({"value": ",".join(in_order(chosen))} if chosen else {}),
    }


def put_forward_card(
    course_id: CourseId, title: str, wish: Wish, *, until: date | None, may_change: bool
) -> Card:
    """Whether a proposal has them in it is not said: it may be made anew."""
    heading = "You have put yourself forward"
    change = execute("Change my times", "set.change", course=course_id)
    return kit.card(
        f"{heading} for an action learning set of {sayings.shortened(title, SHORT)}",
        kit.heading(heading),
        kit.quiet(sayings.shortened(title, SHORT)),
        kit.facts(
            ("You can", sayings.listed(in_order(wish.can))),
            ("You prefer", sayings.listed(in_order(wish.prefers))),
        ),
        kit.text("I tell you as soon as the sets are confirmed."),
        kit.quiet(f"You can change this until {sayings.day(until)}.")
        if until and may_change
        else None,
        kit.quiet(WHO_SEES),
        actions=[
            *([change] if may_change else []),
            execute("Take my name back", "set.withdraw", course=course_id),
        ],
    )


def nothing_open_card(title: str, words: str) -> Card:
    """Why nobody can put themselves forward just now."""
    heading = "Action learning sets"
    return kit.card(
        f"{heading}: {words}",
        kit.heading(heading),
        kit.quiet(sayings.shortened(title, SHORT)),
        kit.text(words),
    )


def withdrawn_card(course_id: CourseId, title: str, *, is_open: bool) -> Card:
    heading = "Your name is taken back"
    again = execute("Put me forward again", "set.open", course=course_id)
    return kit.card(
        f"{heading}: you are not among those who want a set",
        kit.heading(heading),
        kit.quiet(sayings.shortened(title, SHORT)),
        kit.text("Your times are deleted."),
        actions=[again] if is_open else [],
    )


def set_card(
    group: Group, *, zone: ZoneInfo, now: datetime, why: str = "", more: Sequence[Action] = ()
) -> Card:
    """For its members and whoever facilitates. `more` are further buttons."""
    heading = CHANGES.get(why, CHANGES[""])
    ahead = [m for m in group.meetings if m.ends_at > now]
    following = f", next on {_when(ahead[0], zone)}" if ahead else ""
    return kit.card(
        f"{heading}: {sayings.shortened(group.name, SHORT)}{following}",
        kit.heading(heading),
        kit.text(group.name, weight="Bolder", size="Medium"),
        kit.quiet(sayings.shortened(group.title, SHORT)),
        kit.facts(
            ("Members", sayings.listed([_name(p) for p in group.members])),
            ("Facilitator", _name(group.facilitator) if group.facilitator else "not named yet"),
        ),
        kit.subheading("When you meet") if ahead else None,
        *kit.fitting([kit.text(_when(m, zone), spacing="Small") for m in ahead[:MOST_DATES]]),
        kit.text("All meetings are over.") if group.meetings and not ahead else None,
        kit.quiet("The invitation with the link to join comes by calendar.")
        if ahead and not group.join_url
        else None,
        kit.quiet("What is said in a set stays in it. Type my set to see this again."),
        actions=[
            *(
                [kit.open_url("Join the meeting", group.join_url)]
                if ahead and group.join_url
                else []
            ),
            *([kit.open_url("Open the chat", group.chat)] if group.chat else []),
            *more,
        ],
    )


def which_set_card(offered: Sequence[tuple[str, Action]]) -> Card:
    """Several may be meant; each is a button."""
    heading = "Which set?"
    return kit.card(
        f"{heading} You have {len(offered)}",
        kit.heading(heading),
        *(
            kit.group(kit.text(words, weight="Bolder"), kit.buttons(action), separator=True)
            for words, action in offered
        ),
    )


def _when(meeting: SetMeeting, zone: ZoneInfo) -> str:
    local = meeting.starts_at.astimezone(zone)
    span = f"{sayings.clock(meeting.starts_at, zone)} to {sayings.clock(meeting.ends_at, zone)}"
    return f"{sayings.day(local.date())}, {span}"


def _name(person: Person) -> str:
    return sayings.shortened(person.name or person.email or "somebody without a name", 60)
