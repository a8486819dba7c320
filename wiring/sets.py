"""Action learning sets put together: forming them, and what follows outside."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from core import Core
from hub.desk.course_sets import CourseSetPages
from hub.desk.known import known
from jobs.set_effects import SetEffects
from learning.courses.sets import Candidate, Formation
from services.addresses import Addresses
from services.first_contact import FirstContact
from services.ports.systems import Messenger
from services.rosters import Rosters
from services.set_chats import SetChats
from services.set_forming import SetForming
from services.set_series import SetSeries
from wiring.outside import Outside


def divided(candidates: Sequence[Candidate], fewest: int, most: int) -> Formation:
    """Loaded when first needed: the solver would make every start slower."""
    from integrations.set_formation import formed

    return formed(candidates, fewest, most)


def set_forming(core: Core, outside: Outside) -> SetForming:
    return SetForming(
        core.work,
        core.clock,
        core.errands,
        core.course_paths,
        divided,
        outside.diary,
        Addresses(outside.directory, core.people),
        zone=core.settings.zone,
    )


def set_desk(core: Core, outside: Outside) -> list[web.RouteDef]:
    """Their pages at the desk, for organisers only."""
    rosters = Rosters(core.work, core.clock, core.places, outside.colleagues)
    pages = CourseSetPages(
        set_forming(core, outside),
        core.set_changes,
        core.errands,
        rosters,
        core.clock,
        zone=core.settings.zone,
    )
    return known(core.people, pages.routes())


def set_effects(
    core: Core, outside: Outside, first_contact: FirstContact, messenger: Messenger
) -> SetEffects:
    """Cards, calendar series and chats. Without GRAPH_ORGANISER there are no series."""
    series = chats = None
    if outside.series is not None:
        addresses = Addresses(outside.directory, core.people)
        series = SetSeries(
            core.work, outside.series, addresses, core.clock, zone=core.settings.zone
        )
    if outside.chats is not None:
        chats = SetChats(core.work, outside.chats)
    return SetEffects(
        core.set_wishes,
        series,
        chats,
        core.people,
        first_contact,
        messenger,
        core.clock,
        zone=core.settings.zone,
    )
