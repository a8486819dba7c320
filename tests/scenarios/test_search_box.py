"""Sessions looked for and shared from any chat, links that become cards, and booking from both."""

from time import monotonic
from typing import Any

import pytest

from bot.extension import COMMAND, PARAMETER
from bot.replies import ANSWERED
from store.tables import metadata
from tests.scenarios.world import ASHA, BO, CY, PEOPLE, World, a_world, london, person_id
from tests.support.activities import PERSONAL, Activity, Person, Place, a_person, group_chat
from tests.support.card_parts import button, buttons, parts, shown_text
from tests.support.databases import read_sql
from tests.support.extension_answers import dialog_faults, result_faults

shared = pytest.mark.asyncio(loop_scope="module")

SITE = "https://learnweek.example.org"
ELSEWHERE = group_chat("Where the bot is not")
FAR = a_person("Fay", timezone="America/New_York")
EMPTY = {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": []}}

TALKS = "code,title,starts,ends,capacity,format\n" + "".join(
    f"T{n},Talk number {n},2026-05-18T{9 + n // 6:02}:{n % 6}0,2026-05-18T23:00,20,teams\n"
    for n in range(40)
)


# --- looking -----------------------------------------------------------------------------------


@shared
async def test_the_box_opens_with_what_can_still_be_booked_today(town: World):
    assert titles(await opened(town)) == [
        "Growth mindset",
        "Digital accessibility",
        "Your personal brand",
    ]


@shared
async def test_an_emptied_box_shows_what_it_opened_with(town: World):
    assert await searched(town, "  ") == await searched(town, "") == await opened(town)


async def test_late_in_the_day_the_box_opens_with_the_next_one(world: World):
    await world.bot.move_to(london("2026-05-18T13:00"))
    assert titles(await opened(world)) == ["Your personal brand"]

    await world.bot.move_to(london("2026-05-18T14:00"))
    assert titles(await opened(world))[0] == "Mentoring or coaching"


async def test_answers_to_searches_are_not_kept_for_redelivery(world: World):
    """There is one for every letter typed, and each is large."""
    query = a_query(world, None, by=ASHA)
    first = await world.teams.post(query)

    await world.bot.move_to(london("2026-05-18T13:00"))
    again = await world.teams.post(query)

    assert len(titles(first.body)) == 3
    assert titles(again.body) == ["Your personal brand"]


async def test_with_nothing_ahead_the_box_says_so(world: World):
    await world.bot.move_to(london("2026-06-30T12:00"))

    assert "Nothing is planned" in said(await opened(world))
    assert titles(await searched(world, "growth mindset")) == ["Growth mindset"]


@shared
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mentoring", "Mentoring"),
        ("growth mindset", "Growth mindset"),
        ("mentorng", "Mentoring"),
        ("ment", "Mentoring"),
        ("acc", "Digital accessibility"),
        ("gm1", "Growth mindset"),
        ("book GM1", "Growth mindset"),
        ("tomorrow", "Mentoring or coaching"),
        ("Friday", "Leading from any seat"),
        ("mentoring tomorrow", "Mentoring"),
        ("what's on", "Growth mindset"),
        ("resources", "edX courses"),
        ("x" * 10_000 + " ", ""),
    ],
)
async def test_what_is_typed_finds_what_it_finds_in_the_bots_own_chat(
    town: World, typed: str, first: str
):
    body = await searched(town, typed)

    assert (titles(body) or [""])[0].startswith(first)


@shared
@pytest.mark.parametrize("typed", ["quantum plumbing", "my bookings", "?!", "<b>*bold*</b>"])
async def test_where_nothing_fits_a_sentence_says_so(town: World, typed: str):
    assert said(await searched(town, typed)).startswith(f"No session fits “{typed}”.")


@shared
async def test_a_day_without_anything_says_so(town: World):
    assert "No session fits “on 1 June”" in said(await searched(town, "on 1 June"))


async def test_results_come_in_pages_of_what_is_asked_for(story_database: str):
    async with a_world(story_database, week=TALKS) as world:
        pages = [
            await searched(world, "today", skip=skip, count=15) for skip in (0, 15, 30, 45, 10**30)
        ]

        assert [len(titles(page)) for page in pages] == [15, 15, 10, 0, 0]
        assert pages[3] == EMPTY
        shown = [title for page in pages for title in titles(page)]
        assert shown == [f"Talk number {n}" for n in range(40)]


async def test_there_are_never_more_than_twenty_five_results_at_once(story_database: str):
    async with a_world(story_database, week=TALKS) as world:
        asked: tuple[Any, ...] = ({"count": 1000}, {"count": 0}, {}, None)
        for options in asked:
            assert len(titles(await searched(world, "talk", options=options))) == 25


@shared
async def test_times_are_those_of_who_searches(town: World):
    await town.know(FAR)
    mute = a_person("Mute")
    await town.know(mute)
    speechless: dict[str, Any] = {"entities": [], "localTimezone": None}

    here = await searched(town, "GM1", by=mute)
    there = await searched(town, "GM1", by=FAR)
    known = await searched(town, "GM1", by=FAR, **speechless)
    stranger = await searched(town, "GM1", by=a_person("Unknown", timezone=None))

    assert "Monday 18 May, 10:00 to 11:00 ·" in previews(here)[0]["text"]
    assert "Monday 18 May, 05:00 to 06:00 your time" in previews(there)[0]["text"]
    assert "05:00 to 06:00 America/New_York (10:00 Europe/London)" in shown_text(card(there))
    assert known == there
    assert stranger == here


@shared
async def test_who_only_looks_leaves_no_trace(town: World):
    stranger = a_person("Only Looking")
    before = await rows(town)

    for asked in (
        a_query(town, "GM1", by=stranger),
        a_link(town, f"{SITE}/hub/sessions/GM1", by=stranger),
        a_link(town, f"{SITE}/hub/sessions/GM1", by=stranger, anonymous=True),
    ):
        assert (await town.teams.post(asked)).status == 200

    assert await rows(town) == before
    assert await town.bot.core.people.find(person_id(stranger)) is None


@shared
async def test_what_others_see_of_a_result_is_not_about_who_searched(town: World):
    someone = await town.newcomer()
    await town.book(someone, "GM1")

    assert await searched(town, "GM1", by=someone) == await searched(town, "GM1", by=ASHA)


# --- booking from a shared card ----------------------------------------------------------------


async def test_others_book_from_a_shared_card_in_a_chat_that_the_bot_is_not_in(world: World):
    card_of_bo = card(await searched(world, "GM1", by=BO))

    answer = await pressed(world, CY, card_of_bo, "session.book")

    assert answer["value"] == ANSWERED
    assert await world.bookings("GM1") == {"Cy": "booked"}
    assert len(world.told(CY, "You're booked")) == 1
    assert world.connector.sent_to(BO) == []
    assert await read_sql(world.bot.core.database, "SELECT source FROM bookings") == [("share",)]


async def test_details_of_a_shared_card_come_to_ones_own_chat(world: World):
    await world.book(CY, "GM1")
    shared_by_bo = card(await searched(world, "GM1", by=BO))

    await pressed(world, CY, shared_by_bo, "session.show")

    assert len(world.told(CY, "Places You are booked")) == 1


async def test_who_cannot_be_written_to_is_told_at_once_what_came_of_the_press(world: World):
    stranger = a_person("Stranger")
    shared_by_bo = card(await searched(world, "GM1", by=BO))

    answer = await pressed(world, stranger, shared_by_bo, "session.book")

    assert answer["value"].startswith("You're booked: Growth mindset, Monday 18 May, 10:00")
    assert "I can't write to you yet" in answer["value"]
    assert await world.bookings("GM1") == {"Stranger": "booked"}


async def test_a_press_is_answered_within_three_seconds_however_slow_ones_own_chat_is(
    world: World,
):
    shared_by_bo = card(await searched(world, "GM1", by=BO))
    world.connector.fail_next(None, conversation=CY.chat, delay=30)

    started = monotonic()
    answer = await pressed(world, CY, shared_by_bo, "session.book")

    assert monotonic() - started < 3
    assert answer["value"].startswith("You're booked: Growth mindset")
    assert "could not reach our own chat" in answer["value"]
    assert await world.bookings("GM1") == {"Cy": "booked"}


async def test_a_shared_card_works_where_action_execute_is_unknown(world: World):
    chat = group_chat(members=PEOPLE)
    world.connector.chats.add_place(chat)
    shared_by_bo = card(await searched(world, "GM1", by=BO))

    answer = await world.teams.submit(CY, shared_by_bo, verb="session.book", where=chat)

    assert ANSWERED in answer.read
    assert await world.bookings("GM1") == {"Cy": "booked"}


async def test_the_last_place_of_a_shared_card_goes_to_one_and_the_other_waits(world: World):
    shared_by_bo = card(await searched(world, "MC1", by=BO))

    await pressed(world, CY, shared_by_bo, "session.book")
    await pressed(world, ASHA, shared_by_bo, "session.book")

    assert await world.bookings("MC1") == {"Cy": "booked", "Asha": "waiting"}


# --- links -------------------------------------------------------------------------------------


@shared
@pytest.mark.parametrize(
    "path",
    [
        "/hub/sessions/GM1",
        "/hub/sessions/gm1",
        "/hub/sessions/GM1/",
        "/hub/sessions/GM1?utm_source=mail#top",
        "/hub/sessions/GM1?in=teams&theme=dark",
        "/hub/sessions/%47M1",
    ],
)
async def test_a_link_to_a_sessions_page_becomes_its_card(town: World, path: str):
    body = await unfurled(town, SITE + path)

    links = {p["title"]: p["url"] for _, p in parts(card(body)) if p["type"] == "Action.OpenUrl"}
    assert titles(body) == ["Growth mindset"]
    assert links == {
        "Book": "https://teams.microsoft.com/l/chat/0/0"
        f"?users=28:{town.login.app_id}&message=book%20GM1",
        "Open its page": f"{SITE}/hub/sessions/GM1",
    }


@shared
@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/hub/sessions/NOPE",
        f"{SITE}/hub/sessions/",
        f"{SITE}/hub/sessions/GM1/more",
        f"{SITE}/hub",
        f"{SITE}:8443/hub/sessions/GM1",
        "https://evil.example.org/hub/sessions/GM1",
        "https://learnweek.example.org.evil.example/hub/sessions/GM1",
        "https://learnweek.example.org@evil.example/hub/sessions/GM1",
        "https://asha@learnweek.example.org/hub/sessions/GM1",
        "https://sub.learnweek.example.org/hub/sessions/GM1",
        "javascript://learnweek.example.org/hub/sessions/GM1",
        "https://[::1/hub/sessions/GM1",
        "https://learnweek.example.org:port/hub/sessions/GM1",
        "no address at all",
        "x" * 100_000,
    ],
    ids=lambda url: url[:60],
)
@pytest.mark.parametrize("anonymous", [False, True], ids=["by name", "anonymous"])
async def test_other_links_stay_what_they_are(town: World, url: str, anonymous: bool):
    assert await unfurled(town, url, anonymous=anonymous) == EMPTY


async def test_a_path_in_the_public_address_belongs_to_the_links(story_database: str):
    site = f"{SITE}/apps/week"
    async with a_world(story_database, public_url=f"{site}/") as world:
        body = await unfurled(world, f"{site}/hub/sessions/GM1")

        assert titles(body) == ["Growth mindset"]
        assert f"{site}/hub/sessions/GM1" in str(body)
        assert await unfurled(world, f"{SITE}/hub/sessions/GM1") == EMPTY


@shared
async def test_those_without_the_app_see_the_card_without_buttons_that_need_it(town: World):
    body = await unfurled(town, f"{SITE}/hub/sessions/GM1", anonymous=True)

    assert titles(body) == ["Growth mindset"]
    assert buttons(card(body)) == []


# --- dialogs -----------------------------------------------------------------------------------


@shared
async def test_details_of_an_unfurled_link_open_in_a_dialog_that_books(town: World):
    someone = await town.newcomer()
    link = card(await unfurled(town, f"{SITE}/hub/sessions/GM1", by=someone))
    fetched = button(link, title="Details")

    opened = await dialog(town, someone, "task/fetch", fetched)
    booked = await dialog(town, someone, "task/submit", button(opened, title="Book"))
    given = await dialog(town, someone, "task/submit", button(booked, title="Cancel"))

    assert "Growth mindset" in shown_text(opened)
    assert "You're booked" in shown_text(booked)
    assert "Booking cancelled" in shown_text(given)
    assert await town.state(someone, "GM1") == ""
    assert town.connector.sent_to(someone) == []


@shared
async def test_a_dialog_shows_what_is_ones_own_even_from_a_group_chat(town: World):
    someone = await town.newcomer()
    await town.book(someone, "GM1")
    link = card(await unfurled(town, f"{SITE}/hub/sessions/GM1", by=someone))

    opened = await dialog(town, someone, "task/fetch", button(link, title="Details"), ELSEWHERE)

    assert "You are booked" in shown_text(opened)


@shared
async def test_a_refusal_is_shown_in_the_dialog(town: World):
    someone = await town.newcomer()
    action = {"data": {"verb": "session.cancel", "session": (await town.session("GM1")).id}}

    refused = await dialog(town, someone, "task/submit", action)

    assert "You have no booking on this session." in shown_text(refused)


@shared
async def test_a_dialog_button_that_an_old_teams_sends_as_a_message_is_answered(town: World):
    someone = await town.newcomer()
    link = card(await unfurled(town, f"{SITE}/hub/sessions/GM1", by=someone))

    answer = await town.teams.submit(someone, link, title="Details")

    assert "Growth mindset" in answer.read


# --- how these come about ----------------------------------------------------------------------


def a_query(
    world: World, typed: str | None, *, by: Person, options: Any = None, **more: Any
) -> Activity:
    name, value = ("initialRun", "true") if typed is None else (PARAMETER, typed)
    asked = {"commandId": COMMAND, "parameters": [{"name": name, "value": value}]}
    asked |= {} if options is None else {"queryOptions": options}
    return world.teams.activities.request(
        "composeExtension/query", asked, by, where=ELSEWHERE, **more
    )


def a_link(world: World, url: str, *, by: Person, anonymous: bool = False) -> Activity:
    name = f"composeExtension/{'anonymousQueryLink' if anonymous else 'queryLink'}"
    nameless = {"from": {"id": "redacted", "name": "redacted"}} if anonymous else {}
    return world.teams.activities.request(name, {"url": url}, by, where=ELSEWHERE, **nameless)


async def searched(
    world: World,
    typed: str | None,
    *,
    by: Person = ASHA,
    skip: int = 0,
    count: int = 25,
    options: Any = "paged",
    **more: Any,
) -> Any:
    paged = {"skip": skip, "count": count} if options == "paged" else options
    answer = await world.teams.post(a_query(world, typed, by=by, options=paged, **more))
    assert answer.status == 200
    assert result_faults(answer.body) == []
    assert answer.sent == []
    return answer.body


async def opened(world: World) -> Any:
    return await searched(world, None)


async def unfurled(world: World, url: str, *, by: Person = ASHA, anonymous: bool = False) -> Any:
    answer = await world.teams.post(a_link(world, url, by=by, anonymous=anonymous))
    assert answer.status == 200
    assert result_faults(answer.body, unfurled=True) == []
    return answer.body


async def dialog(
    world: World,
    person: Person,
    name: str,
    action: dict[str, Any],
    where: Place = PERSONAL,
) -> dict[str, Any]:
    """The card in the window that opens, or changes, when this button is pressed."""
    value = {"data": action["data"], "context": {"theme": "default"}}
    asked = world.teams.activities.request(name, value, person, where=where)
    answer = await world.teams.post(asked)
    assert answer.status == 200
    assert dialog_faults(answer.body) == []
    return answer.body["task"]["value"]["card"]["content"]


async def pressed(world: World, person: Person, on: dict[str, Any], verb: str) -> dict[str, Any]:
    """A press in a chat of which the bot has never heard."""
    data = button(on, verb=verb)["data"]
    press = world.teams.activities.invoke(verb, data, person, where=ELSEWHERE)
    answer = await world.teams.post(press)
    assert answer.status == 200
    assert answer.body["statusCode"] == 200
    return answer.body


def attachments(body: Any) -> list[dict[str, Any]]:
    return body["composeExtension"].get("attachments", [])


def previews(body: Any) -> list[dict[str, Any]]:
    return [each["preview"]["content"] for each in attachments(body)]


def titles(body: Any) -> list[str]:
    return [preview["title"] for preview in previews(body)]


def card(body: Any) -> dict[str, Any]:
    return attachments(body)[0]["content"]


def said(body: Any) -> str:
    assert body["composeExtension"]["type"] == "message"
    return body["composeExtension"]["text"]


async def rows(world: World) -> dict[str, int]:
    """How many rows there are, table by table."""
    database = world.bot.core.database
    return {
        table: (await read_sql(database, f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 -- our own tables
        for table in metadata.tables
    }
