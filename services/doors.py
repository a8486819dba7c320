"""The word on a session's door: whoever types it is there, as it stands nowhere else."""

from __future__ import annotations

import hashlib
import hmac

from learning.sessions import SessionId

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are read as others; what people type instead of them is understood."""

LENGTH = 6
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class Doors:
    """Made from the secret key, so that nothing has to be kept and every replica knows it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def word(self, session_id: SessionId) -> str:
        """Six signs to be typed on a phone; the first is a digit, so that it is no word of English."""
        digest = self._digest("door", session_id)
        first, others = digest[0], digest[1:LENGTH]
        return str(first % 10) + "".join(LETTERS[byte % len(LETTERS)] for byte in others)

    def opens(self, session_id: SessionId, typed: str) -> bool:
        meant = typed.strip().upper().translate(_MEANT)
        return hmac.compare_digest(meant.encode(), self.word(session_id).encode())

    def key(self, session_id: SessionId) -> str:
        """What the address of the page that shows the word must carry: organisers are given it."""
        return self._digest("page", session_id).hex()[:32]

    def shows(self, session_id: SessionId, key: str) -> bool:
        return hmac.compare_digest(key.encode(), self.key(session_id).encode())

    def guest(self, session_id: SessionId, named: str) -> str:
        """The same for the same name or address at one session, and another at the next."""
        return self._digest(f"guest:{named.casefold()}", session_id).hex()[:32]

    def _digest(self, purpose: str, session_id: SessionId) -> bytes:
        return hmac.digest(self._secret, f"{purpose}:{session_id}".encode(), hashlib.sha256)
