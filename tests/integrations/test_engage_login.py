"""The service account is signed in once, shared by replicas, and never loses the token that came last."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from integrations.clock import SystemClock, steady
from integrations.engage_login import NAME, NotSignedIn, Registration, StoredAccount
from integrations.vault import Vault
from services.ports.engage import SignIn, SignInNeeded
from services.ports.systems import Rejected, Unavailable
from store.engine import Database, open_database
from store.secrets import SqlSecrets
from tests.support.login import Login
from tests.support.tokens import ENGAGE
from tests.support.troubles import DROPPED

CLIENT = "5c0f1d0e-0000-4000-8000-00000000e00a"
WHO = "learning@example.gov.uk"
CLOCK = SystemClock()


@pytest.fixture
async def login() -> AsyncGenerator[Login]:
    async with Login() as login:
        login.register(CLIENT)
        yield login


@pytest.fixture
async def another(database_url: str) -> AsyncGenerator[Database]:
    """The same database as another replica opens it."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


def an_account(database: Database, login: Login, *, key: str = "one key") -> StoredAccount:
    registration = Registration(authority=login.url, tenant_id=login.tenant, client_id=CLIENT)
    return StoredAccount(SqlSecrets(database), Vault(key), registration, CLOCK, steady)


async def signed_in(account: StoredAccount, login: Login) -> StoredAccount:
    code = await account.begin()
    login.approve(WHO)
    assert await account.finish(code) == WHO
    return account


async def refused(account: StoredAccount) -> str:
    """The token that comes after the one at hand was not accepted."""
    await account.token()
    return await account.token(stale=True)


def expire(login: Login) -> None:
    """Access tokens have had their time; refresh tokens are good."""
    login.tokens.issued.clear()


async def test_somebody_signs_in_by_a_code_and_every_replica_has_the_token(
    database: Database, another: Database, login: Login
):
    here, there = an_account(database, login), an_account(another, login)
    code = await here.begin()
    assert "enter the code" in code.words
    login.approve(WHO)
    assert await here.finish(code) == WHO

    assert await there.standing() == SignIn(account=WHO)
    token = await there.token()
    assert login.allows(f"Bearer {token}", ENGAGE)
    assert token == await here.token()


async def test_a_code_that_is_declined_or_waits_changes_nothing(database: Database, login: Login):
    account = an_account(database, login)
    code = await account.begin()
    waiting = asyncio.create_task(account.finish(code))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    login.decline()

    with pytest.raises(NotSignedIn, match="authorization_declined"):
        await waiting
    assert await account.standing() == SignIn()


async def test_before_anybody_signed_in_there_is_no_token_and_no_need(
    database: Database, login: Login
):
    account = an_account(database, login)

    with pytest.raises(SignInNeeded, match="nobody has signed in yet"):
        await account.token()

    assert await account.standing() == SignIn()
    await account.miss()
    assert (await account.standing()).needed_since is not None


async def test_a_token_is_renewed_by_one_replica_and_the_others_take_it(
    database: Database, another: Database, login: Login
):
    accounts = [an_account(database, login), an_account(another, login)]
    await signed_in(accounts[0], login)
    old = [await account.token() for account in accounts]
    expire(login)
    before = login.counts["token"]

    fresh = await asyncio.gather(*(account.token(stale=True) for account in accounts))

    assert set(old).isdisjoint(fresh)
    assert len(set(fresh)) == 1
    assert login.counts["token"] - before == 1
    assert login.allows(f"Bearer {fresh[0]}", ENGAGE)


async def test_many_askers_in_one_replica_renew_once(database: Database, login: Login):
    account = await signed_in(an_account(database, login), login)
    await account.token()
    expire(login)
    before = login.counts["token"]

    fresh = await asyncio.gather(*(account.token(stale=True) for _ in range(5)))

    assert len(set(fresh)) == 1
    assert login.counts["token"] - before == 1


async def test_the_token_that_came_last_is_stored_each_time(
    database: Database, another: Database, login: Login
):
    """Each refresh token works once: whoever lost one could not go on."""
    accounts = [an_account(database, login), an_account(another, login)]
    await signed_in(accounts[0], login)
    for turn in range(4):
        expire(login)
        account = accounts[turn % 2]
        tokens = [await refused(account), await refused(account)]
        assert any(login.allows(f"Bearer {token}", ENGAGE) for token in tokens)


async def test_a_renewal_whose_asker_is_gone_is_stored_all_the_same(
    database: Database, another: Database, login: Login
):
    account = await signed_in(an_account(database, login), login)
    await account.token()
    expire(login)
    login.fail_next(None, endpoint="token", delay=0.3)
    asker = asyncio.create_task(account.token(stale=True))
    async with asyncio.timeout(5):
        while not account._renewals:  # noqa: ASYNC110 -- a set calls nobody
            await asyncio.sleep(0.01)
    asker.cancel()
    await asyncio.gather(asker, return_exceptions=True)
    await asyncio.gather(*account._renewals)

    token = await an_account(another, login).token()
    assert login.allows(f"Bearer {token}", ENGAGE)


async def test_when_entra_wants_to_see_them_again_it_is_remembered_since_when(
    database: Database, another: Database, login: Login
):
    accounts = [an_account(database, login), an_account(another, login)]
    await signed_in(accounts[0], login)
    login.tokens.revoke()
    asked = login.counts["token"]

    for account in [*accounts, *accounts]:
        with pytest.raises(SignInNeeded, match="sign-in is needed again"):
            await refused(account)

    assert login.counts["token"] - asked == 1, "nobody tries what is spent"
    standing = await accounts[1].standing()
    assert standing.account == WHO
    assert standing.needed_since is not None

    await signed_in(accounts[1], login)
    assert await accounts[0].standing() == SignIn(account=WHO)
    assert login.allows(f"Bearer {await accounts[0].token(stale=True)}", ENGAGE)


@pytest.mark.parametrize("status", [503, DROPPED])
async def test_when_entra_is_away_nobody_has_to_sign_in(
    database: Database, login: Login, status: int
):
    account = await signed_in(an_account(database, login), login)
    await account.token()
    expire(login)
    login.fail_next(status, endpoint="token", times=5)

    with pytest.raises(Unavailable) as told:
        await account.token(stale=True)

    assert not isinstance(told.value, SignInNeeded)
    assert await account.standing() == SignIn(account=WHO)
    login.heal()
    assert login.allows(f"Bearer {await refused(account)}", ENGAGE)


async def test_a_replica_that_died_while_renewing_is_waited_for_and_replaced(
    database: Database, another: Database, login: Login
):
    here = await signed_in(an_account(database, login), login)
    await here.token()
    expire(login)
    secrets = SqlSecrets(another)
    stored = await secrets.find(NAME)
    assert stored is not None
    assert await secrets.lease(NAME, "one that died", stored.version)
    waiting = asyncio.create_task(here.token(stale=True))
    await asyncio.sleep(0.2)
    assert not waiting.done()

    await secrets.release(NAME, "one that died")

    assert login.allows(f"Bearer {await waiting}", ENGAGE)


async def test_another_secret_key_cannot_read_it(database: Database, login: Login):
    await signed_in(an_account(database, login), login)
    other = an_account(database, login, key="another key")

    with pytest.raises(SignInNeeded, match="SECRET_KEY is another one now"):
        await other.token()

    assert (await other.standing()).needed_since is not None


async def test_a_registration_that_entra_does_not_know_is_told(database: Database, login: Login):
    registration = Registration(authority=login.url, tenant_id=login.tenant, client_id="nobody")
    account = StoredAccount(SqlSecrets(database), Vault("k"), registration, CLOCK, steady)

    with pytest.raises(Rejected, match="unauthorized_client"):
        await account.begin()
