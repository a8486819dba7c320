"""What words mean by the sentence model: wishes, the sessions of two programmes, what neither has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from integrations import meanings
from language.calendar import Calendar
from language.commands import (
    Chatter,
    Command,
    Find,
    ForgetMe,
    Help,
    Human,
    More,
    MyBookings,
    MyData,
    No,
    Nudges,
    WhatsOn,
    Yes,
)
from language.context import Context
from language.meaning import Meaning, ProgrammeMeaning, texts_of
from language.sayings import Wish
from language.understanding import at_once, understand
from learning.search import Nearness, SearchIndex
from learning.sessions import Session
from services.listing import Programme
from tests.learning.test_search import A_HOSPITAL, the_sample_week
from tests.support.values import LONDON

MONDAY_AT_SEVEN = datetime(2026, 5, 18, 7, 0, tzinfo=LONDON)
A_WEEK = the_sample_week()


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    found = meanings.load()
    if found is None:
        pytest.skip("make setup could not fetch the sentence model")
    return found


def what_means(meaning: Meaning, sessions: Sequence[Session]) -> ProgrammeMeaning:
    texts = sorted({t for s in sessions for t in texts_of(s)})
    return ProgrammeMeaning(meaning, sessions, dict(zip(texts, meaning.embed(texts), strict=True)))


@pytest.fixture(scope="module")
def week(meaning: Meaning) -> ProgrammeMeaning:
    return what_means(meaning, A_WEEK)


@pytest.fixture(scope="module")
def hospital(meaning: Meaning) -> ProgrammeMeaning:
    return what_means(meaning, A_HOSPITAL)


@pytest.fixture(scope="module")
def context(week: ProgrammeMeaning, meaning: Meaning) -> Context:
    """On the first morning of the sample week, with nothing shown."""
    programme = Programme(version=1, editions=(), index=SearchIndex(A_WEEK), meaning=week)
    return Context(
        calendar=Calendar(today=date(2026, 5, 18), days=programme.days(LONDON), now=time(7)),
        wishes=meaning.wishes,
        fit=lambda text: programme.fit(text, MONDAY_AT_SEVEN),
    )


def nearest(near: Nearness, sessions: Sequence[Session]) -> str:
    return sessions[max(range(len(sessions)), key=near.scores.__getitem__)].code


# --- wishes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("could you jot my name down for it", Wish.BOOK),
        ("something came up so i wont be there", Wish.CANCEL),
        ("which ones am i down for", Wish.MY_BOOKINGS),
        ("is there anybody real i could speak to", Wish.HUMAN),
        ("cheers pal much appreciated", Wish.THANKS),
        ("wipe everything that you have about me", Wish.FORGET_ME),
        ("did you see the match last night", Wish.CHATTER),
    ],
)
def test_a_wish_is_nearest_to_what_people_say_who_have_it(meaning: Meaning, text: str, wish: Wish):
    wishes = meaning.wishes(text)

    assert list(wishes) == list(Wish)
    assert max(wishes, key=wishes.__getitem__) is wish


def test_words_that_say_nothing_are_near_to_no_wish(meaning: Meaning):
    assert set(meaning.wishes("").values()) == {0.0}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("please stop pestering me with all these messages", Nudges(False)),
        ("can you start reminding me again", Nudges(True)),
        ("i need the little nudges back on please", Nudges(True)),
        ("which of them am i going along to again", MyBookings()),
        ("wipe whatever you have about me", ForgetMe()),
        ("is there a file on me somewhere", MyData()),
        ("what can you actually do", Help()),
        ("nah youre alright", No()),
        ("sounds good lets do that", Yes()),
        ("did you see the match last night", Chatter()),
        ("my laptop wont turn on", Chatter()),
    ],
)
def test_a_wish_is_understood_in_words_that_are_no_phrase(
    context: Context, text: str, command: Command
):
    assert at_once(text, context) is None
    assert understand(text, context) == command


@pytest.mark.parametrize(
    "text",
    [
        "i feel sick speaking to crowds",
        "my spreadsheets never add up",
        "hot flushes in meetings",
        "my team do not listen to each other",
    ],
)
def test_a_need_that_a_session_meets_is_looked_for(context: Context, text: str):
    assert understand(text, context) == Find(text, asked=False)


@pytest.mark.parametrize(
    "text",
    [
        "is lunch provided",
        "do i need to bring a laptop",
        "do you have to be good at it",
        "how many go to it",
    ],
)
def test_a_question_about_the_session_shown_is_none_about_another(context: Context, text: str):
    on_a_card = replace(context, asked=Find("excel"), shown=1)

    assert understand(text, on_a_card) == Find("that one", asked=False)


def test_a_question_about_one_of_a_list_is_none_for_a_colleague(context: Context):
    of_a_list = replace(context, asked=Find("excel"), shown=3)

    found = understand("whats the gist of the coaching one", of_a_list)

    assert found == Find("the coaching one", asked=False)


def test_without_a_model_the_same_words_are_looked_for(context: Context):
    words = "did you see the match last night"
    alone = Context(calendar=context.calendar)

    assert understand("my laptop wont turn on", alone) == Find(
        "my laptop wont turn on", asked=False
    )
    assert not isinstance(understand(words, alone), Chatter | Human | More | WhatsOn)


# --- sessions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("i go to pieces in front of a crowd", "PC1"),
        ("adding up columns of numbers", "XL1"),
        ("hot flushes", "ME1"),
        ("talking with my hands", "BSL1"),
        ("dealing with angry customers", "CS1"),
        ("chatgpt", "AI1"),
    ],
)
def test_a_session_of_the_week_is_nearest(week: ProgrammeMeaning, text: str, code: str):
    assert nearest(week.nearness(text), A_WEEK) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("telling families that someone has died", "BBN"),
        ("how to lift a patient", "MH2"),
        ("germs", "HH"),
        ("i do not understand my wages", "ROTA"),
    ],
)
def test_a_session_of_another_organisation_is_nearest(
    hospital: ProgrammeMeaning, text: str, code: str
):
    assert nearest(hospital.nearness(text), A_HOSPITAL) == code


@pytest.mark.parametrize(
    ("text", "is_missing_here", "is_missing_there"),
    [
        ("spreadsheets", False, True),
        ("dealing with angry customers", False, True),
        ("hot flushes", False, True),
        ("learn french", True, True),
        ("photography", True, True),
        ("first aid", True, True),
        ("washing your hands", True, False),
    ],
)
def test_what_people_learn_elsewhere_is_missing_from_a_programme(
    week: ProgrammeMeaning,
    hospital: ProgrammeMeaning,
    text: str,
    is_missing_here: bool,
    is_missing_there: bool,
):
    missing = week.nearness(text).is_missing, hospital.nearness(text).is_missing

    assert missing == (is_missing_here, is_missing_there)


@pytest.mark.parametrize("text", ["lol", "asdfgh", "did you see the match", ""])
def test_what_nobody_learns_is_missing_from_none(
    week: ProgrammeMeaning, hospital: ProgrammeMeaning, text: str
):
    assert [p.nearness(text).is_missing for p in (week, hospital)] == [False, False]


def test_chatter_sounds_like_it_and_a_need_does_not(week: ProgrammeMeaning):
    assert week.nearness("lol").chatter > week.nearness("public speaking").chatter


def test_an_empty_programme_is_near_to_nothing(meaning: Meaning):
    near = what_means(meaning, []).nearness("spreadsheets")

    assert (near.scores, near.nearest) == ([], 0.0)
    assert near.is_missing


def test_a_session_without_a_summary_or_topics_is_known_by_its_title(meaning: Meaning):
    bare = [replace(s, details=replace(s.details, summary="", topics=())) for s in A_HOSPITAL]

    assert nearest(what_means(meaning, bare).nearness("germs on my fingers"), bare) == "HH"
