"""What of a programme answers a question: by what words mean where there is a model, else by words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import pytest

from integrations import meanings
from language.calendar import When
from language.commands import Than, Wanted
from language.meaning import ProgrammeMeaning, texts_of
from learning.search import Match, SearchIndex
from learning.sessions import Format, Session
from services.listing import Programme, best
from tests.learning.test_search import the_sample_week
from tests.support.values import LONDON

MONDAY_AT_SEVEN = datetime(2026, 5, 18, 7, 0, tzinfo=LONDON)
THURSDAY_NIGHT = datetime(2026, 5, 21, 23, 0, tzinfo=LONDON)
SESSIONS = the_sample_week()
INDEX = SearchIndex(SESSIONS)
BY_CODE = {s.code: s for s in SESSIONS}
WORDS_ALONE = Programme(version=1, editions=(), index=INDEX)


@pytest.fixture(scope="module")
def week() -> Programme:
    """The sample week, with what it means."""
    meaning = meanings.load()
    if meaning is None:
        pytest.skip("make setup could not fetch the sentence model")
    texts = sorted({t for s in SESSIONS for t in texts_of(s)})
    vectors = dict(zip(texts, meaning.embed(texts), strict=True))
    means = ProgrammeMeaning(meaning, SESSIONS, vectors)
    return Programme(version=1, editions=(), index=INDEX, meaning=means)


def on(day: int, **more: Any) -> When:
    return When(first=date(2026, 5, day), last=date(2026, 5, day), **more)


def codes(found: Iterable[Session | Match]) -> list[str]:
    return [f.session.code if isinstance(f, Match) else f.code for f in found]


def find(
    programme: Programme, text: str, now: datetime = MONDAY_AT_SEVEN, **more: Any
) -> list[Match]:
    return programme.find(text, now, near=programme.nearness(text), zone=LONDON, **more)


def among(programme: Programme, text: str, some: Sequence[str]) -> list[str]:
    return codes(programme.among(text, [BY_CODE[c] for c in some], MONDAY_AT_SEVEN, LONDON))


# --- find ---------------------------------------------------------------------------------------

NEEDS = [
    ("talking in front of crowds scares me", "PC1"),
    ("hot flushes", "ME1"),
    ("prejudice", "UB1"),
]
WORDS = [
    ("public speaking", "PC1"),
    ("menopause", "ME1"),
    ("unconcious bias", "UB1"),
    ("XL1", "XL1"),
]


@pytest.mark.parametrize(("text", "code"), NEEDS + WORDS)
def test_what_is_meant_comes_first_and_is_sure(week: Programme, text: str, code: str):
    found = find(week, text)

    assert codes(best(found))[:1] == [code]


@pytest.mark.parametrize(("text", "code"), WORDS)
def test_without_a_model_words_are_found(text: str, code: str):
    assert codes(best(find(WORDS_ALONE, text)))[:1] == [code]


@pytest.mark.parametrize("text", [text for text, _ in NEEDS])
def test_without_a_model_nothing_surely_fits_what_is_only_meant(text: str):
    assert WORDS_ALONE.nearness(text) is None
    assert best(find(WORDS_ALONE, text)) == []


@pytest.mark.parametrize(
    "text", ["sourdough baking", "welding", "learn french", "first aid", "fix my car", "lol"]
)
def test_where_nothing_fits_it_is_not_sure(week: Programme, text: str):
    found = find(week, text)

    assert found
    assert best(found) == []
    assert not week.fit(text, MONDAY_AT_SEVEN).is_sure


@pytest.mark.parametrize("programme", ["meant", "alone"])
@pytest.mark.parametrize(
    ("text", "day", "found"),
    [
        ("public speaking", 19, ["PC1"]),
        ("public speaking", 20, []),
        ("spreadsheets", 18, ["XL1"]),
        ("spreadsheets", 21, []),
        ("menopause", 20, ["ME1"]),
    ],
)
def test_on_a_day_there_is_what_takes_place_then(
    request: pytest.FixtureRequest, programme: str, text: str, day: int, found: list[str]
):
    asked = request.getfixturevalue("week") if programme == "meant" else WORDS_ALONE

    assert codes(best(find(asked, text, when=on(day))))[:1] == found


def test_the_time_of_day_counts_as_well(week: Programme):
    morning = on(19, end=time(12))
    afternoon = on(19, start=time(12), end=time(17, 30))

    assert codes(best(find(week, "nerves in front of crowds", when=morning)))[:1] == ["PC1"]
    assert best(find(week, "nerves in front of crowds", when=afternoon)) == []


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("public speaking", Wanted.IN_PERSON, ["PC1"]),
        ("public speaking", Wanted.ZOOM, []),
        ("menopause", Wanted.ZOOM, ["ME1"]),
        ("menopause", Wanted.ONLINE, ["ME1"]),
        ("spreadsheets", Wanted.TEAMS, ["XL1"]),
    ],
)
def test_only_what_is_of_the_kind_is_found(
    week: Programme, text: str, wanted: Wanted, found: list[str]
):
    for programme in (week, WORDS_ALONE):
        assert codes(best(find(programme, text, wanted=frozenset({wanted}))))[:1] == found


@pytest.mark.parametrize(
    ("wanted", "formats"),
    [
        ({Wanted.ONLINE, Wanted.IN_PERSON}, {Format.TEAMS, Format.ZOOM, Format.IN_PERSON}),
        ({Wanted.TEAMS, Wanted.ZOOM}, {Format.TEAMS, Format.ZOOM}),
        ({Wanted.ONLINE, Wanted.ZOOM}, {Format.ZOOM}),
    ],
)
def test_two_kinds_are_both_or_else_either(wanted: set[Wanted], formats: set[Format]):
    found = WORDS_ALONE.on(
        When(first=date(2026, 5, 18), last=date(2026, 5, 22)), LONDON, frozenset(wanted)
    )
    assert {s.details.format for s in found} == formats


def test_what_is_over_is_found_where_nothing_ahead_fits(week: Programme):
    assert codes(best(find(week, "hot flushes", THURSDAY_NIGHT)))[:1] == ["ME1"]
    assert all(
        s.starts_at and s.starts_at > THURSDAY_NIGHT
        for s in best(find(week, "leadership", THURSDAY_NIGHT))
    )


def test_no_more_is_found_than_was_asked_for(week: Programme):
    assert len(find(week, "work", limit=2)) == 2


# --- what was wished ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "when"),
    [
        ("something about confidence on tuesday", "PC1", on(19)),
        ("presenting", "PC1", None),
        ("excel tomorrow", "XL1", None),
        ("mentoring on friday", "MC1", None),
    ],
)
def test_a_wish_has_its_days_unless_it_is_on_another_one(
    week: Programme, text: str, code: str, when: When | None
):
    for programme in (week, WORDS_ALONE):
        found, days = programme.wished(text, MONDAY_AT_SEVEN, LONDON)

        assert codes(best(found))[:1] == [code]
        assert days == when


def test_a_wish_is_understood_by_what_it_means(week: Programme):
    text = "speaking up in front of crowds on thursday"

    assert codes(best(week.wished(text, MONDAY_AT_SEVEN, LONDON)[0]))[:1] == ["PC1"]
    assert best(WORDS_ALONE.wished(text, MONDAY_AT_SEVEN, LONDON)[0]) == []


def test_a_wish_that_nothing_fits_is_not_sure(week: Programme):
    for programme in (week, WORDS_ALONE):
        found, days = programme.wished("sourdough on tuesday", MONDAY_AT_SEVEN, LONDON)

        assert (best(found), days) == ([], None)


# --- one of a few -------------------------------------------------------------------------------

SOME = ("UB1", "XL1", "RE1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the bias one", "UB1"),
        ("the spreadsheet one", "XL1"),
        ("excel", "XL1"),
        ("the one about formulas", "XL1"),
        ("the last one", "RE1"),
        ("the later one", "RE1"),
        ("the earliest", "UB1"),
        ("that first session", "UB1"),
        ("the morning one", "UB1"),
        ("the one at 6pm", "XL1"),
        ("the session in the morning", "UB1"),
    ],
)
def test_one_of_a_few_is_named_by_words_or_its_time(week: Programme, text: str, code: str):
    assert [among(p, text, SOME) for p in (week, WORDS_ALONE)] == [[code], [code]]


@pytest.mark.parametrize("text", ["the prejudice one", "the one about coping with pressure"])
def test_what_only_means_one_of_a_few_does_not_name_it(week: Programme, text: str):
    """A place would be given back by it; that it is understood shows in `find`."""
    assert among(week, text, SOME) == []
    [best, *_] = find(week, text)
    assert best.is_sure


@pytest.mark.parametrize(
    "text",
    ["the evening one", "the afternoon one", "the tuesday one", "the one on monday", "sourdough"],
)
def test_where_it_is_not_clear_none_is_meant(week: Programme, text: str):
    assert [among(p, text, SOME) for p in (week, WORDS_ALONE)] == [[], []]


def test_of_two_the_day_tells(week: Programme):
    for programme in (week, WORDS_ALONE):
        assert among(programme, "the tuesday one", ("UB1", "PC1")) == ["PC1"]
        assert among(programme, "the evening one", ("UB1", "XL1")) == ["XL1"]
        assert among(programme, "the ten o'clock one", ("PJ1", "LS1")) == ["PJ1"]


def test_none_of_none_is_meant(week: Programme):
    assert among(week, "the last one", ()) == []


# --- others ---------------------------------------------------------------------------------------


def begins(session: Session) -> datetime:
    assert session.starts_at is not None
    return session.starts_at


def lasts(session: Session) -> float:
    assert session.ends_at is not None
    return (session.ends_at - begins(session)).total_seconds()


@pytest.mark.parametrize("programme", ["meant", "alone"])
@pytest.mark.parametrize("code", ["PC1", "UB1", "CS1"])
def test_others_differ_as_is_wanted(request: pytest.FixtureRequest, programme: str, code: str):
    asked = request.getfixturevalue("week") if programme == "meant" else WORDS_ALONE
    shown = BY_CODE[code]

    found = {than: asked.others(shown, MONDAY_AT_SEVEN, than) for than in Than}

    assert found[Than.ANOTHER_TIME] or programme == "alone"
    assert all(shown not in some for some in found.values())
    assert all(begins(s) != begins(shown) for s in found[Than.ANOTHER_TIME])
    assert all(begins(s) < begins(shown) for s in found[Than.EARLIER])
    assert all(begins(s) > begins(shown) for s in found[Than.LATER])
    assert all(lasts(s) < lasts(shown) for s in found[Than.SHORTER])
    assert all(lasts(s) > lasts(shown) for s in found[Than.LONGER])
    assert [lasts(s) for s in found[Than.SHORTER]] == sorted(map(lasts, found[Than.SHORTER]))
    assert [lasts(s) for s in found[Than.LONGER]] == sorted(
        map(lasts, found[Than.LONGER]), reverse=True
    )


def test_what_has_begun_is_no_other(week: Programme):
    later = week.others(BY_CODE["PC1"], THURSDAY_NIGHT, Than.ANOTHER_TIME)

    assert set(codes(later)) <= {"PJ1", "LS1"}


@pytest.mark.parametrize(
    ("text", "some", "code"),
    [
        ("the other one than 8.30s too early for me", ("FB1", "DI1"), "DI1"),
        ("the other one than bit late at night that last one", ("ME1", "RE1"), "ME1"),
        ("the other one than not the menopause one", ("ME1", "RE1"), "RE1"),
    ],
)
def test_the_other_of_two_is_the_one_that_nothing_was_said_against(
    week: Programme, text: str, some: tuple[str, ...], code: str
):
    assert among(week, text, some) == [code]


def test_the_other_is_none_where_it_is_not_clear_than_what(week: Programme):
    assert among(week, "the other one than whatever", ("ME1", "RE1")) == []
    assert among(week, "the other one than the first one", ("ME1", "RE1", "FB1")) == []


def test_words_name_a_session_where_no_other_is_called_so(week: Programme):
    assert week.named("growth mindset", MONDAY_AT_SEVEN) == BY_CODE["GM1"].title
    assert week.named("reading charts", MONDAY_AT_SEVEN) == BY_CODE["DV1"].title
    assert week.named("sourdough", MONDAY_AT_SEVEN) == ""
    assert week.named("mentoring or careers", MONDAY_AT_SEVEN) == ""
