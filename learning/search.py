"""Finding sessions: by codes, titles, topics, people and places, spelling forgiven, and by meaning."""

from __future__ import annotations

import heapq
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from learning.sessions import Session

WEIGHTS = {"code": 3.0, "title": 3.0, "topics": 2.5, "people": 1.5, "strand": 1.2, "rest": 1.0}
HEAVIEST = max(WEIGHTS.values())
GOOD_ENOUGH = 0.18
"""Below this share of the question's words found, a session is not offered."""

CLEAR = 0.55
AHEAD = 1.35
"""One clear match: this much of the question found in it, and this many times the runner-up."""

BY_WORDS = 0.35
"""What words that were found count beside what they mean."""

AGAINST, LEANING, SURE = 1.0, 0.1, 0.8
"""How much it counts that words are near to chatter, and that they lean towards it; and from where on a
session surely fits. Leaning towards a need counts nothing: nothing in the programme may meet it."""

SPREAD = 0.82
"""A session this share as good as the best may be meant too."""

_LED = re.compile(r"\b(?:from|by|with|led|run|runs|are|is|does|do)\b(?P<who>.+)")

_DOES = re.compile(
    r"\b(?:by|with|from|led|does|doing|runs?|running|takes|taking|teaches|teaching)\b"
)
"""What people say of whoever a session is with."""

_OFFICE = re.compile(r"(?:,| from | \().*$")
"""What stands after somebody's name: "Gwen, leadership coach"."""

COMMON = 0.65
"""A word this much rarer than one of every session may be what a session is called by."""

WEAK = 0.3
"""Without meaning: below this the best match is a guess."""

SPELLING, MENDING = 82.0, 0.75
RECENT = 1024
"""Words whose likest one is kept: each message is asked for several times, in parts."""

SHORT_FORMS = frozenset(
    """arent cant couldnt didnt doesnt dont hadnt hasnt havent hows isnt ive shes shouldnt thats theres
    theyre theyve wasnt werent whats wheres whens whos wont wouldnt youre youve gonna gotta wanna summat
    owt nowt innit""".split()
)
STOP_WORDS = frozenset(
    """a about again all also am an and any anything are as at be because been best but by can can't
    cant class could course details did do does doing don't dont down for from get getting go going
    got had has have having he help her here him his how i i'm i've if im in into is isnt it it's
    its ive just learn learning like looking me more my myself need no not now of on one ones or our
    ours out over please really session sessions she should show so some something such tell than
    that that's thats the their them then there these they theyre thing things this those to too
    training under up us very wanna want was wasnt we were what what's whats when where which who
    why will with workshop workshops would you you're your youre""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near words are in meaning to each session, in the programme's order, and what speaks against all.

    `nearest`: how near they are to the text that is nearest of all. `chatter`: how near they are to
    what people say that is none of a learning bot's business. `leaning`: above zero where they sound like a
    need, below where they sound like chatter. `is_missing`: they are about something
    that people learn, but not in this programme.
    """

    scores: Sequence[float]
    nearest: float = 0.0
    chatter: float = 0.0
    leaning: float = 0.0
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A session and how much of the question's words it answers, 0 to 1.

    `rank` is what matches are sorted by: the words and, where it is known, the meaning. Where it is
    not sure, nothing may fit and this comes nearest.
    """

    session: Session
    score: float
    rank: float = 0.0
    is_sure: bool = True


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
        self._like = lru_cache(RECENT)(self._most_like)
        self._places: dict[str, list[tuple[int, float]]] = {}
        for number, found in enumerate(self._words):
            for word, weight in found.items():
                self._places.setdefault(word, []).append((number, weight))
        self._leaders: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, session in enumerate(self.sessions):
            for name in map(frozenset, map(words, session.details.facilitators)):
                if len(name) > 1:
                    self._leaders.setdefault(min(name), []).append((number, name))
        subjects = frozenset(
            word
            for s in self.sessions
            for word in words(f"{s.title} {' '.join(s.details.topics)} {s.details.summary}")
        )
        self._people: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for number, session in enumerate(self.sessions):
            for one in session.details.facilitators:
                name = frozenset(words(_OFFICE.sub("", _folded(one)))) - subjects
                for word in name:
                    self._people.setdefault(word, []).append((number, name))
        rare = COMMON * math.log(1 + len(self.sessions))
        self._named = frozenset(
            word
            for s in self.sessions
            for word in words(f"{s.code} {s.title} {' '.join(s.details.topics)}")
            if self._rarity.get(word, 0.0) > rare
        )
        self._spellings = {
            word: word
            for s in self.sessions
            for word in re.findall(r"[^\W\d_]{4,}", _folded(_all(s)))
        }
        self._by_code: dict[str, list[Session]] = {}
        self._by_title: dict[str, list[Session]] = {}
        self._by_strand: dict[str, list[Session]] = {}
        for session in self.sessions:
            self._by_code.setdefault(_closed(session.code), []).append(session)
            self._by_title.setdefault(_plain(session.title), []).append(session)
            self._by_strand.setdefault(_plain(session.details.strand), []).append(session)
        for by_name in (self._by_title, self._by_strand):
            by_name.pop("", None)

    def coded(self, text: str) -> list[Session]:
        """Sessions whose code or whole title this is."""
        return self._by_code.get(_closed(text)) or self._by_title.get(_plain(text), [])

    def coded_in(self, text: str) -> list[Session]:
        """Sessions whose code, with a figure in it, is one of these words."""
        for found in re.finditer(r"\b[^\W\d_]{1,6}[- ]?\d{1,4}[a-z]?\b", _folded(text)):
            if some := self._by_code.get(_closed(found[0])):
                return some
        return []

    def find(
        self,
        text: str,
        limit: int = 8,
        *,
        near: Nearness | None = None,
        among: Callable[[Session], bool] | None = None,
    ) -> list[Match]:
        """What fits best, first, of those sessions. A strand's name means all of it.

        Without meaning it is empty where no word fits; with it the nearest are there, marked unsure.
        """
        if exact := (
            self.coded(text)
            or self._by_strand.get(_plain(text))
            or self.coded_in(text)
            or self._led_by(text)
        ):
            of_these = [s for s in exact if among is None or among(s)]
            return [Match(session=s, score=1.0, rank=HEAVIEST) for s in of_these[:limit]]
        shares = self._shares(text)
        if near is None:
            ranks = {n: share for n, share in sorted(shares.items()) if share >= GOOD_ENOUGH}
        else:
            ranks = dict(enumerate(near.scores))
            for number, share in shares.items():
                ranks[number] += BY_WORDS * share
        found: list[Match] = []
        is_sure, best = True, 0.0
        for number in _best_first(ranks):
            session, share, rank = self.sessions[number], shares.get(number, 0.0), ranks[number]
            if len(found) == limit or (near and share < WEAK and rank < SPREAD * best):
                break
            if among is not None and not among(session):
                continue
            if near is None:
                is_sure = share >= WEAK
            elif not found:
                best = rank
                fits = best - AGAINST * near.chatter + LEANING * min(near.leaning, 0.0)
                is_sure = fits >= SURE and not near.is_missing
            found.append(Match(session=session, score=share, rank=rank, is_sure=is_sure))
        return found

    def _shares(self, text: str) -> dict[int, float]:
        """How much of these words the sessions have that have any, by their places."""
        asked = [self._spelt(w) for w in dict.fromkeys(words(text))]
        most = sum(rarity for _, _, rarity in asked) * HEAVIEST or 1.0
        shares: dict[int, float] = {}
        for word, sure, rarity in asked:
            for number, weight in self._places.get(word, ()):
                shares[number] = shares.get(number, 0.0) + weight * sure * rarity / most
        return shares

    def _led_by(self, text: str) -> list[Session]:
        """Sessions of whom a text names in full, as in "from the communications team", or by one name
        that nothing else has: "which ones is Gwen doing".
        """
        bare, count = _DOES.subn(" ", _folded(text))
        alone = frozenset(words(bare)) if count else frozenset[str]()
        if alone and (own := [n for n, name in self._people.get(min(alone), ()) if alone <= name]):
            return [self.sessions[number] for number in sorted(set(own))]
        found = _LED.search(_folded(text))
        said = frozenset(words(found["who"])) if found else frozenset[str]()
        led = {
            number for word in said for number, name in self._leaders.get(word, ()) if name <= said
        }
        return [self.sessions[number] for number in sorted(led)]

    def without_names(self, text: str) -> str:
        """The text with "workshop" for what sessions are called and about: what is said besides."""

        def one(found: re.Match[str]) -> str:
            [stem] = words(found[0]) or [""]
            return "workshop" if stem in self._named else found[0]

        plain = re.sub(r"\w[\w&']*", one, text)
        return re.sub(r"\bworkshop(?: (?:and |of |for )?workshop)+\b", "workshop", plain)

    def mended(self, text: str, knows: Callable[[str], bool]) -> str:
        """The text with words that nobody knows as this programme spells them."""

        def one(found: re.Match[str]) -> str:
            word = found[0]
            if len(word) < 4 or word in SHORT_FORMS or word in self._spellings or knows(word):
                return word
            near = process.extractOne(
                word, self._spellings, scorer=OSA.normalized_similarity, score_cutoff=MENDING
            )
            return near[0] if near else word

        return re.sub(r"[^\W\d_]+", one, _folded(text))

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

    def _most_like(self, word: str) -> tuple[str, float] | None:
        """The known word that is spelt most like this one, and how much, of a hundred."""
        near = process.extractOne(word, self._known, scorer=fuzz.ratio, score_cutoff=SPELLING)
        return near and (near[0], near[1])

    def _spelt(self, word: str) -> tuple[str, float, float]:
        """The known word nearest to this one, how sure we are of it, and how much it tells."""
        if word in self._rarity:
            return word, 1.0, self._rarity[word]
        if len(word) >= 4 and (near := self._like(word)):
            known, likeness = near
            return known, likeness / 100, self._rarity[known]
        return word, 0.0, math.log(1 + len(self.sessions))


def _best_first(ranks: Mapping[int, float]) -> Iterator[int]:
    """The places in order of rank: of thousands only a few are ever asked for."""
    heap = [(-rank, number) for number, rank in ranks.items()]
    heapq.heapify(heap)
    while heap:
        yield heapq.heappop(heap)[1]


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


def _all(session: Session) -> str:
    details = session.details
    some = (details.title, details.summary, details.strand, details.location)
    return " ".join((*some, *details.topics, *details.facilitators))


def _closed(code: str) -> str:
    """A code as it is compared: "LW-107" and "lw 107" are one."""
    return re.sub(r"[\W_]+", "", code.casefold())


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
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in parts if not unicodedata.combining(ch))
