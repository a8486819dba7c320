"""What Teams gives a tab for the person who looks at it: a token of Entra's, checked in full."""

from __future__ import annotations

from integrations.entra_tokens import EntraTokens
from learning.people import PersonId
from services.ports.sign_in import NotSignedIn, SignedIn

SCOPE = "access_as_user"


class EntraTabTokens:
    def __init__(self, tokens: EntraTokens, *, app_id: str, host: str) -> None:
        """`host`: the public address's, as the app registration's id URI has it."""
        self._tokens = tokens
        self._audiences = (app_id, f"api://{host}/botid-{app_id}", f"api://{host}/{app_id}")

    async def signed_in(self, token: str) -> SignedIn:
        claims = await self._tokens.claims(token, self._audiences)
        scopes = claims.get("scp")
        if not isinstance(scopes, str) or SCOPE not in scopes.split():
            raise NotSignedIn(f"token without {SCOPE}")
        return SignedIn(
            person_id=PersonId(str(claims["oid"]).casefold()),
            name=str(claims.get("name") or ""),
            email=str(claims.get("preferred_username") or claims.get("upn") or ""),
            tenant_id=str(claims["tid"]),
        )


class NoTabTokens:
    """On a laptop there is no Teams around the pages."""

    async def signed_in(self, token: str) -> SignedIn:
        raise NotSignedIn("laptop mode")
