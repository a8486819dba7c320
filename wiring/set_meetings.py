"""A set's meetings, put together: what answers, what is said unasked, what happens by the clock."""

from __future__ import annotations

from collections.abc import Sequence

from core import Core, nudge_rules
from dialogs.guide_answers import GuideAnswers
from integrations.circuits import Circuits
from integrations.graph import Graph
from integrations.graph_json import GraphJson
from jobs.guide_effects import GuideEffects
from jobs.timetable import Entry
from learning.people import PersonId
from services.organisers import Organisers
from services.ports.systems import Messenger
from services.set_clock import SetClock
from wiring.hub_list import known_organisers


def guide_answers(core: Core) -> GuideAnswers:
    return GuideAnswers(
        core.set_meetings, core.set_turns, core.dilemmas, core.set_life, commitments=True
    )


def guide_effects(core: Core, organisers: Organisers, messenger: Messenger) -> GuideEffects:
    return GuideEffects(
        core.set_meetings,
        core.set_life,
        core.people,
        organisers,
        messenger,
        core.clock,
        zone=core.settings.zone,
        public_url=core.settings.public_url,
    )


def set_entries(core: Core, graph: Graph | None, circuits: Circuits) -> list[Entry]:
    settings = core.settings

    async def organisers() -> Sequence[PersonId]:
        if graph is None:
            return [PersonId(each.casefold()) for each in settings.organisers]
        directory = GraphJson(graph.behind(circuits.of("Directory")), settings.graph_base_url)
        return await known_organisers(settings, directory)

    clock = SetClock(
        core.work,
        core.clock,
        core.set_turns,
        core.set_life,
        organisers,
        quiet=nudge_rules(settings).quiet,
        zone=settings.zone,
    )
    return [
        Entry(
            name="sets",
            cron="*/5 * * * *",
            run=clock.queue,
            words="Reminds sets of their meetings, names who leads next, and looks for sets too small.",
        )
    ]
