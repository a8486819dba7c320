"""Who may have a token: what the token endpoint answers to each kind of request."""

import base64
import json
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


@dataclass(slots=True)
class Entra:
    """The tenant's side of OAuth: it checks the asker and writes to the ledger."""

    tenant: str
    tokens: Tokens
    sign: Callable[[dict[str, Any]], str]
    clients: dict[str, Client] = field(default_factory=dict)

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

    def _granted(self, form: Form) -> dict[str, Any]:
        client = self.clients.get(form.get("client_id", ""))
        if client is None:
            raise Refused(400, "unauthorized_client", 700016, "Application was not found.")
        match form.get("grant_type"):
            case "client_credentials":
                return self._to_application(client, form)
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
