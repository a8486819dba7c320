"""Signing in on a laptop: whoever sits at it is the person of its chat window."""

from __future__ import annotations

from collections.abc import Mapping

from learning.people import PersonId
from services.ports.sign_in import Begun, SignedIn

LEARNER = SignedIn(person_id=PersonId("you"), name="Learner", email="learner@example.org")
"""As console/playground.py calls whoever chats."""


class LaptopSignIn:
    def __init__(self, back: str) -> None:
        """`back`: the path that a browser comes back to, under whichever name it knows this machine."""
        self._back = back

    async def begin(self) -> Begun:
        return Begun(address=f"{self._back}?code=laptop", kept={})

    async def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> SignedIn:
        return LEARNER
