"""Puts the parts of Viva Engage together: the community, its service account, what is said there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from config import Settings
from core import Core
from dialogs.conversation import Conversation
from dialogs.engage_answers import EngageAnswers
from dialogs.engage_posts import EngagePosts
from dialogs.engage_talk import EngageTalk
from dialogs.state import PersonState
from integrations.circuits import Circuits
from integrations.clock import steady
from integrations.engage import Engage, WrongCommunity, community_number
from integrations.engage_login import Registration, StoredAccount
from integrations.graph import Graph
from integrations.graph_staff import GraphStaff
from integrations.laptop import Asks
from integrations.laptop_engage import LaptopEngage, LaptopStaff
from integrations.vault import Vault
from jobs.deliver import Effect
from jobs.engage import EngageEffects, off
from jobs.timetable import Entry
from learning.notices import Kind
from pages import chat_link
from services.engage import EngageService
from services.organisers import Organisers
from services.outreach import Outreach
from services.people import PeopleService
from services.ports.engage import Community, ServiceAccount, Staff
from services.ports.systems import Messenger
from store.engage import SqlCallLimit
from store.secrets import SqlSecrets

SYSTEM = "Viva Engage"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngageSide:
    """Viva Engage as it is reached; `engage` and `stored` are None where it is played."""

    community: Community
    account: ServiceAccount
    staff: Staff
    engage: Engage | None = None
    stored: StoredAccount | None = None


def stored_account(core: Core) -> StoredAccount:
    """The service account, whose tokens are in the database."""
    settings = core.settings
    registration = Registration(
        authority=settings.entra_authority,
        tenant_id=settings.microsoft_app_tenant_id,
        client_id=settings.engage_client_id,
    )
    vault = Vault(settings.secret_key.get_secret_value())
    return StoredAccount(SqlSecrets(core.database), vault, registration, core.clock, steady)


def connect_engage(
    core: Core, http: aiohttp.ClientSession, graph: Graph, circuits: Circuits
) -> EngageSide | None:
    """None where it is not set up."""
    settings = core.settings
    if not is_set(settings):
        return None
    account = stored_account(core)
    engage = Engage(
        http,
        settings.engage_base_url,
        account,
        circuits.of(SYSTEM),
        SqlCallLimit(core.database, core.clock, SYSTEM),
        steady,
        group_id=community_number(settings.engage_community_id),
    )
    staff = GraphStaff(graph.behind(circuits.of("Directory")))
    return EngageSide(community=engage, account=account, staff=staff, engage=engage, stored=account)


def is_set(settings: Settings) -> bool:
    """Whether both settings are there and name a community."""
    if not (settings.engage_client_id and settings.engage_community_id):
        return False
    try:
        community_number(settings.engage_community_id)
    except WrongCommunity:
        return False
    return True


def played_engage(core: Core, asks: Asks) -> EngageSide:
    """As it is on a laptop."""
    played = LaptopEngage(asks, core.clock)
    return EngageSide(community=played, account=played, staff=LaptopStaff())


class Engagement:
    """What the bot, the sender and the clock need of it. Without a side it is off."""

    def __init__(
        self, core: Core, side: EngageSide | None, organisers: Organisers, outreach: Outreach
    ) -> None:
        settings = core.settings
        self._core = core
        self._side = side
        self._service: EngageService | None = None
        self._posts: EngagePosts | None = None
        if side is not None:
            self._service = engage_service(core, side)
            self._posts = EngagePosts(
                outreach,
                self._service,
                core.clock,
                zone=settings.zone,
                chat_link=chat_link(settings),
                hub=f"{settings.public_url}/hub",
            )
        self.answers = EngageAnswers(organisers, self._service, self._posts, zone=settings.zone)

    def effects(
        self,
        conversation: Conversation,
        state: PersonState,
        people: PeopleService,
        messenger: Messenger,
    ) -> Mapping[Kind, Effect]:
        if self._side is None or self._service is None or self._posts is None:
            return off()
        settings = self._core.settings
        talk = EngageTalk(
            self._side.community,
            self._side.staff,
            self._service,
            conversation,
            state,
            people,
            self._core.catalogue,
            zone=settings.zone,
            chat_link=chat_link(settings),
        )
        made = EngageEffects(
            self._service, self._posts, talk, people, messenger, zone=settings.zone
        )
        return made.table()

    @property
    def entries(self) -> list[Entry]:
        if self._service is None:
            return []
        return [
            Entry(
                name="Engage posts",
                cron="* * * * *",
                run=self._service.queue,
                words="Writes down the day's post for Viva Engage once its time has come.",
            ),
            Entry(
                name="Engage talk",
                cron="* * * * *",
                run=self._service.look,
                takes_long=True,
                words="Looks for questions in Viva Engage.",
            ),
        ]


def engage_service(core: Core, side: EngageSide) -> EngageService:
    settings = core.settings
    return EngageService(
        core.work,
        side.community,
        side.account,
        side.staff,
        core.catalogue,
        core.clock,
        zone=settings.zone,
        at=settings.highlights_at,
        organisers=settings.organisers,
        organisers_group=settings.organisers_group,
    )
