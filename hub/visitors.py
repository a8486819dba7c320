"""Who is looking at our pages: a signed cookie, and the sign by which we know our own forms."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
from aiohttp import web

from learning.people import PersonId
from services.ports.clocks import Clock
from services.ports.sign_in import SignedIn

LASTS = timedelta(hours=8)
"""A working day: then Entra, or Teams, is asked again whether they are still one of us."""

SIGNING_IN_LASTS = timedelta(minutes=10)
ALGORITHM = "HS256"
FORM_FIELD = "form"
FORM_BYTES = 16
FORM_HEADER = "X-Form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`form` goes with every form and call that changes something."""

    person_id: PersonId
    name: str
    form: str
    email: str = ""
    tenant_id: str = ""
    is_organiser: bool = False


VISITOR = web.RequestKey("visitor", Visitor)


def visitor_of(request: web.Request) -> Visitor | None:
    """Who has signed in; None where nobody has, or where nobody needs to."""
    return request.get(VISITOR)


class Visitors:
    """Nothing is kept here, so that every replica knows everybody."""

    def __init__(self, secret: str, clock: Clock, *, is_https: bool) -> None:
        """`is_https`: whether browsers reach us so, as Teams does; a laptop has plain http."""
        self._secret = hmac.digest(secret.encode(), b"hub visitors", hashlib.sha256)
        self._clock = clock
        self._is_https = is_https
        self._cookie = "__Host-learnweek" if is_https else "learnweek"

    def read(self, request: web.Request) -> Visitor | None:
        claims = self._opened(request.cookies.get(self._cookie, ""), "visitor")
        if claims is None:
            return None
        return Visitor(
            person_id=PersonId(claims["sub"]),
            name=claims["name"],
            email=claims["email"],
            tenant_id=claims["tenant"],
            form=self._form(claims["jti"]),
        )

    def let_in(self, response: web.StreamResponse, who: SignedIn) -> Visitor:
        """Have the browser remember who it is, for a working day."""
        jti = secrets.token_urlsafe(12)
        claims = {"sub": who.person_id, "name": who.name, "email": who.email, "jti": jti}
        claims |= {"tenant": who.tenant_id}
        sealed = self._sealed(claims, "visitor", LASTS)
        self._set(response, self._cookie, sealed, LASTS, self._site)
        return Visitor(
            person_id=who.person_id,
            name=who.name,
            email=who.email,
            tenant_id=who.tenant_id,
            form=self._form(jti),
        )

    def let_out(self, response: web.StreamResponse) -> None:
        self._set(response, self._cookie, "", timedelta(0), self._site)

    @property
    def _site(self) -> str:
        """Teams shows us in a frame, where only a cookie "None" is sent; partitioned, it is none of
        another site's frame.
        """
        return "SameSite=None; Partitioned" if self._is_https else "SameSite=Lax"

    def keep(self, response: web.StreamResponse, kept: Mapping[str, str]) -> None:
        """Have the browser remember what a sign-in under way needs when it comes back."""
        sealed = self._sealed({"kept": dict(kept)}, "signing in", SIGNING_IN_LASTS)
        self._set(response, self._begun, sealed, SIGNING_IN_LASTS, self._begun_site)

    def kept(self, request: web.Request) -> Mapping[str, str] | None:
        claims = self._opened(request.cookies.get(self._begun, ""), "signing in")
        return None if claims is None else claims["kept"]

    def forget_kept(self, response: web.StreamResponse) -> None:
        self._set(response, self._begun, "", timedelta(0), self._begun_site)

    @property
    def _begun_site(self) -> str:
        """It has to come along when Entra's page posts the browser back to us."""
        return "SameSite=None" if self._is_https else "SameSite=Lax"

    @property
    def _begun(self) -> str:
        return f"{self._cookie}-begun"

    def is_own_form(self, visitor: Visitor, form: str) -> bool:
        return hmac.compare_digest(_unmasked(form), _unmasked(visitor.form))

    def _form(self, jti: str) -> str:
        """Another one each time, so that the length of a compressed page does not give it away."""
        own = hmac.digest(self._secret, f"form:{jti}".encode(), hashlib.sha256)[:FORM_BYTES]
        mask = secrets.token_bytes(FORM_BYTES)
        return (mask + _either(mask, own)).hex()

    def _sealed(self, claims: Mapping[str, Any], purpose: str, lasts: timedelta) -> str:
        ends_at = int((self._clock.now() + lasts).timestamp())
        return jwt.encode(
            {**claims, "aud": purpose, "ends": ends_at}, self._secret, algorithm=ALGORITHM
        )

    def _opened(self, sealed: str, purpose: str) -> dict[str, Any] | None:
        """What we sealed for this purpose, unless it was tampered with or has run out."""
        try:
            claims = jwt.decode(sealed, self._secret, algorithms=[ALGORITHM], audience=purpose)
        except jwt.PyJWTError:
            return None
        return claims if claims["ends"] > self._clock.now().timestamp() else None

    def _set(
        self, response: web.StreamResponse, name: str, value: str, lasts: timedelta, site: str
    ) -> None:
        # http.cookies knows no Partitioned before Python 3.14.
        age, secure = int(lasts.total_seconds()), "; Secure" if self._is_https else ""
        cookie = f"{name}={value}; Path=/; Max-Age={age}; HttpOnly{secure}; {site}"
        response.headers.add("Set-Cookie", cookie)


def _unmasked(form: str) -> bytes:
    """What a form's sign stands for; nothing where it is none of ours."""
    try:
        both = bytes.fromhex(form)
    except ValueError:
        return b""
    return _either(both[:FORM_BYTES], both[FORM_BYTES:]) if len(both) == 2 * FORM_BYTES else b""


def _either(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
