"""Finding sessions by words: codes, titles, topics, people and places, spelling forgiven."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from learning.sessions import Session

WEIGHTS = {"code": 3.0, "title": 3.0, "topics": 2.5, "people": 1.5, "strand": 1.2, "rest": 1.0}
HEAVIEST = max(WEIGHTS.values())
GOOD_ENOUGH = 0.18
"""Below this share of the question's words found, a session is not offered."""

CLEAR = 0.55
AHEAD = 1.35
"""One clear match: this much of the question found in it, and this many times the runner-up."""

SPELLING = 82.0
STOP_WORDS = frozenset(
    """a about all am an and any anything are at be best can class could course details do does for
    from get go got have help how i im in is it its learn learning like looking me more my need of on one
    or our please session sessions show some something tell that the their there they thing things this to
    training us want wanna we what whats when where which who why with workshop workshops would you
    your""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A session and how much of the question it answers, 0 to 1."""

    session: Session
    score: float


def words(text: str) -> list[str]:
    """The words that carry meaning, folded and cut to their stems."""
    found = re.findall(r"\w[\w&']*", _folded(text))
    return [stem for w in found if w not in STOP_WORDS and (stem := _stem(w))]


class SearchIndex:
    """The words of a programme, ready to be asked."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self.sessions = tuple(sessions)
        self._words = [_weighted(s) for s in self.sessions]
        seen = Counter(w for found in self._words for w in found)
        self._rarity = {w: math.log(1 + len(self.sessions) / n) for w, n in seen.items()}
        self._known = list(self._rarity)
        self._by_code: dict[str, list[Session]] = {}
        self._by_title: dict[str, list[Session]] = {}
        self._by_strand: dict[str, list[Session]] = {}
        for session in self.sessions:
            self._by_code.setdefault(session.code.casefold(), []).append(session)
            self._by_title.setdefault(_plain(session.title), []).append(session)
            self._by_strand.setdefault(_plain(session.details.strand), []).append(session)
        for by_name in (self._by_title, self._by_strand):
            by_name.pop("", None)

    def coded(self, text: str) -> list[Session]:
        """Sessions whose code or whole title this is."""
        return self._by_code.get(text.strip().casefold()) or self._by_title.get(_plain(text), [])

    def find(self, text: str, limit: int = 8) -> list[Match]:
        """What fits best, first; empty when nothing does. A strand's name means all of it."""
        if exact := self.coded(text) or self._by_strand.get(_plain(text)):
            return [Match(session=s, score=1.0) for s in exact[:limit]]
        asked = [self._spelt(w) for w in dict.fromkeys(words(text))]
        most = sum(rarity for _, _, rarity in asked) * HEAVIEST
        if not most:
            return []
        matches = [
            Match(
                session=session,
                score=sum(found.get(w, 0) * sure * rarity for w, sure, rarity in asked) / most,
            )
            for session, found in zip(self.sessions, self._words, strict=True)
        ]
        good = [m for m in matches if m.score >= GOOD_ENOUGH]
        return sorted(good, key=lambda m: (-m.score, m.session.id))[:limit]

    def begun(self, text: str) -> list[Session]:
        """What the beginnings of words may become, best first: a search while it is being typed."""
        *whole, last = re.findall(r"\w+", _folded(text)) or [""]
        asked = [w for w in whole if w not in STOP_WORDS] + [last]
        meant = [{w for w in self._known if last and w.startswith(a)} for a in asked]
        scored = [
            (sum(max(found[w] for w in some & found.keys()) for some in meant), session)
            for session, found in zip(self.sessions, self._words, strict=True)
            if all(some & found.keys() for some in meant)
        ]
        return [s for _, s in sorted(scored, key=lambda pair: (-pair[0], pair[1].id))]

    def _spelt(self, word: str) -> tuple[str, float, float]:
        """The known word nearest to this one, how sure we are of it, and how much it tells."""
        if word in self._rarity:
            return word, 1.0, self._rarity[word]
        if len(word) >= 4 and (
            near := process.extractOne(word, self._known, scorer=fuzz.ratio, score_cutoff=SPELLING)
        ):
            return near[0], near[1] / 100, self._rarity[near[0]]
        return word, 0.0, math.log(1 + len(self.sessions))


def clear_match(matches: Sequence[Match]) -> Session | None:
    """The one session that is surely meant, or None when it is better to ask."""
    if not matches or matches[0].score < CLEAR:
        return None
    if len(matches) > 1 and matches[0].score < matches[1].score * AHEAD:
        return None
    return matches[0].session


def _weighted(session: Session) -> dict[str, float]:
    details = session.details
    fields = {
        "code": details.code,
        "title": details.title,
        "topics": " ".join(details.topics),
        "people": " ".join(details.facilitators),
        "strand": details.strand,
        "rest": f"{details.summary} {details.location} {details.audience}",
    }
    found: dict[str, float] = {}
    for field, text in fields.items():
        for word in words(text):
            found[word] = max(found.get(word, 0.0), WEIGHTS[field])
    return found


def _stem(word: str) -> str:
    word = word.removesuffix("'s").replace("'", "")
    for ending in ("ing", "ies", "es", "s"):
        if len(word) - len(ending) >= 4 and word.endswith(ending) and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", _folded(text)))


def _folded(text: str) -> str:
    """Small letters without their accents, as people type them in a hurry."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in parts if not unicodedata.combining(ch))
