"""What was sent, for an organiser's eyes: each mailing with its numbers in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Card
from learning.mailings import Deliveries, Events, Mailing
from learning.notices import COURSES, PLACES, Kind

WHAT = {
    Kind.NUDGE: "Nudge",
    Kind.PLACE_GIVEN: "Places that came free",
    Kind.PLACE_OFFERED: "Places offered",
    Kind.OFFER_LAPSED: "Offers that ran out",
    Kind.SESSION_CHANGED: "Change",
    Kind.SESSION_CANCELLED: "Cancellation",
    Kind.ADDED: "People added by organisers",
    Kind.MOVED: "People moved here by organisers",
    Kind.TAKEN_OFF: "People taken off by organisers",
    Kind.MESSAGE: "Message from the learning team",
    Kind.CHAMPION_NAMED: "Messages to new champions",
    Kind.CHAMPION_CARD: "What champions may promote",
    Kind.HIGHLIGHTS: "Highlights",
    Kind.CHANNEL_HIGHLIGHTS: "Highlights in channels",
    Kind.OPEN_CHAT: "First messages in people's own chats",
    Kind.FEEDBACK: "Feedback asked for",
    Kind.FEEDBACK_REMINDER: "Reminders of feedback",
    Kind.FEEDBACK_RESULT: "What people said, to those who ran it",
    Kind.RUNS_AGAIN: "Told that it runs again",
    Kind.COURSE_WELCOME: "Welcomed to a programme",
    Kind.COURSE_NUDGE: "Programme reminders",
    Kind.COLLATION: "Answers to the questionnaire, to those who lead",
    Kind.THEME: "Champions asked for ideas",
    Kind.IDEA_PLANNED: "Told that their idea became a session",
    Kind.HUB_FAULT: "Faults in the hub list",
    Kind.ENGAGE_POST: "Highlights in Viva Engage",
    Kind.ENGAGE_SIGN_IN: "Viva Engage needs signing in",
    Kind.SET_CARD: "Told of their action learning set",
    Kind.SET_MEETING: "Reminders of a set's meeting",
    Kind.SET_TURN: "Told whose turn it is to lead a set",
    Kind.ROUND_OVER: "Ends of a round in a set's meeting",
    Kind.SET_PEOPLE: "Told who joined or left a set",
    Kind.MERGE_PROPOSED: "Told that a set has become small",
}
AT_ONE_MOMENT = frozenset({Kind.NUDGE, Kind.SESSION_CHANGED, Kind.SESSION_CANCELLED, Kind.MESSAGE})
LONGEST_TITLE = 80
MOST_REASONS = 4


def deliveries_card(deliveries: Deliveries, *, zone: ZoneInfo) -> Card:
    """The latest mailings, newest first."""
    more = meetings_and_ahead(deliveries)
    if not deliveries.mailings:
        nothing = "Nothing has been sent yet."
        return kit.card(nothing, kit.text(nothing), *(kit.quiet(words) for words in more))
    newest = deliveries.mailings[0]
    return kit.card(
        f"What was sent. Last of all {what(newest, zone)}: {numbers(newest)}",
        kit.heading("What was sent"),
        *kit.fitting(
            [
                kit.group(
                    kit.text(what(mailing, zone), weight="Bolder"),
                    kit.text(numbers(mailing), spacing="Small"),
                    kit.quiet(reasons(mailing)) if mailing.given_up else None,
                    separator=True,
                )
                for mailing in deliveries.mailings
            ]
        ),
        kit.group(*(kit.quiet(words) for words in more), separator=True) if more else None,
    )


def what(mailing: Mailing, zone: ZoneInfo) -> str:
    """'Highlights of Monday 18 May', 'Nudge of Monday 18 May, 09:50: Growth mindset'.

    'Programme reminders of Monday 18 May: CUSTOMER/10-whose-service'.
    """
    subject, name = mailing.subject, WHAT.get(mailing.subject.kind, "")
    local = mailing.due_at.astimezone(zone)
    moment = f"{sayings.day(local.date())}, {local:%H:%M}"
    if subject.day is not None:
        again = (
            f", sent again at {sayings.clock(subject.again_at, zone)}" if subject.again_at else ""
        )
        about = f": {subject.about}" if subject.about else ""
        return f"{name} of {sayings.day(subject.day)}{about}{again}"
    if subject.kind is Kind.OPEN_CHAT:
        monday = local.date() - timedelta(days=local.weekday())
        return f"{name}, week of {sayings.day(monday)}"
    if subject.kind is Kind.HUB_FAULT:
        return f"{name}: {moment}"
    if subject.kind is Kind.ENGAGE_SIGN_IN:
        return f"{name}, {moment}"
    if subject.kind in COURSES:
        return f"{name} of {moment}"
    session = mailing.session
    title = sayings.shortened(session.title, LONGEST_TITLE) if session else "a session that is gone"
    return f"{name} of {moment}: {title}" if subject.kind in AT_ONE_MOMENT else f"{name}: {title}"


def numbers(mailing: Mailing) -> str:
    """'412 people. 380 sent, 20 still to go, 9 held back, 3 cannot be reached'."""
    unreached = not_reached(mailing)
    parts = [
        (mailing.sent, "sent"),
        (mailing.being_sent, "being sent"),
        (still_to_go(mailing), "still to go"),
        (mailing.held_back, "held back"),
        (mailing.dropped, "no longer needed"),
        (unreached, "cannot be reached"),
        (sum(mailing.given_up.values()) - unreached, "failed"),
    ]
    said = ", ".join(f"{count:,} {words}" for count, words in parts if count)
    return f"{_counted(mailing)}. {said}" if said else _counted(mailing)


def still_to_go(mailing: Mailing) -> int:
    return mailing.to_come + mailing.queued


def not_reached(mailing: Mailing) -> int:
    """How many of those given up are people who cannot be reached at all."""
    return sum(n for reason, n in mailing.given_up.items() if reason in sayings.UNREACHABLE)


def reasons(mailing: Mailing) -> str:
    """'2 blocked the app, 1 failed (connector: 400)', the most frequent first."""
    ranked = sorted(mailing.given_up.items(), key=lambda each: (-each[1], each[0]))
    said = [f"{count:,} {_why(reason)}" for reason, count in ranked[:MOST_REASONS]]
    left = sum(count for _, count in ranked[MOST_REASONS:])
    return ", ".join([*said, f"{left:,} for other reasons"] if left else said)


def meetings_and_ahead(deliveries: Deliveries) -> list[str]:
    """What is said below the mailings, where there is anything to say."""
    said = (
        events(deliveries.events),
        events(deliveries.zoom, "Zoom meetings"),
        ahead(deliveries.ahead),
    )
    return [words for words in said if words]


def events(found: Events, what: str = "Calendar events") -> str:
    """'Calendar events: 12 up to date, 1 held back'; '' where there is nothing to say."""
    parts: Mapping[str, int] = {
        "up to date": found.up_to_date,
        "waiting": found.waiting,
        "held back": found.held_back,
        "failed": found.given_up,
    }
    said = [f"{count:,} {words}" for words, count in parts.items() if count]
    return f"{what}: {', '.join(said)}" if said else ""


def ahead(count: int) -> str:
    return f"Planned for later: {count:,} message{'' if count == 1 else 's'}" if count else ""


def _counted(mailing: Mailing) -> str:
    one, many = _UNITS.get(mailing.subject.kind, ("person", "people"))
    return f"{mailing.people:,} {one if mailing.people == 1 else many}"


_UNITS = {
    Kind.CHANNEL_HIGHLIGHTS: ("channel", "channels"),
    Kind.ENGAGE_POST: ("post", "posts"),
} | dict.fromkeys(PLACES, ("message", "messages"))
"""Of places one person may be told more than once."""


def _why(reason: str) -> str:
    """Of somebody who was forgotten no reason is kept."""
    failed = sayings.shortened(reason, 60) or "reason not kept"
    return sayings.UNREACHABLE.get(reason) or f"failed ({failed})"
