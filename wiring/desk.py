"""The organisers' desk, put together: what is on, changing it, and who changed what."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from core import Core
from hub.desk.cancelling import CancelPages
from hub.desk.changes import ChangePages
from hub.desk.copying import CopyPages
from hub.desk.earlier import EarlierPages
from hub.desk.ideas import IdeaPages
from hub.desk.known import known
from hub.desk.programme import ProgrammePages
from hub.desk.publish import PublishPages
from hub.desk.report import ReportPages
from hub.desk.session import SessionPages
from hub.desk.session_form import SessionForms
from integrations import spreadsheets
from services.change_log import ChangeLog
from services.copying import EditionCopies
from services.drafts import Drafts
from wiring.reports import written


def desk(core: Core) -> list[web.RouteDef]:
    """Its pages, every one of them for organisers only."""
    zone, programme, catalogue = core.settings.zone, core.programme, core.catalogue
    log = ChangeLog(core.work)
    read_table = partial(spreadsheets.read_table, timezone=core.settings.timezone)
    drafts = Drafts(core.errands, programme, read_table)
    copies = EditionCopies(programme, timezone=core.settings.timezone)
    routes = [
        *ProgrammePages(programme, core.clock, zone=zone).routes(),
        *PublishPages(programme, drafts, core.clock, zone=zone).routes(),
        *CopyPages(programme, copies, drafts).routes(),
        *SessionForms(programme, catalogue, log, core.idea_board, core.clock, zone=zone).routes(),
        *CancelPages(programme, catalogue, log, core.clock, zone=zone).routes(),
        *SessionPages(programme, catalogue, log, core.clock, zone=zone).routes(),
        *ChangePages(log, catalogue, zone=zone).routes(),
        *ReportPages(
            core.evaluation,
            core.documents,
            partial(written, core),
            quotes=core.quotes,
            zone=zone,
        ).routes(),
        *EarlierPages(core.earlier).routes(),
        *IdeaPages(core.idea_board, zone=zone).routes(),
    ]
    return known(core.people, routes)
