"""What somebody's words want: by fixed phrases, by what was said before, and by what they mean."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from language.again import about_own_learning
from language.attendance import about_attendance
from language.champions import about_champions
from language.commands import Book, Cancel, Command, Find, WhatsOn
from language.commitments import about_commitments
from language.context import Context
from language.courses import about_courses
from language.feedback import about_feedback
from language.follow_ups import counted, following
from language.ideas import about_ideas
from language.phrases import is_loose, phrase, subject, tidy
from language.questionnaires import about_questionnaires
from language.set_meetings import about_set_meetings
from language.sets import about_sets
from language.several import several
from language.wishes import wished

STORY = 5
"""Words besides a day that are more than a subject, and may tell something."""

LONG_STORY = 12
"""Words that tell of somebody, where none of them looks for anything."""

_somebody = re.compile(
    r"\b(?:i|im|i'm|ive|i've|id|i'd|we|we're|weve|we've|he|hes|he's|she|shes|she's|him|her|they|they're|my|our)\b"
).search

_looks_for = re.compile(
    r"\b(?:any|anything|something|owt|summat|some|one|ones|is there|are there|got|what'?s|wot'?s|whats|which|when|find|looking|look for|need"
    r"|want|wanna|like|love|fancy|book|sign|put|pop|stick|sessions?|workshops?|courses?|training|class|talk|slot|free|available|only|can i|could i|can you|prefer"
    r"|preferably|please|pls|plz|show|list|spare|poss)\b|[?]"
).search

_told = re.compile(
    r"\b(?:was|wasn'?t|were|weren'?t|had|hadn'?t|said|told|shouted|went|kept|came|made|called|asked|left|broke|died"
    r"|walked|happened|gave|took|fell|saw|lost|did|didn'?t|couldn'?t|wouldn'?t|forgot|ended|turned|last|whenever|keeps|always|every time)\b"
).search

_since = re.compile(
    r"\bthis morning\b|\b(?:since|in) (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
).search
_has_been = re.compile(r"\b(?!need|feed|speed)\w{2,}ed\b").search

_COMMAND_WORDS = (
    "bookings", "booking", "resources", "highlights", "nudges", "reminders", "reminder", "workshops", "session",
    "sessions", "programme",
)  # fmt: skip
_MISSPELT = {
    "cancle": "cancel", "cancell": "cancel", "cancal": "cancel", "canel": "cancel", "boook": "book", "bok": "book",
    "whta's": "what's", "wots": "what's", "wats": "what's", "wat's": "what's", "hlep": "help", "plz": "please",
    "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "tmrw": "tomorrow", "u": "you", "ur": "your", "wot": "what", "gimme": "give me", "cos": "because", "b4": "before",
}  # fmt: skip


def understand(text: str, context: Context) -> Command:
    """What these words want. Fixed phrases win; what nothing explains is looked for in the programme.

    Pure, but asking a sentence model takes milliseconds: `at_once` first, then have it asked of
    `texts_in`, and go on with `by_meaning`.
    """
    return at_once(text, context) or by_meaning(text, context)


def at_once(text: str, context: Context) -> Command | None:
    """What these words want if that takes no model to tell."""
    return (
        about_attendance(text)
        or about_questionnaires(text)
        or about_feedback(text, context.calendar)
        or about_ideas(text)
        or about_champions(text)
        or about_own_learning(text)
        or about_courses(text)
        or about_sets(text)
        or about_set_meetings(text)
        or about_commitments(text, context.calendar)
        or _firmly(_plain(text, context), context)
    )


def by_meaning(text: str, context: Context) -> Command:
    """What these words want where `at_once` cannot tell."""
    plain = _plain(text, context)
    if (wish := wished(plain, context)) is not None:
        return wish
    if (fixed := phrase(plain, context.calendar)) is not None:
        return fixed
    about = subject(plain, context.calendar)
    if isinstance(about, WhatsOn) and _is_told(about, plain, context):
        return Find(plain, asked=False)
    return about


def texts_in(text: str, context: Context) -> tuple[str, ...]:
    """The words that a sentence model will be asked of, so that it can be asked of all at once."""
    plain = _plain(text, context)
    match phrase(plain, context.calendar) or subject(plain, context.calendar):
        case Find(text=about) | WhatsOn(about=about) if about and about != plain:
            return plain, about
        case _:
            return (plain,)


def _firmly(plain: str, context: Context) -> Command | None:
    if found := several(plain, context) or following(plain, context):
        return found
    fixed = phrase(plain, context.calendar)
    if fixed is not None and not is_loose(fixed, plain):
        return _without_why(fixed, context)
    about = fixed or subject(plain, context.calendar)
    return about if isinstance(about, WhatsOn) and not about.about else None


def _without_why(command: Command, context: Context) -> Command:
    """ "Cancel damp, my van's in the garage": the reason names no session."""
    if not isinstance(command, Book | Cancel) or context.named(command.what):
        return command
    return replace(command, what=_WHY.sub("", command.what) or command.what)


_WHY = re.compile(
    r"[ ,;]+(?:because|cos|coz|as i(?:'m|'ve)?|since i(?:'m|'ve)?|my (?:vans?|cars?|kids?|mum|dad|manager|boss|train|bus|team|shift|rota|leave"
    r"|daughter|son|wife|husband|partner|dentist|doctor|appointment)(?:'?s)?)\b.*$"
)


def _is_told(about: WhatsOn, plain: str, context: Context) -> bool:
    """Whether the day in the words is part of a story: "someone shouted at me on Sunday"."""
    if about.when is not None and about.when.last < context.calendar.today:
        return True
    if len(about.about.split()) <= STORY:
        return False
    if len(plain.split()) >= LONG_STORY and _somebody(plain) and not _looks_for(plain):
        return True
    return _told(about.about) is not None or (_since(plain) and _has_been(plain)) is not None


def _plain(text: str, context: Context) -> str:
    return counted(_spelt(_mended(tidy(text))), context.shown)


def _spelt(plain: str) -> str:
    """Without what is only a kiss, and with "one" for the figure that stands for it."""
    plain = re.sub(r"(?<=\w)[ ,.!?]+x+$", "", plain)
    plain = re.sub(r"[ ,]+or (?:have|did|am) i (?:missed?|too late)\b.*$", "", plain)
    return re.sub(
        r"\b(first|second|third|fourth|fifth|last|other|middle|top|bottom|this|that) 1\b",
        r"\1 one",
        plain,
    )


def _mended(plain: str) -> str:
    """The words that commands are made of, as they are spelt."""
    return re.sub(r"(?<!\w)[a-z']+(?!\w)", lambda found: _mended_word(found[0]), plain)


@lru_cache(maxsize=4096)
def _mended_word(word: str) -> str:
    if word in _MISSPELT:
        return _MISSPELT[word]
    if len(word) < 6 or word in _COMMAND_WORDS:
        return word
    near = process.extractOne(word, _COMMAND_WORDS, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word
