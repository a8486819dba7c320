"""What `doctor` says of what action learning sets need outside."""

import pytest

from console.doctor import Off
from core import opened
from tests.support.clocks import MONDAY, FixedClock
from tests.support.courses import start, the_course
from tests.support.databases import ON_SQLITE
from tests.support.graph import Graph
from tests.support.login import Login
from tests.support.product import settings_for
from wiring import set_checks
from wiring.outside import connected


@ON_SQLITE
async def test_doctor_names_the_permission_that_chats_of_sets_need(database_url: str):
    async with Login() as login, Graph(login) as graph:
        settings = settings_for(database_url, login, graph)
        async with opened(settings, FixedClock()) as core, connected(core) as outside:
            with pytest.raises(Off, match="no programme has action learning sets"):
                await set_checks.finding(core, outside)
            await start(core.work, the_course(), MONDAY)
            login.tokens.roles = ["Calendars.ReadWrite"]
            with pytest.raises(Off, match=r"no group chat. Grant Chat\.Create"):
                await set_checks.finding(core, outside)
        login.tokens.roles = ["Calendars.ReadWrite", "Chat.Create"]
        async with opened(settings, FixedClock()) as core, connected(core) as outside:
            assert "a group chat" in await set_checks.finding(core, outside)
        alone = settings_for(database_url, login, graph, graph_organiser="")
        async with opened(alone, FixedClock()) as core, connected(core) as outside:
            with pytest.raises(Off, match=r"no calendar series\. Set GRAPH_ORGANISER"):
                await set_checks.finding(core, outside)
