"""Days as British people write them, and words that only look like days."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.calendar import Calendar, When
from language.when import read_when

MONDAY = date(2026, 5, 18)
WEEK = frozenset(MONDAY + timedelta(days=n) for n in range(5))
IN_THE_WEEK = Calendar(today=MONDAY, days=WEEK)
AT_NINE = Calendar(today=MONDAY, days=WEEK, now=time(9))
FORTNIGHT = frozenset(MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11))

MORNING = (None, time(12))
LUNCH = (time(12), time(14))
AFTERNOON = (time(12), time(17, 30))
EVENING = (time(17), None)
NIGHT = (time(18), None)


def may(number: int, part: tuple[time | None, time | None] = (None, None)) -> When:
    """That day of May 2026, or part of it."""
    day = date(2026, 5, number)
    return When(first=day, last=day, start=part[0], end=part[1])


def on(day: str) -> When:
    return When(first=date.fromisoformat(day), last=date.fromisoformat(day))


def days(first: str, last: str) -> When:
    return When(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("today", may(18)),
        ("Today", may(18)),
        ("now", may(18)),
        ("tomorrow", may(19)),
        ("tomorow", may(19)),
        ("tommorow", may(19)),
        ("tommorrow", may(19)),
        ("tmrw", may(19)),
        ("the day after tomorrow", may(20)),
        ("day after tomorrow", may(20)),
        ("yesterday", may(17)),
        # Weekdays: today counts, then the nearest on which something is on.
        ("Monday", may(18)),
        ("Tuesday", may(19)),
        ("tue", may(19)),
        ("tues", may(19)),
        ("wed", may(20)),
        ("Weds", may(20)),
        ("wednesdays", may(20)),
        ("thu", may(21)),
        ("thur", may(21)),
        ("Thurs", may(21)),
        ("on Thursday", may(21)),
        ("this thursday", may(21)),
        ("coming thursday", may(21)),
        ("fri", may(22)),
        ("sat", may(23)),
        ("sun", may(24)),
        ("next Thursday", may(28)),
        ("next monday", may(25)),
        # Dates with their month.
        ("19 May", may(19)),
        ("on 19 may", may(19)),
        ("19th May", may(19)),
        ("19th of May", may(19)),
        ("the 19th of May", may(19)),
        ("19 of may", may(19)),
        ("May 19", may(19)),
        ("May 19th", may(19)),
        ("May the 19th", may(19)),
        ("19 May 2026", may(19)),
        ("19 May, 2026", may(19)),
        ("May 19, 2026", may(19)),
        ("Tuesday 19 May", may(19)),
        ("Tues, 19th May 2026", may(19)),
        ("Tuesday the 19th of May", may(19)),
        ("19   May", may(19)),
        ("19 May 2027", on("2027-05-19")),
        ("3 sept", on("2026-09-03")),
        ("3 september", on("2026-09-03")),
        ("1 Dec", on("2026-12-01")),
        # Dates in figures, the day first.
        ("19/5", may(19)),
        ("19/05", may(19)),
        ("on 19/5", may(19)),
        ("Tuesday 19/5", may(19)),
        ("19/5/26", may(19)),
        ("19/05/2026", may(19)),
        ("19.05.2026", may(19)),
        ("2026-05-19", may(19)),
        ("2026-5-19", may(19)),
        ("5/6", on("2026-06-05")),
        # A day of this month, or of the next that has it.
        ("the 19th", may(19)),
        ("on the 19th", may(19)),
        ("19th", may(19)),
        ("thursday 21st", may(21)),
        ("Thursday the 21st", may(21)),
        ("the 31st", may(31)),
        ("the 2nd", on("2026-06-02")),
        # Weeks.
        ("this week", days("2026-05-18", "2026-05-24")),
        ("the week", days("2026-05-18", "2026-05-24")),
        ("all week", days("2026-05-18", "2026-05-24")),
        ("the whole week", days("2026-05-18", "2026-05-24")),
        ("next week", days("2026-05-25", "2026-05-31")),
        ("this weekend", days("2026-05-23", "2026-05-24")),
        ("at the weekend", days("2026-05-23", "2026-05-24")),
        ("next weekend", days("2026-05-30", "2026-05-31")),
        # Parts of a day.
        ("morning", may(18, MORNING)),
        ("this morning", may(18, MORNING)),
        ("in the morning", may(18, MORNING)),
        ("lunch", may(18, LUNCH)),
        ("at lunchtime", may(18, LUNCH)),
        ("this afternoon", may(18, AFTERNOON)),
        ("this arvo", may(18, AFTERNOON)),
        ("this evening", may(18, EVENING)),
        ("tonight", may(18, EVENING)),
        ("tomorrow morning", may(19, MORNING)),
        ("tomorrow in the afternoon", may(19, AFTERNOON)),
        ("Thursday afternoon", may(21, AFTERNOON)),
        ("thurs pm", may(21, AFTERNOON)),
        ("thurs am", may(21, MORNING)),
        ("tues night", may(19, NIGHT)),
        ("19 May at lunch", may(19, LUNCH)),
        ("19/5 in the evening", may(19, EVENING)),
        ("the 19th in the morning", may(19, MORNING)),
    ],
)
def test_a_text_that_is_all_days_leaves_nothing_over(text: str, when: When):
    assert read_when(text, IN_THE_WEEK) == (when, "")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        # Misspelt, and as on a phone.
        *[(text, may(21)) for text in ("thrusday", "thursdya", "on Thrusday", "thurs")],
        *[(text, may(20)) for text in ("wensday", "wendsday", "Wednsday", "weds")],
        *[(text, may(19)) for text in ("tusday", "2moro", "tomoz", "tomorrrow")],
        ("tonite", may(18, EVENING)),
        # Some days on.
        ("a week today", on("2026-05-25")),
        ("today week", on("2026-05-25")),
        ("a week tomorrow", on("2026-05-26")),
        ("a week on Thursday", on("2026-05-28")),
        ("Thursday week", on("2026-05-28")),
        ("a fortnight on Monday", on("2026-06-01")),
        ("fortnight today", on("2026-06-01")),
        ("in 3 days", may(21)),
        ("in two days time", may(20)),
        ("in a week", on("2026-05-25")),
        # From one day to another, or two of them.
        ("Tuesday to Thursday", days("2026-05-19", "2026-05-21")),
        ("tues-thurs", days("2026-05-19", "2026-05-21")),
        ("from Tuesday until Thursday", days("2026-05-19", "2026-05-21")),
        ("between the 19th and the 21st", days("2026-05-19", "2026-05-21")),
        ("19 to 21 May", days("2026-05-19", "2026-05-21")),
        ("19-21 May", days("2026-05-19", "2026-05-21")),
        ("the 19th to the 21st of May", days("2026-05-19", "2026-05-21")),
        ("Wednesday and Thursday", days("2026-05-20", "2026-05-21")),
        ("wed thurs", days("2026-05-20", "2026-05-21")),
        ("Friday to Monday", days("2026-05-22", "2026-05-25")),
        # Places in a week.
        ("the end of the week", days("2026-05-21", "2026-05-22")),
        ("later this week", days("2026-05-21", "2026-05-22")),
        ("the start of next week", days("2026-05-25", "2026-05-26")),
        ("midweek", days("2026-05-19", "2026-05-21")),
        ("the rest of the week", days("2026-05-18", "2026-05-24")),
        ("the week after next", days("2026-06-01", "2026-06-07")),
        ("this fortnight", days("2026-05-18", "2026-05-31")),
        ("the next fortnight", days("2026-05-18", "2026-05-31")),
        ("in the next 3 days", days("2026-05-18", "2026-05-20")),
        ("this month", days("2026-05-18", "2026-05-31")),
        ("in June", days("2026-06-01", "2026-06-30")),
        ("the last day", may(22)),
        ("on the first day", may(18)),
        ("day 3", may(20)),
        # Times of day: from, until, between, at.
        ("Tuesday after 2", may(19, (time(14), None))),
        ("Tuesday after 2pm", may(19, (time(14), None))),
        ("Tuesday from 14:30", may(19, (time(14, 30), None))),
        ("Tuesday from half past two", may(19, (time(14, 30), None))),
        ("Tuesday 2 onwards", may(19, (time(14), None))),
        ("before 10 on Tuesday", may(19, (None, time(10)))),
        ("Tuesday by noon", may(19, (None, time(12)))),
        ("Tuesday 9 til 11", may(19, (time(9), time(11)))),
        ("Tuesday between 1 and 4", may(19, (time(13), time(16)))),
        ("Tuesday 1-3pm", may(19, (time(13), time(15)))),
        ("Tuesday from 10 to 2", may(19, (time(10), time(14)))),
        ("Tuesday 7 to 9 in the evening", may(19, (time(19), time(21)))),
        ("Tuesday 9 in the morning", may(19, (time(9), time(9, 30)))),
        ("Tuesday at 2", may(19, (time(14), time(14, 30)))),
        ("Tuesday at quarter to three", may(19, (time(14, 45), time(15, 15)))),
        ("Tuesday half nine", may(19, (time(9, 30), time(10)))),
        ("Tuesday 1400", may(19, (time(14), time(14, 30)))),
        ("at 9.30", may(18, (time(9, 30), time(10)))),
        ("at half two", may(18, (time(14, 30), time(15)))),
        ("after 6", may(18, (time(18), None))),
        ("before lunch", may(18, MORNING)),
        ("after lunch on Tuesday", may(19, (time(13), None))),
        ("after work on Tuesday", may(19, (time(17), None))),
        ("first thing tomorrow", may(19, (None, time(10)))),
        ("Tuesday late afternoon", may(19, (time(15), time(17, 30)))),
        ("mornings", When(first=MONDAY, last=date(2026, 5, 24), end=time(12))),
        # From now on.
        ("in an hour", may(18, (time(9), time(10, 15)))),
        ("in half an hour", may(18, (time(9), time(9, 45)))),
        ("in the next hour", may(18, (time(9), time(10)))),
        ("within the next two hours", may(18, (time(9), time(11)))),
        ("the rest of today", may(18, (time(9), None))),
        ("later today", may(18, (time(9), None))),
    ],
)
def test_days_and_times_are_read_as_people_say_them(text: str, when: When):
    assert read_when(text, AT_NINE) == (when, "")


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("Tuesday or Friday", (date(2026, 5, 19), date(2026, 5, 22))),
        ("Tuesdays and Thursdays", (date(2026, 5, 19), date(2026, 5, 21))),
        ("not on Tuesday", tuple(date(2026, 5, n) for n in (18, 20, 21, 22))),
        ("any day but Friday", tuple(date(2026, 5, n) for n in (18, 19, 20, 21))),
    ],
)
def test_days_that_do_not_touch_are_only_those(text: str, only: tuple[date, ...]):
    when, rest = read_when(text, IN_THE_WEEK)

    assert when is not None
    assert (when.first, when.last, when.only, rest) == (only[0], only[-1], only, "")
    assert [d for d in sorted(WEEK) if when.covers(datetime.combine(d, time(9)))] == list(only)


def test_a_week_is_found_although_its_programme_lasts_two():
    calendar = Calendar(today=date(2026, 5, 13), days=FORTNIGHT)

    when, _ = read_when("the last day", calendar)

    assert when == on("2026-05-29")


@pytest.mark.parametrize(
    ("text", "when", "rest"),
    [
        ("mentoring on Thursday", may(21), "mentoring"),
        (
            "something about data wednesday after 2",
            may(20, (time(14), None)),
            "something about data",
        ),
        ("leadership friday, i finish at half 12", may(22, (time(12, 30), None)), "leadership ,"),
        (
            "bias next week in the afternoon",
            When(first=date(2026, 5, 25), last=date(2026, 5, 31), start=time(12), end=time(17, 30)),
            "bias",
        ),
        ("mentoring for thursday afternoon", may(21, AFTERNOON), "mentoring"),
        ("thursday mentoring", may(21), "mentoring"),
        ("tomorrow morning about excel", may(19, MORNING), "about excel"),
        ("Excel on 19/5 at lunch", may(19, LUNCH), "excel"),
        ("on Tuesday, 19 May: bias", may(19), ": bias"),
        ("feedback on the 20th with the coaches", may(20), "feedback with the coaches"),
        (
            "feedback in the morning",
            When(first=MONDAY, last=date(2026, 5, 24), end=time(12)),
            "feedback",
        ),
        ("feedback this morning", may(18, MORNING), "feedback"),
        ("feedback this week", days("2026-05-18", "2026-05-24"), "feedback"),
        ("lunch and learn on Thursday", may(21), "lunch and learn"),
        ("what am i doing on thursday", may(21), "what am i doing"),
        ("i am in on thursday", may(21), "i am in"),
    ],
)
def test_what_is_not_about_days_is_left_over(text: str, when: When, rest: str):
    assert read_when(text, IN_THE_WEEK) == (when, rest)


@pytest.mark.parametrize(
    "text",
    [
        *("", "mentoring", "GM1", "XL1", "room 2", "the second one", "a second of your time"),
        # Months, weekdays and parts of days as ordinary words.
        *("march through the list", "the march of AI", "may I present", "you may", "in may"),
        *("sat down with my manager", "sun safety", "sun awareness", "wedding planning", "money"),
        *("friends of the parks", "monitoring", "satisfaction", "lunch and learn", "lunch & learn"),
        *("morning routines", "night shifts", "working at night"),
        *("evening classes for carers", "nightmare customers", "weekend", "weekly planning"),
        # Numbers as ordinary words.
        *("second thoughts on feedback", "21st century skills", "the 21st century", "3rd sector"),
        *("the 3rd one", "my 2nd job", "24/7 services", "we work 24/7", "3/4 of people", "50/50"),
        *("level 2 after 2 years", "version 1.2", "version 1.2.3", "10.30", "1,000", "19"),
        # Days that there are not.
        *("31 Feb", "31 February 2026", "29 Feb 2026", "32 May", "0 May", "31/2", "31/02/2026"),
        *("5/19", "0/0", "99/99", "2026-13-01", "2026-02-30", "0000-01-01", "the 32nd", "0th"),
    ],
)
def test_words_that_only_look_like_days_are_left_alone(text: str):
    assert read_when(text, IN_THE_WEEK) == (None, text)


@pytest.mark.parametrize(
    ("today", "text", "when"),
    [
        # Early in the year a date is this year's, late in the year it may be the next one's.
        ("2026-12-28", "5 January", on("2027-01-05")),
        ("2026-12-28", "5/1", on("2027-01-05")),
        ("2026-12-28", "the 5th", on("2027-01-05")),
        ("2026-12-28", "30 December", on("2026-12-30")),
        ("2026-12-28", "28 December", on("2026-12-28")),
        ("2026-12-31", "tomorrow", on("2027-01-01")),
        ("2026-12-31", "next week", days("2027-01-04", "2027-01-10")),
        ("2026-12-31", "this week", days("2026-12-31", "2027-01-03")),
        ("2026-12-31", "27 December", on("2027-12-27")),
        ("2026-01-02", "28 December", on("2026-12-28")),
        ("2026-03-01", "29 Feb", on("2028-02-29")),
        ("2026-06-10", "the 31st", on("2026-07-31")),
        # The rest of a week that has begun.
        ("2026-05-20", "this week", days("2026-05-20", "2026-05-24")),
        ("2026-05-24", "this weekend", days("2026-05-24", "2026-05-24")),
        ("2026-05-24", "next week", days("2026-05-25", "2026-05-31")),
        ("2026-05-24", "next Thursday", on("2026-05-28")),
        ("2026-05-24", "tomorrow", on("2026-05-25")),
    ],
)
def test_days_are_judged_by_today(today: str, text: str, when: When):
    assert read_when(text, Calendar(today=date.fromisoformat(today))) == (when, "")


@pytest.mark.parametrize(
    ("today", "text", "when"),
    [
        # Weeks before: the Thursday of the learning week, not that of this one.
        ("2026-04-30", "Thursday", on("2026-05-21")),
        ("2026-04-30", "this Thursday", on("2026-04-30")),
        ("2026-04-30", "next Thursday", on("2026-05-07")),
        ("2026-04-30", "saturday", on("2026-05-02")),
        ("2026-04-30", "the 19th", on("2026-05-19")),
        ("2026-01-15", "the 19th", on("2026-05-19")),
        ("2026-01-15", "the 25th", on("2026-01-25")),
        # Within: a weekday that is past is the next one to come.
        ("2026-05-20", "Thursday", on("2026-05-21")),
        ("2026-05-20", "Monday", on("2026-05-25")),
        # After: what was is still found by its date, but not by its weekday.
        ("2026-05-29", "19 May", on("2026-05-19")),
        ("2026-05-29", "19/5", on("2026-05-19")),
        ("2026-05-29", "25 May", on("2027-05-25")),
        ("2026-05-29", "Tuesday", on("2026-06-02")),
    ],
)
def test_the_days_of_the_learning_week_come_first(today: str, text: str, when: When):
    calendar = Calendar(today=date.fromisoformat(today), days=WEEK)

    assert read_when(text, calendar) == (when, "")


@pytest.mark.parametrize(
    ("when", "local", "covered"),
    [
        (may(19), "2026-05-19T00:00", True),
        (may(19), "2026-05-19T23:59", True),
        (may(19), "2026-05-20T00:00", False),
        (days("2026-05-18", "2026-05-22"), "2026-05-22T18:00", True),
        (days("2026-05-18", "2026-05-22"), "2026-05-17T18:00", False),
        (may(19, AFTERNOON), "2026-05-19T11:59", False),
        (may(19, AFTERNOON), "2026-05-19T12:00", True),
        (may(19, AFTERNOON), "2026-05-19T17:29", True),
        (may(19, AFTERNOON), "2026-05-19T17:30", False),
        (may(19, EVENING), "2026-05-19T23:00", True),
        (may(19, MORNING), "2026-05-19T00:30", True),
    ],
)
def test_what_begins_in_these_days_is_covered(when: When, local: str, covered: bool):
    assert when.covers(datetime.fromisoformat(local)) == covered


def test_one_day_is_told_from_several():
    assert may(19).is_one_day
    assert not days("2026-05-18", "2026-05-22").is_one_day


words = st.sampled_from(
    "the on at in of this next week thursday sat 19 19th 31st 5/6 may march 2026 2026-05-19 morning "
    "am pm i lunch and learn tomorrow after day , . : mentoring".split()
)


@given(
    st.one_of(st.text(max_size=5000), st.lists(words, max_size=600).map(" ".join)),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)),
)
def test_any_text_is_read_or_left_alone(text: str, today: date):
    when, rest = read_when(text, Calendar(today=today, days=WEEK))

    assert when is None or when.first <= when.last
    assert when is not None or rest == text.strip()


@pytest.mark.parametrize(
    ("text", "when", "rest"),
    [
        ("stuck in a budget meeting till half 2", may(18, (time(14, 30), None)), ""),
        ("tied up with court until 11", may(18, (time(11), None)), ""),
        ("on shift till 3 on thursday", may(21, (time(15), None)), ""),
        ("lone working before 10 on thursday", may(21, (None, time(10))), "lone working"),
        ("i cant do anything before 10 tomorrow", may(19, (time(10), None)), "i"),
        ("dont start til half 9 so pensions tomorrow", may(19, (time(9, 30), None)), "so pensions"),
        ("im away this week, whats on the week after", days("2026-05-25", "2026-05-31"), ", whats"),
        ("what is there on the twentieth", may(20), "what is there"),
        ("pensions in the week of the 20th", days("2026-05-18", "2026-05-24"), "pensions"),
        ("w/c 18 may pensions", days("2026-05-18", "2026-05-24"), "pensions"),
        ("charts on wednesday before dinner", may(20, MORNING), "charts"),
        ("tomorrow after tea", may(19, (time(18), None)), ""),
        ("on my dinner break today", may(18, LUNCH), ""),
        ("not today. tues or wed", days("2026-05-19", "2026-05-20"), "."),
    ],
)
def test_days_and_times_are_said_in_passing(text: str, when: When, rest: str):
    assert read_when(text, IN_THE_WEEK) == (when, rest)


def test_the_second_week_is_the_second_of_what_is_on():
    calendar = Calendar(today=MONDAY, days=FORTNIGHT)

    assert read_when("week 2", calendar) == (days("2026-05-25", "2026-05-31"), "")
    assert read_when("the first week", calendar) == (days("2026-05-18", "2026-05-24"), "")
    assert read_when("week three", calendar) == (None, "week three")


@pytest.mark.parametrize("text", ["busy people today", "a busy day until now", "time off in lieu"])
def test_being_busy_is_no_time_of_day(text: str):
    when, _ = read_when(text, IN_THE_WEEK)

    assert when is None or (when.start, when.end) == (None, None)


def test_a_session_of_a_part_of_the_day_is_on_in_it():
    when, rest = read_when("evening session about racism", IN_THE_WEEK)

    assert when is not None
    assert ((when.start, when.end), rest) == (EVENING, "session about racism")
