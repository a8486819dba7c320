"""Action learning sets, as `doctor` finds what they need outside."""

from __future__ import annotations

from console.doctor import Off
from core import Core
from integrations.entra import GRAPH_SCOPE
from integrations.permissions import permissions
from learning.courses.definition import StepKind
from services.ports.systems import Rejected, Unavailable
from wiring.outside import Outside

CHAT = "Chat.Create"


async def finding(core: Core, outside: Outside) -> str:
    """What works. Raises Off, with what to do: a set works without any of it."""
    if outside.entra is None:
        raise Off("laptop mode: the series and chats of sets are played")
    async with core.work(read_only=True) as uow:
        courses = await uow.courses.all()
    if not any(step.kind is StepKind.SETS for each in courses for step in each.course.steps):
        raise Off("no programme has action learning sets")
    missing: list[str] = []
    if outside.series is None:
        missing.append("sets get no calendar series. Set GRAPH_ORGANISER to a mailbox.")
    try:
        granted = permissions(await outside.entra.token(GRAPH_SCOPE))
    except (Rejected, Unavailable) as error:
        raise Off(f"permissions cannot be looked up ({error}).") from error
    if granted is not None and CHAT not in granted:
        missing.append(
            f"sets get no group chat. Grant {CHAT} (docs/action-learning-sets.md), or have members "
            "make one themselves."
        )
    if missing:
        raise Off(" ".join(missing))
    return "sets get a calendar series and, where Teams lets the app make one, a group chat"
