"""Who speaks, from where, in whose zone, and what they said."""

import json
from typing import Any

import pytest

from bot import identity
from bot.activities import read_activity
from tests.support.activities import Activities, a_person, channel

ASHA = a_person("Asha", timezone="Europe/Berlin")
ACTIVITIES = Activities(app_id="app", tenant="tenant", service_url="https://example.org/")


def sent(activity: dict[str, Any], **more: Any):
    return read_activity(json.dumps(activity | more).encode())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("help", "help"),
        ("  help \n", "help"),
        ("<at>Learnweek</at> help", "help"),
        ("<at>Learnweek</at>&nbsp;what&#39;s on", "what's on"),
        ('<at id="0">Learnweek</at> help <at>Bo</at>', "help"),
        ("what's on <tomorrow>", "what's on <tomorrow>"),
        (None, ""),
    ],
)
def test_the_words_come_without_mentions(text: str | None, said: str):
    assert identity.said(sent(ACTIVITIES.message("", ASHA), text=text)) == said


def test_a_mention_without_its_particulars_is_a_mention_all_the_same():
    activity = sent(
        ACTIVITIES.message("<at>Learnweek</at> help", ASHA),
        entities=[{"type": "mention"}, None],
        recipient={},
    )

    assert identity.said(activity) == "help"


@pytest.mark.parametrize(
    ("stated", "local", "zone"),
    [
        ("Europe/Berlin", "Europe/London", "Europe/Berlin"),
        (None, "Europe/London", "Europe/London"),
        ("Mars/Olympus", "Europe/London", "Europe/London"),
        ("../../etc/passwd", None, None),
        ("Europe", None, None),
        (True, None, None),
        ({"name": "Europe/London"}, None, None),
        ("", "", None),
    ],
)
def test_the_zone_is_the_one_that_teams_states_if_there_is_such_a_one(
    stated: Any, local: str | None, zone: str | None
):
    activity = sent(
        ACTIVITIES.message("help", ASHA),
        entities=[{"type": "clientInfo", "timezone": stated}],
        localTimezone=local,
    )

    assert identity.timezone_of(activity) == zone


def test_a_thread_belongs_to_its_channel():
    general = channel()
    activity = sent(ACTIVITIES.message("help", ASHA, where=general))

    found = identity.channel_of(activity)

    assert found is not None
    assert (found.id, found.address.conversation_id) == (general.id, general.id)
    assert (found.name, found.team_id) == ("General", general.team_id)


def test_ones_own_chat_is_no_channel():
    assert identity.channel_of(sent(ACTIVITIES.message("help", ASHA))) is None


def test_somebody_met_in_a_channel_has_no_address_of_their_own_yet():
    in_channel = identity.contact_of(sent(ACTIVITIES.message("help", ASHA, where=channel())))
    in_chat = identity.contact_of(sent(ACTIVITIES.message("help", ASHA)))

    assert in_channel.address is None
    assert in_chat.address is not None
    assert in_channel.person_id == in_chat.person_id == ASHA.aad_id
