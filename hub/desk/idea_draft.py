"""The form of a session that is to come of an idea: which idea it is, and what it fills in."""

from __future__ import annotations

from learning.errors import NotFound
from learning.ideas import IdeaId, title_of
from services.idea_board import MAY_BE_PLANNED, IdeaBoard, Wanted


async def to_be_planned(board: IdeaBoard, number: str) -> Wanted | None:
    """The idea of this number; None where it is not to be had any more."""
    if not (number.isdecimal() and number.isascii()) or len(number) > 15:
        return None
    try:
        found = await board.find(IdeaId(int(number)))
    except NotFound:
        return None
    return found if found.idea.state in MAY_BE_PLANNED else None


def draft(wanted: Wanted) -> dict[str, str]:
    """The fields that it fills in; whoever adds the session looks them through."""
    return {"title": title_of(wanted.idea.text), "summary": wanted.idea.text}
