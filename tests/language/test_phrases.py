"""What people type, in the spellings they type it, and what must not be taken for a command."""

from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.calendar import Calendar, When
from language.commands import (
    Book,
    Cancel,
    CancelSession,
    ChannelHighlights,
    Command,
    Find,
    ForgetMe,
    Greeting,
    Help,
    Highlights,
    HowItWent,
    HubList,
    MyBookings,
    MyData,
    No,
    Nudges,
    PlanWeek,
    Resources,
    Thanks,
    WhatsOn,
    WhatWasSent,
    WhoIsUnreached,
    Yes,
)
from language.phrases import ordinal, parse

MONDAY = date(2026, 5, 18)
CALENDAR = Calendar(today=MONDAY, days=frozenset(MONDAY + timedelta(days=n) for n in range(5)))

TODAY = When(first=MONDAY, last=MONDAY)
TOMORROW = When(first=date(2026, 5, 19), last=date(2026, 5, 19))
THURSDAY = When(first=date(2026, 5, 21), last=date(2026, 5, 21))
THURSDAY_AFTERNOON = When(
    first=date(2026, 5, 21), last=date(2026, 5, 21), start=time(12), end=time(17, 30)
)
THIS_WEEK = When(first=MONDAY, last=date(2026, 5, 24))


def meaning(text: str) -> Command:
    return parse(text, CALENDAR)


PHRASES: list[tuple[str, Command]] = [
    ("what's on", WhatsOn()),
    ("what's on today", WhatsOn(TODAY)),
    ("what's on tomorrow", WhatsOn(TOMORROW)),
    ("what's on Thursday", WhatsOn(THURSDAY)),
    ("what's on this week", WhatsOn(THIS_WEEK)),
    ("what's on on 19 May", WhatsOn(TOMORROW)),
    ("what's on Thursday afternoon", WhatsOn(THURSDAY_AFTERNOON)),
    ("find mentoring", Find("mentoring")),
    ("mentoring", Find("mentoring", asked=False)),
    ("book GM1", Book("gm1")),
    ("book growth mindset", Book("growth mindset")),
    ("book the second one", Book("the second one")),
    ("cancel GM1", Cancel("gm1")),
    ("cancel the second one", Cancel("the second one")),
    ("my bookings", MyBookings()),
    ("resources", Resources()),
    ("plan my week", PlanWeek()),
    ("nudges on", Nudges(True)),
    ("nudges off", Nudges(False)),
    ("send me highlights", Highlights(True)),
    ("stop highlights", Highlights(False)),
    ("my data", MyData()),
    ("forget me", ForgetMe()),
    ("help", Help()),
    ("post highlights here", ChannelHighlights(True)),
    ("stop highlights here", ChannelHighlights(False)),
]
SPELLINGS = [
    "{}",
    "{}?",
    "{}!!!",
    "{} .",
    "{};",
    "  {}  ",
    "{} please",
    "{}, please.",
    "{} thanks!",
    "please {}",
    "Please, {}",
    "can you {}?",
    "could you please {}",
    "hi, {}",
    "Hello there, {} please",
    "Good morning! {}",
    "hey Learnweek, {}",
    "OK {}",
    "thanks, {}",
    "i'd like to {}",
    "I’d like to {}",
]


@pytest.mark.parametrize(("phrase", "command"), PHRASES)
def test_every_phrase_is_understood_however_it_is_written(phrase: str, command: Command):
    is_topic = command == Find("mentoring", asked=False)
    spellings = [s for s in SPELLINGS if not (is_topic and s[0] not in "{ ")]

    written = [s.format(phrase) for s in spellings]
    written += [phrase.upper(), phrase.title(), phrase.replace(" ", "   "), f"\n{phrase}\n"]
    written += [phrase.replace("'", mark) for mark in "’‘`"]

    assert {w: meaning(w) for w in written} == dict.fromkeys(written, command)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        # What is on.
        ("whats on", WhatsOn()),
        ("what is on today", WhatsOn(TODAY)),
        ("what's happening on thursday", WhatsOn(THURSDAY)),
        ("what's going on today", WhatsOn(TODAY)),
        ("what's coming up", WhatsOn()),
        ("what's next", WhatsOn()),
        ("today", WhatsOn(TODAY)),
        ("thursday afternoon", WhatsOn(THURSDAY_AFTERNOON)),
        ("19 May", WhatsOn(TOMORROW)),
        ("the 21st", WhatsOn(THURSDAY)),
        ("programme", WhatsOn()),
        ("show me the programme", WhatsOn()),
        ("the whole programme please", WhatsOn()),
        ("what's the plan for thursday", WhatsOn(THURSDAY)),
        ("schedule for tomorrow", WhatsOn(TOMORROW)),
        ("list all sessions", WhatsOn()),
        ("sessions on thursday", WhatsOn(THURSDAY)),
        ("show me today", WhatsOn(TODAY)),
        ("show me what's on today", WhatsOn(TODAY)),
        ("tell me what's on today", WhatsOn(TODAY)),
        ("let's see what's on today", WhatsOn(TODAY)),
        ("what have you got tomorrow", WhatsOn(TOMORROW)),
        ("today's sessions", WhatsOn(TODAY)),
        ("Thursday’s programme", WhatsOn(THURSDAY)),
        ("anything on thursday?", WhatsOn(THURSDAY)),
        ("is there anything on today", WhatsOn(TODAY)),
        ("good morning, what's on today", WhatsOn(TODAY)),
        # What is on about something.
        ("what's on today about mentoring", WhatsOn(TODAY, "mentoring")),
        ("mentoring on thursday", WhatsOn(THURSDAY, "mentoring")),
        ("mentoring this week", WhatsOn(THIS_WEEK, "mentoring")),
        ("sessions about mentoring on Thursday", WhatsOn(THURSDAY, "mentoring")),
        # Looking for something.
        ("find me something on mentoring", Find("mentoring")),
        ("find a session about mentoring", Find("mentoring")),
        ("search for mentoring", Find("mentoring")),
        ("look for mentoring", Find("mentoring")),
        ("show me mentoring", Find("mentoring")),
        ("anything on mentoring?", Find("mentoring")),
        ("is there anything about mentoring", Find("mentoring")),
        ("sessions about mentoring", Find("mentoring")),
        ("what's on about mentoring", Find("mentoring")),
        ("find mentoring on thursday", Find("mentoring", THURSDAY)),
        ("anything about mentoring tomorrow?", Find("mentoring", TOMORROW)),
        ("find", WhatsOn()),
        ("find something", WhatsOn()),
        # Booking.
        ("book", Book("")),
        ("book a session", Book("")),
        ("book me a place", Book("")),
        ("book it", Book("it")),
        ("Book “Growth mindset”", Book("growth mindset")),
        ("book me on GM1", Book("gm1")),
        ("book me onto GM1", Book("gm1")),
        ("book me in for GM1", Book("gm1")),
        ("book me a place on GM1", Book("gm1")),
        ("book a seat at GM1", Book("gm1")),
        ("can you book me GM1", Book("gm1")),
        ("book the session on growth mindset", Book("growth mindset")),
        ("book session 2", Book("session 2")),
        ("sign me up for GM1", Book("gm1")),
        ("reserve a seat on GM1", Book("gm1")),
        ("register for GM1", Book("gm1")),
        ("enrol me on GM1", Book("gm1")),
        ("put me down for GM1", Book("gm1")),
        ("join GM1", Book("gm1")),
        # Giving back.
        ("cancel", Cancel("")),
        ("cancel it", Cancel("it")),
        ("cancel my booking", Cancel("")),
        ("cancel my bookings", Cancel("")),
        ("cancel my booking on GM1", Cancel("gm1")),
        ("cancel my place for GM1", Cancel("gm1")),
        ("cancel my placement support", Cancel("my placement support")),
        ("unbook GM1", Cancel("gm1")),
        ("drop GM1", Cancel("gm1")),
        ("give back GM1", Cancel("gm1")),
        ("give up my place on GM1", Cancel("gm1")),
        ("cancel session GM1", CancelSession("gm1")),
        ("call off the session GM1", CancelSession("gm1")),
        ("who can't be reached?", WhoIsUnreached()),
        ("Who cannot be reached", WhoIsUnreached()),
        ("who can you not reach", Find("who can you not reach", asked=False)),
        ("unreachable people", WhoIsUnreached()),
        ("what is wrong with the hub list?", HubList()),
        ("What's wrong with the SharePoint list", HubList()),
        ("show me the faults in the hub list", HubList()),
        ("how is the hub list", HubList()),
        ("hub list", HubList()),
        ("what was sent?", WhatWasSent()),
        ("What has been sent", WhatWasSent()),
        ("what did you send?", WhatWasSent()),
        ("what have you sent out", WhatWasSent()),
        ("tell me what was sent", WhatWasSent()),
        ("deliveries", WhatWasSent()),
        ("show me the deliveries", WhatWasSent()),
        ("latest deliveries", WhatWasSent()),
        ("delivery report", WhatWasSent()),
        ("report", HowItWent()),
        ("Show me the report, please", HowItWent()),
        ("the report for the week", HowItWent()),
        ("figures for the learning week", HowItWent()),
        ("how did the week go?", HowItWent()),
        ("How is the week going so far", HowItWent()),
        ("what did the week achieve?", HowItWent()),
        ("cancel the whole session growth mindset", CancelSession("growth mindset")),
        # One's own.
        ("show me my bookings", MyBookings()),
        ("what are my bookings", MyBookings()),
        ("my booking", MyBookings()),
        ("bookings", MyBookings()),
        ("what have I booked?", MyBookings()),
        ("what am I booked on", MyBookings()),
        ("show me the resources", Resources()),
        ("self-paced", Resources()),
        ("what do you know about me?", MyData()),
        ("show me my data", MyData()),
        ("delete my data", ForgetMe()),
        # Settings.
        ("turn nudges off", Nudges(False)),
        ("turn off my nudges", Nudges(False)),
        ("stop nudging me", Nudges(False)),
        ("don’t nudge me", Nudges(False)),
        ("turn on nudges", Nudges(True)),
        ("send me the daily highlights", Highlights(True)),
        ("stop sending me highlights", Highlights(False)),
        ("no more highlights", Highlights(False)),
        ("post the daily highlights in this channel", ChannelHighlights(True)),
        ("stop posting highlights here", ChannelHighlights(False)),
        # Talk.
        ("", Help()),
        ("  ", Help()),
        ("?", Help()),
        ("???", Help()),
        ("help me", Help()),
        ("what can you do?", Help()),
        ("hi", Greeting()),
        ("Hello there!", Greeting()),
        ("good morning", Greeting()),
        ("hello Learnweek", Greeting()),
        ("thanks", Thanks()),
        ("Thank you so much!", Thanks()),
        ("thanks for the reminder", Thanks()),
        ("yes", Yes()),
        ("Yes please", Yes()),
        ("yes, book it anyway", Yes()),
        ("yes, book GM1", Book("gm1")),
        ("ok", Yes()),
        ("no", No()),
        ("No thanks.", No()),
        ("never mind", No()),
        ("keep it", No()),
    ],
)
def test_other_words_for_the_same_are_understood(text: str, command: Command):
    assert meaning(text) == command


@pytest.mark.parametrize(
    "text",
    [
        # They look like days.
        *("march through the list", "second thoughts on feedback", "i am nervous about presenting"),
        *("lunch and learn", "morning routines", "night shifts", "may i present", "sun safety"),
        *("21st century skills", "24/7 services", "working at night", "31 feb", "5/19"),
        # They look like commands.
        *("drop in sessions", "drop-in clinic", "give up smoking", "give back to the community"),
        *("programme management", "schedule planning tools", "session planning", "bookkeeping"),
        *("helping others", "nudge theory", "highlights of the year", "forget-me-not"),
        *("resourcefulness", "data protection", "notes", "not enough time"),
        *("delivering feedback", "delivery", "what to send to customers", "sent to coventry"),
        *("finding your voice", "cancellation policy", "stopping harassment", "hierarchy"),
        *("thanksgiving", "hidden disabilities", "okr", "no one left behind", "my career"),
        # They are just words.
        *("gm1", "growth mindset", "i can't say no", "excel for people who hate excel", "é ü 你好"),
        *("second one", "the last one", "number 2", "2", "#2", "the 3rd one", "3rd"),
    ],
)
def test_words_that_are_no_command_are_looked_for_whole(text: str):
    assert meaning(text) == Find(text, asked=False)


def test_what_comes_after_the_longest_wish_is_not_read():
    assert meaning("book " + "x" * 500) == Book("x" * 195)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("the first one", 1),
        ("first", 1),
        ("1", 1),
        ("1st", 1),
        ("one", 1),
        ("The second one, please", 2),
        ("second", 2),
        ("number two", 2),
        ("number 2", 2),
        ("no. 2", 2),
        ("no 2", 2),
        ("#2", 2),
        ("option 2", 2),
        ("the 2nd", 2),
        ("the 2nd option", 2),
        ("2", 2),
        ("the third session", 3),
        ("the 3rd one!", 3),
        ("the tenth", 10),
        ("12", 12),
        ("last", -1),
        ("the last one", -1),
    ],
)
def test_an_ordinal_is_a_place_in_the_list_just_shown(text: str, number: int):
    assert ordinal(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "00", "100", "-1", "1.5", "GM1", "the", "number", "no", "no one"),
        *("second thoughts", "the second one about feedback", "first aid", "one to one", "2 May"),
        *("the first and the second", "twenty-first", "at last"),
    ],
)
def test_other_words_are_no_ordinal(text: str):
    assert ordinal(text) is None


words = st.sampled_from(
    "what's on today thursday the 19th of may book cancel my booking find me something about please "
    "thanks ! ? ,,, ok hi session programme highlights here stop nudges off yes no".split()
)


@given(
    st.one_of(
        st.text(max_size=5000),
        st.lists(words, max_size=900).map(" ".join),
        st.lists(words, max_size=900).map("".join),
        st.builds(lambda mark, times, end: mark * times + end, words, st.integers(1, 999), words),
    )
)
@example("!" * 150 + "x")
@example("? ! " * 40 + "x")
@example("please " * 700)
@example("hi " * 66 + "x")
def test_any_text_means_something(text: str):
    assert meaning(text) is not None


@given(st.text(max_size=300))
def test_case_and_outer_space_change_nothing(text: str):
    assert meaning(f" {text.casefold()} "[:200]) == meaning(text.casefold()[:199])
