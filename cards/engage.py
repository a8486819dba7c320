"""What is said in Viva Engage, and about it to organisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cards import kit, notices, sayings, talk
from cards.kit import Action, Card, execute
from cards.notices import Today
from cards.plain_text import Place, joined, plain_text

LOGIN = "python app.py engage-login"

PHRASES = (
    ("engage status", "whether Viva Engage is signed in, what was posted last, whether I answer"),
    ("preview the engage post", "what I would post to the community now"),
    ("post to engage now", "post today's highlights at once"),
    ("delete the last engage post", "takes a mistake back"),
    ("engage answers off", "and engage answers on: whether I answer people there"),
)
"""What organisers can say about it."""


def title_of(day: date) -> str:
    """The first line of a day's post."""
    return f"Learning today: {sayings.day(day)}"


def post_text(today: Today, *, chat: str, hub: str, answers: bool) -> str:
    """A day's highlights for the community, with a link to book for each session."""
    card = notices.highlights_card(today)
    codes = {int(s.id): s.code for s in today.sessions}
    rows = Card(card.summary, {**card.content, "actions": []})
    last = [f"The whole programme: {hub}"]
    if answers:
        last.append("Mention me here, or write to me, and ask: what's on tomorrow?")
    return joined([plain_text(rows, Place(chat=chat, codes=codes)), "\n".join(last)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things are with Viva Engage. Without `needed_since` and `account` nobody ever signed in."""

    account: str
    needed_since: datetime | None
    answers: bool
    waiting: int
    last_post: datetime | None
    last_post_id: int | None


def status_card(standing: Standing, *, zone: ZoneInfo) -> Card:
    """For an organiser's eyes: what state Viva Engage is in, and what can be done about it."""
    wrong = _wrong(standing, zone)
    last = standing.last_post
    posted = (
        f"{sayings.day(last.astimezone(zone).date())}, {sayings.clock(last, zone)}" if last else ""
    )
    actions = [
        execute("Preview the post", "engage.preview"),
        execute("Post now", "engage.post"),
        execute(
            "Stop answering" if standing.answers else "Answer again",
            "engage.answers",
            on=not standing.answers,
        ),
    ]
    if standing.last_post_id is not None:
        actions.append(execute("Delete the last post", "engage.ask_delete"))
    return kit.card(
        wrong or "Viva Engage is signed in and works",
        kit.heading("Viva Engage"),
        kit.notice(wrong, "attention") if wrong else None,
        kit.facts(
            ("Signed in as", "" if wrong else standing.account),
            ("Answers there", "on" if standing.answers else "off"),
            ("Last post", posted or "none yet"),
            ("Waiting", _posts(standing.waiting) if standing.waiting else ""),
        ),
        actions=actions,
    )


def _posts(count: int) -> str:
    return f"{count} post{'' if count == 1 else 's'} to go out"


def _wrong(standing: Standing, zone: ZoneInfo) -> str:
    since = standing.needed_since
    if since is not None:
        day = sayings.day(since.astimezone(zone).date())
        return f"Sign-in is needed since {day}, {sayings.clock(since, zone)}. Run {LOGIN}."
    return "" if standing.account else f"Nobody has signed in yet. Run {LOGIN}."


def preview_card(text: str) -> Card:
    """What would be posted, as it would be read."""
    return kit.card(
        "What I would post to the community now",
        kit.heading("What I would post to the community now"),
        *(
            kit.group(*(kit.text(line, spacing="Small") for line in block.splitlines()))
            for block in text.split("\n\n")
        ),
        actions=[execute("Post it now", "engage.post")],
    )


def ask_delete_card(message_id: int, posted: datetime, *, zone: ZoneInfo) -> Card:
    """Are you sure? The button names the post, so that a newer one is not deleted by it."""
    moment = f"{sayings.day(posted.astimezone(zone).date())}, {sayings.clock(posted, zone)}"
    yes: Mapping[str, str] = {"message": str(message_id)}
    return talk.say(
        f"The post of {moment} goes away with what people wrote below it.",
        title="Delete the last post?",
        actions=[
            execute("Yes, delete it", "engage.delete", **yes),
            execute("No, keep it", "session.leave"),
        ],
    )


def sign_in_card(since: datetime, *, zone: ZoneInfo) -> Card:
    """Told to organisers, unasked: nothing is posted or answered until somebody signs in."""
    moment = f"{sayings.day(since.astimezone(zone).date())}, {sayings.clock(since, zone)}"
    words = "Viva Engage needs somebody to sign in again"
    status: list[Action] = [execute("How it stands", "engage.status")]
    return kit.card(
        words,
        kit.heading(words),
        kit.text(f"Since {moment} I can neither post to the community nor answer there."),
        kit.text(
            f"Ask an administrator to run {LOGIN} and to sign the service account in. "
            "What waits is posted then."
        ),
        actions=status,
    )
