"""Viva Engage: signing in once, the daily post, and people who ask there instead of in Teams."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

import config
from console.doctor import Off, Wrong
from learning.notices import Kind
from tests.scenarios.world import (
    ASHA,
    BO,
    CY,
    ORGA,
    PEOPLE,
    WEEK,
    Published,
    Surroundings,
    World,
    a_bot,
    london,
    surroundings,
)
from tests.support.activities import a_person
from tests.support.engage import COMMUNITY, SERVICE, Engage
from tests.support.product import running, settings_for, sqlite_url
from wiring import engage_checks
from wiring.outside import connected

CLIENT = "5c0f1d0e-0000-4000-8000-00000000e00a"
MINUTE = timedelta(seconds=61)
"""And a moment, so that the look at the feeds is due."""
CHAT = (
    "https://teams.microsoft.com/l/chat/0/0?users=28:3f1c2a9e-6d7b-4c58-8e21-90ab12cd34ef&message="
)


@dataclass(frozen=True, kw_only=True)
class Council:
    """A world with a community in Viva Engage, in which Asha and Bo are members."""

    world: World
    engage: Engage
    settings: dict[str, Any]
    database_url: str
    asha: int
    bo: int

    async def sign_in(self) -> int:
        """An administrator runs `engage-login` and types the code; the command's exit code."""
        login = self.world.login
        settings = settings_for(self.database_url, login, self.world.graph, **self.settings)
        command = asyncio.create_task(engage_checks.login(settings, self.world.bot.clock))
        async with asyncio.timeout(10):
            while not login.tokens.devices:  # noqa: ASYNC110 -- a ledger calls nobody
                await asyncio.sleep(0.01)
        login.approve(SERVICE.email)
        return await command

    async def doctor(self) -> str:
        """What `doctor` says of Viva Engage."""
        core = self.world.bot.core
        async with connected(core) as outside:
            return await engage_checks.finding(core, outside)

    async def pass_minute(self) -> None:
        """The minute in which the feeds are looked at, and what comes of it."""
        bot = self.world.bot
        await bot.move_to(bot.clock.now() + MINUTE)
        async with asyncio.timeout(10):
            while not await self._has_heard():  # noqa: ASYNC110 -- a table calls nobody
                await asyncio.sleep(0.02)
        await bot.settled()

    async def _has_heard(self) -> bool:
        async with self.world.bot.core.work(read_only=True) as uow:
            heard = await uow.engage.listening()
        if not heard.answers:
            return True
        us = self.engage.service
        theirs = [m for m in self.engage.messages.values() if m.sender_id != us]
        private = max((m.id for m in theirs if us in m.readers), default=0)
        return heard.received is not None and (heard.private or 0) >= private

    async def hear(self, message_id: int) -> list[str]:
        """What is answered below a message."""
        await self.pass_minute()
        return self.engage.below(message_id)


@asynccontextmanager
async def a_council(
    database_url: str, published: Published | None = None, /, **others: str
) -> AsyncGenerator[Council]:
    """Everything up; nobody has signed in to Viva Engage yet. `published` is what is in the database."""
    async with surroundings(published) as around, Engage(around.login) as engage:
        around.login.register(CLIENT)
        settings: dict[str, Any] = {
            "engage_base_url": engage.base_url,
            "engage_community_id": str(COMMUNITY),
            "engage_client_id": CLIENT,
            **others,
        }
        async with a_bot(around, database_url, **settings) as world:
            engage.now = world.bot.clock.now
            await world.know(*PEOPLE)
            if published is None:
                await world.bot.publish(WEEK)
            await world.bot.settled()
            yield Council(
                world=world,
                engage=engage,
                settings=settings,
                database_url=database_url,
                asha=engage.add(ASHA),
                bo=engage.add(BO),
            )


@pytest.fixture
async def unsigned(week_database: str, published: Published) -> AsyncGenerator[Council]:
    async with a_council(week_database, published) as council:
        yield council


@pytest.fixture
async def council(unsigned: Council) -> Council:
    """Signed in, and what was said before has been left behind."""
    assert await unsigned.sign_in() == 0
    await unsigned.pass_minute()
    return unsigned


# --- signing in --------------------------------------------------------------------------------


async def test_an_administrator_signs_the_service_account_in_by_a_code(
    unsigned: Council, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(Wrong, match=r"nobody has signed in yet\. Run python app\.py engage-login"):
        await unsigned.doctor()

    code = await unsigned.sign_in()

    said = capsys.readouterr().out
    assert code == 0
    assert "enter the code" in said
    assert f"Signed in as {SERVICE.email}." in said
    assert await unsigned.doctor() == "posts as Learning Service; answers people there: yes"


async def test_a_declined_code_signs_nobody_in(
    unsigned: Council, capsys: pytest.CaptureFixture[str]
):
    login = unsigned.world.login
    settings = settings_for(unsigned.database_url, login, unsigned.world.graph, **unsigned.settings)
    command = asyncio.create_task(engage_checks.login(settings, unsigned.world.bot.clock))
    async with asyncio.timeout(10):
        while not login.tokens.devices:  # noqa: ASYNC110 -- a ledger calls nobody
            await asyncio.sleep(0.01)
    login.decline()

    assert await command == 1
    assert "Nobody has signed in (authorization_declined)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"engage_client_id": "", "engage_community_id": ""}, Off, "not set. Set ENGAGE_CLIENT_ID"),
        ({"engage_client_id": ""}, Wrong, "not set up wholly"),
        ({"engage_community_id": "all-company"}, Wrong, "not set up wholly"),
    ],
)
async def test_doctor_says_what_is_not_set_and_everything_else_works(
    story_database: str, settings: dict[str, str], error: type[Exception], words: str
):
    async with a_council(story_database, **settings) as council:
        with pytest.raises(error, match=words):
            await council.doctor()

        said = await council.world.teams.say(ORGA, "post to engage now")
        assert "Viva Engage is not set up here" in said.read
        assert "Growth mindset" in (await council.world.teams.say(ASHA, "what's on today")).read


async def test_doctor_tells_a_refused_account_from_a_refused_community_and_a_missing_system(
    council: Council,
):
    council.engage.deny()
    with pytest.raises(Wrong, match=r"the community cannot be read .*a member of the community"):
        await council.doctor()
    council.engage.heal()
    council.engage.fail_next(401, times=2)
    with pytest.raises(Wrong, match=r"sign-in refused .*401 16"):
        await council.doctor()
    council.engage.heal()
    council.engage.fail_next(503)
    with pytest.raises(Wrong, match=r"cannot be reached .*503.* through the firewall"):
        await council.doctor()


async def test_signing_in_says_what_is_in_its_way(
    unsigned: Council, capsys: pytest.CaptureFixture[str]
):
    login, graph, clock = unsigned.world.login, unsigned.world.graph, unsigned.world.bot.clock
    given = unsigned.settings
    unset = settings_for(unsigned.database_url, login, graph)
    stranger = settings_for(
        unsigned.database_url, login, graph, **(given | {"engage_client_id": "nobody"})
    )

    assert await engage_checks.login(unset, clock) == 1
    assert await engage_checks.login(stranger, clock) == 1
    unsigned.engage.deny()
    assert await unsigned.sign_in() == 1

    said = capsys.readouterr()
    assert "Set ENGAGE_CLIENT_ID" in said.err
    assert "Signing in is not possible (Entra: unauthorized_client)" in said.err
    assert f"Signed in as {SERVICE.email}." in said.out
    assert "But the community cannot be read" in said.err


async def test_on_a_laptop_it_shows_what_would_be_posted(tmp_path: Path):
    settings = config.load(
        _env_file=None,
        database_url=sqlite_url(tmp_path),
        secret_key="k",
        organisers="learner",
        public_url="http://localhost:1",
    )
    async with running(settings, at=london("2026-05-18T08:00")) as bot, ClientSession() as http:
        await bot.publish(WEEK)
        assert await engage_checks.login(settings, bot.clock) == 0
        activity = {
            "type": "message",
            "id": "1",
            "text": "post to engage now",
            "channelId": "msteams",
            "serviceUrl": "http://127.0.0.1:9/",
            "from": {"id": "learner", "name": "Learner", "aadObjectId": "learner"},
            "recipient": {"id": "28:learnweek", "name": "Learnweek"},
            "conversation": {"id": "a:learner", "conversationType": "personal"},
        }
        await http.post(bot.bot_url, json=activity)
        await bot.settled()
        async with http.get(f"{bot.url}/laptop") as page:
            shown = await page.text()

    assert "Viva Engage" in shown
    assert "post to the community: Learning today: Monday 18 May" in shown


async def test_what_is_stored_is_no_token_that_anybody_could_use(council: Council):
    async with council.world.bot.core.database.reading.connect() as db:
        stored = str((await db.exec_driver_sql("SELECT * FROM secrets")).all())

    tokens = council.world.login.tokens
    assert stored
    assert not [t for t in (*tokens.issued, *tokens.refreshing) if t in stored]


async def test_when_sign_in_is_needed_again_organisers_are_told_once_and_the_post_waits(
    council: Council,
):
    world = council.world
    sign_out(council)
    await world.bot.move_to(london("2026-05-18T08:30"))
    for _ in range(3):
        await world.bot.move_to(world.bot.clock.now() + MINUTE)

    told = world.told(ORGA, "Viva Engage needs somebody to sign in again")
    assert len(told) == 1
    assert not world.told(ASHA, "Viva Engage")
    assert council.engage.posts == []
    with pytest.raises(Wrong, match=r"sign-in is needed since 18\.05\.2026 .* Run python app\.py"):
        await council.doctor()
    assert "1 post to go out" in (await world.teams.say(ORGA, "engage status")).read

    await council.sign_in()
    await world.bot.settled()

    assert [p.body.splitlines()[0] for p in council.engage.posts] == [
        "Learning today: Monday 18 May"
    ]
    assert "posts as" in await council.doctor()


async def test_each_time_that_sign_in_is_needed_organisers_are_told_again(council: Council):
    world = council.world
    for _ in range(2):
        sign_out(council)
        for _ in range(3):
            await world.bot.move_to(world.bot.clock.now() + MINUTE)
        await council.sign_in()

    assert len(world.told(ORGA, "Viva Engage needs somebody to sign in again")) == 2


async def test_a_post_of_a_community_that_nobody_ever_signed_in_to_is_told_of_too(
    unsigned: Council,
):
    world = unsigned.world
    await world.bot.move_to(london("2026-05-18T08:30"))
    await world.bot.move_to(world.bot.clock.now() + MINUTE)

    assert len(world.told(ORGA, "Viva Engage needs somebody to sign in again")) == 1


# --- posts -------------------------------------------------------------------------------------


async def test_the_days_highlights_are_posted_once_and_read_well(council: Council):
    world = council.world
    await world.bot.move_to(london("2026-05-18T08:30"))
    await world.bot.move_to(london("2026-05-18T08:31"))

    [post] = council.engage.posts
    assert post.body.splitlines() == [
        "Learning today: Monday 18 May",
        "",
        "Growth mindset",
        "10:00 to 11:00 · Teams · 12 places left",
        f"Book: {CHAT}book%20GM1",
        "",
        "Digital accessibility",
        "10:30 to 11:30 · In person, Library · 20 places left",
        f"Book: {CHAT}book%20DA1",
        "",
        "Your personal brand",
        "14:00 to 15:00 · In person, Town Hall · Places for everyone",
        f"Book: {CHAT}book%20PB1",
        "",
        "Or at any time",
        "",
        "edX courses",
        "Open edX courses: https://www.edx.org",
        "",
        "The whole programme: https://learnweek.example.org/hub",
        "Mention me here, or write to me, and ask: what's on tomorrow?",
    ]


async def test_two_replicas_post_and_answer_once(database_url: str):
    async with a_council(database_url) as council:
        await council.sign_in()
        await council.pass_minute()
        world = council.world
        around = Surroundings(login=world.login, connector=world.connector, graph=world.graph)
        async with a_bot(
            around, database_url, at=world.bot.clock.now(), **council.settings
        ) as other:
            asked = council.engage.asks(council.asha, "what's on today")
            for moment in ("08:30", "08:32", "08:34"):
                instant = london(f"2026-05-18T{moment}")
                for bot in (world.bot, other.bot):
                    bot.clock.set(instant)
                await asyncio.gather(world.bot.tick(), other.bot.tick())
                await asyncio.gather(world.bot.settled(), other.bot.settled())

            assert len(council.engage.posts) == 1
            assert len(council.engage.below(asked)) == 1


async def test_a_post_whose_answer_was_lost_is_not_posted_again(council: Council):
    council.engage.fail_next(504, method="POST", acted=True)
    await council.world.bot.move_to(london("2026-05-18T08:30"))
    await council.world.pass_time(MINUTE)

    assert len(council.engage.posts) == 1
    [row] = await council.world.bot.outbox(Kind.ENGAGE_POST)
    assert (row.state, row.activity_id) == ("sent", str(council.engage.posts[0].id))


async def test_a_post_waits_while_engage_takes_no_more(council: Council):
    council.engage.fail_next(429, method="POST")
    await council.world.bot.move_to(london("2026-05-18T08:30"))
    assert council.engage.posts == []

    await council.world.pass_time(MINUTE)

    assert len(council.engage.posts) == 1


async def test_an_organiser_previews_posts_now_and_deletes_a_mistake(council: Council):
    teams, world = council.world.teams, council.world

    preview = await teams.say(ORGA, "preview the engage post")
    assert "Learning today: Monday 18 May" in preview.read
    assert council.engage.posts == []

    now = await teams.say(ORGA, "post to engage now")
    await world.bot.settled()
    assert "I'm posting today's highlights to the community." in now.read
    assert len(council.engage.posts) == 1

    await world.bot.move_to(london("2026-05-18T08:30"))
    assert len(council.engage.posts) == 1, "it took the place of the daily one"

    ask = await teams.say(ORGA, "delete the last engage post")
    assert "Monday 18 May, 08:01" in ask.read
    await teams.press(ORGA, ask.only, verb="engage.delete")
    await world.bot.settled()
    assert council.engage.posts == []
    assert (
        "There is no post of mine to delete."
        in (await teams.say(ORGA, "delete the last engage post")).read
    )


async def test_a_second_post_on_one_day_is_one_more(council: Council):
    await council.world.bot.move_to(london("2026-05-18T08:30"))

    await council.world.teams.say(ORGA, "post to engage now")
    await council.world.bot.settled()

    assert len(council.engage.posts) == 2


async def test_nobody_else_may_post_or_delete(council: Council):
    for words in ("post to engage now", "delete the last engage post", "engage answers off"):
        said = await council.world.teams.say(ASHA, words)
        assert "Only organisers can do that" in said.read
    await council.world.bot.settled()

    assert council.engage.posts == []


async def test_what_was_sent_counts_posts(council: Council):
    await council.world.bot.move_to(london("2026-05-18T08:30"))

    said = (await council.world.teams.say(ORGA, "what was sent")).read

    assert "Highlights in Viva Engage of Monday 18 May" in said
    assert "1 post. 1 sent" in said


# --- chat --------------------------------------------------------------------------------------


async def test_a_mention_is_answered_in_its_thread_once(council: Council):
    asked = council.engage.asks(council.asha, "what's on tomorrow?")

    [answer] = await council.hear(asked)
    assert answer.splitlines()[:5] == [
        "What's on tomorrow, Tuesday 19 May",
        "",
        "1. Mentoring or coaching",
        "10:00 to 11:00 · In person, Room 1 · 1 place left",
        f"Book: {CHAT}book%20MC1",
    ]
    await council.pass_minute()
    assert len(council.engage.below(asked)) == 1


async def test_after_a_restart_nothing_is_answered_again(story_database: str):
    async with a_council(story_database) as council:
        await council.sign_in()
        await council.pass_minute()
        asked = council.engage.asks(council.asha, "what's on today?")
        await council.hear(asked)
        world = council.world
        around = Surroundings(login=world.login, connector=world.connector, graph=world.graph)
        at = world.bot.clock.now() + 2 * MINUTE
        world.bot.clock.set(at)
        async with a_bot(around, story_database, at=at, **council.settings) as later:
            await later.bot.tick()
            await later.bot.settled()

        assert len(council.engage.below(asked)) == 1


async def test_a_process_that_stops_while_it_looks_leaves_the_database_to_others(
    story_database: str,
):
    async with a_council(story_database) as council:
        await council.sign_in()
        await council.pass_minute()
        world = council.world
        around = Surroundings(login=world.login, connector=world.connector, graph=world.graph)
        for _ in range(5):
            await world.bot.product.timetable.finish()
            at = world.bot.clock.now() + 2 * MINUTE
            world.bot.clock.set(at)
            async with a_bot(around, story_database, at=at, **council.settings):
                pass
            await world.know(await world.newcomer())


async def test_places_left_and_details_can_be_asked_in_public(council: Council):
    asked = council.engage.asks(council.asha, "GM1")

    [answer] = await council.hear(asked)

    assert "When: Monday 18 May, 10:00 to 11:00" in answer
    assert "Places: 12 places left" in answer


async def test_book_in_a_private_message_books_for_that_person(council: Council):
    asked = council.engage.writes(council.asha, "book GM1")

    [answer] = await council.hear(asked)

    assert await council.world.state(ASHA, "GM1") == "booked"
    assert answer.splitlines()[0] == "You're booked"
    assert f"Cancel: {CHAT}cancel%20GM1" in answer


async def test_somebody_who_was_never_in_teams_is_booked_and_asked_to_say_hello_there(
    council: Council,
):
    dot = a_person("Dot Newcomer")
    council.world.graph.directory.add_user(dot)
    asked = council.engage.writes(council.engage.add(dot), "book GM1")

    [answer] = await council.hear(asked)

    assert "You're booked" in answer
    assert f"say hello to me there: {CHAT}hello" in answer
    assert await council.world.bookings("GM1") == {"Dot Newcomer": "booked"}


async def test_whose_mail_nobody_has_gets_a_link_and_no_booking(council: Council):
    stranger = council.engage.add(CY, email="somebody@elsewhere.example")
    asked = council.engage.writes(stranger, "book the growth mindset one")

    [answer] = await council.hear(asked)

    assert "I can only do that in Teams, where I know who you are." in answer
    assert f"{CHAT}book%20" in answer
    assert await council.world.bookings("GM1") == {}


async def test_a_stranger_is_told_what_is_on_and_can_follow_up_with_a_link(council: Council):
    stranger = council.engage.add(CY, email="somebody@elsewhere.example")
    first = council.engage.writes(stranger, "what's on tomorrow")
    [listed] = await council.hear(first)
    second = council.engage.writes(stranger, "book the second one", below=first)

    [answer] = await council.hear(second)

    assert "2. Mentoring circles" in listed
    assert f"{CHAT}book%20MC2" in answer


async def test_in_a_public_thread_what_is_personal_goes_by_a_private_message(council: Council):
    asked = council.engage.asks(council.asha, "book GM1")

    answers = await council.hear(asked)

    assert answers == ["I've answered you in a private message."]
    [private] = council.engage.written_to(council.asha)
    assert "You're booked" in private
    assert await council.world.state(ASHA, "GM1") == "booked"


async def test_a_list_in_public_does_not_say_what_one_has_booked(council: Council):
    await council.world.book(ASHA, "GM1")
    asked = council.engage.asks(council.asha, "what's on today")

    [answer] = await council.hear(asked)

    assert "You are booked" not in answer
    assert "11 places left" in answer


async def test_a_private_conversation_with_others_shows_nothing_personal(council: Council):
    asked = council.engage.writes(council.asha, "my bookings", others=[council.bo])
    named = council.engage._add(
        sender_id=council.asha,
        body=f"[[user:{council.engage.service}]] my bookings",
        readers=frozenset({council.asha, council.bo, council.engage.service}),
    ).id

    assert await council.hear(asked) == [], "nobody spoke to us"
    assert council.engage.below(named) == ["I've answered you in a private message."]
    assert len(council.engage.written_to(council.asha)) == 1


async def test_where_nothing_tells_who_reads_along_personal_answers_go_to_the_asker_alone(
    council: Council,
):
    council.engage.tells_participants = False
    asked = council.engage.writes(council.asha, "book GM1")

    assert await council.hear(asked) == ["I've answered you in a private message."]
    assert "You're booked" in council.engage.written_to(council.asha)[0]


async def test_follow_ups_work_as_in_teams(council: Council):
    first = council.engage.writes(council.asha, "what's on tomorrow")
    await council.hear(first)
    second = council.engage.writes(council.asha, "book the second one", below=first)
    [booked] = await council.hear(second)
    third = council.engage.writes(council.asha, "cancel it", below=first)
    [cancelled] = await council.hear(third)

    assert "Mentoring circles" in booked
    assert cancelled.splitlines()[0] == "Booking cancelled"
    assert await council.world.state(ASHA, "MC2") == ""


async def test_a_question_is_answered_by_the_next_message(council: Council):
    """Two at the same time: yes books the second all the same."""
    await council.world.book(ASHA, "GM1")
    asked = council.engage.writes(council.asha, "book DA1")
    [question] = await council.hear(asked)
    yes = council.engage.writes(council.asha, "yes", below=asked)

    await council.hear(yes)

    assert "Book anyway: answer “yes”" in question
    assert await council.world.state(ASHA, "DA1") == "booked"


async def test_itself_bots_and_threads_it_was_not_asked_in_are_left_alone(council: Council):
    engage = council.engage
    bot = engage.add(CY, type="bot", email="bot@example.gov.uk")
    seen = [
        engage.says(council.asha, "what's on today"),
        engage.says(engage.service, "what's on today", to=engage.service),
        engage.says(bot, "what's on today", to=engage.service),
        engage.says(council.bo, "what's on", to=engage.service, sender_type="system"),
        engage.says(council.bo, "what's on today", to=engage.service, group=1),
        engage.says(council.asha, "thanks all", to=council.bo),
    ]
    asked = engage.asks(council.bo, "what's on today")

    await council.pass_minute()

    assert [engage.below(each) for each in seen] == [[]] * len(seen)
    assert len(engage.below(asked)) == 1


async def test_what_was_said_before_signing_in_is_not_answered(unsigned: Council):
    old = unsigned.engage.asks(unsigned.asha, "what's on today")
    await unsigned.sign_in()
    await unsigned.pass_minute()

    assert await unsigned.hear(old) == []


async def test_organisers_switch_answering_off_and_on(council: Council):
    teams = council.world.teams
    said = await teams.say(ORGA, "engage answers off")
    assert "I no longer answer anybody in Viva Engage" in said.read
    meanwhile = council.engage.asks(council.asha, "what's on today")
    await council.pass_minute()
    assert "Answers there off" in (await teams.say(ORGA, "engage status")).read

    await teams.say(ORGA, "engage answers on")
    await council.pass_minute()
    later = council.engage.asks(council.asha, "what's on today")
    await council.pass_minute()

    assert council.engage.below(meanwhile) == []
    assert len(council.engage.below(later)) == 1


async def test_an_answer_whose_receipt_was_lost_is_given_once_and_booked_once(council: Council):
    council.engage.fail_next(504, method="POST", acted=True)
    asked = council.engage.writes(council.asha, "book GM1")
    await council.pass_minute()
    await council.pass_minute()

    [answer] = council.engage.below(asked)
    assert answer.splitlines()[0] == "You're booked"


async def test_an_answer_that_could_not_be_given_says_later_what_was_done(council: Council):
    council.engage.fail_next(503, method="POST", times=2)
    asked = council.engage.writes(council.asha, "book GM1")
    await council.pass_minute()
    for _ in range(3):
        await council.world.pass_time(MINUTE)

    [answer] = council.engage.below(asked)
    assert answer.splitlines()[0] == "You're booked"
    assert "already" not in answer


async def test_what_organisers_do_they_do_in_teams(council: Council):
    orla = council.engage.add(ORGA)
    asked = council.engage.writes(orla, "cancel session GM1")

    [answer] = await council.hear(asked)

    assert "I can only do that in Teams" in answer
    assert f"{CHAT}cancel%20session%20GM1" in answer


async def test_nobody_elses_commands_are_taken_from_words_that_call_people(council: Council):
    """What somebody typed is quoted back; it must not call others by."""
    asked = council.engage.writes(council.asha, "find [[zebra:9999]] juggling")

    [answer] = await council.hear(asked)

    assert "[[" not in answer


async def test_a_machine_that_answers_us_is_not_answered_for_ever(council: Council):
    for _ in range(4):
        for _ in range(10):
            council.engage.writes(council.bo, "I am away until Monday.")
        await council.pass_minute()
        for _ in range(4):
            await council.world.pass_time(MINUTE)

    ours = [m for m in council.engage.messages.values() if m.sender_id == council.engage.service]
    assert len(ours) == 30


async def test_what_was_typed_is_not_kept(council: Council):
    asked = council.engage.writes(council.asha, "find a wombat sanctuary")
    await council.hear(asked)

    async with council.world.bot.core.database.reading.connect() as db:
        rows = str((await db.exec_driver_sql("SELECT * FROM outbox")).all())
        answers = str((await db.exec_driver_sql("SELECT * FROM engage_answers")).all())
    assert "wombat" not in rows
    assert "wombat" not in answers


def sign_out(council: Council) -> None:
    """Entra wants to see the service account again; the bot's own sign-in stands."""
    tokens = council.world.login.tokens
    tokens.refreshing.clear()
    tokens.issued = {token: grant for token, grant in tokens.issued.items() if not grant.username}
