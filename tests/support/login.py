"""Stand-in for Microsoft's login hosts: signing keys, and tokens for those who may have them."""

import ssl
import tempfile
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import jwt
from aiohttp import web

from tests.support.activities import Person
from tests.support.entra import Account, Client, Entra, Refused
from tests.support.now import seconds
from tests.support.server import Server, application, failure
from tests.support.signing import SigningKey, a_certificate, a_key
from tests.support.tokens import Tokens, refusal
from tests.support.troubles import Trouble, Troubles

TENANT = "7b0e1f0a-5a3c-4f57-9a0f-2f8b5d1c9e01"
APP_ID = "3f1c2a9e-6d7b-4c58-8e21-90ab12cd34ef"
SECRET = "not-a-secret~of-anyone"
REDIRECT = "https://learnweek.example.org/hub/signed-in"
STRANGER = -2

BOT_ISSUER = "https://api.botframework.com"


class Login:
    """Counts what it is asked, signs what a test wants signed, and fails when told to.

    Endpoints have the names `bot_metadata`, `bot_keys`, `metadata`, `keys`,
    `authorize`, `token` and `devicecode`. With `tls` it is also at `secure_url`, under the
    certificate in `ca_file`, for clients that refuse plain HTTP.
    """

    def __init__(
        self,
        *,
        tenant: str = TENANT,
        app_id: str = APP_ID,
        secret: str | None = SECRET,
        tls: bool = False,
    ) -> None:
        self.url = ""
        self.secure_url = ""
        self.endpoints: str | None = None
        self.counts: Counter[str] = Counter()
        self.tenant = tenant
        self.app_id = app_id
        self.tokens = Tokens()
        self.keys: list[SigningKey] = [a_key(0), a_key(1)]
        self.stranger = a_key(STRANGER)
        self._next_key = 2
        self._entra = Entra(tenant, self.tokens, self.sign, redirects={REDIRECT})
        self._troubles = Troubles()
        self._server = Server(application(*self._routes(), middleware=self._troubled))
        self._folder = tempfile.TemporaryDirectory() if tls else None
        self.register(app_id, secret=secret)

    async def __aenter__(self) -> Self:
        self.url = await self._server.start()
        if self._folder is not None:
            self.secure_url = await self._server.start_tls(self._context(Path(self._folder.name)))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def bot_metadata_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def ca_file(self) -> Path:
        assert self._folder is not None, "only Login(tls=True) has a certificate"
        return Path(self._folder.name) / "ca.pem"

    @property
    def key(self) -> SigningKey:
        """The key that signs now: the newest."""
        return self.keys[-1]

    def rotate(self, *, keep: int = 1) -> SigningKey:
        """Sign with a new key from now on, and publish only that many of the old ones."""
        fresh = a_key(self._next_key)
        self._next_key += 1
        self.keys = [*self.keys[len(self.keys) - keep :], fresh]
        return fresh

    def register(
        self, client_id: str, *, secret: str | None = None, certificate: str | None = None
    ) -> None:
        """Let an application sign in; with neither secret nor certificate it is a public client."""
        self._entra.clients[client_id] = Client(
            id=client_id, secret=secret, certificate=certificate
        )

    def sign(
        self,
        claims: dict[str, Any],
        *,
        key: SigningKey | bytes | None = None,
        headers: dict[str, Any] | None = None,
        algorithm: str = "RS256",
    ) -> str:
        """Sign anything with anything; a header or claim of None is left out."""
        signer = key or self.key
        if isinstance(signer, SigningKey):
            secret: Any = signer.private if algorithm[:2] in ("RS", "PS") else b"0" * 64
            named = {"kid": signer.id, **(headers or {})}
        else:
            secret, named = signer, headers or {}
        kept = {name: value for name, value in claims.items() if value is not None}
        shown = {name: value for name, value in named.items() if value is not None}
        return jwt.encode(
            kept, "" if algorithm == "none" else secret, algorithm=algorithm, headers=shown
        )

    def channel_token(self, app_id: str, service_url: str, **overrides: Any) -> str:
        """What Teams sends with an activity; overrides are claims, None leaves one out."""
        now = seconds()
        claims = {"iss": BOT_ISSUER, "aud": app_id, "serviceurl": service_url}
        times = {"iat": now, "nbf": now - 60, "exp": now + 3600}
        return self.sign({**claims, **times, **overrides})

    def tab_token(self, aad_id: str, audience: str, **overrides: Any) -> str:
        """What a tab gets for the person who looks at it."""
        now = seconds()
        claims = {
            "iss": f"https://login.microsoftonline.com/{self.tenant}/v2.0",
            "aud": audience,
            "tid": self.tenant,
            "oid": aad_id,
            "scp": "access_as_user",
            "ver": "2.0",
        }
        times = {"iat": now, "nbf": now - 60, "exp": now + 3600}
        return self.sign({**claims, **times, **overrides})

    def allows(self, authorization: str | None, scope: str) -> bool:
        """Whether an Authorization header holds a live token of ours for this scope."""
        return self.tokens.allows(authorization, scope)

    def approve(self, username: str = "learning@example.gov.uk") -> None:
        """The person has typed the device code and signed in."""
        self._settle_devices("approved", username)

    def decline(self) -> None:
        self._settle_devices("authorization_declined", None)

    def fail_next(
        self,
        status: int | None,
        *,
        endpoint: str = "",
        times: int = 1,
        delay: float = 0.0,
        body: dict[str, Any] | str | None = None,
    ) -> None:
        """Answer the next requests badly; a status of None is late, DROPPED is no answer."""
        told = body if body is not None else refusal("temporarily_unavailable", 90033, "Sorry.")
        where = f"/{endpoint}/" if endpoint else ""
        self._troubles.plan(Trouble(status=status, body=told, where=where, left=times, delay=delay))

    def heal(self) -> None:
        """From now on nothing goes wrong."""
        self._troubles.clear()

    def seat(self, person: Person, *, tenant: str = "", **claims: Any) -> None:
        """From now on this person sits at the browser; claims change what is said of them."""
        self._entra.declines = ""
        self._entra.account = Account(
            oid=person.aad_id,
            name=person.name,
            username=person.email,
            tenant=tenant or self.tenant,
            claims=claims,
        )

    def refuse_at_browser(self, error: str = "access_denied") -> None:
        """Whoever sits at the browser does not agree, or may not."""
        self._entra.declines = error

    def _settle_devices(self, state: str, username: str | None) -> None:
        assert self.tokens.devices, "nobody asked for a device code"
        for device in self.tokens.devices.values():
            device.state, device.username = state, username

    def _routes(self) -> list[web.RouteDef]:
        metadata = "/v2.0/.well-known/openid-configuration"
        return [
            web.get("/v1/.well-known/openidconfiguration", self._bot_metadata, name="bot_metadata"),
            web.get("/v1/.well-known/keys", self._keys, name="bot_keys"),
            web.get("/{tenant}" + metadata, self._metadata, name="metadata"),
            web.get("/{tenant}/discovery/v2.0/keys", self._keys, name="keys"),
            web.get("/{tenant}/oauth2/v2.0/authorize", self._authorize, name="authorize"),
            web.post("/{tenant}/oauth2/v2.0/token", self._token, name="token"),
            web.post("/{tenant}/oauth2/v2.0/devicecode", self._devicecode, name="devicecode"),
        ]

    @web.middleware
    async def _troubled(self, request: web.Request, handler: Any) -> web.StreamResponse:
        name = request.match_info.route.name or "unknown"
        self.counts[name] += 1
        if request.match_info.get("tenant", self.tenant) != self.tenant:
            wrong = refusal("invalid_request", 90002, "Tenant not found.")
            return web.json_response(wrong, status=400)
        return await self._troubles.meet(
            request.method,
            f"/{name}/",
            act=lambda: handler(request),
            fail=lambda trouble: failure(request, trouble),
        )

    async def _bot_metadata(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": BOT_ISSUER,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{self.url}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def _metadata(self, request: web.Request) -> web.Response:
        # MSAL takes no endpoint that is not https, whatever it was reached by.
        base = f"{self.endpoints or f'https://{request.host}'}/{self.tenant}"
        keys = self.endpoints or f"{request.scheme}://{request.host}"
        return web.json_response(
            {
                "issuer": f"https://login.microsoftonline.com/{self.tenant}/v2.0",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{keys}/{self.tenant}/discovery/v2.0/keys",
            }
        )

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [key.public() for key in self.keys]})

    async def _token(self, request: web.Request) -> web.Response:
        status, body = self._entra.reply(await _form(request))
        return web.json_response(body, status=status)

    async def _authorize(self, request: web.Request) -> web.Response:
        try:
            back = self._entra.authorise(request.query)
        except Refused as refused:
            status, body = refused.reply
            return web.json_response(body, status=status)
        address = request.query["redirect_uri"]
        if request.query.get("response_mode") != "form_post":
            location = f"{address}?{urlencode(back)}"
            return web.Response(status=302, headers={"Location": location})
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in back.items()
        )
        form = f'<form method="POST" name="hiddenform" action="{escape(address)}">{fields}'
        submit = "<script>document.forms[0].submit()</script>"
        page = (
            f"<html><head><title>Working...</title></head><body>{form}</form>{submit}</body></html>"
        )
        return web.Response(text=page, content_type="text/html")

    async def _devicecode(self, request: web.Request) -> web.Response:
        status, body = self._entra.begin_device(await _form(request), f"{self.url}/devicelogin")
        return web.json_response(body, status=status)

    def _context(self, folder: Path) -> ssl.SSLContext:
        made = a_certificate()
        (folder / "ca.pem").write_text(made.certificate)
        (folder / "key.pem").write_text(made.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
        return context


async def _form(request: web.Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.post()).items()}
