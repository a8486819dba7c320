"""That every card is one that Teams takes, and says the right thing to the right person."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards import bookings, deliveries, hub_list, kit, notices, sayings, sessions, talk
from cards.kit import Card
from learning.bookings import Booking, BookingState
from learning.hub_list import Standing
from learning.mailings import Deliveries, Events, Mailing, Subject
from learning.notices import Kind
from learning.people import Unreached
from learning.sessions import Format, Session, SessionId, SessionState
from tests.support.card_parts import buttons, parts, shown_text
from tests.support.contracts import CARD_BYTES, card_faults
from tests.support.values import (
    HOUR,
    LONDON,
    NINE,
    TEN,
    a_booking,
    a_person_record,
    a_session,
)

BOOKED, OFFERED, WAITING, CANCELLED = (
    BookingState.BOOKED,
    BookingState.OFFERED,
    BookingState.WAITING,
    BookingState.CANCELLED,
)
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 5, 19)
DAY = timedelta(days=1)
LINK = "https://teams.example.org/join"
GONE = SessionState.CANCELLED

# The most that a programme file may say of a session.
LONGEST: dict[str, tuple[int, str]] = {
    "title": (200, ""),
    "summary": (4000, ""),
    "strand": (200, ""),
    "location": (500, ""),
    "audience": (500, ""),
    "link": (2000, "https://example.org/"),
}


A_CROWD = [f"29:{n:085}" for n in range(60)]
"""As many as Teams refreshes a card for, by ids as long as theirs are."""


def today(shown: Sequence[Session], more: int = 0) -> notices.Today:
    return notices.Today(day=TUESDAY, sessions=shown, more=more, zone=LONDON, now=NINE)


def mailings(session: Session) -> Deliveries:
    """As many as the card shows, of which everything is to be said."""
    about = Subject(kind=Kind.NUDGE, session_id=session.id)
    given_up = {f"{n} {'r' * 300}": n for n in range(1, 9)} | {"ConversationBlockedByUser": 9}
    full = Mailing(
        subject=about, due_at=NINE, session=session, to_come=1, queued=1, being_sent=1,
        held_back=1, sent=1, dropped=1, given_up=given_up,
    )  # fmt: skip
    events = Events(up_to_date=1, waiting=1, held_back=1, given_up=1)
    return Deliveries(mailings=(full,) * 8, events=events, ahead=1)


def hub_standing(missing: Sequence[Session]) -> Standing:
    """A list of which everything is to be said."""
    about = missing[0].title
    faults = tuple(f"“{about}” (item {n}), Starts: is missing. {'x' * 300}" for n in range(60))
    return Standing(
        read_at=NINE, faults=faults, missing=tuple(missing), trouble="t" * 300, unwritten="u" * 300
    )


def every_card(**details: Any) -> dict[str, Card]:
    """Each card in each of its states, about sessions with these details."""

    def session(id: int = 1, **more: Any) -> Session:
        return a_session(id=SessionId(id), **(details | more))

    paced = session(2, starts_at=None, format=Format.SELF_PACED, capacity=None)
    kinds = {
        "open": session(),
        "full": session(capacity=5, taken=5),
        "queue": session(capacity=5, taken=5, waiting=2),
        "full without a list": session(capacity=5, taken=5, waiting_list=False),
        "unlimited": session(capacity=None),
        "with a meeting": session(join_url=details.get("link", LINK)),
        "in person": session(format=Format.IN_PERSON, location=details.get("location", "Room 2")),
        "started": session(starts_at=NINE),
        "over": session(starts_at=NINE - HOUR),
        "cancelled": session(state=GONE),
        "self-paced": paced,
    }
    states = {"none": None} | {s.value: a_booking(s) for s in BookingState if s is not CANCELLED}
    many = [session(n, starts_at=TEN + n * HOUR) for n in range(1, 40)] + [paced] * 12
    own = {SessionId(1): a_booking(BOOKED), SessionId(2): a_booking(WAITING)}
    standings = [(s, a_booking(BOOKED), 0) for s in many]
    here: dict[str, Any] = {"zone": LONDON, "now": NINE}

    made: dict[str, Card] = {
        "list": sessions.list_card("What's on", many, own, more={"about": "x" * 200}, **here),
        "list, last page": sessions.list_card("What's on", many, own, more={}, start=48, **here),
        "list, beyond the end": sessions.list_card("On", many, own, more={}, start=400, **here),
        "list, note": sessions.list_card("What's on", many[:2], {}, note="I am not sure.", **here),
        "list of resources": sessions.list_card("About it", [paced] * 9, {}, more={}, **here),
        "choice": sessions.choice_card("Which?", many, "session.book", "Book", zone=LONDON),
        "resources": sessions.resources_card([paced] * 12),
        "no resources": sessions.resources_card([]),
        "my bookings": bookings.my_bookings_card(standings, **here),
        "my bookings, none": bookings.my_bookings_card([], **here),
        "clash": bookings.clash_card(session(), many[:1], zone=LONDON),
        "clash with many": bookings.clash_card(session(), many, zone=LONDON),
        "refusal": bookings.refusal_card("No", "Full.", instead=many[:1], zone=LONDON),
        "welcome": talk.welcome_card("Asha"),
        "welcome, nameless": talk.welcome_card(),
        "team welcome": talk.team_welcome_card(),
        "team welcome, group chat": talk.team_welcome_card(in_channel=False),
        "unreached": talk.unreached_card(
            [Unreached(reason=r, count=30, names=("N" * 300,) * 20) for r in "abcdefghijkl"]
        ),
        "unreached, nobody": talk.unreached_card([]),
        "deliveries": deliveries.deliveries_card(mailings(session()), zone=LONDON),
        "deliveries, none": deliveries.deliveries_card(
            Deliveries(mailings=(), events=Events(), ahead=0), zone=LONDON
        ),
        "hub list": hub_list.standing_card(Standing(), zone=LONDON),
        "hub list, all wrong": hub_list.standing_card(hub_standing(many), zone=LONDON),
        "hub list, read": hub_list.standing_card(
            Standing(read_at=NINE, report="added 1\n- GM1 Growth: added", is_watched=True),
            zone=LONDON,
        ),
        "hub list, faults": hub_list.fault_card(hub_standing(many).faults),
        "hub list, faults and sessions gone": hub_list.fault_card(
            hub_standing(many).faults, many[:9]
        ),
        "hub list, a session gone": hub_list.fault_card((), many[:1]),
        "hub list, sessions gone": hub_list.fault_card((), many),
        "help": talk.help_card(),
        "say": talk.say("All right.", "More.", title="Well", actions=talk.TRY_THREE),
        "nothing found": talk.nothing_found_card("x" * 60, many[:3], zone=LONDON),
        "nothing found, nothing asked": talk.nothing_found_card("", [], zone=LONDON),
        "my data": talk.my_data_card(
            a_person_record(), [(s, a_booking(WAITING)) for s in many], **here
        ),
        "my data, none": talk.my_data_card(a_person_record(address=None), [], **here),
        "forget": talk.forget_card(3),
        "highlights": notices.highlights_card(today(many[:6], 9)),
        "channel highlights": notices.channel_highlights_card(today(many[:6]), A_CROWD),
        "channel highlights, one's own": notices.channel_highlights_card(
            today(many[:6]), A_CROWD[:1], own
        ),
        "channel highlights, nothing left": notices.channel_highlights_card(today([]), []),
    }
    for kind, about in kinds.items():
        made[f"nudge, {kind}"] = notices.nudge_card(about, **here)
        made[f"place given, {kind}"] = notices.place_given_card(about, zone=LONDON)
        made[f"offer lapsed, {kind}"] = notices.offer_lapsed_card(about, **here)
        made[f"cancelled, {kind}"] = notices.session_cancelled_card(
            about, zone=LONDON, instead=many[:1]
        )
        made[f"offered, {kind}"] = notices.place_offered_card(
            about, a_booking(OFFERED), zone=LONDON
        )
        made[f"my bookings, {kind}"] = bookings.my_bookings_card(
            [(about, a_booking(s), 2) for s in (BOOKED, OFFERED, WAITING)], **here
        )
        for state, booking in states.items():
            made[f"session, {kind}, {state}"] = sessions.session_card(about, booking, **here)
            made[f"changed, {kind}, {state}"] = notices.session_changed_card(
                about, was=NINE - DAY, own=booking, **here
            )
        for state in BookingState:
            made[f"booking, {kind}, {state}"] = bookings.booking_card(
                about, a_booking(state), position=2, instead=many[:1], note="So.", **here
            )
    return made


PLAIN = every_card(summary="What helps. And what does not.", topics=("learning",))


@pytest.mark.parametrize("name", PLAIN)
def test_every_card_is_one_that_teams_and_the_house_take(name: str):
    assert card_faults(PLAIN[name].content) == []


@pytest.mark.parametrize("name", PLAIN)
def test_every_card_has_a_line_for_the_notification_and_the_screen_reader(name: str):
    card = PLAIN[name]

    assert card.summary.strip()
    assert "\n" not in card.summary
    assert card.content["speak"] == card.content["fallbackText"] == card.summary


@pytest.mark.parametrize("letters", ["word ", "w", "*_", "\N{PARTY POPPER}"])
def test_no_card_is_too_large_however_much_there_is_to_say(letters: str):
    details: dict[str, Any] = {
        name: start + (letters * most)[: most - len(start)]
        for name, (most, start) in LONGEST.items()
    }
    details |= {"title": details["title"].strip(), "code": "C" * 40}
    details |= dict.fromkeys(("topics", "facilitators"), ((letters * 250)[:250],) * 4)

    cards = every_card(**details)

    sizes = {
        name: len(json.dumps(c.content, ensure_ascii=False).encode()) for name, c in cards.items()
    }
    assert {name: size for name, size in sizes.items() if size >= CARD_BYTES} == {}


def test_buttons_are_short_enough_to_read_on_a_phone():
    cards = every_card(title="Managing " * 20)

    titles = {b["title"] for c in cards.values() for b in every_button(c)}

    assert {t for t in titles if len(t) > 40} == set()
    assert "Swap: give up Managing Managing…" in titles


def every_button(card: Card) -> list[dict[str, Any]]:
    return [part for _, part in parts(card.content) if part["type"].startswith("Action.")]


ODD_TITLES = [
    ("*Bold* choices", r"\*Bold\* choices"),
    ("**Really**", r"\*\*Really\*\*"),
    ("_Quietly_ done", r"\_Quietly\_ done"),
    ("snake_case_names", "snake_case_names"),
    ("[click](https://evil.example.org)", r"\[click](https://evil.example.org)"),
    ("`code`", r"\`code\`"),
    (r"C:\*", r"C:\\\*"),
    ("<b>Bold</b> & <script>alert(1)</script>", "<b>Bold</b> & <script>alert(1)</script>"),
    ("R&D: 50% off?", "R&D: 50% off?"),
    # What would begin a list or a heading has a space of no width before it.
    ("- dash", "\u200b- dash"),
    ("1. Start here", "\u200b1. Start here"),
    ("# Hash", "\u200b# Hash"),
]


@pytest.mark.parametrize(("title", "written"), ODD_TITLES)
def test_a_title_is_shown_as_typed_whatever_signs_are_in_it(title: str, written: str):
    card = sessions.session_card(a_session(title=title), None, zone=LONDON, now=NINE)

    assert card.content["body"][0]["text"] == written
    assert card.summary.startswith(title)


def test_a_title_is_shown_as_typed_wherever_it_stands():
    cards = every_card(title="*Bold* [choices](https://evil.example.org)")

    texts = [
        text
        for card in cards.values()
        for _, part in parts(card.content)
        for text in (
            *([part["text"]] if part["type"] == "TextBlock" else []),
            *(v for fact in part.get("facts", []) for v in (fact["title"], fact["value"])),
        )
        if "Bold" in text
    ]

    assert len(texts) > len(cards)
    assert [t for t in texts if r"\*Bold\* \[choices](" not in t] == []


def test_a_list_of_lines_in_a_summary_stays_one():
    assert kit.text("- one\n- two")["text"] == "- one\n- two"


def test_text_is_cut_at_a_word_and_says_so():
    assert sayings.shortened("Growth mindset", 14) == "Growth mindset"
    assert sayings.shortened("Growth mindset for all", 16) == "Growth mindset…"
    assert sayings.shortened("Donaudampfschifffahrt", 10) == "Donaudamp…"


# --- how times and places are said ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "zone", "said"),
    [
        (a_session(), LONDON, "Tuesday 19 May, 11:00 to 12:00"),
        (a_session(starts_at=datetime(2026, 1, 5, 9, 5, tzinfo=UTC)), LONDON,
         "Monday 5 January, 09:05 to 10:05"),
        (a_session(), NEW_YORK, "Tuesday 19 May, 06:00 to 07:00 your time (11:00 Europe/London)"),
        (a_session(starts_at=NINE - 7 * HOUR), NEW_YORK,
         "Monday 18 May, 22:00 to 23:00 your time (03:00 Europe/London)"),
        # Another zone whose clocks say the same needs no explanation.
        (a_session(), ZoneInfo("Europe/Guernsey"), "Tuesday 19 May, 11:00 to 12:00"),
        (a_session(timezone="America/New_York"), LONDON,
         "Tuesday 19 May, 11:00 to 12:00 your time (06:00 America/New_York)"),
        (a_session(starts_at=None), LONDON, "Any time"),
    ],
)  # fmt: skip
def test_when_a_session_is_is_said_by_the_persons_own_clock(
    session: Session, zone: ZoneInfo, said: str
):
    assert sayings.moment(session, zone) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(0), "now"),
        (timedelta(minutes=10), "in 10 minutes"),
        (timedelta(minutes=49), "in 49 minutes"),
        (HOUR, "in an hour"),
        (3 * HOUR, "today at 13:00"),
        (DAY, "tomorrow at 10:00"),
        (2 * DAY, "on Thursday 21 May at 10:00"),
    ],
)
def test_a_nudge_says_how_long_it_is_still(ahead: timedelta, said: str):
    card = notices.nudge_card(a_session(starts_at=NINE + ahead), zone=LONDON, now=NINE)

    assert card.summary == f"Growth mindset starts {said}"


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (a_session(capacity=15, taken=12), "3 places left"),
        (a_session(capacity=15, taken=14), "1 place left"),
        (a_session(capacity=15, taken=15), "Full"),
        (a_session(capacity=15, taken=15, waiting=4), "Full, 4 waiting"),
        (a_session(capacity=None), "Places for everyone"),
        (a_session(state=GONE), "Cancelled"),
        (a_session(starts_at=None, format=Format.SELF_PACED), ""),
    ],
)
def test_how_many_places_are_left(session: Session, said: str):
    assert sayings.places(session) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (22, "22nd"), (101, "101st"), (111, "111th")],
)  # fmt: skip
def test_ordinals(number: int, said: str):
    assert sayings.ordinal(number) == said


def test_lists_of_words():
    assert [sayings.listed(list(w)) for w in ("", "a", "ab", "abc")] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


# --- bookings ----------------------------------------------------------------------------------

BOOK = ("Book", "session.book")
QUEUE = ("Join the waiting list", "session.book")
CANCEL = ("Cancel", "session.cancel")
CANCEL_BOOKING = ("Cancel booking", "session.cancel")
LEAVE = ("Leave the waiting list", "session.cancel")
ACCEPT = ("Take the place", "waiting.accept")
PASS = ("No, pass it on", "waiting.pass")
MINE = ("My bookings", "bookings.show")
DETAILS = ("Details", "session.show")
TELL_ME = ("Tell me when it runs again", "again.ask")


def verbs(card: Card) -> list[tuple[str, str]]:
    return [(b["title"], b["verb"]) for b in buttons(card.content)]


def links(card: Card) -> list[str]:
    return [b["url"] for b in every_button(card) if b["type"] == "Action.OpenUrl"]


@pytest.mark.parametrize(
    ("session", "booking", "says", "pressed"),
    [
        (a_session(), a_booking(BOOKED), ["You're booked", "The link to join follows"],
         [CANCEL, MINE]),
        (a_session(join_url=LINK), a_booking(BOOKED), ["You're booked", "join from here"],
         [CANCEL, MINE]),
        (a_session(format=Format.ZOOM), a_booking(BOOKED),
         ["You're booked", "Your own link to join follows"], [CANCEL, MINE]),
        (a_session(format=Format.ZOOM, join_url=LINK), a_booking(BOOKED),
         ["You're booked", "join from here"], [CANCEL, MINE]),
        (a_session(format=Format.IN_PERSON, location="Room 2"), a_booking(BOOKED),
         ["You're booked", "In person, Room 2"], [CANCEL, MINE]),
        (a_session(capacity=5, taken=5, waiting=3), a_booking(WAITING),
         ["You're on the waiting list", "You are 2nd on the waiting list"], [LEAVE, MINE]),
        (a_session(), a_booking(OFFERED), ["A place is being held for you", "Take it by 10:15"],
         [ACCEPT, PASS, MINE]),
        (a_session(), a_booking(CANCELLED), ["Booking cancelled", "You can book again"],
         [BOOK, MINE]),
        (a_session(capacity=5, taken=5), a_booking(CANCELLED), ["Booking cancelled"],
         [QUEUE, MINE]),
        # Once it has started there is nothing left to do about it.
        (a_session(starts_at=NINE), a_booking(BOOKED), ["You're booked"], [MINE]),
        (a_session(starts_at=NINE), a_booking(CANCELLED), ["Booking cancelled"], [MINE]),
        # The session itself was called off.
        (a_session(state=GONE, join_url=LINK), a_booking(BOOKED),
         ["This session has been cancelled", "does not take place"], [MINE]),
        (a_session(state=GONE), a_booking(CANCELLED),
         ["Booking cancelled", "does not take place"], [MINE]),
    ],
)  # fmt: skip
def test_a_booking_card_says_where_the_booking_stands_and_what_can_be_done(
    session: Session, booking: Booking, says: list[str], pressed: list[tuple[str, str]]
):
    card = bookings.booking_card(session, booking, position=2, zone=LONDON, now=NINE)

    read = shown_text(card.content)
    assert [words for words in says if words not in read] == []
    assert verbs(card) == pressed
    assert {b["data"].get("session", session.id) for b in buttons(card.content)} == {session.id}


@pytest.mark.parametrize(("link", "follows"), [("", True), (LINK, False)])
def test_while_there_is_no_link_of_ones_own_it_is_said_to_follow(link: str, follows: bool):
    session = a_session(format=Format.ZOOM, join_url=link)
    mine = bookings.my_bookings_card([(session, a_booking(), 0)], zone=LONDON, now=NINE)
    nudge = notices.nudge_card(session, zone=LONDON, now=NINE)

    said = ["link to join follows" in shown_text(card.content) for card in (mine, nudge)]
    assert said == [follows, follows]
    assert links(mine) == links(nudge) == ([] if follows else [LINK])


def test_the_summary_of_a_booking_is_its_whole_message():
    card = bookings.booking_card(a_session(), a_booking(), position=0, zone=LONDON, now=NINE)

    assert card.summary == "You're booked: Growth mindset, Tuesday 19 May, 11:00 to 12:00"


@pytest.mark.parametrize(
    ("session", "booking", "urls"),
    [
        (a_session(join_url=LINK), a_booking(BOOKED), [LINK]),
        (a_session(join_url=LINK), a_booking(WAITING), []),
        (a_session(join_url=LINK), a_booking(OFFERED), []),
        (a_session(join_url=LINK), a_booking(CANCELLED), []),
        (a_session(join_url=LINK, state=GONE), a_booking(BOOKED), []),
        (a_session(), a_booking(BOOKED), []),
    ],
)
def test_only_those_who_have_a_place_get_the_link(
    session: Session, booking: Booking, urls: list[str]
):
    here: dict[str, Any] = {"zone": LONDON, "now": NINE}

    assert links(bookings.booking_card(session, booking, position=1, **here)) == urls
    assert links(bookings.my_bookings_card([(session, booking, 1)], **here)) == urls
    if booking.is_live:
        assert links(sessions.session_card(session, booking, **here)) == urls


@pytest.mark.parametrize(
    ("session", "own", "standing", "pressed"),
    [
        (a_session(capacity=15, taken=12), None, "3 places left", [BOOK]),
        (a_session(capacity=15, taken=15), None, "Full", [QUEUE]),
        (a_session(capacity=15, taken=15, waiting_list=False), None, "Full", []),
        (a_session(), a_booking(BOOKED), "You are booked", [CANCEL_BOOKING]),
        (a_session(), a_booking(WAITING), "You are on the waiting list", [LEAVE]),
        (a_session(), a_booking(OFFERED), "A place is held for you", [ACCEPT]),
        (a_session(starts_at=NINE), None, "Started", []),
        (a_session(starts_at=NINE), a_booking(BOOKED), "You are booked", []),
        (a_session(starts_at=NINE - HOUR), a_booking(BOOKED), "Over", []),
        (a_session(state=GONE), None, "Cancelled", []),
        (a_session(state=GONE), a_booking(BOOKED), "Cancelled", []),
    ],
)
def test_a_list_and_a_session_card_say_how_things_stand_for_this_person(
    session: Session, own: Booking | None, standing: str, pressed: list[tuple[str, str]]
):
    here: dict[str, Any] = {"zone": LONDON, "now": NINE}
    by_session = {session.id: own} if own else {}

    listed = sessions.list_card("What's on", [session], by_session, **here)
    shown = sessions.session_card(session, own, **here)

    assert standing.casefold() in shown_text(listed.content).casefold()
    assert standing.casefold() in shown_text(shown.content).casefold()
    assert verbs(listed) == [*pressed, DETAILS]
    assert [verb for verb in verbs(shown) if verb != TELL_ME] == pressed


def test_something_self_paced_is_opened_and_not_booked():
    paced = a_session(starts_at=None, format=Format.SELF_PACED, link="https://www.edx.org")

    card = sessions.session_card(paced, None, zone=LONDON, now=NINE)

    assert verbs(card) == []
    assert links(card) == ["https://www.edx.org"]


def test_a_clash_offers_each_way_out():
    session = a_session(id=SessionId(1))
    other = a_session(id=SessionId(2), title="Unconscious bias")

    card = bookings.clash_card(session, [other], zone=LONDON)

    assert [(b["title"], b["verb"], b["data"]) for b in buttons(card.content)] == [
        ("Book anyway", "session.book", {"session": 1, "anyway": True}),
        ("Swap: give up Unconscious bias", "session.swap", {"session": 1, "instead_of": 2}),
        ("Leave it", "session.leave", {"session": 1}),
    ]


def test_bookings_beyond_what_a_card_can_show_are_counted():
    standings = [(a_session(id=SessionId(n)), a_booking(), 0) for n in range(1, 16)]

    card = bookings.my_bookings_card(standings, zone=LONDON, now=NINE)

    assert card.summary.startswith("Your bookings: 15, next Growth mindset")
    assert "12. Growth mindset" in shown_text(card.content)
    assert "and 3 more after these" in shown_text(card.content)


# --- lists -------------------------------------------------------------------------------------


def a_list(
    count: int, *, title: str = "On Tuesday 19 May", zone: ZoneInfo = LONDON, **more: Any
) -> Card:
    found = [a_session(id=SessionId(n), title=f"Title {n}") for n in range(1, count + 1)]
    return sessions.list_card(title, found, {}, zone=zone, now=NINE, **more)


def test_a_long_list_is_shown_page_by_page_and_each_button_carries_what_the_next_page_needs():
    carried = {"about": "mentoring", "first": "2026-05-19", "last": "2026-05-19"}

    pages = [a_list(20, more=carried, start=start) for start in (0, 8, 16)]

    assert [p.content.get("actions", []) for p in pages] == [
        [kit.execute("Show 8 more", "list.more", start=8, **carried)],
        [kit.execute("Show 4 more", "list.more", start=16, **carried)],
        [],
    ]
    numbers = [
        [n for n in range(1, 21) if f"{n}. Title {n}\n" in shown_text(p.content)] for p in pages
    ]
    assert numbers == [list(range(1, 9)), list(range(9, 17)), list(range(17, 21))]


def test_a_page_of_long_entries_has_fewer_and_the_next_begins_where_it_ended():
    link = f"https://example.org/{'x' * 1980}"
    paced: dict[str, Any] = {"starts_at": None, "format": Format.SELF_PACED, "link": link}
    found = [
        a_session(id=SessionId(n), title="\N{PARTY POPPER}" * 200, **paced) for n in range(1, 12)
    ]

    card = sessions.list_card("About it", found, {}, zone=LONDON, now=NINE, more={})

    shown = len(links(card))
    assert 4 <= shown < 8
    assert [b["data"] for b in buttons(card.content) if b["verb"] == "list.more"] == [
        {"start": shown}
    ]


def test_a_list_says_of_which_day_each_session_is():
    tuesday, wednesday = a_session(), a_session(id=SessionId(2), starts_at=TEN + DAY)

    def days(title: str, *found: Session, zone: ZoneInfo = LONDON) -> list[str]:
        card = sessions.list_card(title, found, {}, zone=zone, now=NINE)
        texts = [part.get("text", "") for part in card.content["body"][1:]]
        return [t for t in texts if t]

    assert days("This week", tuesday, wednesday) == ["Tuesday 19 May", "Wednesday 20 May"]
    assert days("About bias", tuesday, tuesday) == ["Tuesday 19 May"]
    assert days("About bias", wednesday, tuesday) == ["Wednesday 20 May", "Tuesday 19 May"]
    assert days("What's on today, Tuesday 19 May", tuesday) == []
    assert days("Tuesday 19 May to Friday 22 May", tuesday, wednesday) == [
        "Tuesday 19 May",
        "Wednesday 20 May",
    ]
    assert days("Monday 18 May to Tuesday 19 May", tuesday) == ["Tuesday 19 May"]
    late = a_session(starts_at=datetime(2026, 5, 20, 1, 0, tzinfo=UTC))
    assert days("This week", tuesday, late, zone=NEW_YORK) == ["Tuesday 19 May"]
    assert days("About bias", a_session(starts_at=None)) == []


def test_the_summary_of_a_list_names_the_first_three():
    assert a_list(2).summary == "On Tuesday 19 May: Title 1 at 11:00, Title 2 at 11:00"
    assert a_list(9).summary == (
        "On Tuesday 19 May: Title 1 at 11:00, Title 2 at 11:00, Title 3 at 11:00 and more"
    )
    assert a_list(1, zone=NEW_YORK).summary == "On Tuesday 19 May: Title 1 at 06:00"
    assert a_list(0).summary == "On Tuesday 19 May"


def test_a_choice_carries_its_session_in_each_button():
    found = [a_session(id=SessionId(n), title=f"Title {n}") for n in (4, 7)]

    card = sessions.choice_card("Which?", found, "session.cancel", "Cancel this", zone=LONDON)

    assert [b["data"] for b in buttons(card.content)] == [{"session": 4}, {"session": 7}]
    assert verbs(card) == [("Cancel this", "session.cancel")] * 2


def test_only_so_many_resources_are_shown_and_the_others_are_counted():
    paced = a_session(starts_at=None, format=Format.SELF_PACED, title="edX", link=LINK)

    card = sessions.resources_card([paced] * 12)

    assert links(card) == [LINK] * 10
    assert "and 2 more" in shown_text(card.content)


# --- notices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drawn",
    [
        lambda **page: notices.nudge_card(a_session(), zone=LONDON, now=NINE, **page),
        lambda **page: notices.place_given_card(a_session(), zone=LONDON, **page),
        lambda **page: notices.place_offered_card(
            a_session(), a_booking(OFFERED), zone=LONDON, **page
        ),
        lambda **page: notices.session_changed_card(
            a_session(), zone=LONDON, now=NINE, was=None, own=a_booking(), **page
        ),
    ],
)
def test_a_notice_leads_to_its_session(drawn: Any):
    card = drawn(page="https://teams.microsoft.com/l/entity/1/programme")

    assert card.content["actions"][-1] == {
        "type": "Action.OpenUrl",
        "title": "See the session",
        "url": "https://teams.microsoft.com/l/entity/1/programme",
    }
    assert card.content["actions"][:-1] == drawn().content["actions"]


@pytest.mark.parametrize(
    ("card", "pressed"),
    [
        (notices.nudge_card(a_session(), zone=LONDON, now=NINE),
         [("I can't make it", "session.cancel"), ("Nudges off", "nudges.off")]),
        (notices.place_given_card(a_session(), zone=LONDON), [("Give it back", "session.cancel")]),
        (notices.place_offered_card(a_session(), a_booking(OFFERED), zone=LONDON), [ACCEPT, PASS]),
        (notices.offer_lapsed_card(a_session(), zone=LONDON, now=NINE), [BOOK]),
        (notices.offer_lapsed_card(a_session(starts_at=NINE), zone=LONDON, now=NINE), []),
        (notices.session_cancelled_card(a_session(), zone=LONDON), [TELL_ME]),
        (notices.session_cancelled_card(a_session(), zone=LONDON, instead=[a_session()]),
         [BOOK, TELL_ME]),
    ],
)  # fmt: skip
def test_a_notice_has_the_buttons_for_what_can_be_done_about_it(
    card: Card, pressed: list[tuple[str, str]]
):
    assert verbs(card) == pressed


def test_an_offer_says_until_when_it_is_held_by_the_persons_own_clock():
    card = notices.place_offered_card(a_session(), a_booking(OFFERED), zone=NEW_YORK)

    assert "It is held for you until 05:15." in shown_text(card.content)


@pytest.mark.parametrize(
    ("was", "own", "says", "pressed"),
    [
        (NINE - DAY, a_booking(BOOKED),
         ["Growth mindset has moved", "Was Monday 18 May, 10:00", "Your booking stands."],
         [CANCEL_BOOKING]),
        (None, a_booking(BOOKED), ["Growth mindset has changed", "Your booking stands."],
         [CANCEL_BOOKING]),
        (NINE, a_booking(WAITING), ["has moved", "You keep your place in the queue."], [LEAVE]),
    ],
)  # fmt: skip
def test_a_change_says_what_it_was_and_that_the_booking_stands(
    was: datetime | None, own: Booking, says: list[str], pressed: list[tuple[str, str]]
):
    card = notices.session_changed_card(a_session(), zone=LONDON, now=NINE, was=was, own=own)

    read = shown_text(card.content)
    assert [words for words in says if words not in read] == []
    assert verbs(card) == pressed


def test_highlights_in_a_channel_have_nothing_personal():
    todays = [a_session(capacity=5, taken=5), a_session(id=SessionId(2), join_url=LINK)]

    card = notices.channel_highlights_card(today(todays, 3), [])

    written = json.dumps(card.content).casefold()
    assert [w for w in ("you are", "you're", "your", "cancel", LINK) if w in written] == []
    assert {verb for _, verb in verbs(card)} == {
        "session.book",
        "session.show",
        "day.show",
        "highlights.mine",
    }


def test_highlights_in_a_channel_refresh_themselves_for_those_concerned_and_for_others_by_a_button():
    todays = [a_session(), a_session(id=SessionId(2))]

    card = notices.channel_highlights_card(today(todays, 3), ["29:1", "29:2"])

    carried = {"day": "2026-05-19", "sessions": [1, 2], "more": 3}
    assert card.content["refresh"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Show my bookings",
            "verb": "highlights.mine",
            "data": carried,
        },
        "userIds": ["29:1", "29:2"],
    }
    [mine] = [b for b in buttons(card.content) if b["verb"] == "highlights.mine"]
    assert (mine["title"], mine["data"]) == ("Show my bookings", carried)


@pytest.mark.parametrize(
    ("own", "said", "button"),
    [
        (None, "10 places left", ("Book", "session.book")),
        (BOOKED, "You are booked", ("Cancel booking", "session.cancel")),
        (WAITING, "You are on the waiting list", ("Leave the waiting list", "session.cancel")),
        (OFFERED, "A place is held for you", ("Take the place", "waiting.accept")),
    ],
)
def test_highlights_show_a_viewer_their_own_part(
    own: BookingState | None, said: str, button: tuple[str, str]
):
    session = a_session(capacity=12, taken=2)
    bookings = {session.id: a_booking(own)} if own else {}

    card = notices.channel_highlights_card(today([session]), [], bookings)

    assert said in shown_text(card.content)
    assert verbs(card)[0] == button


def test_highlights_in_ones_own_chat_can_be_stopped():
    card = notices.highlights_card(today([a_session()]))

    assert ("Stop highlights", "highlights.off") in verbs(card)


def test_highlights_lead_to_their_own_day_whenever_they_are_pressed():
    card = notices.channel_highlights_card(today([a_session()]), [])

    assert [b["data"] for b in buttons(card.content) if b["verb"] == "day.show"] == [
        {"words": "2026-05-19"}
    ]


def test_highlights_say_the_first_sentence_and_how_much_more_there_is():
    sessions_of_today = [a_session(summary="Not yet is an answer. It is.", capacity=5, taken=3)]

    card = notices.highlights_card(today(sessions_of_today, 4))

    assert card.summary == "Learning today: Tuesday 19 May. Growth mindset"
    assert shown_text(card.content).splitlines()[:4] == [
        "Learning today: Tuesday 19 May",
        "Growth mindset",
        "11:00 to 12:00 · Teams · 2 places left",
        "Not yet is an answer.",
    ]
    assert "and 4 more today" in shown_text(card.content)


# --- talk --------------------------------------------------------------------------------------


def test_my_data_shows_all_that_is_kept():
    person = a_person_record(wants_nudges=False, wants_highlights=True)
    kept = [(a_session(), a_booking(CANCELLED)), (a_session(code="UB1"), a_booking(WAITING))]

    card = talk.my_data_card(person, kept, zone=LONDON, now=NINE)

    read = shown_text(card.content)
    expected = [
        *("Name Asha", "E-mail asha@example.gov.uk", "Account asha"),
        *("Time zone Europe/London", "Nudges off", "Highlights on", "Our chat known"),
        "Growth mindset (GM1) Tuesday 19 May, 11:00 to 12:00: cancelled",
        "Growth mindset (UB1) Tuesday 19 May, 11:00 to 12:00: waiting",
    ]
    assert [line for line in expected if line not in read] == []
    assert card.summary == "What I keep about you: your name, settings and 2 bookings"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(0, "This cannot be undone."), (1, "lose 1 booking ahead"), (3, "lose 3 bookings ahead")],
)
def test_forgetting_is_asked_about_with_what_it_costs(ahead: int, words: str):
    card = talk.forget_card(ahead)

    assert words in shown_text(card.content)
    assert verbs(card) == [("Yes, forget me", "data.forget"), ("No, keep it", "data.keep")]


def test_help_names_every_phrase_that_always_works():
    read = shown_text(talk.help_card().content)

    phrases = (
        "what's on today; find; book; cancel; my bookings; resources; nudges off; nudges on; "
        "send me highlights; stop highlights; my data; forget me"
    )
    assert [phrase for phrase in phrases.split("; ") if phrase not in read] == []
