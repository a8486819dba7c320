"""What people say in their own words, and what it means after what they were shown; without a model."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.calendar import Calendar, When
from language.commands import (
    Another,
    Book,
    Cancel,
    Command,
    Find,
    ForgetMe,
    Greeting,
    Help,
    Highlights,
    Human,
    More,
    MyBookings,
    MyData,
    No,
    Nudges,
    Resources,
    Several,
    Snooze,
    Than,
    Thanks,
    Wanted,
    WhatsOn,
    Yes,
)
from language.context import Context
from language.understanding import at_once, understand
from tests.language.test_phrases import CALENDAR, MONDAY, PHRASES, SPELLINGS


def on(day: int, start: time | None = None, end: time | None = None) -> When:
    return When(first=date(2026, 5, day), last=date(2026, 5, day), start=start, end=end)


TODAY, TOMORROW, WEDNESDAY, THURSDAY = on(18), on(19), on(20), on(21)

NOTHING = Context(calendar=CALENDAR)
A_LIST = Context(calendar=CALENDAR, asked=WhatsOn(TODAY), shown=3)
A_CARD = Context(calendar=CALENDAR, asked=Find("mentoring"), shown=1)
SHOWN = (A_LIST, A_CARD)


def found(text: str) -> Find:
    return Find(text, asked=False)


# --- fixed phrases ----------------------------------------------------------------------------


@pytest.mark.parametrize("context", [NOTHING, A_LIST, A_CARD])
@pytest.mark.parametrize(("phrase", "command"), PHRASES)
def test_a_fixed_phrase_wins_whatever_was_shown(phrase: str, command: Command, context: Context):
    is_topic = command == found("mentoring")
    written = [s.format(phrase) for s in SPELLINGS if not (is_topic and s[0] not in "{ ")]

    meant = {w: understand(w, context) for w in written}

    assert meant == dict.fromkeys(written, command)


@pytest.mark.parametrize(
    ("text", "command"), [(text, c) for text, c in PHRASES if c != found("mentoring")]
)
def test_no_fixed_phrase_takes_a_model(text: str, command: Command):
    def never(_: str) -> dict[object, float]:
        raise AssertionError

    context = Context(calendar=CALENDAR, wishes=never, fit=never)  # pyright: ignore[reportArgumentType]

    assert at_once(text, context) == understand(text, context) == command


@pytest.mark.parametrize("text", ["mentoring", "i go red when i speak", "anything on mentoring?"])
def test_what_may_mean_more_than_it_says_is_left_to_the_model(text: str):
    assert at_once(text, NOTHING) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cancle gm1", Cancel("gm1")),
        ("cancell my booking on gm1", Cancel("gm1")),
        ("boook gm1", Book("gm1")),
        ("bok gm1 plz", Book("gm1")),
        ("whta's on", WhatsOn()),
        ("wats on tomorrow", WhatsOn(TOMORROW)),
        ("my bookngs", MyBookings()),
        ("my bokings", MyBookings()),
        ("programe", WhatsOn()),
        ("resorces", Resources()),
        ("hlep", Help()),
        ("turn nugdes off", Nudges(False)),
        ("highlihgts off", Highlights(False)),
    ],
)
def test_a_misspelt_command_is_still_one(text: str, command: Command):
    assert understand(text, NOTHING) == command


@pytest.mark.parametrize("text", ["nudge theory", "cancer awareness", "bookkeeping", "obsession"])
def test_a_word_that_is_near_to_a_command_is_none(text: str):
    assert understand(text, NOTHING) == found(text)


# --- a place, and giving it up, in other words -----------------------------------------------


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("squeeze me into gm1", Book("gm1")),
        ("pop me down for growth mindset", Book("growth mindset")),
        ("count me in for yoga", Book("yoga")),
        ("can i come to gm1?", Book("gm1")),
        ("i'd love to go to growth mindset", Book("growth mindset")),
        ("save me a place on gm1 please", Book("gm1")),
        ("take me off gm1", Cancel("gm1")),
        ("i can't make gm1 any more", Cancel("gm1")),
        ("sorry, not able to make it to gm1", Cancel("gm1")),
        ("i need to pull out of growth mindset", Cancel("growth mindset")),
        ("i no longer want growth mindset", Cancel("growth mindset")),
        ("knock gm1 on the head", Cancel("gm1")),
    ],
)
def test_a_place_is_wanted_or_given_up_in_other_words(text: str, command: Command):
    assert understand(text, NOTHING) == command


@pytest.mark.parametrize(
    "text",
    [
        "i want to speak to a person",
        "can i talk to someone about access?",
        "who do i contact about a hearing loop",
        "who should i ask about parking",
        "who's the best person for access needs",
        "who is in charge of the whole thing?",
        "i want to make a complaint",
    ],
)
@pytest.mark.parametrize("context", [NOTHING, A_LIST, A_CARD])
def test_a_person_is_asked_for(text: str, context: Context):
    assert understand(text, context) == Human()


@pytest.mark.parametrize(
    "text", ["people skills", "talking to people", "complaints handling", "contact centre"]
)
def test_a_subject_about_people_is_looked_for(text: str):
    assert understand(text, NOTHING) == found(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("remind me in an hour", Snooze(after=timedelta(hours=1))),
        ("remind me tomorrow", Snooze(TOMORROW)),
        ("snooze", Snooze()),
    ],
)
def test_a_reminder_is_asked_for(text: str, command: Command):
    assert understand(text, NOTHING) == command


# --- several things ----------------------------------------------------------------------------

BOOK_AND_CANCEL = Several((Book("gm1"), Cancel("pb1")))


@pytest.mark.parametrize(
    "text",
    [
        "book gm1 and cancel pb1",
        "Book GM1, cancel PB1!",
        "book gm1; cancel pb1",
        "book gm1. then cancel pb1",
        "book gm1 then cancel pb1",
        "book gm1 & cancel pb1",
        "book gm1, and also can you cancel pb1 please?",
        "please book gm1 but cancel pb1",
        "hi, book gm1 and then unbook pb1",
        "thanks, book gm1 and drop pb1",
        "book gm1, oh and cancel my place on pb1",
        "boook gm1 and cancle pb1",
        "sign me up for gm1 plus take me off pb1",
    ],
)
def test_two_things_are_two_however_they_are_joined(text: str):
    assert at_once(text, NOTHING) == BOOK_AND_CANCEL


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("book gm1 and re1", (Book("gm1"), Book("re1"))),
        ("book gm1, re1 and xl2", (Book("gm1"), Book("re1"), Book("xl2"))),
        ("book gm1 and re1 and xl2", (Book("gm1"), Book("re1"), Book("xl2"))),
        ("cancel gm1 plus pb1", (Cancel("gm1"), Cancel("pb1"))),
        ("book the first and the third", (Book("the first"), Book("the third"))),
        (
            "book growth mindset and the resilience one",
            (Book("growth mindset"), Book("the resilience one")),
        ),
        ("book gm1, re1 and cancel pb1", (Book("gm1"), Book("re1"), Cancel("pb1"))),
        (
            "book gm1, re1 and where is it",
            (Book("gm1"), Book("re1"), found("where is it")),
        ),
    ],
)
def test_one_verb_counts_for_all_that_are_named(text: str, commands: tuple[Command, ...]):
    assert understand(text, NOTHING) == Several(commands)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("book gm1. what's on tomorrow?", (Book("gm1"), WhatsOn(TOMORROW))),
        ("book gm1 and tell me where it is", (Book("gm1"), found("tell me where it is"))),
        ("find mentoring and book gm1", (Find("mentoring"), Book("gm1"))),
        ("cancel gm1 and show my bookings", (Cancel("gm1"), MyBookings())),
        ("my bookings, then cancel gm1", (MyBookings(), Cancel("gm1"))),
        ("nudges off and highlights off", (Nudges(False), Highlights(False))),
        ("book it and remind me tomorrow", (Book("it"), Snooze(TOMORROW))),
        ("what's on today and what's on tomorrow", (WhatsOn(TODAY), WhatsOn(TOMORROW))),
        ("cancel gm1 and forget me", (Cancel("gm1"), ForgetMe())),
        (
            "book gm1 then cancel pb1 and show my bookings",
            (Book("gm1"), Cancel("pb1"), MyBookings()),
        ),
    ],
)
def test_each_thing_is_understood_by_itself(text: str, commands: tuple[Command, ...]):
    assert understand(text, NOTHING) == Several(commands)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("thanks, what's on tomorrow", WhatsOn(TOMORROW)),
        ("hello and book gm1", Book("gm1")),
        ("no, and cancel gm1", Cancel("gm1")),
        ("yes, book gm1", Book("gm1")),
        ("yes, book it anyway", Yes()),
        ("ok thanks, my bookings", MyBookings()),
    ],
)
def test_politeness_beside_something_else_is_only_that(text: str, command: Command):
    assert understand(text, NOTHING) == command


@pytest.mark.parametrize(
    "title",
    [
        "menopause and wellbeing at work",
        "research and development",
        "equality, diversity and inclusion",
        "show and tell",
        "stop and think",
        "start, stop, continue",
        "find your voice and use it",
        "plan, do and send",
        "help and hope",
        "drop in and chat",
        "difficult conversations, begun well",
    ],
)
def test_a_title_with_and_in_it_is_one_thing(title: str):
    assert understand(f"book {title}", NOTHING) == Book(title)
    assert understand(f"cancel {title}", NOTHING) == Cancel(title)


@pytest.mark.parametrize(
    "text", ["health and safety", "supply and demand", "lunch and learn", "lead and move people"]
)
def test_a_subject_with_and_in_it_is_one_thing(text: str):
    assert understand(text, NOTHING) == found(text)
    assert understand(f"find {text}", NOTHING) == Find(text)


@pytest.mark.parametrize(
    "text",
    [
        "swap gm1 for re1",
        "please swap gm1 with re1",
        "switch me from gm1 to re1",
        "can you move me from gm1 to re1?",
        "change my booking from gm1 to re1",
        "could you move my place from gm1 onto re1",
    ],
)
def test_a_swap_gives_one_back_and_books_the_other(text: str):
    assert at_once(text, NOTHING) == Several((Cancel("gm1"), Book("re1")))


@pytest.mark.parametrize(
    "text",
    [
        "switch off to sleep better",
        "move more to feel better",
        "move up to leadership",
        "swap shop",
        "change career to coaching",
        "switch careers into management",
        "move house for work",
        "change for good",
        "moving from anger to calm",
    ],
)
def test_a_wish_to_change_is_no_swap(text: str):
    assert understand(text, NOTHING) == found(text)


@pytest.mark.parametrize(
    "text", ["book gm1 re1", "book gm1, re1", "book gm1 and re1", "book gm1 & re1"]
)
def test_codes_one_after_the_other_are_several(text: str):
    assert at_once(text, NOTHING) == Several((Book("gm1"), Book("re1")))
    assert at_once(f"{text.replace('book', 'cancel')}, xl1", NOTHING) == Several(
        (Cancel("gm1"), Cancel("re1"), Cancel("xl1"))
    )


@pytest.mark.parametrize(
    "title",
    ["money and how to save it", "feedback and when to give it", "power and what to do with it"],
)
def test_how_to_do_something_is_part_of_a_title(title: str):
    assert understand(f"book {title}", NOTHING) == Book(title)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("anything on dyslexia? and stop reminding me", (Find("dyslexia"), Nudges(False))),
        ("get me on gm1 then list what i've got", (Book("gm1"), MyBookings())),
        ("take me off gm1 and show me what's on thursday", (Cancel("gm1"), WhatsOn(THURSDAY))),
        ("what did i book and what else is on thursday", (MyBookings(), WhatsOn(THURSDAY))),
        ("delete my data and no more reminders either", (ForgetMe(), Nudges(False))),
    ],
)
def test_a_question_and_a_command_are_both_heard(text: str, commands: tuple[Command, ...]):
    assert understand(text, NOTHING) == Several(commands)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("which ones did i bag a place on", MyBookings()),
        ("list everything i've got", MyBookings()),
        ("no leave it", No()),
        ("nah, keep what i have", No()),
        ("don't send me any more highlights", Highlights(False)),
        ("get rid of the highlights", Highlights(False)),
        ("sign me up for the daily highlights", Highlights(True)),
        ("stop reminding me every 5 mins", Nudges(False)),
        ("give me nudges", Nudges(True)),
        ("do you keep a record of what i've looked at", MyData()),
        ("is there somebody i can ring", Human()),
        ("shout me again in 20 mins", Snooze(None, timedelta(minutes=20))),
    ],
)
def test_there_are_many_ways_to_say_it(text: str, command: Command):
    assert at_once(text, NOTHING) == command or understand(text, NOTHING) == command


@pytest.mark.parametrize(
    "text",
    ["remind me about excel", "don't remind me about excel", "scrap metal", "bin collections"],
)
def test_what_only_sounds_like_a_command_does_nothing(text: str):
    assert not isinstance(understand(text, NOTHING), Nudges | Highlights | Cancel)


# --- what follows on ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("what about tomorrow?", TOMORROW),
        ("and wednesday", WEDNESDAY),
        ("ok, how about thursday", THURSDAY),
        ("thursday instead", THURSDAY),
        ("no, thursday", THURSDAY),
        ("sorry, I meant Thursday", THURSDAY),
        ("actually tomorrow", TOMORROW),
        ("not today, tomorrow", TOMORROW),
        ("make it thursday", THURSDAY),
        ("or thursday then", THURSDAY),
        ("what about thursday instead", THURSDAY),
    ],
)
def test_another_day_asks_the_same_for_it(text: str, when: When):
    assert [understand(text, c) for c in SHOWN] == [WhatsOn(when), WhatsOn(when, "mentoring")]


@pytest.mark.parametrize(
    "text", ["and the day after?", "the next day", "what about the following day too"]
)
def test_the_day_after_is_asked_for_in_the_same_words(text: str):
    asked = Context(calendar=CALENDAR, asked=WhatsOn(TOMORROW, "excel"), shown=3)
    assert understand(text, asked) == WhatsOn(WEDNESDAY, "excel")


@pytest.mark.parametrize(
    "text", ["the week after", "what about next week", "and the week after that"]
)
def test_the_week_after_begins_on_its_monday(text: str):
    asked = Context(calendar=CALENDAR, asked=WhatsOn(THURSDAY), shown=3)
    week = When(first=date(2026, 5, 25), last=date(2026, 5, 31))
    assert understand(text, asked) == WhatsOn(week)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("book the middle one", Book("number 2")),
        ("cancel the last but one", Cancel("number 2")),
        ("the bottom one", Find("number 3", asked=False)),
        ("sign me up to the first and last of them", Several((Book("first"), Book("last")))),
        ("cancel the first and the third", Several((Cancel("the first"), Cancel("the third")))),
        ("go with thursday's please", Book("the thursday one")),
        ("second one down looks good, get me a place", Book("second")),
    ],
)
def test_places_in_the_list_name_what_is_meant(text: str, command: Command):
    assert understand(text, A_LIST) == command


@pytest.mark.parametrize(
    "text",
    [
        "count me in",
        "love that. count me in",
        "as long as it's dry lol, put me on the list",
        "get me a place",
    ],
)
def test_who_wants_the_one_that_is_shown_books_it(text: str):
    assert understand(text, A_CARD) == Book("that one")


def test_what_else_was_asked_for_is_kept_with_another_day():
    asked = WhatsOn(TODAY, "excel", frozenset({Wanted.TEAMS}))
    context = Context(calendar=CALENDAR, asked=asked, shown=2)

    assert understand("what about tomorrow", context) == WhatsOn(
        TOMORROW, "excel", frozenset({Wanted.TEAMS})
    )


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("just the afternoon", time(12), time(17, 30)),
        ("only mornings", None, time(12)),
        ("sorry, the afternoon", time(12), time(17, 30)),
    ],
)
def test_a_part_of_the_day_is_one_of_the_day_asked_for(
    text: str, start: time | None, end: time | None
):
    assert understand(text, A_LIST) == WhatsOn(on(18, start, end))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("only in person", Wanted.IN_PERSON),
        ("which ones are online", Wanted.ONLINE),
        ("which of these are on teams", Wanted.TEAMS),
        ("just with places left", Wanted.PLACES_LEFT),
    ],
)
def test_another_kind_asks_the_same_for_it(text: str, wanted: Wanted):
    kind = frozenset({wanted})

    assert [understand(text, c) for c in SHOWN] == [
        WhatsOn(TODAY, wanted=kind),
        WhatsOn(None, "mentoring", kind),
    ]


@pytest.mark.parametrize(
    "text", ["what about excel", "ok, how about excel?", "what about for excel"]
)
def test_another_subject_is_looked_for(text: str):
    assert [understand(text, c) for c in SHOWN] == [Find("excel"), Find("excel")]


@pytest.mark.parametrize(
    "text",
    [
        *("more", "any others?", "show me more", "what else is there", "anything else"),
        *("next page", "keep going", "show me the rest", "is that all?", "more like this"),
        *("are there any other options", "more please"),
    ],
)
def test_more_of_it_is_asked_for(text: str):
    assert [understand(text, c) for c in SHOWN] == [More(), More()]


@pytest.mark.parametrize(
    ("text", "than"),
    [
        ("is there another time?", Than.ANOTHER_TIME),
        ("any other dates", Than.ANOTHER_TIME),
        ("can't do that day", Than.ANOTHER_TIME),
        ("does it run again", Than.ANOTHER_TIME),
        ("is that the only time it's on", Than.ANOTHER_TIME),
        ("is there another session on a different day", Than.ANOTHER_TIME),
        ("anything shorter?", Than.SHORTER),
        ("something a bit quicker", Than.SHORTER),
        ("that's too long", Than.SHORTER),
        ("a longer one", Than.LONGER),
        ("bit too short for me", Than.LONGER),
        ("have you got anything earlier", Than.EARLIER),
        ("too late", Than.EARLIER),
        ("something later in the day", Than.LATER),
        ("too early for me", Than.LATER),
        ("sorry, that's far too early for me", Than.LATER),
    ],
)
def test_one_that_suits_better_is_asked_for(text: str, than: Than):
    assert [understand(text, c) for c in SHOWN] == [Another(than), Another(than)]


@pytest.mark.parametrize(
    "text",
    ["can't do thursday", "i'm off on wednesday", "sorry, i can't make tuesday"],
)
def test_a_day_that_does_not_suit_asks_for_another_time_of_the_session_shown(text: str):
    assert understand(text, A_CARD) == Another()


@pytest.mark.parametrize(
    "text",
    [
        *("where is it?", "who's running it", "tell me more", "when does it start", "what room"),
        *("how long is it", "is it recorded", "are there places left", "more info"),
    ],
)
def test_a_question_is_about_the_one_session_shown(text: str):
    assert understand(text, A_CARD) == found("that one")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("the first one", found("the first one")),
        ("2", found("2")),
        ("the bias one", found("the bias one")),
        ("no, the later one", found("the later one")),
        ("not that one, the other one", found("the other one")),
        ("book the second", Book("the second")),
        ("i'll take it", Book("it")),
        ("do that one", Book("that one")),
        ("yes, i fancy the afternoon one", Book("the afternoon one")),
        ("sign me up for that", Book("that")),
        ("actually no, cancel that", Cancel("that")),
        ("oh wait, undo it", Cancel("it")),
        ("sorry, cancel my booking on gm1", Cancel("gm1")),
    ],
)
def test_one_of_those_shown_is_meant(text: str, command: Command):
    assert understand(text, A_LIST) == command


@pytest.mark.parametrize(
    "text", ["book them all", "book all of them", "book all three", "i'll have them all"]
)
def test_all_that_were_shown_are_booked(text: str):
    each = tuple(Book(f"number {n}") for n in (1, 2, 3))

    assert understand(text, A_LIST) == Several(each)


def test_no_more_than_a_handful_is_booked_at_once():
    many = Context(calendar=CALENDAR, asked=WhatsOn(TODAY), shown=8)

    meant = understand("cancel them all", many)

    assert meant == Several(tuple(Cancel(f"number {n}") for n in range(1, 6)))


@pytest.mark.parametrize("text", ["book both", "i'll have both"])
def test_both_are_two(text: str):
    two = Context(calendar=CALENDAR, asked=WhatsOn(TODAY), shown=2)

    assert understand(text, two) == Several((Book("number 1"), Book("number 2")))
    assert understand(text, A_LIST) == Book("both")


@pytest.mark.parametrize(
    "text",
    [
        *("any others", "more", "too early for me", "the later one", "where is it", "what else"),
        *("keep going", "more like this", "what about excel", "just the morning", "do that one"),
    ],
)
def test_what_follows_on_from_nothing_is_looked_for(text: str):
    assert understand(text, NOTHING) == found(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("what's on tomorrow", WhatsOn(TOMORROW)),
        ("find excel", Find("excel")),
        ("book gm1 and cancel pb1", BOOK_AND_CANCEL),
        ("forget me", ForgetMe()),
        ("ok, forget me", ForgetMe()),
        ("what do you know about me", MyData()),
        ("hello", Greeting()),
        ("thanks for that", Thanks()),
        ("no", No()),
        ("yes", Yes()),
    ],
)
def test_what_stands_for_itself_does_not_follow_on(text: str, command: Command):
    assert [understand(text, c) for c in (NOTHING, *SHOWN)] == [command] * 3


# --- a day in a story --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "someone shouted at me on the bus on my way to work on thursday",
        "my team keeps falling apart whenever the rota changes on a friday",
    ],
)
def test_a_day_in_a_story_is_no_day_to_look_at(text: str):
    assert understand(text, NOTHING) == found(text)


# --- anything ----------------------------------------------------------------------------------

WORDS = (
    "book cancel swap move from to gm1 re1 the first one and then also , . ; ! ? & it that both them all "
    "what about tomorrow thursday just only sorry i meant not too early for me can't make no yes thanks "
    "where is on teams online with places left remind me who do i contact more others something shorter"
).split()
CONTEXTS = st.builds(
    Context,
    calendar=st.just(Calendar(today=MONDAY, days=CALENDAR.days)),
    asked=st.sampled_from([None, WhatsOn(), WhatsOn(TODAY, "x"), Find("mentoring")]),
    shown=st.integers(0, 30),
)


@given(
    text=st.one_of(
        st.text(max_size=400),
        st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join),
        st.builds(lambda word, times: word * times, st.sampled_from(WORDS), st.integers(1, 200)),
    ),
    context=CONTEXTS,
)
@example(text="book a and " * 20, context=NOTHING)
@example(text="book gm1, " * 25, context=A_LIST)
@example(text="," * 200, context=A_CARD)
@example(text="no, " * 60, context=A_LIST)
def test_any_text_means_something_after_anything(text: str, context: Context):
    meant = understand(text, context)

    assert isinstance(meant, Command)
    assert at_once(text, context) in (None, meant)


# --- what follows on, in whole sentences -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("the one o'clock sounds up my street, sign us up", Book("the one o'clock one")),
        ("the later one would suit me, thank you kindly", Book("the later one")),
        ("evening suits me better, can u add me", Book("the evening one")),
        (
            "8.30s too early for me, id rather the other",
            Book("the other one than 8.30s too early for me"),
        ),
        (
            "not the death one. is there room on the other",
            found("the other one than not the death one"),
        ),
    ],
)
def test_one_of_two_is_chosen_by_what_is_said_of_it(text: str, command: Command):
    assert understand(text, replace(A_LIST, shown=2)) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("second one, please put me on", Book("second")),
        ("second one, what does that mean in practice", found("second one")),
        ("do you have to be a manager for the first one", found("the first one")),
        ("put me on all of them", Several(tuple(Book(f"number {n}") for n in (1, 2, 3)))),
        ("and the wednesday after that", WhatsOn(WEDNESDAY)),
        ("nah not for me, what else", More()),
    ],
)
def test_a_list_is_spoken_of_in_passing(text: str, command: Command):
    assert understand(text, A_LIST) == command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("yes please, that would be lovely", Book("that one")),
        ("go on then put me down", Book("that one")),
        ("ok book 👍", Book("that one")),
        ("actually no ive swapped shifts cancel it", Cancel("it")),
        ("actually nah let someone else have my seat", Cancel("it")),
        ("thats my whole morning gone, ill have to give mine up", Cancel("it")),
        ("cant make it then is it on again", Another()),
    ],
)
def test_a_card_is_answered_in_whole_sentences(text: str, command: Command):
    assert understand(text, A_CARD) == command


def test_a_part_of_the_day_is_that_of_the_day_asked_for():
    context = replace(A_LIST, asked=WhatsOn(TOMORROW))

    afternoon = replace(TOMORROW, start=time(12), end=time(17, 30))
    assert understand("and in the afternoon", context) == WhatsOn(afternoon)


TITLES = {
    "presenting": "Presenting with confidence",
    "hoarding": "Hoarding",
    "hoarding heirlooms": "Hoarding",
    "presenting and hoarding heirlooms": "Presenting and hoarding heirlooms",
    "dementia": "Dementia friends",
}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("book me on presenting and hoarding", Several((Book("presenting"), Book("hoarding")))),
        (
            "put me on hoarding n the dementia one if theres room",
            Several((Book("hoarding"), Book("dementia"))),
        ),
        ("hoarding and also dementia pls", Several((found("hoarding"), found("dementia")))),
        (
            "something on presenting comma and something on hoarding",
            Several((found("presenting"), found("hoarding"))),
        ),
        ("book hoarding and sheds", Book("hoarding and sheds")),
        ("presenting and presenting", found("presenting and presenting")),
        ("book presenting and hoarding heirlooms", Book("presenting and hoarding heirlooms")),
    ],
)
def test_two_sessions_that_are_named_are_two_wishes(text: str, command: Command):
    context = replace(NOTHING, named=lambda words: TITLES.get(words, ""))

    assert understand(text, context) == command


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cant make the sleep one any more, give my place to someone else", "the sleep one"),
        ("i can not come to pension, sorry, emergency", "pension"),
        ("cant make excel after all, something has come up on a case", "excel"),
        ("scrub me off the minutes one", "the minutes one"),
    ],
)
def test_why_somebody_cannot_come_names_no_session(text: str, what: str):
    assert understand(text, NOTHING) == Cancel(what)


@pytest.mark.parametrize("text", ["owt for them as cant do spreadsheets", "cant do any other day"])
def test_what_others_cannot_do_gives_no_place_up(text: str):
    assert not isinstance(understand(text, NOTHING), Cancel)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("turn my reminders back on", Nudges(True)),
        ("turn them nudges off while your at it", Nudges(False)),
        (
            "what's on the fifteenth question mark",
            WhatsOn(When(first=date(2026, 6, 15), last=date(2026, 6, 15))),
        ),
    ],
)
def test_it_is_said_in_other_words(text: str, command: Command):
    assert understand(text, NOTHING) == command
