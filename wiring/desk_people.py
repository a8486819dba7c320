"""The desk's other half, put together: rosters, messages, deliveries, exports, jobs and long work."""

from __future__ import annotations

from aiohttp import web

from core import Core, nudge_rules
from hub.desk.champions import ChampionPages
from hub.desk.deliveries import DeliveryPages
from hub.desk.exports import ExportPages
from hub.desk.jobs import JobPages
from hub.desk.known import known
from hub.desk.messages import MessagePages
from hub.desk.roster import RosterPages
from hub.desk.work import WorkPages
from integrations.formats import FileFormats
from services.exports import Exports
from services.job_runs import JobRuns
from services.messages import Messages
from services.ports.jobs import Jobs
from services.ports.systems import Colleagues
from services.rosters import Rosters
from services.second_tries import SecondTries


def people_desk(core: Core, colleagues: Colleagues, jobs: Jobs) -> list[web.RouteDef]:
    """Its pages, every one of them for organisers only."""
    work, clock, zone = core.work, core.clock, core.settings.zone
    catalogue, errands = core.catalogue, core.errands
    formats = {"csv": FileFormats.csv, "xlsx": FileFormats.xlsx}
    rosters = Rosters(work, clock, core.places, colleagues)
    quiet = nudge_rules(core.settings).quiet
    routes = [
        *RosterPages(rosters, catalogue, clock, zone=zone).routes(),
        *MessagePages(
            Messages(work, clock), catalogue, core.ledger, clock, zone=zone, quiet=quiet
        ).routes(),
        *DeliveryPages(
            core.ledger, core.reports, SecondTries(work, clock, errands), zone=zone
        ).routes(),
        *ExportPages(
            Exports(work, clock, core.reports, errands, formats, zone=zone), core.programme
        ).routes(),
        *JobPages(JobRuns(work, clock, jobs, errands), zone=zone).routes(),
        *WorkPages(errands, core.people, zone=zone).routes(),
        *ChampionPages(core.champions, rosters).routes(),
    ]
    return known(core.people, routes)
