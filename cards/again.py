"""Cards about what runs again: that somebody asked to hear of it, and that it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import again_action, booking_action, standing
from learning.sessions import Session, SessionId
from learning.sources import Source

SHORT = 80
MOST = 20
"""Sessions on the card of what somebody asked to hear of."""


def asked_card(session: Session, *, zone: ZoneInfo, now: datetime) -> Card:
    """You will be told. What can still be booked now says so."""
    title = sayings.shortened(session.title, SHORT)
    words = f"I'll tell you once when {title} runs again."
    book = booking_action(session, None, now)
    left = f"It is still to come, {sayings.moment(session, zone)}: {sayings.places(session)}."
    return kit.card(
        words,
        kit.heading("I'll tell you"),
        kit.text(words),
        kit.text(left) if book else None,
        actions=[a for a in (book, _stop("Don't tell me after all", session.id), _LIST) if a],
    )


def runs_already_card(
    session: Session, runs: Sequence[Session], *, zone: ZoneInfo, now: datetime
) -> Card:
    """There is nothing to wait for."""
    title = sayings.shortened(session.title, SHORT)
    words = f"{title} runs again already"
    return kit.card(
        f"{words}: {sayings.moment(runs[0], zone)}",
        kit.heading(words),
        *_runs(runs, zone=zone, now=now),
    )


def any_time_card(session: Session) -> Card:
    title = sayings.shortened(session.title, SHORT)
    words = f"{title} can be taken at any time: there is nothing to wait for."
    return kit.card(
        words,
        kit.text(words),
        actions=[kit.open_url("Open", session.link)] if session.link else [],
    )


def runs_again_card(
    session: Session, runs: Sequence[Session], *, zone: ZoneInfo, now: datetime
) -> Card:
    """What somebody asked to hear, once: `session` is the one they asked about."""
    title = sayings.shortened(session.title, SHORT)
    return kit.card(
        f"{title} runs again: {sayings.moment(runs[0], zone)}",
        kit.heading(f"{title} runs again"),
        *_runs(runs, zone=zone, now=now),
        kit.quiet("You asked me to tell you. I won't tell you again unless you ask once more."),
    )


def wanted_card(sessions: Sequence[Session], *, zone: ZoneInfo) -> Card:
    """What somebody waits to hear of, each with the way to take it back."""
    if not sessions:
        words = "You are not waiting to hear of anything."
        return kit.card(
            words,
            kit.text(words),
            kit.text("Say tell me when it runs again about a session that you liked or missed."),
            actions=[execute("My learning", "record.show")],
        )
    title = "I'll tell you when these run again"
    rows = kit.fitting([_wanted(s, zone) for s in sessions[:MOST]])
    left = len(sessions) - len(rows)
    return kit.card(
        f"{title}: {sayings.listed([sayings.shortened(s.title, SHORT) for s in sessions[:3]])}",
        kit.heading(title),
        *rows,
        kit.quiet(f"and {left} more") if left else None,
    )


def _wanted(session: Session, zone: ZoneInfo) -> Element:
    return kit.group(
        kit.text(session.title, weight="Bolder"),
        kit.quiet(f"{session.code} · {sayings.moment(session, zone)}"),
        kit.buttons(_stop("Stop telling me", session.id)),
        separator=True,
    )


def _runs(runs: Sequence[Session], *, zone: ZoneInfo, now: datetime) -> list[Element]:
    return [
        kit.group(
            kit.text(run.title, weight="Bolder"),
            kit.quiet(
                " · ".join(
                    (sayings.moment(run, zone), sayings.where(run), standing(run, None, now))
                )
            ),
            kit.buttons(
                booking_action(run, None, now, source=Source.NUDGE) or again_action(run, now),
                execute("Details", "session.show", session=run.id),
            ),
            separator=True,
        )
        for run in runs
    ]


def _stop(title: str, session_id: SessionId) -> Action:
    return execute(title, "again.stop", session=session_id)


_LIST = execute("What I asked to hear of", "again.list")
