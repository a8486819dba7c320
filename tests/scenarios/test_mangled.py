"""Activities that Teams signed and something mangled: never our fault, and nothing is given away."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenarios.world import ASHA, BO, GENERAL, MONDAY, World
from tests.support.activities import PERSONAL, Activities, Activity, Place, group_chat
from tests.support.login import APP_ID, TENANT

shared = pytest.mark.asyncio(loop_scope="module")

SERVICE = "the service's address, which only the running test knows"
SAMPLE = Activities(app_id=APP_ID, tenant=TENANT, service_url=SERVICE, now=lambda: MONDAY)
CARD = "application/vnd.microsoft.card.adaptive"


# --- what Teams can send -----------------------------------------------------------------------

DECLINED = {"action": "decline", "context": {"file": "my data"}}
PRESS = {"verb": "session.book", "session": 1}
ACTION = {"action": {"type": "Action.Execute", "verb": "session.show", "data": {"session": 1}}}
SEARCH = {
    "commandId": "searchSessions",
    "parameters": [{"name": "text", "value": "mindset"}],
    "queryOptions": {"skip": 0, "count": 25},
}
LINK = {"url": "https://learnweek.example.org/hub/sessions/GM1"}

INVOKES: dict[str, Any] = {
    "adaptiveCard/action": ACTION,
    "composeExtension/query": SEARCH,
    "composeExtension/queryLink": LINK,
    "composeExtension/anonymousQueryLink": LINK,
    "composeExtension/selectItem": {"session": 1},
    "composeExtension/fetchTask": {"commandId": "book"},
    "composeExtension/submitAction": {"commandId": "book", "data": PRESS, "botActivityPreview": []},
    "composeExtension/querySettingUrl": {"commandId": "search"},
    "composeExtension/setting": {"state": "saved"},
    "composeExtension/onCardButtonClicked": PRESS,
    "task/fetch": {"data": {"data": PRESS, **PRESS}, "context": {"theme": "dark"}},
    "task/submit": {"data": PRESS, "context": {"theme": "default"}},
    "suggestedAction/submit": PRESS,
    "suggestedActions/submit": PRESS,
    "signin/verifyState": {"state": "123456"},
    "signin/tokenExchange": {"id": "1", "connectionName": "none", "token": "abc"},
    "signin/failure": {"code": "installationnotfound", "message": "none"},
    "actionableMessage/executeAction": {"actionId": "1", "body": "text"},
    "application/search": {"queryText": "mind", "kind": "search", "queryOptions": {"top": 10}},
    "config/fetch": {"data": {}},
    "config/submit": {"data": {}},
    "tab/fetch": {"tabContext": {"tabEntityId": "hub"}, "context": {"theme": "default"}},
    "tab/submit": {"tabContext": {"tabEntityId": "hub"}, "data": {"type": "tab/submit"}},
    "message/fetchTask": {"data": {"actionName": "feedback"}},
    "message/submitAction": {"actionName": "feedback", "actionValue": {"reaction": "like"}},
    "handoff/action": {"continuation": "abc"},
    "": None,
}


def happens(kind: str, where: Place = PERSONAL, **more: Any) -> Activity:
    return SAMPLE.conversation_update(ASHA, where=where) | {"type": kind} | more


def team_event(name: str) -> Activity:
    made = SAMPLE.conversation_update(ASHA, where=GENERAL)
    return made | {"channelData": {**made["channelData"], "eventType": name}}


TEAM_EVENTS = """
    teamMemberAdded teamMemberRemoved teamRenamed teamDeleted teamHardDeleted teamArchived
    teamUnarchived teamRestored channelCreated channelDeleted channelRenamed channelRestored
    channelShared channelUnshared channelMemberAdded channelMemberRemoved
""".split()
MEETING = {"Id": "MCMxOTo", "MeetingType": "Scheduled", "StartTime": "2026-05-18T08:00:00Z"}
LIKE = [{"type": "like"}]
FILE = {"contentType": "application/vnd.microsoft.teams.file.download.info", "content": {}}

KINDS: list[Activity] = [
    SAMPLE.message("what's on today", ASHA),
    SAMPLE.message("what's on today", ASHA, where=group_chat()),
    SAMPLE.message("help", ASHA, where=GENERAL),
    SAMPLE.message("book GM1", ASHA, attachments=[FILE], replyToId="1"),
    SAMPLE.message("my bookings", ASHA, deliveryMode="expectReplies"),
    SAMPLE.submit("session.book", {"session": 1}, ASHA),
    SAMPLE.invoke("session.book", {"session": 1}, ASHA),
    SAMPLE.invoke("session.show", {"session": 1}, ASHA, where=GENERAL, trigger="automatic"),
    *(SAMPLE.request(name, value, ASHA) for name, value in INVOKES.items()),
    *(SAMPLE.request(name, value, ASHA, where=GENERAL) for name, value in INVOKES.items()),
    SAMPLE.request("fileConsent/invoke", DECLINED, ASHA),  # files are for one's own chat alone
    SAMPLE.conversation_update(ASHA, added=[ASHA], bot_added=True),
    SAMPLE.conversation_update(ASHA, where=group_chat(), removed=[ASHA, BO]),
    SAMPLE.conversation_update(ASHA, where=GENERAL, added=[BO], bot_added=True),
    *(team_event(name) for name in TEAM_EVENTS),
    SAMPLE.installation_update(ASHA),
    SAMPLE.installation_update(ASHA) | {"action": "add-upgrade"},
    SAMPLE.installation_update(ASHA, where=GENERAL),
    SAMPLE.installation_update(ASHA, "remove", where=GENERAL),
    SAMPLE.installation_update(ASHA, "remove", where=group_chat()),
    SAMPLE.installation_update(BO, "remove") | {"action": "remove-upgrade"},
    happens("messageReaction", reactionsAdded=LIKE, replyToId="1"),
    happens("messageReaction", GENERAL, reactionsRemoved=LIKE, replyToId="1"),
    happens("messageUpdate", text="help", channelData={"eventType": "editMessage"}),
    happens("messageUpdate", GENERAL, text="help", channelData={"eventType": "undeleteMessage"}),
    happens("messageDelete", channelData={"eventType": "softDeleteMessage"}),
    happens("event", name="application/vnd.microsoft.meetingStart", value=MEETING),
    happens("event", name="application/vnd.microsoft.meetingEnd", value=MEETING),
    happens(
        "event", name="application/vnd.microsoft.readReceipt", value={"lastReadMessageId": "1"}
    ),
    happens("event", name="tokens/response", value={"token": "abc"}),
    happens("contactRelationUpdate", action="add"),
    *(
        happens(kind)
        for kind in """
            typing endOfConversation handoff command commandResult trace suggestion invokeResponse
            deleteUserData ping delay Message INVOKE nothing-known
        """.split()
    ),
]


# --- what can become of it on the way ----------------------------------------------------------

STRANGE = [
    "",
    " \t\r\n",
    "\0",
    "\ud800",
    "\udfff book \ud800",
    "\ufeffbook GM1",
    "\u202ebook GM1\u202c",
    "b\u0301\u0302\u0303ook\u200b GM1\u2028\u2029",
    "👩🏽\u200d💻 what's on 🏴\U000e0067\U000e0062\U000e007f",
    "\uff22\uff2f\uff2f\uff2b \uff27\uff2d\uff11",
    "\u017ft. \u01c6 \u0130stanbul \u00df",
    "book " + "\u0316" * 2000,
    "<at>" * 500,
    "<at>Learnweek</at> " + "&amp;" * 500,
    "{{7*7}} ${jndi:ldap://127.0.0.1/} '; DROP TABLE people; --",
    "9" * 5000,
    "1e999",
    "book " + "x" * 20_000,
    "Europe/Nowhere",
    "../../etc/passwd",
    "0000-00-00T99:99:99Z",
]
SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(STRANGE)
)
ANYTHING = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)
LARGEST = 100_000
TRICKS = "replace replace remove nest repeat swap".split()


@st.composite
def mangled(draw: st.DrawFn) -> Activity:
    """An activity in which up to four parts are something else, gone, deeper, or too many."""
    activity = _copy(draw(st.sampled_from(KINDS)))
    activity["id"] = str(uuid4())  # never delivered before
    for _ in range(draw(st.integers(0, 4))):
        paths = list(_paths(activity))
        path = draw(st.sampled_from(paths))
        holder, last = _at(activity, path[:-1]), path[-1]
        match draw(st.sampled_from(TRICKS)):
            case "remove":
                del holder[last]
            case "nest":
                holder[last] = _nested(holder[last], draw(st.sampled_from([1, 2, 20, 60])))
            case "repeat":
                most = LARGEST // len(json.dumps(holder[last]))
                holder[last] = [holder[last]] * min(most, draw(st.sampled_from([0, 2, 300])))
            case "swap":
                holder[last] = _copy(_at(activity, draw(st.sampled_from(paths))))
            case _:
                holder[last] = draw(ANYTHING)
    return activity


@st.composite
def written(draw: st.DrawFn) -> bytes:
    """As JSON, plain or escaped; some fields may come twice."""
    activity, escaped = draw(mangled()), draw(st.booleans())
    raw = json.dumps(activity, ensure_ascii=escaped)
    if draw(st.integers(0, 4)) == 0 and activity:
        name = json.dumps(draw(st.sampled_from(sorted(activity))))
        raw = f"{raw[:-1]}, {name}: {json.dumps(draw(ANYTHING), ensure_ascii=escaped)}}}"
    return raw.encode("utf-8", "surrogatepass")


def _paths(part: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
        yield (*above, key)
        if isinstance(inner, dict | list) and len(above) < 8:
            yield from _paths(inner, (*above, key))


def _copy(part: Any) -> Any:
    return json.loads(json.dumps(part))


def _at(part: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        part = part[step]
    return part


def _nested(part: Any, levels: int) -> Any:
    for level in range(levels):
        part = [part] if level % 2 else {"value": part}
    return part


@shared
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(
    max_examples=600,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(raw=written())
async def test_a_mangled_activity_that_is_signed_is_never_our_fault(town: World, raw: bytes):
    town.connector.skip_card_checks()
    raw = raw.replace(SERVICE.encode(), town.connector.service_url.encode())
    token = town.login.channel_token(APP_ID, "", serviceurl=json.loads(raw).get("serviceUrl"))
    sent = len(town.connector.sent)

    status, told = await delivered(town.bot.bot_url, raw, token)

    town.connector.faults.clear()  # it goes to where the activity says that it came from
    assert status < 500 or (status == 501 and not told)
    assert "InternalError" not in told
    assert "Traceback" not in told
    assert not any("something went wrong" in s.read for s in town.connector.sent[sent:])


@shared
@pytest.mark.parametrize("sample", KINDS, ids=lambda a: f"{a['type']} {a.get('name', '')}")
async def test_what_teams_can_send_is_taken_as_it_is(town: World, sample: Activity):
    for place in (GENERAL, group_chat()):
        town.connector.chats.add_member(place, ASHA)
    activity = sample | {"id": str(uuid4()), "serviceUrl": town.connector.service_url}

    answer = await town.teams.post(activity)

    assert answer.status in (200, 201, 501)
    assert "InternalError" not in str(answer.body)
    assert not any("something went wrong" in sent.read for sent in answer.sent)


@shared
@pytest.mark.parametrize("levels", [300, 600, 900, 1200])
@pytest.mark.parametrize("part", ["value", "channelData", "entities", "unknown"])
async def test_what_is_nested_too_deeply_is_read_or_refused(town: World, part: str, levels: int):
    activity = town.teams.activities.submit("session.show", {"session": 1}, ASHA)
    rest, token = json.dumps(activity)[1:], town.login.channel_token(APP_ID, activity["serviceUrl"])
    deep = '{"value":[' * levels + "]}" * levels

    status, told = await delivered(
        town.bot.bot_url, f'{{{rest[:-1]}, "{part}": {deep}}}'.encode(), token
    )

    assert status in (201, 400, 403)
    assert "Traceback" not in told


@shared
async def test_after_all_that_it_answers_as_before(town: World):
    someone = await town.newcomer()

    assert "What's on today" in (await town.teams.say(someone, "what's on today")).read


async def delivered(url: str, raw: bytes, token: str) -> tuple[int, str]:
    """Status and body of the answer, whatever the activity is like."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=raw, headers=headers) as answer,
    ):
        return answer.status, await answer.text()
