"""What else a session must be, and the words that only look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.commands import Wanted
from language.wanted import read_wanted

LEFT, ROOM, TEAMS, ZOOM, ONLINE, OWN_TIME = (
    Wanted.PLACES_LEFT,
    Wanted.IN_PERSON,
    Wanted.TEAMS,
    Wanted.ZOOM,
    Wanted.ONLINE,
    Wanted.SELF_PACED,
)


@pytest.mark.parametrize(
    ("text", "wanted", "rest"),
    [
        # Places.
        ("excel with places left", LEFT, "excel"),
        ("anything with spaces free", LEFT, "anything"),
        ("sessions with room", LEFT, "sessions"),
        ("sessions that still have places", LEFT, "sessions"),
        ("sessions that are not full", LEFT, "sessions"),
        ("something i can still book", LEFT, "something"),
        ("not fully booked", LEFT, ""),
        ("seats available", LEFT, ""),
        # In a room.
        ("coaching in person", ROOM, "coaching"),
        ("face to face only", ROOM, ""),
        ("f2f coaching", ROOM, "coaching"),
        ("excel, not online", ROOM, "excel,"),
        ("excel but not face to face", ONLINE, "excel"),
        # On a screen.
        ("excel on teams", TEAMS, "excel"),
        ("via ms teams", TEAMS, ""),
        ("microsoft teams sessions", TEAMS, "sessions"),
        ("teams only", TEAMS, ""),
        ("excel on teams tomorrow", TEAMS, "excel tomorrow"),
        ("excel on teams on thursday", TEAMS, "excel on thursday"),
        ("on teams this week", TEAMS, "this week"),
        ("on teams at 3pm", TEAMS, "at 3pm"),
        ("excel on zoom", ZOOM, "excel"),
        ("zoom sessions", ZOOM, "sessions"),
        ("online", ONLINE, ""),
        ("online only", ONLINE, ""),
        ("virtual sessions", ONLINE, "sessions"),
        ("which is online", ONLINE, "which is"),
        ("something from home", ONLINE, "something"),
        # At any time.
        ("excel in my own time", OWN_TIME, "excel"),
        ("self-paced", OWN_TIME, ""),
        ("things i can do anytime", OWN_TIME, "things"),
    ],
)
def test_a_kind_is_read_and_taken_out(text: str, wanted: Wanted, rest: str):
    assert read_wanted(text) == ({wanted}, rest)


@pytest.mark.parametrize(
    ("text", "wanted", "rest"),
    [
        ("excel on teams with places left", {TEAMS, LEFT}, "excel"),
        ("excel with places left on zoom", {ZOOM, LEFT}, "excel"),
        ("online sessions with room", {ONLINE, LEFT}, "sessions"),
        ("in person with spaces left tomorrow", {ROOM, LEFT}, "tomorrow"),
        ("coaching, online and in person", {ONLINE, ROOM}, "coaching,"),
        ("in person or remotely tomorrow", {ONLINE, ROOM}, "tomorrow"),
    ],
)
def test_several_kinds_may_be_wanted(text: str, wanted: set[Wanted], rest: str):
    assert read_wanted(text) == (wanted, rest)


@pytest.mark.parametrize(
    "text",
    [
        # Teams and Zoom, that are no place to meet.
        *("microsoft teams basics", "teams basics", "building better teams", "leading teams"),
        *("managing remote teams", "virtual teams", "working on teams that win", "teams"),
        *("how do i set up a channel in teams", "zoom fatigue", "zoom in on your career", "zoom"),
        *("working on teams under pressure", "running teams meetings well", "better teams calls"),
        # What is online, and is no session.
        *("online safety", "staying safe online", "excel online", "virtual reality"),
        *("remote working", "which is online safety"),
        # Room and places, that nobody sits in.
        *("room for improvement", "making room for joy", "learning room 2", "a place to grow"),
        *("seats of power", "spaces between us", "emotional availability", "free speech"),
        *("personal safety", "person centred care", "facing change", "pacing yourself"),
        *("which have no places left", "no seats free"),
        *("", "excel", "time management", "full potential"),
    ],
)
def test_words_that_only_look_like_it_are_a_subject(text: str):
    assert read_wanted(text) == (frozenset(), text)


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_stays_as_it_is_where_nothing_is_wanted(text: str):
    found, rest = read_wanted(text)

    assert found or rest == text
