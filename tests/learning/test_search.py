"""Finding sessions in the words people have, in two programmes that have no words in common."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.spreadsheets import read_table
from learning import programme_file
from learning.search import Nearness, SearchIndex, clear_match
from learning.sessions import EditionId, Session, SessionId
from tests.support.values import a_session

SAMPLE = Path(__file__).parents[2] / "sample" / "week.csv"


def the_sample_week() -> list[Session]:
    """The council's 22 workshops."""
    reading = programme_file.read(
        read_table(SAMPLE.name, SAMPLE.read_bytes()), timezone="Europe/London"
    )
    return [
        Session(id=SessionId(number), edition_id=EditionId(1), details=details)
        for number, details in enumerate(reading.details, 1)
    ]


A_HOSPITAL = [
    a_session(
        id=SessionId(1),
        code="SEP-1",
        title="Spotting sepsis early",
        summary="Observations, escalation and the golden hour.",
        strand="Safe",
        topics=("sepsis", "deterioration"),
        facilitators=("Zoë Müller",),
        location="Simulation suite",
        audience="Ward nurses",
    ),
    a_session(
        id=SessionId(2),
        code="HH",
        title="Hand hygiene",
        summary="Five moments, one minute each.",
        strand="Safe",
        topics=("infection control",),
        facilitators=("Infection control nurses",),
        location="Ward 7",
    ),
    a_session(
        id=SessionId(3),
        code="BBN",
        title="Breaking bad news",
        summary="What to say to families, and when to be silent.",
        strand="Kind",
        topics=("communication", "bereavement"),
        facilitators=("Chaplaincy",),
        location="Education centre",
    ),
    a_session(
        id=SessionId(4),
        code="ROTA",
        title="Reading your payslip and rota",
        summary="Enhancements, annual leave and who to ring.",
        strand="Fair",
        topics=("pay", "rostering"),
        facilitators=("Payroll",),
        location="Education centre",
    ),
    a_session(
        id=SessionId(5),
        code="MH2",
        title="Moving and handling",
        summary="Hoists, slide sheets and your own back.",
        strand="Safe",
        topics=("moving and handling", "back care"),
        facilitators=("Physiotherapy",),
        location="Simulation suite",
    ),
]

WEEK = SearchIndex(the_sample_week())
HOSPITAL = SearchIndex(A_HOSPITAL)


def found(index: SearchIndex, text: str) -> list[str]:
    return [m.session.code for m in index.find(text)]


@pytest.mark.parametrize(
    ("index", "text", "code"),
    [
        (WEEK, "GM1", "GM1"),
        (WEEK, "gm1", "GM1"),
        (WEEK, " Gm1 ", "GM1"),
        (WEEK, "growth mindset: not yet is an answer", "GM1"),
        (WEEK, "Growth Mindset - not yet is an answer!", "GM1"),
        (WEEK, "AI AT WORK SENSIBLY", "AI1"),
        (HOSPITAL, "sep-1", "SEP-1"),
        (HOSPITAL, "hand hygiene", "HH"),
        (HOSPITAL, "“Breaking bad news”", "BBN"),
    ],
)
def test_a_code_or_a_whole_title_means_exactly_that_session(
    index: SearchIndex, text: str, code: str
):
    assert [s.code for s in index.coded(text)] == [code]
    assert [(m.session.code, m.score) for m in index.find(text)] == [(code, 1.0)]


@pytest.mark.parametrize("text", ["", "?!", "GM", "GM11", "growth", "hand", "Safe"])
def test_nothing_less_than_a_code_or_a_title_will_do(text: str):
    assert WEEK.coded(text) == []
    assert HOSPITAL.coded(text) == []


def test_one_code_in_two_editions_is_two_sessions():
    spring = a_session(id=SessionId(1), edition_id=EditionId(1), code="GM1")
    autumn = a_session(id=SessionId(2), edition_id=EditionId(2), code="gm1")

    assert SearchIndex([spring, autumn]).coded("GM1") == [spring, autumn]


@pytest.mark.parametrize(
    ("index", "text", "first"),
    [
        # Topics and titles, in part and in other forms of the word.
        (WEEK, "growth mindset", "GM1"),
        (WEEK, "mentoring", "MC1"),
        (WEEK, "mentors and coaches", "MC1"),
        (WEEK, "public speaking", "PC1"),
        (WEEK, "I am nervous about presenting", "PC1"),
        (WEEK, "bsl", "BSL1"),
        (WEEK, "pivot tables", "XL1"),
        (WEEK, "chart", "DV1"),
        (HOSPITAL, "sepsis", "SEP-1"),
        (HOSPITAL, "infection", "HH"),
        (HOSPITAL, "families", "BBN"),
        (HOSPITAL, "payslips", "ROTA"),
        (HOSPITAL, "my back hurts", "MH2"),
        # People, places and those it is for.
        (WEEK, "Contact centre team leaders", "CS1"),
        (WEEK, "Women's staff network", "ME1"),
        (WEEK, "Women’s staff network", "ME1"),
        (WEEK, "learning room 2", "PC1"),
        (WEEK, "reception staff", "BSL1"),
        (HOSPITAL, "chaplaincy", "BBN"),
        (HOSPITAL, "Müller", "SEP-1"),
        (HOSPITAL, "zoe muller", "SEP-1"),
        (HOSPITAL, "ward 7", "HH"),
        # Typing errors.
        (WEEK, "growht mindset", "GM1"),
        (WEEK, "unconcious bias", "UB1"),
        (WEEK, "menapause", "ME1"),
        (WEEK, "exel", "XL1"),
        (WEEK, "neurodiversty", "ND1"),
        (HOSPITAL, "sepssis", "SEP-1"),
        (HOSPITAL, "hand hygeine", "HH"),
        (HOSPITAL, "berevement", "BBN"),
    ],
)
def test_what_fits_best_comes_first(index: SearchIndex, text: str, first: str):
    assert found(index, text)[:1] == [first]


@pytest.mark.parametrize(
    ("index", "text", "codes"),
    [
        (WEEK, "town hall", {"PC1", "BSL1"}),
        (WEEK, "career", {"CC1", "PB1"}),
        (WEEK, "wellbeing", {"ME1", "RE1"}),
        (HOSPITAL, "simulation suite", {"SEP-1", "MH2"}),
        (HOSPITAL, "nurses", {"SEP-1", "HH"}),
        (HOSPITAL, "kind", {"BBN"}),
        (HOSPITAL, "safe", {"SEP-1", "HH", "MH2"}),
    ],
)
def test_everything_that_fits_is_found_and_nothing_else(
    index: SearchIndex, text: str, codes: set[str]
):
    assert set(found(index, text)) == codes


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "?!", "&", "'s", "the", "is it", "what's on", "sessions", "a workshop"),
        *("qwertyuiop", "asdf jkl", "xxxx", "123456", "😀", "你好"),
        *("how are you", "who are you", "tell me a joke", "lol", "i love you"),
        *("my manager is mean", "can i bring my dog", "i need a day off"),
        *("what is the weather like", "i lost my password", "where is the canteen", "pizza"),
    ],
)
@pytest.mark.parametrize("index", [WEEK, HOSPITAL, SearchIndex(())])
def test_nothing_fits_gibberish_and_chatter(index: SearchIndex, text: str):
    assert index.find(text) == []


@pytest.mark.parametrize(
    ("leaning", "is_sure"), [(0.0, True), (3.0, True), (-0.5, True), (-3.0, False)]
)
def test_what_leans_towards_chatter_must_fit_better(leaning: float, is_sure: bool):
    scores = [1.0, *([0.2] * (len(WEEK.sessions) - 1))]

    [best] = WEEK.find("qwertyuiop", 1, near=Nearness(scores=scores, leaning=leaning))

    assert best.is_sure is is_sure


def test_leaning_towards_a_need_makes_no_session_fit():
    scores = [0.5, *([0.2] * (len(WEEK.sessions) - 1))]

    [best] = WEEK.find("qwertyuiop", 1, near=Nearness(scores=scores, leaning=9.0))

    assert not best.is_sure


@pytest.mark.parametrize(("index", "other"), [(WEEK, A_HOSPITAL), (HOSPITAL, list(WEEK.sessions))])
def test_the_subjects_of_another_organisation_are_not_found(
    index: SearchIndex, other: list[Session]
):
    foreign = {t for s in other for t in s.details.topics} - {"communication"}

    clear = {text for text in foreign if clear_match(index.find(text))}

    assert clear == set()


@pytest.mark.parametrize(
    ("index", "text", "code"),
    [
        (WEEK, "gm1", "GM1"),
        (WEEK, "growth mindset", "GM1"),
        (WEEK, "the one about menopause", "ME1"),
        (WEEK, "unconcious bias", "UB1"),
        (WEEK, "excel", "XL1"),
        (WEEK, "project basics", "PJ1"),
        (HOSPITAL, "sepsis", "SEP-1"),
        (HOSPITAL, "bad news", "BBN"),
        (HOSPITAL, "hygene", "HH"),
    ],
)
def test_one_clear_match_can_be_booked_at_once(index: SearchIndex, text: str, code: str):
    clear = clear_match(index.find(text))

    assert clear is not None
    assert clear.code == code


@pytest.mark.parametrize(
    ("index", "text"),
    [
        # Several fit equally well.
        (WEEK, "work"),
        (WEEK, "career"),
        (WEEK, "town hall"),
        (WEEK, "managers"),
        (WEEK, "Everyone is Valued"),
        (WEEK, "everyone is a leader"),
        (HOSPITAL, "simulation suite"),
        (HOSPITAL, "Safe"),
        # One fits, but says too little of what was asked.
        (WEEK, "learning room 2"),
        (WEEK, "second thoughts on feedback"),
        (HOSPITAL, "my back hurts when I lift boxes"),
        # Nothing fits.
        (WEEK, "how are you"),
        (HOSPITAL, "growth mindset"),
    ],
)
def test_it_is_better_to_ask_where_no_match_is_clear(index: SearchIndex, text: str):
    assert clear_match(index.find(text)) is None


def test_one_title_in_two_editions_is_not_clear():
    twins = SearchIndex([a_session(id=SessionId(1)), a_session(id=SessionId(2), code="GM2")])

    assert clear_match(twins.find("growth mindset")) is None


def test_a_strand_means_all_of_its_sessions():
    assert len(WEEK.find("Everyone has Talent", limit=50)) == 9
    assert {m.session.details.strand for m in WEEK.find("everyone has talent")} == {
        "Everyone has Talent"
    }


def test_no_more_is_found_than_was_asked_for():
    assert len(WEEK.find("work", limit=2)) == 2
    assert len(WEEK.find("everyone", limit=50)) > 8


@given(st.text(max_size=300))
def test_any_text_can_be_looked_for_and_scores_lie_between_nothing_and_all(text: str):
    scores = [m.score for m in WEEK.find(text)]

    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert HOSPITAL.coded(text) == [] or HOSPITAL.find(text)[0].score == 1


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("h", "Hand hygiene"),
        ("hand hyg", "Hand hygiene"),
        ("SEPS", "Spotting sepsis early"),
        ("zo", "Spotting sepsis early"),
        ("hy ha", "Hand hygiene"),
        ("the gold", "Spotting sepsis early"),
        ("bb", "Breaking bad news"),
    ],
)
def test_half_typed_words_find_what_they_may_become(typed: str, first: str):
    assert SearchIndex(A_HOSPITAL).begun(typed)[0].title == first


@pytest.mark.parametrize("typed", ["", " ", "?!", "xyz", "hand xyz"])
def test_what_begins_no_word_finds_nothing(typed: str):
    assert SearchIndex(A_HOSPITAL).begun(typed) == []


def test_sessions_that_fit_alike_come_in_the_order_of_the_programme():
    twins = [a_session(id=SessionId(n), code=f"T{n}", title="Spotting sepsis") for n in range(1, 8)]

    found = SearchIndex(twins).find("sepsis", limit=7)

    assert [m.session.code for m in found] == [t.code for t in twins]


@pytest.mark.parametrize(
    "text", ["which ones is Zoë doing", "what's müller running", "the ones zoe takes"]
)
def test_who_runs_a_session_is_known_by_one_name(text: str):
    by_zoe = [s.code for s in A_HOSPITAL if s.details.facilitators == ("Zoë Müller",)]

    [found] = SearchIndex(A_HOSPITAL).find(text)

    assert [found.session.code] == by_zoe
    assert found.score == 1.0


def test_a_word_of_a_team_is_no_name():
    titled = replace(
        A_HOSPITAL[1], details=replace(A_HOSPITAL[1].details, facilitators=("Night Nurses",))
    )
    index = SearchIndex([A_HOSPITAL[0], titled])

    assert {match.session.code for match in index.find("nurses")} == {"SEP-1", "HH"}
