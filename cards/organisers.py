"""What organisers can say besides what everybody can."""

from __future__ import annotations

from cards import engage, kit
from cards.kit import Card, execute

PHRASES = (
    ("cancel session GM1", "calls it off; everybody booked is told"),
    ("what was sent", "the latest mailings, to how many, and what became of them"),
    ("report", "what the week did, beside earlier ones; the whole of it is at the desk"),
    ("what is wrong with the hub list", "faults in the SharePoint list, and when it was read"),
    ("who can't be reached", "whom no message reaches, and why"),
    ("ask for ideas: your question", "champions are asked; close ideas ends it"),
    ("post highlights here", "in a channel; stop highlights here ends it"),
    ("check in GM1", "tick off who is there; door GM1 shows the code to hang up"),
    ("who came to GM1", "as Teams and Zoom saw it, and as it was said by hand"),
    ("feedback for GM1", "what people say of it, once five have answered; never who"),
    ("make Asha a champion for Housing", "champions lists them, and what their posts brought"),
    ("mark Ana as attended at GM1: signed the paper list", "corrects that, with a reason"),
)


def organiser_help_card() -> Card:
    title = "What organisers can say"
    return kit.card(
        f"{title}: cancel session GM1, what was sent, engage status",
        kit.heading(title),
        kit.facts(*PHRASES),
        kit.subheading("Viva Engage"),
        kit.facts(*engage.PHRASES),
        actions=[execute("Viva Engage: how it stands", "engage.status")],
    )
