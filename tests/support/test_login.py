"""That tokens go only to those who may have them, and fail where they should."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import jwt
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.support.activities import a_person
from tests.support.login import APP_ID, REDIRECT, SECRET, TENANT, Login
from tests.support.now import seconds
from tests.support.signing import a_certificate
from tests.support.tokens import BOT, ENGAGE, GRAPH
from tests.support.troubles import DROPPED

ASHA = a_person("Asha")
SERVICE = "https://smba.example/uk/"
PUBLIC_CLIENT = "5c0f1d0e-0000-4000-8000-00000000e00a"


@pytest.fixture
async def login() -> AsyncIterator[Login]:
    async with Login(tls=True) as login:
        yield login


async def ask(login: Login, tenant: str = TENANT, **form: str) -> tuple[int, dict[str, Any]]:
    url = f"{login.url}/{tenant}/oauth2/v2.0/token"
    async with aiohttp.ClientSession() as http, http.post(url, data=form) as response:
        return response.status, await response.json()


async def get(url: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        return await response.json()


async def test_a_channel_token_is_good_under_the_published_keys(login: Login):
    metadata = await get(login.bot_metadata_url)
    keys = jwt.PyJWKSet.from_dict(await get(metadata["jwks_uri"]))
    token = login.channel_token(APP_ID, SERVICE)
    key = keys[jwt.get_unverified_header(token)["kid"]]

    claims = jwt.decode(
        token, key, algorithms=["RS256"], audience=APP_ID, issuer=metadata["issuer"]
    )

    assert claims["serviceurl"] == SERVICE
    assert [entry["endorsements"] for entry in (await get(metadata["jwks_uri"]))["keys"]] == [
        ["msteams"],
        ["msteams"],
    ]
    assert login.counts == {"bot_metadata": 1, "bot_keys": 2}


async def test_tokens_can_be_wrong_in_every_way(login: Login):
    claims = {"iss": "x"}
    posing = replace(login.stranger, id=login.key.id)
    forged = login.sign(claims, key=posing)

    assert "aud" not in jwt.decode(
        login.channel_token(APP_ID, SERVICE, aud=None), options={"verify_signature": False}
    )
    assert "kid" not in jwt.get_unverified_header(login.sign(claims, headers={"kid": None}))
    assert jwt.get_unverified_header(login.sign(claims, algorithm="HS256"))["alg"] == "HS256"
    assert jwt.get_unverified_header(login.sign(claims, algorithm="none"))["alg"] == "none"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged, login.key.private.public_key(), algorithms=["RS256"])


async def test_rotation_publishes_a_new_key_and_drops_old_ones(login: Login):
    before = [key.id for key in login.keys]

    fresh = login.rotate()

    published = [key["kid"] for key in (await get(f"{login.url}/v1/.well-known/keys"))["keys"]]
    assert published == [before[-1], fresh.id]
    assert login.key is fresh


async def test_an_application_gets_a_token_for_one_scope_only(login: Login):
    status, answer = await ask(
        login,
        grant_type="client_credentials",
        client_id=APP_ID,
        client_secret=SECRET,
        scope=GRAPH,
    )
    bearer = f"Bearer {answer['access_token']}"

    assert status == 200
    assert login.allows(bearer, GRAPH)
    assert not login.allows(bearer, BOT)
    assert not login.allows(answer["access_token"], GRAPH)
    assert not login.allows("Bearer invented", GRAPH)
    assert not login.allows(None, GRAPH)


async def test_an_expired_token_is_worth_nothing(login: Login):
    login.tokens.lifetime = -1

    old = login.tokens.issue(GRAPH, tenant=TENANT, client_id=APP_ID)

    assert not login.allows(f"Bearer {old.token}", GRAPH)


GOOD = {
    "grant_type": "client_credentials",
    "client_id": APP_ID,
    "client_secret": SECRET,
    "scope": BOT,
}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_secret": "guessed"}, "invalid_client"),
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"scope": f"{BOT} {GRAPH}"}, "invalid_scope"),
        ({"scope": "https://graph.microsoft.com/User.Read"}, "invalid_scope"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "invented"}, "invalid_grant"),
        ({"tenant": "another"}, "invalid_request"),
        ({"client_assertion": "x.y.z", "client_assertion_type": "jwt"}, "invalid_client"),
    ],
)
async def test_no_token_for(login: Login, wrong: dict[str, str], error: str):
    status, answer = await ask(login, **(GOOD | wrong))

    assert (status >= 400, answer["error"]) == (True, error)


@pytest.mark.parametrize("wrong", ["certificate", "key"])
async def test_an_assertion_needs_the_registered_certificate_and_its_key(login: Login, wrong: str):
    bot = a_certificate("bot")
    login.register(APP_ID, certificate=bot.certificate)
    named = a_certificate("another") if wrong == "certificate" else bot
    key = login.stranger if wrong == "key" else bot.key.encode()
    digest = x509.load_pem_x509_certificate(named.certificate.encode()).fingerprint(hashes.SHA256())
    claims = {"iss": APP_ID, "sub": APP_ID, "jti": "1", "exp": seconds() + 600}
    claims["aud"] = f"{login.url}/{TENANT}/oauth2/v2.0/token"
    thumbprint = base64.urlsafe_b64encode(digest).decode()
    forged = login.sign(claims, key=key, headers={"x5t#S256": thumbprint})
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    status, answer = await ask(login, **GOOD, client_assertion=forged, client_assertion_type=kind)

    assert (status, answer["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("with_certificate", [False, True])
async def test_msal_signs_in_as_an_application(login: Login, with_certificate: bool):
    bot = a_certificate("bot")
    if with_certificate:
        login.register(APP_ID, certificate=bot.certificate)
    credential: Any = (
        {"private_key": bot.key, "public_certificate": bot.certificate}
        if with_certificate
        else SECRET
    )

    with trusting(login) as http:

        def sign_in() -> Any:
            return msal.ConfidentialClientApplication(
                APP_ID,
                client_credential=credential,
                authority=f"{login.secure_url}/{TENANT}",
                instance_discovery=False,
                http_client=http,
            ).acquire_token_for_client([BOT])

        answer = await asyncio.to_thread(sign_in)

    assert login.allows(f"Bearer {answer.get('access_token')}", BOT), answer


async def test_msal_signs_a_person_in_by_device_code_and_the_refresh_token_rotates(login: Login):
    login.register(PUBLIC_CLIENT)
    with trusting(login) as http:
        app = await asyncio.to_thread(
            msal.PublicClientApplication,
            PUBLIC_CLIENT,
            authority=f"{login.secure_url}/{TENANT}",
            instance_discovery=False,
            http_client=http,
        )
        flow = await asyncio.to_thread(app.initiate_device_flow, [ENGAGE])
        login.approve("service@example.gov.uk")
        first = await asyncio.to_thread(app.acquire_token_by_device_flow, flow)
        [account] = app.get_accounts()
        second = await asyncio.to_thread(
            lambda: app.acquire_token_silent_with_error([ENGAGE], account, force_refresh=True)
        )

    assert account["username"] == "service@example.gov.uk"
    assert login.allows(f"Bearer {first['access_token']}", ENGAGE)
    assert second is not None
    assert login.allows(f"Bearer {second['access_token']}", ENGAGE)
    assert len(login.tokens.refreshing) == 1
    old = first["refresh_token"]
    assert old not in login.tokens.refreshing
    status, answer = await ask(
        login, grant_type="refresh_token", client_id=PUBLIC_CLIENT, refresh_token=old
    )
    assert (status, answer["error"]) == (400, "invalid_grant")


async def test_a_device_code_waits_for_the_person_and_may_be_declined(login: Login):
    login.register(PUBLIC_CLIENT)
    url = f"{login.url}/{TENANT}/oauth2/v2.0/devicecode"
    asked = {"client_id": PUBLIC_CLIENT, "scope": ENGAGE}
    async with aiohttp.ClientSession() as http, http.post(url, data=asked) as response:
        code = (await response.json())["device_code"]
    asked = {"client_id": PUBLIC_CLIENT, "device_code": code, "grant_type": "device_code"}

    waiting = await ask(login, **asked)
    login.decline()
    declined = await ask(login, **asked)

    assert (waiting[0], waiting[1]["error"]) == (400, "authorization_pending")
    assert (declined[0], declined[1]["error"]) == (400, "authorization_declined")


async def test_one_endpoint_fails_when_told_and_then_no_more(login: Login):
    login.fail_next(503, endpoint="keys")
    login.fail_next(DROPPED, endpoint="token")

    await get(f"{login.url}/v1/.well-known/keys")
    with pytest.raises(aiohttp.ContentTypeError):
        await get(f"{login.url}/nowhere")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await ask(login, **GOOD)
    first = await get(f"{login.url}/{TENANT}/discovery/v2.0/keys")
    second = await get(f"{login.url}/{TENANT}/discovery/v2.0/keys")

    assert first["error"] == "temporarily_unavailable"
    assert len(second["keys"]) == 2


def trusting(login: Login) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # else a REQUESTS_CA_BUNDLE around the tests would win
    session.verify = str(login.ca_file)
    return session


ASKED = {
    "client_id": APP_ID,
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "scope": "openid profile",
    "state": "s",
    "nonce": "n",
    "code_challenge_method": "S256",
}
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()


async def at_browser(login: Login, **changed: str) -> tuple[int, dict[str, str]]:
    """Somebody's browser is sent to sign in: the status, and what it is sent back with."""
    asked = ASKED | {"code_challenge": CHALLENGE.rstrip("=")} | changed
    url = f"{login.url}/{TENANT}/oauth2/v2.0/authorize"
    async with (
        aiohttp.ClientSession() as http,
        http.get(url, params=asked, allow_redirects=False) as response,
    ):
        back = urlsplit(response.headers.get("Location", ""))
        return response.status, dict(parse_qsl(back.query))


async def test_a_code_is_changed_for_who_sat_at_the_browser(login: Login):
    login.seat(ASHA, name="Asha A.")
    _, back = await at_browser(login)
    asked = {"grant_type": "authorization_code", "client_id": APP_ID, "client_secret": SECRET}
    asked |= {"code": back["code"], "redirect_uri": REDIRECT, "code_verifier": VERIFIER}

    first, again = await ask(login, **asked, scope="openid"), await ask(login, **asked)

    claims = jwt.decode(first[1]["id_token"], options={"verify_signature": False})
    shown = {name: claims[name] for name in ("oid", "name", "nonce", "tid", "aud")}
    assert shown == {
        "oid": ASHA.aad_id,
        "name": "Asha A.",
        "nonce": "n",
        "tid": TENANT,
        "aud": APP_ID,
    }
    assert (back["state"], again[1]["error"]) == ("s", "invalid_grant")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://elsewhere.example"}, "invalid_grant"),
        ({"client_secret": "guessed"}, "invalid_client"),
        ({"code": "guessed"}, "invalid_grant"),
    ],
)
async def test_a_code_alone_is_worth_nothing(login: Login, wrong: dict[str, str], error: str):
    login.seat(ASHA)
    _, back = await at_browser(login)
    asked = {"grant_type": "authorization_code", "client_id": APP_ID, "client_secret": SECRET}
    asked |= {"code": back["code"], "redirect_uri": REDIRECT, "code_verifier": VERIFIER}

    status, answer = await ask(login, **(asked | wrong))

    assert (status >= 400, answer["error"]) == (True, error)


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://elsewhere.example/hub/signed-in"},
        {"client_id": "nobody"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"scope": "profile"},
        {"response_type": "token"},
        {"state": ""},
        {"nonce": ""},
    ],
)
async def test_a_browser_that_asks_wrongly_is_not_sent_back(login: Login, wrong: dict[str, str]):
    login.seat(ASHA)

    assert await at_browser(login, **wrong) == (400, {})


async def test_who_does_not_agree_comes_back_with_an_error(login: Login):
    login.seat(ASHA)
    login.refuse_at_browser("access_denied")

    status, back = await at_browser(login)

    assert (status, back["error"], back["state"], "code" in back) == (
        302,
        "access_denied",
        "s",
        False,
    )
