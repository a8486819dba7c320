"""Cards for planning a week: what to plan it around, the plan, and what came of booking it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import alternatives, resource_rows
from learning import plans
from learning.plans import Looked, Outcome, Proposal, Result
from learning.sessions import Session

LOOKED = {
    Looked.CALENDAR: (
        "I kept clear of what is in your calendar, of which I saw only when you are free or busy, "
        "and of your bookings."
    ),
    Looked.NOT_ALLOWED: (
        "I kept clear of your bookings. I may not see your calendar, so check it before you book."
    ),
    Looked.NOT_NOW: (
        "I kept clear of your bookings. I could not see your calendar just now, so check it before "
        "you book."
    ),
}
RESULTS = {
    Result.BOOKED: "Booked",
    Result.HAD: "You have this one already",
    Result.GONE: "The last place went meanwhile. You are not on the waiting list.",
}
LONGEST = 200


def ask_card(subjects: Sequence[str], *, note: str = "", most: int = plans.USUAL) -> Card:
    """What shall the week be planned around?"""
    question = "What shall I plan your week around?"
    return kit.card(
        question,
        kit.heading(question),
        kit.text(note) if note else None,
        _choices(subjects) if subjects else None,
        _words("", "Or in your own words" if subjects else "In your own words"),
        _how_many(most),
        actions=[execute("Plan my week", "plan.make")],
    )


def plan_card(proposal: Proposal, days: Mapping[str, Any], *, zone: ZoneInfo) -> Card:
    """A set of sessions to book with one press; `days` is what planning again must carry."""
    around = sayings.listed(list(proposal.interests))
    sessions = proposal.sessions
    title = "A plan for your week" if sessions else "Nothing fits into your week"
    guess = "By what you booked or looked for before: " if proposal.guessed else "Around "
    return kit.card(
        _summary(title, sessions, zone),
        kit.heading(title),
        kit.text(f"{guess}{around}."),
        *kit.fitting(list(_rows(sessions, zone))),
        *_missing(proposal),
        *_full(proposal.full, zone),
        kit.quiet(LOOKED[proposal.looked]),
        _words(", ".join(proposal.interests), "Around"),
        _how_many(proposal.most),
        actions=[
            *([_book_all(sessions)] if sessions else []),
            execute("Plan again", "plan.make", **days),
        ],
    )


def booked_card(outcomes: Sequence[Outcome], instead: Sequence[Session], *, zone: ZoneInfo) -> Card:
    """What came of each session of a plan, and what there is for those that went."""
    have = [o for o in outcomes if o.result in (Result.BOOKED, Result.HAD)]
    title = _booked(len(have), len(outcomes))
    return kit.card(
        f"{title}: {sayings.listed([o.session.title for o in have])}" if have else title,
        kit.heading(title),
        *kit.fitting(
            [
                kit.group(
                    kit.text(outcome.session.title, weight="Bolder"),
                    kit.quiet(sayings.moment(outcome.session, zone)),
                    kit.text(RESULTS.get(outcome.result, outcome.reason), spacing="Small"),
                    separator=True,
                )
                for outcome in outcomes
            ]
        ),
        *alternatives(instead, zone),
        actions=[execute("My bookings", "bookings.show")],
    )


def _booked(count: int, of: int) -> str:
    if not of:
        return "These sessions are gone"
    if not count:
        return "None of these could be booked"
    if count == of:
        return "You're booked" if of == 1 else f"You're booked on all {of}"
    return f"You're booked on {count} of {of}"


def _rows(sessions: Sequence[Session], zone: ZoneInfo) -> Iterator[Element]:
    for session in sessions:
        places = sayings.places(session)
        yield kit.group(
            kit.text(session.title, weight="Bolder"),
            kit.quiet(sayings.moment(session, zone)),
            kit.quiet(" · ".join(part for part in (sayings.where(session), places) if part)),
            kit.buttons(execute("Details", "session.show", session=session.id)),
            separator=True,
        )


def _missing(proposal: Proposal) -> list[Element | None]:
    """What nothing is on about, with what may be taken instead at any time."""
    if not proposal.missing:
        return []
    about = sayings.listed([f"“{m}”" for m in proposal.missing])
    nothing = f"Nothing on {about} in these days"
    if not proposal.resources:
        return [kit.text(f"{nothing}.")]
    but = "this can" if len(proposal.resources) == 1 else "these can"
    return [
        kit.text(f"{nothing}, but {but} be taken at any time:"),
        *resource_rows(proposal.resources),
    ]


def _full(full: Sequence[Session], zone: ZoneInfo) -> list[Element | None]:
    if not full:
        return []
    return [
        kit.subheading("These fit as well, but are full"),
        *(
            kit.group(
                kit.text(session.title, weight="Bolder"),
                kit.quiet(f"{sayings.moment(session, zone)} · {sayings.places(session)}"),
                kit.buttons(execute("Join the waiting list", "session.book", session=session.id)),
            )
            for session in full
        ),
    ]


def _book_all(sessions: Sequence[Session]) -> Action:
    count = len(sessions)
    title = "Book it" if count == 1 else "Book both" if count == 2 else f"Book all {count}"
    return execute(title, "plan.book", sessions=[s.id for s in sessions])


def _choices(subjects: Sequence[str]) -> Element:
    return {
        "type": "Input.ChoiceSet",
        "id": "choices",
        "label": "Choose as many as you like",
        "isMultiSelect": True,
        "wrap": True,
        "choices": [
            # Teams sends what was chosen with commas between.
            {"title": sayings.shortened(s, 80), "value": " ".join(s.replace(",", " ").split())[:80]}
            for s in subjects
        ],
    }


def _words(value: str, label: str) -> Element:
    return {
        "type": "Input.Text",
        "id": "about",
        "label": label,
        "value": value[:LONGEST],
        "placeholder": "leadership, Excel",
        "maxLength": LONGEST,
    }


def _how_many(most: int) -> Element:
    return {
        "type": "Input.ChoiceSet",
        "id": "most",
        "label": "How many sessions at most",
        "style": "compact",
        "value": str(most),
        "choices": [
            {"title": str(n), "value": str(n)} for n in range(plans.FEWEST, plans.MOST + 1)
        ],
    }


def _summary(title: str, sessions: Sequence[Session], zone: ZoneInfo) -> str:
    said = [f"{sayings.shortened(s.title, 80)}, {sayings.moment(s, zone)}" for s in sessions[:3]]
    more = " and more" if len(sessions) > 3 else ""
    return f"{title}: {'; '.join(said)}{more}" if said else title
