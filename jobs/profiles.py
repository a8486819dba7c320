"""Asking the directory about people, as the outbox has it due."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.deliver import Effect, NoLongerNeeded
from learning.notices import Kind
from learning.profiles import ProfilePage
from services.ports.deliveries import Delivery
from services.profiles import ProfileService


def profile_effects(profiles: ProfileService) -> Mapping[Kind, Effect]:
    """A row is about a newcomer, or about a page of everybody."""

    async def read(delivery: Delivery) -> str:
        notice = delivery.notice
        if notice.person_id is not None:
            did_something = await profiles.read_newcomer(notice.person_id)
        else:
            did_something = await profiles.refresh(ProfilePage.of(notice))
        if not did_something:
            raise NoLongerNeeded("nobody is left to be asked about")
        return ""

    return {Kind.PROFILES: read}
