"""Ideas for sessions: what somebody would like to learn, who else would, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from rapidfuzz import fuzz

from learning.errors import LearningError
from learning.notices import Kind, Notice
from learning.people import PersonId
from learning.search import SPELLING, words
from learning.sessions import Session, SessionId

IdeaId = NewType("IdeaId", int)
ThemeId = NewType("ThemeId", int)

LONGEST, LONGEST_QUESTION, LONGEST_REASON = 500, 300, 200
"""Characters of an idea, of a question to everybody, and of why an idea is not taken up."""

LONGEST_TITLE = 80

OFFERED = 3
"""Ideas of others that are offered for support instead of a new one."""

ALIKE, NEAR = 0.6, 0.56
"""From where on two ideas are alike: by the words that they share, and by what they mean."""

CONTAINED, WHOLE = 0.9, 4
"""What it counts that one idea has all the words of another; letters that are a word's beginning."""


class IdeaState(StrEnum):
    OPEN = "open"
    PLANNED = "planned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A question that organisers ask everybody; one at most is open."""

    id: ThemeId
    question: str
    opened_by: PersonId
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """An idea and how many support it, its author among them.

    `session_id` is what came of it, `reason` why nothing did. One that was withdrawn has no text.
    """

    id: IdeaId
    text: str
    person_id: PersonId
    made_at: datetime
    state: IdeaState = IdeaState.OPEN
    theme_id: ThemeId | None = None
    session_id: SessionId | None = None
    reason: str = ""
    supporters: int = 1

    @property
    def is_open(self) -> bool:
        return self.state is IdeaState.OPEN


def checked(text: str) -> str:
    """An idea as it is kept: one paragraph. Raises LearningError, which says what to do."""
    return _checked(text, "your idea", LONGEST)


def checked_question(text: str) -> str:
    return _checked(text, "the question that everybody is asked", LONGEST_QUESTION)


def checked_reason(text: str) -> str:
    return _checked(text, "in a line why: its author sees it", LONGEST_REASON)


def same(one: str, other: str) -> bool:
    """Whether two texts say the same but for signs and capital letters."""
    return _folded(one) == _folded(other)


def likeness(one: str, other: str) -> float:
    """How many of their telling words two ideas share, 0 to 1; spelling is forgiven."""
    mine, theirs = _telling(one), _telling(other)
    few, many = sorted((mine, theirs), key=len)
    if not few:
        return 0.0
    shared = sum(any(_is_same(word, other) for other in many) for word in few)
    part = shared / len(few) if shared > 1 or len(few) == 1 else 0.0
    # All of a short idea in a longer one is much the same; one word of several is not.
    return max(2 * shared / (len(few) + len(many)), CONTAINED * part)


def alike(text: str, ideas: Iterable[Idea], nearness: Mapping[IdeaId, float]) -> list[Idea]:
    """Which of these are much the same, the likest first; `nearness` where it is known what they mean."""
    scored: list[tuple[float, Idea]] = []
    for idea in ideas:
        by_words, near = likeness(text, idea.text), nearness.get(idea.id, 0.0)
        if by_words >= ALIKE or near >= NEAR:
            scored.append((max(by_words / ALIKE, near / NEAR), idea))
    scored.sort(key=lambda each: (-each[0], -each[1].supporters, each[1].id))
    return [idea for _, idea in scored[:OFFERED]]


def title_of(text: str) -> str:
    """What a session that comes of an idea may be called: its first sentence, cut short at a word."""
    first = re.split(r"(?<=\w)[.!?;](?:\s|$)", _LED_IN.sub("", text), maxsplit=1)[0].strip(
        " ?!.,;:"
    )
    if len(first) > LONGEST_TITLE:
        first = first[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:-")
    return first[:1].upper() + first[1:]


def asked(theme: Theme, person_id: PersonId, due: datetime) -> Notice:
    """Ask a champion for ideas, and to pass the question on; once for each question."""
    return Notice(
        kind=Kind.THEME,
        key=f"{Kind.THEME}:{person_id}:{theme.id}",
        mailing=f"{Kind.THEME}:{theme.opened_at.date().isoformat()}",
        due_at=due,
        person_id=person_id,
        payload={"theme": theme.id},
    )


def planned(idea: Idea, session: Session, person_id: PersonId, due: datetime) -> Notice:
    """Tell somebody that a session comes of an idea of theirs, or one they support; once for each idea."""
    return Notice(
        kind=Kind.IDEA_PLANNED,
        key=f"{Kind.IDEA_PLANNED}:{person_id}:{idea.id}",
        mailing=f"{Kind.IDEA_PLANNED}:{session.id}",
        due_at=due,
        person_id=person_id,
        session_id=session.id,
        payload={"idea": idea.id},
    )


def ranked(ideas: Iterable[Idea]) -> Sequence[Idea]:
    """The most supported first, and of as many the older."""
    return sorted(ideas, key=lambda i: (-i.supporters, i.made_at, i.id))


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_LED_IN = re.compile(
    r"^(?:(?:an?|the|more|some|another)\s+)?(?:[\w-]+\s+)?"
    r"(?:sessions?|workshops?|courses?|talks?|training|class(?:es)?|webinars?)\s+"
    r"(?:on|about|for|in|around|to do with)\s+(?=\S)",
    re.IGNORECASE,
)
_SMALL = frozenset(
    words(
        "idea ideas suggestion session sessions workshop workshops course talk talks run running hold"
        " have having lunchtime lunch hour short people staff colleague colleagues team teams manager"
        " managers everyone everybody work working council make made using use used good better best"
        " want teach taught know week day time way ways lot"
    )
)
"""Words that many ideas have and that tell little of them."""


def _telling(text: str) -> list[str]:
    found = list(dict.fromkeys(words(text)))
    return [w for w in found if w not in _SMALL] or found


def _is_same(one: str, other: str) -> bool:
    """Whether two stems are one word: spelt a little otherwise, or one the beginning of the other."""
    short, long = sorted((one, other), key=len)
    if len(short) >= WHOLE and long.startswith(short):
        return True
    return fuzz.ratio(one, other, score_cutoff=SPELLING) > 0


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _checked(text: str, what: str, longest: int) -> str:
    plain = " ".join(_CONTROL.sub("", text).split()).strip(' "\u201c\u201d')
    if not re.search(r"\w", plain):
        raise LearningError(f"Write {what}.")
    if len(plain) > longest:
        over = len(plain) - longest
        raise LearningError(
            f"This is {over:,} character{'' if over == 1 else 's'} too long: at most {longest} can be"
            " kept. Say it in fewer words."
        )
    return plain
