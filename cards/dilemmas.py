"""Dilemmas of a set: bringing one, and reading those of the others.

No line that stands for a card in a notification has anything in it that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Sequence

from cards import kit
from cards.guide import Dilemma
from cards.kit import Card, execute

LONGEST = 2000
TEXT = "text"
"""What the input is called."""

WHO_READS = (
    "Those who are in your set now, and whoever facilitates it, can read it in their own chats. "
    "Nobody else can: not the learning team, and not a channel."
)


def bring_card(
    set_id: int, set_name: str, *, text: str = "", is_there: bool = False, fault: str = ""
) -> Card:
    """What are you stuck with? What was brought before can be changed or taken back."""
    title = "Your dilemma" if is_there else "Bring a dilemma"
    actions = [execute("Save", "dilemma.save", set=set_id)]
    if is_there:
        actions.append(execute("Take it back", "dilemma.remove", set=set_id))
    return kit.card(
        f"{title} for {set_name}",
        kit.quiet(set_name),
        kit.heading(title),
        kit.notice(fault, "attention") if fault else None,
        {
            "type": "Input.Text",
            "id": TEXT,
            "label": "What are you stuck with, and what makes it hard?",
            "isMultiline": True,
            "maxLength": LONGEST,
            **({"value": text} if text else {}),
        },
        kit.quiet(WHO_READS),
        actions=[*actions, execute("Dilemmas of the set", "dilemma.list", set=set_id)],
    )


def kept_card(set_id: int, set_name: str, text: str) -> Card:
    title = "Your dilemma is brought"
    return kit.card(
        f"{title} to {set_name}",
        kit.quiet(set_name),
        kit.heading(title),
        kit.text(text),
        kit.quiet(WHO_READS),
        kit.text("Until you present it you can change it or take it back."),
        actions=[
            execute("Change it", "dilemma.new", set=set_id),
            execute("Take it back", "dilemma.remove", set=set_id),
            execute("Dilemmas of the set", "dilemma.list", set=set_id),
        ],
    )


def gone_card(set_id: int, set_name: str, *, was_there: bool) -> Card:
    words = (
        "Your dilemma is taken back and deleted."
        if was_there
        else "There is nothing to take back: what has been presented stays with the set."
    )
    again = execute("Bring another", "dilemma.new", set=set_id)
    return kit.card(words, kit.quiet(set_name), kit.text(words), actions=[again])


def list_card(
    set_id: int, set_name: str, dilemmas: Sequence[Dilemma], *, is_member: bool, own: str = ""
) -> Card:
    """What is still to be presented; `own` is the name under which somebody's own stands."""
    title = "Dilemmas of your set"
    rows = [
        kit.group(
            kit.text("You" if each.name == own else each.name, weight="Bolder"),
            kit.text(each.text),
            separator=True,
        )
        for each in dilemmas
    ]
    bring = execute("Bring a dilemma", "dilemma.new", set=set_id)
    shown = kit.fitting(rows)
    rest = len(rows) - len(shown)
    return kit.card(
        f"{title}: {len(dilemmas)}",
        kit.quiet(set_name),
        kit.heading(title),
        *shown,
        kit.text(f"And {rest} more, which this card has no room for.") if rest else None,
        kit.text("Nobody has brought one yet.") if not dilemmas else None,
        kit.quiet(WHO_READS),
        actions=[bring] if is_member else [],
    )


def choose_card(sets: Sequence[tuple[int, str]]) -> Card:
    """For which set, for somebody who is in more than one."""
    title = "For which set?"
    return kit.card(
        title,
        kit.heading(title),
        *(
            kit.group(
                kit.text(name, weight="Bolder"),
                kit.buttons(execute("This one", "dilemma.new", set=set_id)),
                separator=True,
            )
            for set_id, name in sets
        ),
    )
