"""Bringing about that systems are asked who was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from jobs.deliver import Effect, NoLongerNeeded
from learning.errors import NotFound
from learning.notices import Kind
from services.attendance_polls import AttendancePolls
from services.ports.deliveries import Delivery
from services.ports.systems import Rejected


def attendance_effects(polls: AttendancePolls) -> Mapping[Kind, Effect]:
    async def ask(delivery: Delivery) -> str:
        notice = delivery.notice
        if notice.session_id is None:
            raise Rejected("the notice names no session")
        ends_at = datetime.fromisoformat(notice.payload["ends"])
        try:
            nothing = await polls.poll(notice.session_id, ends_at, notice.due_at)
        except NotFound as error:
            raise NoLongerNeeded(str(error)) from error
        if nothing:
            raise NoLongerNeeded(nothing)
        return ""

    return {Kind.ATTENDANCE: ask}
