"""Signing in by Entra with a browser: the flow that MSAL plays, and everything that can go wrong in it."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from integrations.entra import AppCredential
from integrations.entra_tokens import EntraTokens
from integrations.web_sign_in import EntraWebSignIn
from learning.people import PersonId
from services.ports.sign_in import Begun, NotSignedIn, SignedIn, Why
from services.ports.systems import Unavailable
from tests.support.activities import a_person
from tests.support.login import APP_ID, REDIRECT, SECRET, TENANT, Login
from tests.support.now import seconds
from tests.support.troubles import DROPPED

ASHA = a_person("Asha")
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')
FOREIGN = "1e0b7c55-0000-4000-8000-000000000bad"


@pytest.fixture
async def login() -> AsyncIterator[Login]:
    async with Login() as login:
        login.seat(ASHA)
        yield login


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


@pytest.fixture
def entra(login: Login, http: aiohttp.ClientSession) -> EntraWebSignIn:
    return a_sign_in(login, http)


def a_sign_in(
    login: Login,
    http: aiohttp.ClientSession,
    *,
    secret: str = SECRET,
    back: str = REDIRECT,
    patience: float = 15.0,
) -> EntraWebSignIn:
    credential = AppCredential(authority=login.url, tenant_id=TENANT, app_id=APP_ID, secret=secret)
    tokens = EntraTokens(http, login.url, TENANT)
    return EntraWebSignIn(credential, tokens, back, patience=patience)


async def at_entra(http: aiohttp.ClientSession, begun: Begun) -> dict[str, str]:
    """The browser goes to Entra; with what it comes back."""
    # MSAL takes no endpoint that is not https; the stand-in listens at the same port without.
    address = begun.address.replace("https://", "http://", 1)
    async with http.get(address, allow_redirects=False) as response:
        page = await response.text()
    assert f'action="{REDIRECT}"' in page
    return {name: unescape(value) for name, value in FIELD.findall(page)}


async def test_somebody_of_ours_signs_in(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    begun = await entra.begin()

    who = await entra.finish(begun.kept, await at_entra(http, begun))

    assert who == SignedIn(
        person_id=PersonId(ASHA.aad_id), name="Asha", email=ASHA.email, tenant_id=TENANT
    )


async def test_entra_is_asked_for_no_more_than_who_it_is(entra: EntraWebSignIn):
    begun = await entra.begin()

    asked = dict(parse_qsl(urlsplit(begun.address).query))
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == REDIRECT
    assert asked["response_mode"] == "form_post"


async def test_what_a_browser_keeps_fits_in_a_cookie(entra: EntraWebSignIn):
    begun = await entra.begin()

    assert len(json.dumps(dict(begun.kept))) < 1500


async def test_nobody_s_tokens_are_kept_here(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    for _ in range(3):
        begun = await entra.begin()
        await entra.finish(begun.kept, await at_entra(http, begun))

    assert entra._app is not None
    assert entra._app.get_accounts() == []
    assert login.tokens.refreshing == {}


async def refused(
    entra: EntraWebSignIn, kept: Mapping[str, str], answer: Mapping[str, str]
) -> NotSignedIn:
    with pytest.raises(NotSignedIn) as error:
        await entra.finish(kept, answer)
    return error.value


async def test_an_answer_to_another_question_is_refused(
    entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    mine, theirs = await entra.begin(), await entra.begin()
    answer = await at_entra(http, theirs)

    for wrong in (answer, answer | {"state": ""}, {"code": answer["code"]}, {}):
        assert (await refused(entra, mine.kept, wrong)).why is Why.STALE


async def test_an_answer_is_good_once(entra: EntraWebSignIn, http: aiohttp.ClientSession):
    begun = await entra.begin()
    answer = await at_entra(http, begun)
    await entra.finish(begun.kept, answer)

    again = await refused(entra, begun.kept, answer)

    assert (again.why, str(again)) == (Why.STALE, "Entra: invalid_grant")


async def test_a_code_is_worth_nothing_to_who_has_not_its_verifier(
    entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    begun, other = await entra.begin(), await entra.begin()
    answer = await at_entra(http, begun)
    flow = json.loads(begun.kept["flow"])
    flow["code_verifier"] = json.loads(other.kept["flow"])["code_verifier"]

    error = await refused(entra, {"flow": json.dumps(flow)}, answer)

    assert str(error) == "Entra: invalid_grant"


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, Why.STALE),
        ({"aud": "another app"}, Why.OTHER),
        ({"exp": seconds() - 600}, Why.OTHER),
        ({"tid": FOREIGN}, Why.FOREIGN),
        ({"oid": ""}, Why.OTHER),
    ],
)
async def test_an_id_token_that_is_not_for_us_is_refused(
    login: Login,
    entra: EntraWebSignIn,
    http: aiohttp.ClientSession,
    claims: dict[str, str],
    why: Why,
):
    login.seat(ASHA, **claims)
    begun = await entra.begin()

    assert (await refused(entra, begun.kept, await at_entra(http, begun))).why is why


async def test_an_id_token_that_entra_did_not_sign_is_refused(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    begun = await entra.begin()
    answer = await at_entra(http, begun)
    login._entra.sign = lambda claims: login.sign(claims, key=login.stranger)

    assert str(await refused(entra, begun.kept, answer)) == "unknown signing key"


async def test_somebody_of_another_organisation_is_refused(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    login.seat(ASHA, tenant=FOREIGN)
    begun = await entra.begin()

    assert (await refused(entra, begun.kept, await at_entra(http, begun))).why is Why.FOREIGN


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("access_denied", Why.DECLINED),
        ("consent_required", Why.DECLINED),
        ("interaction_required", Why.OTHER),
    ],
)
async def test_who_does_not_agree_is_not_signed_in(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession, error: str, why: Why
):
    login.refuse_at_browser(error)
    begun = await entra.begin()

    assert (await refused(entra, begun.kept, await at_entra(http, begun))).why is why


async def test_entra_s_own_trouble_is_no_fault_of_who_signs_in(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession
):
    login.refuse_at_browser("temporarily_unavailable")
    begun = await entra.begin()

    with pytest.raises(Unavailable):
        await entra.finish(begun.kept, await at_entra(http, begun))


@pytest.mark.parametrize("status", [500, 503, DROPPED])
async def test_while_entra_is_down_nobody_can_begin_or_finish_and_then_they_can(
    login: Login, entra: EntraWebSignIn, http: aiohttp.ClientSession, status: int
):
    login.fail_next(status, endpoint="metadata", times=2)
    with pytest.raises(Unavailable):
        await entra.begin()
    login.heal()
    begun = await entra.begin()
    answer = await at_entra(http, begun)
    login.fail_next(status, endpoint="token", times=2)
    with pytest.raises(Unavailable):
        await entra.finish(begun.kept, answer)
    login.heal()

    assert (await entra.finish(begun.kept, answer)).name == "Asha"


@pytest.mark.parametrize("endpoint", ["metadata", "token"])
async def test_an_entra_that_hangs_is_not_waited_for(
    login: Login, http: aiohttp.ClientSession, endpoint: str
):
    entra = a_sign_in(login, http, patience=0.5)
    login.fail_next(None, endpoint=endpoint, times=9, delay=60)

    async def sign_in() -> SignedIn:
        begun = await entra.begin()
        return await entra.finish(begun.kept, await at_entra(http, begun))

    with pytest.raises(Unavailable, match="no answer in time"):
        await sign_in()


async def test_a_wrong_secret_is_told_in_the_log_s_words(login: Login, http: aiohttp.ClientSession):
    entra = a_sign_in(login, http, secret="an old one")
    begun = await entra.begin()

    error = await refused(entra, begun.kept, await at_entra(http, begun))

    assert (error.why, str(error)) == (Why.OTHER, "Entra: invalid_client")


async def test_an_address_that_is_not_registered_stays_at_entra(
    login: Login, http: aiohttp.ClientSession
):
    begun = await a_sign_in(login, http, back="https://elsewhere.example/hub/signed-in").begin()

    async with http.get(begun.address.replace("https", "http", 1), allow_redirects=False) as page:
        assert (page.status, "AADSTS50011" in await page.text()) == (400, True)
