"""Who may have a token: what the token endpoint answers to each kind of request."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.support.now import seconds
from tests.support.tokens import Grant, Tokens, refusal

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"

Form = Mapping[str, str]
Reply = tuple[int, dict[str, Any]]


class Refused(Exception):
    def __init__(self, status: int, error: str, number: int, why: str, **more: Any) -> None:
        super().__init__(why)
        self.reply: Reply = status, refusal(error, number, why, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An application as it is registered; without secret and certificate it is a public one."""

    id: str
    secret: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whoever sits at the browser when the sign-in page comes; `claims` change what is said of them."""

    oid: str
    name: str
    username: str
    tenant: str
    claims: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a browser was sent back with, and what it is good for."""

    account: Account
    asked: Form


@dataclass(slots=True)
class Entra:
    """The tenant's side of OAuth: it checks the asker and writes to the ledger.

    `account` signs in at once where a browser asks for it; `declines` is the error it comes back with
    instead. `redirects` are the addresses of the registration that browsers may come back to.
    """

    tenant: str
    tokens: Tokens
    sign: Callable[[dict[str, Any]], str]
    clients: dict[str, Client] = field(default_factory=dict)
    account: Account | None = None
    declines: str = ""
    redirects: set[str] = field(default_factory=set)
    codes: dict[str, Code] = field(default_factory=dict)

    def reply(self, form: Form) -> Reply:
        try:
            return 200, self._granted(form)
        except Refused as refused:
            return refused.reply

    def begin_device(self, form: Form, page: str) -> Reply:
        if form.get("client_id") not in self.clients:
            return 400, refusal("unauthorized_client", 700016, "Application was not found.")
        device = self.tokens.device(form["client_id"], form.get("scope", ""))
        return 200, {
            "user_code": device.user_code,
            "device_code": device.code,
            "verification_uri": page,
            "expires_in": 900,
            "interval": 1,
            "message": f"To sign in, open the page {page} and enter the code {device.user_code}.",
        }

    def authorise(self, asked: Form) -> dict[str, str]:
        """What the browser goes back with. Raises Refused where Entra shows its own page instead."""
        if asked.get("client_id") not in self.clients:
            raise Refused(400, "unauthorized_client", 700016, "Application was not found.")
        if asked.get("redirect_uri") not in self.redirects:
            raise Refused(400, "invalid_request", 50011, "The redirect URI is not registered.")
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            raise Refused(400, "invalid_request", 90014, "response_type or scope is missing.")
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise Refused(
                400, "invalid_request", 9002325, "Proof Key for Code Exchange is required."
            )
        if not asked.get("state") or not asked.get("nonce"):
            raise Refused(400, "invalid_request", 90014, "state or nonce is missing.")
        assert self.account is not None, "nobody sits at the browser"
        back = {"state": asked["state"], "session_state": secrets.token_hex(8)}
        if self.declines:
            told = refusal(self.declines, 65004, "User declined to consent to access the app.")
            return back | {"error": self.declines, "error_description": told["error_description"]}
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(account=self.account, asked=dict(asked))
        return back | {"code": code}

    def _granted(self, form: Form) -> dict[str, Any]:
        client = self.clients.get(form.get("client_id", ""))
        if client is None:
            raise Refused(400, "unauthorized_client", 700016, "Application was not found.")
        match form.get("grant_type"):
            case "client_credentials":
                return self._to_application(client, form)
            case "authorization_code":
                return self._to_code(client, form)
            case "refresh_token":
                return self._refreshed(client, form)
            case "device_code" | "urn:ietf:params:oauth:grant-type:device_code":
                return self._to_device(client, form)
            case other:
                raise Refused(400, "unsupported_grant_type", 70003, f"No grant of type {other}.")

    def _to_application(self, client: Client, form: Form) -> dict[str, Any]:
        if client.secret is None and client.certificate is None:
            raise Refused(401, "invalid_client", 7000218, "A secret or an assertion is needed.")
        if "client_assertion" in form:
            self._check_assertion(client, form)
        elif client.secret is None or form.get("client_secret") != client.secret:
            raise Refused(401, "invalid_client", 7000215, "Invalid client secret provided.")
        scope = form.get("scope", "")
        if len(scope.split()) != 1 or not scope.endswith("/.default"):
            raise Refused(400, "invalid_scope", 1002012, f"The scope {scope} is not valid.")
        return self._answer(
            self.tokens.issue(scope, tenant=self.tenant, client_id=client.id), scope=None
        )

    def _check_assertion(self, client: Client, form: Form) -> None:
        """An assertion is signed by the registered certificate, names it, and is for us."""
        try:
            if form.get("client_assertion_type") != ASSERTION or client.certificate is None:
                raise jwt.InvalidTokenError("no such assertion is registered")
            certificate = x509.load_pem_x509_certificate(client.certificate.encode())
            assertion = form["client_assertion"]
            _check_thumbprint(certificate, jwt.get_unverified_header(assertion))
            claims = jwt.decode(
                assertion,
                certificate.public_key(),  # pyright: ignore[reportArgumentType]
                algorithms=["RS256", "PS256"],
                options={"verify_aud": False, "require": ["aud", "exp", "iss", "sub", "jti"]},
            )
            if not claims["aud"].endswith(f"/{self.tenant}/oauth2/v2.0/token"):
                raise jwt.InvalidAudienceError(claims["aud"])
            if not claims["iss"] == claims["sub"] == client.id:
                raise jwt.InvalidIssuerError(claims["iss"])
        except jwt.InvalidTokenError as error:
            raise Refused(401, "invalid_client", 700027, f"Bad assertion: {error}.") from error

    def _refreshed(self, client: Client, form: Form) -> dict[str, Any]:
        """Each refresh token works once: who does not keep the newest is signed out."""
        old = self.tokens.refreshing.get(form.get("refresh_token", ""))
        if old is None or old.client_id != client.id:
            raise Refused(
                400, "invalid_grant", 50173, "The grant has expired.", suberror="bad_token"
            )
        del self.tokens.refreshing[form["refresh_token"]]
        return self._to_person(client, form.get("scope") or old.scope, old.username)

    def _to_device(self, client: Client, form: Form) -> dict[str, Any]:
        device = self.tokens.devices.get(form.get("device_code") or form.get("code", ""))
        if device is None or device.client_id != client.id:
            raise Refused(400, "bad_verification_code", 70019, "No such device code.")
        if device.state != "approved":
            raise Refused(400, device.state, 70016, "The person has not signed in.")
        del self.tokens.devices[device.code]
        return self._to_person(client, device.scope, device.username)

    def _to_code(self, client: Client, form: Form) -> dict[str, Any]:
        """A code works once, for who asked for it, with the verifier of its challenge."""
        if client.secret is None or form.get("client_secret") != client.secret:
            raise Refused(401, "invalid_client", 7000215, "Invalid client secret provided.")
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or code.asked["client_id"] != client.id:
            raise Refused(400, "invalid_grant", 54005, "The code was redeemed already.")
        if form.get("redirect_uri") != code.asked["redirect_uri"]:
            raise Refused(400, "invalid_grant", 50011, "The redirect URI is another one.")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.asked["code_challenge"]:
            raise Refused(400, "invalid_grant", 50148, "The code_verifier does not match.")
        who = code.account
        grant = self.tokens.issue(
            form.get("scope", ""), tenant=who.tenant, client_id=client.id, username=who.username
        )
        claims = {
            **self._identity(grant),
            "iss": f"https://login.microsoftonline.com/{who.tenant}/v2.0",
            "tid": who.tenant,
            "oid": who.oid,
            "name": who.name,
            "nonce": code.asked["nonce"],
            **who.claims,
        }
        return {**self._answer(grant, scope=grant.scope), "id_token": self.sign(claims)}

    def _to_person(self, client: Client, scope: str, username: str | None) -> dict[str, Any]:
        grant = self.tokens.issue(scope, tenant=self.tenant, client_id=client.id, username=username)
        answer = self._answer(grant, scope=grant.scope)
        if "offline_access" in scope.split():
            answer["refresh_token"] = self.tokens.refresh_token(grant)
        if "openid" in scope.split():
            answer["id_token"] = self.sign(self._identity(grant))
            uid = {"uid": f"oid-{username}", "utid": self.tenant}
            answer["client_info"] = base64.urlsafe_b64encode(json.dumps(uid).encode()).decode()
        return answer

    def _answer(self, grant: Grant, *, scope: str | None) -> dict[str, Any]:
        seconds = int(self.tokens.lifetime)
        answer = {"token_type": "Bearer", "expires_in": seconds, "access_token": grant.token}
        return answer | ({"ext_expires_in": seconds} if scope is None else {"scope": scope})

    def _identity(self, grant: Grant) -> dict[str, Any]:
        now = seconds()
        return {
            "iss": f"https://login.microsoftonline.com/{self.tenant}/v2.0",
            "aud": grant.client_id,
            "tid": self.tenant,
            "oid": f"oid-{grant.username}",
            "sub": f"sub-{grant.username}",
            "preferred_username": grant.username,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "ver": "2.0",
        }


def _check_thumbprint(certificate: x509.Certificate, header: Mapping[str, Any]) -> None:
    for name, algorithm in (("x5t#S256", hashes.SHA256()), ("x5t", hashes.SHA1())):  # noqa: S303 -- x5t is SHA-1 by definition
        if name in header:
            digest = base64.urlsafe_b64encode(certificate.fingerprint(algorithm)).decode()
            if header[name].rstrip("=") != digest.rstrip("="):
                raise jwt.InvalidTokenError(f"{name} names another certificate")
            return
    raise jwt.InvalidTokenError("the header names no certificate")
