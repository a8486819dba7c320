"""What champions and those around them do in the stories: naming, sharing, booking by a post."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.extension import COMMAND, PARAMETER
from tests.scenarios.world import ASHA, BO, ORGA, World
from tests.support.activities import Person, group_chat
from tests.support.card_parts import parts
from tests.support.databases import read_sql
from tests.support.extension_answers import result_faults
from tests.support.reader import a_reader
from tests.support.teams import Answer

SITE = "https://learnweek.example.org"
POST = re.compile(rf"{SITE}/hub/sessions/(?P<code>\w+)\?from=(?P<tag>\S{{8}})")
ELSEWHERE = group_chat("Where the bot is not")


async def name(world: World, who: str = "Asha", group: str = "Housing") -> Answer:
    answer = await world.teams.say(ORGA, f"make {who} a champion for {group}")
    await world.bot.settled()
    return answer


async def post_about(world: World, code: str, by: Person = ASHA) -> str:
    """The address in the post that a champion copies."""
    shared = await world.teams.say(by, f"share {code}")
    found = POST.search(post_in(shared.card))
    assert found is not None
    assert found["code"] == code
    return found[0]


def post_in(card: Any) -> str:
    [field] = [part for _, part in parts(card) if part["type"] == "Input.Text"]
    assert field["isMultiline"]
    return field["value"]


async def sources(world: World) -> list[str]:
    found = await read_sql(world.bot.core.database, "SELECT source FROM bookings ORDER BY id")
    return [source for (source,) in found]


async def looked_up(world: World, typed: str, by: Person) -> list[dict[str, Any]]:
    """The cards that the search box of a chat puts at hand."""
    asked = {"commandId": COMMAND, "parameters": [{"name": PARAMETER, "value": typed}]}
    activity = world.teams.activities.request("composeExtension/query", asked, by, where=ELSEWHERE)
    answer = await world.teams.post(activity)
    assert result_faults(answer.body) == []
    return [found["content"] for found in answer.body["composeExtension"]["attachments"]]


async def unfurled(world: World, url: str, by: Person = BO) -> dict[str, Any]:
    asked = world.teams.activities.request(
        "composeExtension/queryLink", {"url": url}, by, where=ELSEWHERE
    )
    answer = await world.teams.post(asked)
    assert result_faults(answer.body, unfurled=True) == []
    return answer.body["composeExtension"]["attachments"][0]["content"]


async def crowd(world: World, code: str, count: int, link: str) -> None:
    """So many colleagues book by the link of a post."""
    for _ in range(count):
        await book_by_link(world, await world.newcomer(), link)


async def book_by_link(world: World, person: Person, link: str) -> None:
    address = urlsplit(link)
    path = f"{address.path}?{address.query}"
    async with a_reader(world.bot, person) as reader:
        page = await reader.get(path)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        assert (await reader.post(f"{address.path}/book", fields)).status == 303
