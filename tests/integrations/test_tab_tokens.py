"""What Teams gives a tab: taken only when it is Entra's, in force, for us, and of a person of ours."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives import serialization

from integrations.entra_tokens import LARGEST, LEEWAY, EntraTokens
from integrations.tab_tokens import EntraTabTokens
from learning.people import PersonId
from services.ports.sign_in import NotSignedIn, SignedIn
from services.ports.systems import Unavailable
from tests.support.activities import a_person
from tests.support.login import APP_ID, TENANT, Login
from tests.support.now import seconds
from tests.support.troubles import DROPPED

ASHA = a_person("Asha")
HOST = "learnweek.example.org"
OURS = f"api://{HOST}/botid-{APP_ID}"
FOREIGN = "1e0b7c55-0000-4000-8000-000000000bad"


@pytest.fixture
async def login() -> AsyncIterator[Login]:
    async with Login() as login:
        yield login


@pytest.fixture
async def tab(login: Login) -> AsyncIterator[EntraTabTokens]:
    async with aiohttp.ClientSession() as http:
        yield a_tab(http, login)


def a_tab(http: aiohttp.ClientSession, login: Login, tenant: str = TENANT) -> EntraTabTokens:
    tokens = EntraTokens(http, login.url, tenant)
    return EntraTabTokens(tokens, app_id=APP_ID, host=HOST)


def a_token(login: Login, **claims: Any) -> str:
    given = {"name": "Asha", "preferred_username": ASHA.email, **claims}
    return login.tab_token(ASHA.aad_id, given.pop("aud", OURS), **given)


async def test_the_token_says_who_looks_at_the_tab(login: Login, tab: EntraTabTokens):
    assert await tab.signed_in(a_token(login)) == SignedIn(
        person_id=PersonId(ASHA.aad_id), name="Asha", email=ASHA.email, tenant_id=TENANT
    )


@pytest.mark.parametrize("audience", [APP_ID, OURS, f"api://{HOST}/{APP_ID}", OURS.upper()])
async def test_every_way_of_writing_our_app_is_taken(
    login: Login, tab: EntraTabTokens, audience: str
):
    assert (await tab.signed_in(a_token(login, aud=audience))).name == "Asha"


async def test_tokens_of_the_older_kind_are_taken(login: Login, tab: EntraTabTokens):
    old = a_token(
        login,
        iss=f"https://sts.windows.net/{TENANT}/",
        ver="1.0",
        preferred_username=None,
        upn=ASHA.email,
        scp="User.Read access_as_user",
    )

    assert (await tab.signed_in(old)).email == ASHA.email


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "api://elsewhere.example/botid-1"},
        {"aud": "https://graph.microsoft.com"},
        {"aud": [OURS, APP_ID]},
        {"aud": None},
        {"tid": FOREIGN},
        {"tid": None},
        {"iss": f"https://login.microsoftonline.com/{FOREIGN}/v2.0"},
        {"iss": f"https://evil.example/{TENANT}/v2.0"},
        {"iss": None},
        {"tid": FOREIGN, "iss": f"https://login.microsoftonline.com/{FOREIGN}/v2.0"},
        {"exp": seconds() - 120},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": seconds() + 7200},
        {"nbf": None},
        {"scp": None},
        {"scp": ""},
        {"scp": "access_as_user_not"},
        {"scp": "Files.Read.access_as_user"},
        {"scp": ["access_as_user"]},
        {"scp": None, "roles": ["access_as_user"], "idtyp": "app"},
        {"idtyp": "app"},
        {"oid": None},
        {"oid": ""},
        {"oid": 7},
    ],
)
async def test_what_is_not_for_us_or_not_of_ours_is_refused(
    login: Login, tab: EntraTabTokens, claims: dict[str, Any]
):
    with pytest.raises(NotSignedIn):
        await tab.signed_in(a_token(login, **claims))


async def test_clocks_may_differ_a_little(login: Login, tab: EntraTabTokens):
    token = a_token(login, exp=seconds() - 20, nbf=seconds() + 20, iat=seconds() + 20)

    assert (await tab.signed_in(token)).name == "Asha"


@pytest.mark.parametrize("claim", ["exp", "nbf"])
async def test_clocks_may_not_differ_by_minutes(login: Login, tab: EntraTabTokens, claim: str):
    by = {"exp": -2 * LEEWAY, "nbf": 2 * LEEWAY}[claim]

    with pytest.raises(NotSignedIn):
        await tab.signed_in(a_token(login, **{claim: seconds() + by}))


def claims_of(token: str) -> dict[str, Any]:
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


def forgeries(login: Login) -> dict[str, str]:
    good = a_token(login)
    head, middle, end = good.split(".")
    claims, public = claims_of(good), login.key.private.public_key()
    as_pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    deep = base64.urlsafe_b64encode(b"[" * (LARGEST // 2)).decode().rstrip("=")
    named = {"kid": login.key.id}
    return {
        "somebody else's key under our key's name": login.sign(
            claims, key=replace(login.stranger, id=login.key.id)
        ),
        "somebody else's key": login.sign(claims, key=login.stranger),
        "no signature": login.sign(claims, algorithm="none"),
        "another kind of signature": login.sign(claims, algorithm="PS256"),
        "the public key as a password": _by_hand(claims, as_pem, named),
        "changed claims": f"{head}.{_packed(claims | {'oid': 'bo'})}.{end}",
        "no key named": login.sign(claims, headers={"kid": None}),
        "a key that is no text": login.sign(claims, headers={"kid": "../keys"}),
        "no end": f"{head}.{middle}.",
        "two parts": f"{head}.{middle}",
        "nothing": "",
        "words": "give me a cookie",
        "a deep header": f"{deep}.{middle}.{end}",
        "far too long": login.sign(claims | {"padding": "x" * LARGEST}),
    }


def _packed(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def _by_hand(claims: dict[str, Any], secret: bytes, header: dict[str, str]) -> str:
    """HS256 with a public key for a password: libraries refuse to make one."""
    import hashlib
    import hmac

    signed = f"{_packed({'alg': 'HS256', 'typ': 'JWT', **header})}.{_packed(claims)}"
    digest = hmac.digest(secret, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


async def test_forgeries_are_refused(login: Login, tab: EntraTabTokens):
    taken: list[str] = []
    for name, token in forgeries(login).items():
        try:
            await tab.signed_in(token)
            taken.append(name)
        except NotSignedIn:
            pass

    assert taken == []


async def test_a_refusal_never_quotes_the_token(login: Login, tab: EntraTabTokens):
    for token in forgeries(login).values():
        with pytest.raises(NotSignedIn) as refused:
            await tab.signed_in(token)
        assert len(str(refused.value)) < 60
        assert not token or token not in str(refused.value)


async def test_keys_are_fetched_once_for_all_who_come_at_once(login: Login, tab: EntraTabTokens):
    await asyncio.gather(*(tab.signed_in(a_token(login)) for _ in range(20)))
    await tab.signed_in(a_token(login))

    assert login.counts["keys"] == 1


async def test_a_new_key_is_looked_for_once_and_then_not_for_a_while(
    login: Login, tab: EntraTabTokens, monkeypatch: pytest.MonkeyPatch
):
    await tab.signed_in(a_token(login))
    login.rotate()
    with pytest.raises(NotSignedIn, match="unknown signing key"):
        await tab.signed_in(a_token(login))
    assert login.counts["keys"] == 1

    monkeypatch.setattr("integrations.entra_tokens.KEYS_REST", -1)
    together = await asyncio.gather(*(tab.signed_in(a_token(login)) for _ in range(5)))

    assert [who.name for who in together] == ["Asha"] * 5
    assert login.counts["keys"] == 2


async def test_a_key_that_entra_took_back_is_worth_nothing_the_next_day(
    login: Login, tab: EntraTabTokens, monkeypatch: pytest.MonkeyPatch
):
    token = a_token(login)
    await tab.signed_in(token)
    login.rotate(keep=0)
    monkeypatch.setattr("integrations.entra_tokens.KEYS_LAST", -1)

    with pytest.raises(NotSignedIn, match="unknown signing key"):
        await tab.signed_in(token)


@pytest.mark.parametrize("status", [500, DROPPED, 404])
async def test_without_entra_s_keys_nobody_is_let_in_or_told_that_they_lie(
    login: Login, tab: EntraTabTokens, status: int
):
    login.fail_next(status, endpoint="keys", times=2)  # one who hangs up is asked once more

    with pytest.raises(Unavailable):
        await tab.signed_in(a_token(login))

    login.heal()
    assert (await tab.signed_in(a_token(login))).name == "Asha"


@pytest.mark.parametrize("body", ["<html>", "[]", '{"keys": []}', '{"keys": [{"kty": "EC"}]}'])
async def test_keys_that_are_none_are_not_used(login: Login, tab: EntraTabTokens, body: str):
    login.fail_next(200, endpoint="keys", body=body)

    with pytest.raises(Unavailable):
        await tab.signed_in(a_token(login))


async def test_keys_stay_in_use_while_entra_does_not_answer(
    login: Login, tab: EntraTabTokens, monkeypatch: pytest.MonkeyPatch
):
    await tab.signed_in(a_token(login))
    monkeypatch.setattr("integrations.entra_tokens.KEYS_LAST", -1)
    login.fail_next(503, endpoint="keys")

    assert (await tab.signed_in(a_token(login))).name == "Asha"


async def test_without_a_tenant_of_our_own_nobody_is_one_of_us(login: Login):
    async with aiohttp.ClientSession() as http:
        with pytest.raises(NotSignedIn, match="no tenant"):
            await a_tab(http, login, tenant="").signed_in(a_token(login, tid=""))
