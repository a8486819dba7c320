"""What is said unasked about a set: its next meeting, whose turn it is, who came and went.

A dilemma or a note never stands on these: they are read where somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cards import kit, sayings
from cards.guide import Meeting, moment, where
from cards.kit import Action, Card, execute


def reminder_card(meeting: Meeting, *, zone: ZoneInfo, dilemmas: int) -> Card:
    """A day before: when, who leads, how many dilemmas there are, where to join."""
    title = f"Your set meets on {moment(meeting, zone)}"
    actions: list[Action] = []
    if meeting.join_url:
        actions.append(kit.open_url("Join", meeting.join_url))
    if meeting.is_member:
        actions.append(execute("Bring a dilemma", "dilemma.new", set=meeting.set_id))
    return kit.card(
        title,
        kit.quiet(where(meeting)),
        kit.heading(title),
        kit.facts(
            ("Leads", "You" if meeting.leads else meeting.leader or "Nobody named yet"),
            ("Dilemmas brought so far", str(dilemmas)),
        ),
        actions=[*actions, _open(meeting), execute("Turn nudges off", "nudges.off")],
    )


def turn_card(meeting: Meeting, *, zone: ZoneInfo) -> Card:
    """It is their turn to lead."""
    title = f"You lead your set on {moment(meeting, zone)}"
    return kit.card(
        title,
        kit.quiet(where(meeting)),
        kit.heading(title),
        kit.text(
            "The guide takes you through the rounds: what to say, and for how long. You need nothing else."
        ),
        kit.quiet("If you cannot, ask somebody there to lead instead, or pass it on."),
        actions=[_open(meeting), execute("Pass it on", "guide.pass", meeting=meeting.id)],
    )


def asked_card(meeting: Meeting, *, zone: ZoneInfo) -> Card:
    """Whoever leads it asks them to do so instead."""
    title = f"{meeting.leader} asks whether you could lead your set on {moment(meeting, zone)}"
    return kit.card(
        title,
        kit.quiet(where(meeting)),
        kit.heading(title),
        kit.text("If you can't, do nothing: it stays as it is."),
        actions=[execute("Yes, I'll lead it", "guide.agree", meeting=meeting.id), _open(meeting)],
    )


def relieved_card(meeting: Meeting, *, zone: ZoneInfo) -> Card:
    title = f"{meeting.leader} leads your set on {moment(meeting, zone)}, instead of you"
    return kit.card(title, kit.quiet(where(meeting)), kit.text(title), actions=[_open(meeting)])


def round_over_card(meeting: Meeting, title: str) -> Card:
    words = f"Time is up: {title}"
    return kit.card(
        words,
        kit.quiet(where(meeting)),
        kit.heading(words),
        kit.text("Go on with the next round when it suits, or take 5 more minutes."),
        actions=[_open(meeting)],
    )


def left_card(set_name: str, who: str, members: Sequence[str]) -> Card:
    """`who` is '' where somebody is known no longer."""
    title = f"{who or 'Somebody'} has left your set"
    return kit.card(
        title,
        kit.quiet(set_name),
        kit.heading(title),
        kit.text(f"With you are now {sayings.listed(list(members))}.")
        if members
        else kit.text("You are the only one left. The learning team looks for another set."),
        kit.quiet("What they had brought and not presented is gone with them."),
    )


def merged_card(
    set_name: str, members: Sequence[str], following: Meeting | None, *, zone: ZoneInfo
) -> Card:
    """Two sets go on as one."""
    title = f"Your set goes on as {set_name}"
    return kit.card(
        title,
        kit.heading(title),
        kit.text(
            "Two sets have become one, so that you are enough to ask each other good questions."
        ),
        kit.facts(
            ("With you", sayings.listed(list(members))),
            ("Next meeting", moment(following, zone) if following else ""),
        ),
        kit.quiet(
            "What was brought or noted in a set that ended stays there and is shown to nobody new. "
            "What is still to be presented in this one, all of you can read."
        ),
        actions=[_open(following)] if following else [],
    )


def relieved_of_set_card(set_name: str) -> Card:
    """For whoever facilitated a set that goes on in another."""
    title = f"The set you led goes on in {set_name}"
    words = "Two sets have become one, and somebody else leads it. Thank you for leading yours."
    return kit.card(title, kit.heading(title), kit.text(words))


def merge_proposed_card(programme: str, set_name: str, members: int, url: str) -> Card:
    """For organisers: a set has become small, and where to see what could be done."""
    title = f"{set_name} has {members} member{'' if members == 1 else 's'} left"
    return kit.card(
        title,
        kit.quiet(programme),
        kit.heading(title),
        kit.text(
            "With fewer than 4, a set has too few to ask. See with which other set it could go on."
        ),
        actions=[kit.open_url("See what is possible", url)],
    )


def ask_leave_card(set_id: int, set_name: str) -> Card:
    """Whether they mean it."""
    title = f"Leave {set_name}?"
    return kit.card(
        title,
        kit.heading(title),
        kit.text(
            "The others are told that you left. What you brought and did not present is deleted, and "
            "you get no more invitations. Your place in the programme stays."
        ),
        actions=[
            execute("Leave the set", "guide.leave", set=set_id),
            execute("Stay", "data.keep"),
        ],
    )


def which_to_leave_card(sets: Sequence[tuple[int, str]]) -> Card:
    """For somebody who is in more than one."""
    title = "Which set do you want to leave?"
    return kit.card(
        title,
        kit.heading(title),
        *(
            kit.group(
                kit.text(name, weight="Bolder"),
                kit.buttons(execute("This one", "guide.ask_leave", set=set_id)),
                separator=True,
            )
            for set_id, name in sets
        ),
    )


def _open(meeting: Meeting) -> Action:
    return execute("Open the guide", "guide.open", meeting=meeting.id)
