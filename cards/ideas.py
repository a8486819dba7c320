"""Cards about ideas: sending one, what others had, one's own, the question of the day, what came of it.

No card says who had an idea.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import booking_action
from learning.ideas import LONGEST, Idea, IdeaId, IdeaState, Theme
from learning.sessions import Session

PAGE = 6
"""Ideas on one card."""

MOST_OWN = 12

ALL_IDEAS = execute("What others would like", "idea.list")
ANOTHER = execute("Another idea", "idea.ask")


def ask_card(theme: Theme | None, *, text: str = "", fault: str = "") -> Card:
    """What is your idea? What was typed before stays, with what is wrong with it."""
    title = "What is your idea?"
    return kit.card(
        f"{title} Type it, or send it with the card",
        kit.heading(title),
        _question(theme),
        kit.notice(fault, "attention") if fault else None,
        kit.text(
            "What should a session be about? The learning team plans from what people wish for."
        ),
        _input(text),
        actions=[execute("Send my idea", "idea.send"), ALL_IDEAS],
    )


def kept_card(idea: Idea, theme: Theme | None, *, is_new: bool = True) -> Card:
    """Their idea is there, and what they can do about it."""
    title = "Your idea is in" if is_new else "I have that idea of yours already"
    return kit.card(
        f"{title}: {sayings.shortened(idea.text, 100)}",
        kit.heading(title),
        _question(theme if theme and theme.id == idea.theme_id else None),
        kit.text(idea.text),
        kit.quiet(_standing(idea)),
        kit.text("Nobody sees whose it is. I tell you when a session comes of it.")
        if is_new
        else None,
        actions=[ALL_IDEAS, ANOTHER, *([_withdraw(idea)] if idea.is_open else [])],
    )


def alike_card(
    text: str, alike: Sequence[Idea], sessions: Sequence[Session], *, zone: ZoneInfo
) -> Card:
    """Others had a similar idea, or it is in the programme: is it that, or something else?"""
    title = "Others had a similar idea" if alike else "Is it one of these?"
    return kit.card(
        f"{title}. Is yours the same?",
        kit.heading(title),
        kit.text(f"Yours: “{text}”"),
        *(_row(idea, is_supported=False) for idea in alike),
        kit.subheading("In the programme already") if sessions and alike else None,
        *(
            kit.group(
                kit.text(session.title, weight="Bolder"),
                kit.quiet(sayings.moment(session, zone)),
                kit.buttons(execute("Details", "session.show", session=session.id)),
                separator=True,
            )
            for session in sessions
        ),
        kit.quiet("Support counts more than the same idea twice.") if alike else None,
        actions=[execute("Mine is different", "idea.send", idea=text, anyway=True)],
    )


def supported_card(idea: Idea) -> Card:
    title = "You support this idea"
    return kit.card(
        f"{title}: {sayings.shortened(idea.text, 100)}",
        kit.heading(title),
        kit.text(idea.text),
        kit.quiet(f"{_supporters(idea, is_own=True)} I tell you when a session comes of it."),
        actions=[ALL_IDEAS, ANOTHER],
    )


def board_card(
    ideas: Sequence[Idea],
    supported: frozenset[IdeaId],
    theme: Theme | None,
    *,
    start: int = 0,
    has_more: bool = False,
    desk: str = "",
) -> Card:
    """What others would like, the most supported first; `desk` is where organisers see all of it."""
    title = "What people would like"
    send = execute("I have an idea", "idea.ask")
    links = [kit.open_url("All ideas at the desk", desk)] if desk else []
    if not ideas:
        words = "There are no ideas yet. Yours may be the first." if not start else "That is all."
        return kit.card(words, _question(theme), kit.text(words), actions=[send, *links])
    rows = kit.fitting([_row(idea, is_supported=idea.id in supported) for idea in ideas])
    after = start + len(rows)
    more = has_more or len(rows) < len(ideas)
    return kit.card(
        f"{title}. Most of all: {sayings.shortened(ideas[0].text, 100)}",
        kit.heading(title),
        _question(theme),
        *rows,
        actions=[*([execute("Show more", "idea.list", start=after)] if more else []), send, *links],
    )


def mine_card(own: Sequence[tuple[Idea, Session | None]], *, zone: ZoneInfo) -> Card:
    """One's own ideas and what became of them."""
    send = execute("I have an idea", "idea.ask")
    if not own:
        words = "You have sent no idea yet. Type: I have an idea, and what it is."
        return kit.card(words, kit.text(words), actions=[send, ALL_IDEAS])
    rows = kit.fitting([_own(idea, session, zone) for idea, session in own[:MOST_OWN]])
    left = len(own) - len(rows)
    return kit.card(
        f"Your ideas: {len(own)}",
        kit.heading("Your ideas"),
        *rows,
        kit.quiet(f"and {left} older") if left else None,
        actions=[send, ALL_IDEAS],
    )


def withdrawn_card(idea: Idea) -> Card:
    kept = idea.state is not IdeaState.WITHDRAWN
    words = "Your idea is taken back, and its text is deleted."
    others = "Others support it, so it stays without you. Nothing says that it was yours."
    return kit.card(
        "Your idea is taken back",
        kit.text(others if kept else words),
        actions=[execute("My ideas", "idea.mine"), ANOTHER],
    )


def theme_card(theme: Theme, link: str = "") -> Card:
    """A champion is asked: their own idea at once, and words to pass on to colleagues."""
    title = "The learning team asks for ideas"
    return kit.card(
        f"{title}: {theme.question}",
        kit.heading(title),
        _question(theme),
        kit.text("What would you say, and what do people around you say? Each idea counts."),
        _input(""),
        kit.subheading("To pass on"),
        kit.text(pass_on(theme, link)),
        actions=[execute("Send my idea", "idea.send"), ALL_IDEAS],
    )


def pass_on(theme: Theme, link: str = "") -> str:
    """Words for colleagues, to be copied; `link` opens the chat."""
    how = 'Open Learnweek in Teams and type "idea:" and yours'
    return f'The learning team asks: "{theme.question}" {how}{f": {link}" if link else "."}'


def opened_card(theme: Theme, champions: int) -> Card:
    """For an organiser: the question is out."""
    asked = {0: "There are no champions yet, so nobody is asked in their own chat."}.get(
        champions,
        f"{champions:,} champion{' is' if champions == 1 else 's are'} asked in their own chat.",
    )
    return kit.card(
        f"You ask for ideas: {theme.question}",
        kit.heading("You ask for ideas"),
        _question(theme),
        kit.text(f"{asked} Every idea that comes from now on answers it, until you close it."),
        kit.subheading("To pass on"),
        kit.text(pass_on(theme)),
        actions=[execute("Close it", "theme.close", theme=theme.id)],
    )


def theme_open_card(words: str, theme: Theme) -> Card:
    """For an organiser: another question is open."""
    return kit.card(
        words, kit.text(words), actions=[execute("Close it", "theme.close", theme=theme.id)]
    )


def planned_card(idea: Idea, session: Session, *, zone: ZoneInfo, now: datetime, page: str) -> Card:
    """A session came of an idea that they had or support."""
    title = "An idea you wanted is now a session"
    book = booking_action(session, None, now)
    return kit.card(
        f"{title}: {session.title}, {sayings.moment(session, zone)}",
        kit.heading(title),
        kit.quiet(f"The idea: “{sayings.shortened(idea.text, 200)}”"),
        kit.subheading(session.title),
        kit.facts(
            ("When", sayings.moment(session, zone)),
            ("Where", sayings.where(session)),
            ("Places", sayings.places(session)),
        ),
        kit.text(sayings.shortened(session.details.summary, 400))
        if session.details.summary
        else None,
        actions=[
            *([book] if book else []),
            execute("Details", "session.show", session=session.id),
            kit.open_url("Open in the hub", page),
        ],
    )


def _question(theme: Theme | None) -> Element | None:
    if theme is None:
        return None
    return kit.group(kit.quiet("The learning team asks"), kit.text(theme.question, weight="Bolder"))


def _input(text: str) -> Element:
    field: dict[str, Any] = {
        "type": "Input.Text",
        "id": "idea",
        "label": "Your idea",
        "isMultiline": True,
        "maxLength": LONGEST,
    }
    return field | ({"value": text} if text else {})


def _row(idea: Idea, *, is_supported: bool) -> Element:
    support = execute("Support", "idea.support", id=idea.id)
    return kit.group(
        kit.text(idea.text),
        kit.quiet(_supporters(idea, is_own=is_supported)),
        kit.buttons(None if is_supported else support),
        separator=True,
    )


def _own(idea: Idea, session: Session | None, zone: ZoneInfo) -> Element:
    details = session and execute("Details", "session.show", session=session.id)
    became = f"It has become: {session.title}, {sayings.moment(session, zone)}." if session else ""
    return kit.group(
        kit.text(idea.text),
        kit.quiet(became or _standing(idea)),
        kit.buttons(details or (_withdraw(idea) if idea.is_open else None)),
        separator=True,
    )


def _withdraw(idea: Idea) -> Action:
    return execute("Take it back", "idea.withdraw", id=idea.id)


def _standing(idea: Idea) -> str:
    match idea.state:
        case IdeaState.OPEN:
            return _supporters(idea, is_own=True)
        case IdeaState.DECLINED:
            return f"Not taken up: {idea.reason}"
        case IdeaState.PLANNED:
            return "It has become a session."
        case IdeaState.WITHDRAWN:
            return "Taken back."


def _supporters(idea: Idea, *, is_own: bool = False) -> str:
    """'You and 3 others support this.'"""
    others = idea.supporters - is_own
    many = "1 person supports" if others == 1 else f"{others:,} people support"
    if not is_own:
        return f"{many} this."
    if not others:
        return "Nobody else supports this yet."
    return f"You and {others:,} other{'' if others == 1 else 's'} support this."
