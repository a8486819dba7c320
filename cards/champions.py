"""Cards for champions: what to promote, a post to copy, whom it brought; and who they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.kit import Action, Card, Element, execute
from cards.sessions import booking_action
from learning.champions import Group, Member, OwnPosts, Promotion
from learning.people import Person
from learning.sessions import Session
from learning.small_groups import FEWEST

MOST_SHOWN = 15
LONGEST_TITLE = 80

HOW_TO_SEARCH = (
    "Below the box in which you write in any chat or channel, open the apps, choose Learnweek and "
    "search for {code}: that puts a card there, with a button to book."
)


def brought(count: int) -> str:
    """'14 people'; of a few the number is not said, so that nobody can be told from it."""
    if count >= FEWEST:
        return f"{count:,} people"
    return f"fewer than {FEWEST} people" if count else "nobody yet"


def named_card(group: str) -> Card:
    """They did not ask for it, so it says who did and what it means."""
    title = f"You are a champion for {group}"
    return kit.card(
        f"{title}: you help colleagues to hear of the learning week",
        kit.heading(title),
        kit.text(
            "The learning team has named you. You know your colleagues best: tell them which "
            "sessions are worth their time, where they will see it."
        ),
        kit.text("On Mondays I send you what is worth promoting, with a post for each session."),
        kit.facts(*PHRASES),
        kit.quiet("Not for you? Tell the learning team. Nudges off ends the cards on Mondays."),
        actions=[execute("What to promote", "champion.promote"), _MY_POSTS],
    )


PHRASES = (
    ("what can I promote", "sessions with places left"),
    ("share GM1", "a post to copy, with a link to book"),
    ("my posts", "how many people they brought"),
)


def promotion_card(promotion: Promotion, *, zone: ZoneInfo) -> Card:
    groups = sayings.listed([sayings.shortened(g, 60) for g in promotion.groups])
    if not promotion.sessions:
        title = "Nothing needs promoting just now"
        return kit.card(title, kit.heading(title), kit.text(_NOTHING), actions=[_MY_POSTS])
    title = "What to promote this week"
    first = promotion.sessions[0]
    return kit.card(
        f"{title}: {sayings.shortened(first.title, LONGEST_TITLE)} and what else has places left",
        kit.heading(title),
        kit.quiet(f"For {groups}"),
        kit.text(f"Your posts brought {brought(promotion.brought)}.", weight="Bolder")
        if promotion.brought
        else None,
        *kit.fitting([_row(s, promotion, zone) for s in promotion.sessions]),
        actions=[_MY_POSTS],
    )


_NOTHING = "Every session ahead is full, or nothing is planned in the next eight weeks."


def _row(session: Session, promotion: Promotion, zone: ZoneInfo) -> Element:
    whom = promotion.groups[0] if len(promotion.groups) == 1 else "one of your groups"
    suits = f"Suits {sayings.shortened(whom, 60)}" if session.id in promotion.suits else ""
    said = (sayings.moment(session, zone), sayings.places(session), suits)
    return kit.group(
        kit.text(session.title, weight="Bolder"),
        kit.quiet(" · ".join(part for part in said if part)),
        kit.buttons(
            execute("Share", "champion.share", session=session.id),
            execute("Details", "session.show", session=session.id),
        ),
        separator=True,
    )


def post_card(session: Session, link: str, *, zone: ZoneInfo) -> Card:
    """A post to copy; `link` leads to the session's page and is the champion's own.

    `zone` is that of who shares it.
    """
    return kit.card(
        f"A post about {session.title}, to copy",
        kit.heading(f"Share {session.title}"),
        kit.text("Copy this into a channel, a chat or a mail, and say it in your own words."),
        {
            "type": "Input.Text",
            "id": "post",
            "label": "Your post",
            "isMultiline": True,
            "maxLength": 4000,
            "value": post(session, link, zone),
        },
        kit.quiet("In Teams the link becomes a card. Who books by it counts as brought by you."),
        kit.quiet(HOW_TO_SEARCH.format(code=session.code)),
        actions=[kit.open_url("Open its page", link), _MY_POSTS],
    )


def post(session: Session, link: str, zone: ZoneInfo) -> str:
    """What colleagues will read: what it is, when, how many places are left, and the way there."""
    about = sayings.shortened(" ".join(session.details.summary.split()), 300)
    lines = (
        session.title,
        f"{sayings.moment(session, zone)}, {sayings.where(session)}",
        about,
        f"{sayings.places(session)}. Book here: {link}",
    )
    return "\n".join(line for line in lines if line)


def how_to_share_card(session: Session, *, now: datetime) -> Card:
    """For who is no champion: anybody can share, but nobody counts what comes of it."""
    title = f"Share {session.title}"
    book = booking_action(session, None, now)
    return kit.card(
        f"{title}: search for {session.code} with Learnweek in any chat",
        kit.heading(title),
        kit.text(HOW_TO_SEARCH.format(code=session.code)),
        actions=[
            execute("Details", "session.show", session=session.id),
            *([book] if book is not None else []),
        ],
    )


def posts_card(posts: OwnPosts, *, zone: ZoneInfo) -> Card:
    if not posts.sessions:
        title = "You have not shared anything yet"
        return kit.card(
            title,
            kit.heading(title),
            kit.text("Share a session, and I count how many people book by it. Never who."),
            actions=[execute("What to promote", "champion.promote")],
        )
    title = f"Your posts brought {brought(posts.brought)}"
    shown = posts.sessions[:MOST_SHOWN]
    left = len(posts.sessions) - len(shown)
    return kit.card(
        title,
        kit.heading(title),
        kit.quiet("How many different people booked by what you shared. Nobody is told who."),
        *kit.fitting([_brought(session, count, zone) for session, count in shown]),
        kit.quiet(f"and {left} more sessions") if left else None,
        actions=[execute("What to promote", "champion.promote")],
    )


def _brought(session: Session, count: int, zone: ZoneInfo) -> Element:
    said = brought(count)
    return kit.group(
        kit.text(session.title, weight="Bolder"),
        kit.text(said[0].upper() + said[1:], spacing="Small"),
        kit.quiet(f"{sayings.moment(session, zone)} · {sayings.places(session)}"),
        separator=True,
    )


# --- for organisers ------------------------------------------------------------------------------


def champions_card(groups: Sequence[Group], desk: str) -> Card:
    """Who promotes the week in which group. `desk` is the address of their page there."""
    at_desk = kit.open_url("Champions at the desk", desk)
    if not groups:
        title = "There are no champions yet"
        words = "Name one: make Asha a champion for Housing. At the desk you can search for people."
        return kit.card(title, kit.heading(title), kit.text(words), actions=[at_desk])
    count = len({m.person.id for g in groups for m in g.members})
    title = f"{count} {'champion' if count == 1 else 'champions'}"
    left = len(groups) - len(groups[:MOST_SHOWN])
    return kit.card(
        f"{title} for {sayings.listed([sayings.shortened(g.name, 40) for g in groups[:3]])}",
        kit.heading(title),
        *kit.fitting([_group(each) for each in groups[:MOST_SHOWN]]),
        kit.quiet(f"and {left} more groups: see the desk") if left else None,
        actions=[at_desk],
    )


def _group(group: Group) -> Element:
    names = [_name(m.person) for m in group.members[:MOST_SHOWN]]
    left = len(group.members) - len(names)
    return kit.group(
        kit.text(sayings.shortened(group.name, LONGEST_TITLE), weight="Bolder"),
        kit.text(sayings.listed([*names, f"{left} more"] if left else names), spacing="Small"),
        kit.quiet(f"Their posts brought {brought(group.brought)}"),
        separator=True,
    )


def which_champion_card(
    name: str, people: Sequence[Person], verb: str, group: str, *, note: str = ""
) -> Card:
    """Several may be meant; each is a button."""
    heading = f"Which {sayings.shortened(name, 40)}?"
    return kit.card(
        f"{heading} {len(people)} may be meant",
        kit.heading(heading),
        kit.text(note) if note else None,
        *(
            kit.group(
                kit.text(_name(person), weight="Bolder"),
                kit.quiet(person.email) if person.email else None,
                kit.buttons(execute("This one", verb, who=person.id, group=group)),
                separator=True,
            )
            for person in people
        ),
    )


def _name(person: Person) -> str:
    return sayings.shortened(person.name or person.email or "somebody without a name", 60)


def reach(member: Member) -> str:
    """Why a champion gets no card, or ''."""
    if member.person.is_reachable:
        return "" if member.person.wants_nudges else "has turned nudges off"
    return "cannot be written to yet"


_MY_POSTS: Action = execute("My posts", "champion.posts")
