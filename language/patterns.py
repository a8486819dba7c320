"""Other ways of saying that one wants a place, or gives it up, or needs a person."""

from __future__ import annotations

import re
from collections.abc import Callable

from language.commands import Book, Cancel, Command, Human
from language.context import any_of
from language.phrases import bare, without_small_words

_ME = r"(?:me|us|my name|myself|our names?)"
_PLACE = r"(?:place|seat|spot|space)"
_AFTERWARDS = (
    r"(?: (?:any ?more|any longer|now|after all|sorry|instead|to (?:some ?one|some ?body) else))*"
)

_PATTERNS: list[tuple[re.Pattern[str], Callable[[str], Command]]] = [
    (re.compile(f"{pattern} (?P<what>.+?){_AFTERWARDS}"), make)
    for make, patterns in (
        (
            Book,
            (
                rf"(?:.*\b)?(?:put|stick|pop|bung|pencil|jot|get|squeeze|fit|add|sign|whack|chuck) {_ME}(?: up)?(?: down)?"
                r"(?: (?:in|on|onto|into|for|to))+",
                r"i(?:'d| would|d)?(?: really)? (?:like|love|want|wanna|need|fancy|wish) (?:to )?"
                r"(?:go (?:to|on)|come to|do|attend|be (?:in|on|at)|get on(?:to)?|try|join|book)",
                r"i'?ll (?:do|go to|come to|take|have)",
                r"(?:count me in|i'?m in) for",
                rf"(?:save|grab|book|reserve|get) {_ME} (?:an? )?{_PLACE} (?:on|at|in|for)",
                rf"get {_ME} (?:on|in|into|onto)",
                r"can i (?:go (?:on|to)|come to|join|do|get on(?:to)?)",
            ),
        ),
        (
            Cancel,
            (
                rf"(?:.*\b)?(?:take|remove|get|pull|drop|withdraw|scratch|strike|scrub|knock|cross) {_ME}(?: off| out| from)+"
                r"(?: of| the list for| from)?",
                r"(?:.*\b)?(?:need to |have to |want to |gotta |must |i(?:'ll)? )(?:pull|drop|back|bow) out of",
                r"(?:.*\b)?(?:can'?t|cannot|can not|wo?n'?t|unable to|not able to|not going to|no longer able to) (?:be able to |now )?"
                r"(?:make(?: it to)?|come to|attend|do|get to|be at|go to)",
                r"(?:.*\b)?no longer (?:free for|going to|coming to|want|need)",
                rf"(?:.*\b)?don'?t (?:want|need) (?:my {_PLACE} (?:on|at|in|for)|to (?:go to|do))",
                rf"(?:.*\b)?(?:give|hand) (?:up |back )?my {_PLACE} (?:up |back )?(?:on|for|at|in)",
            ),
        ),
    )
    for pattern in patterns
]
_PATTERNS.append(
    (re.compile(r"(?:.*\b)?(?:knock|kick) (?P<what>.+?) (?:on the head|into touch)"), Cancel)
)
_REASON = re.compile(
    r"\s*[,;.!]?\s*\b(?:because|cos|coz|as i|since i|im|i'm|i am|ive|i've|i have|something(?:'s| has| have)? (?:come|came)|sorry|emergency"
    r"|now (?:got|i|i've|we)|take me off|give my|free up|let some|while|but i|so i|family|work)\b.*$"
)
"""Why somebody cannot come, which names no session."""

_AT_LAST = re.compile(f"{_AFTERWARDS}$")
_OF_OTHERS = re.compile(
    r"\b(?:them|those|people|folk|staff|any ?(?:one|body)|some ?(?:one|body)) (?:as|who|that|wot) (?:can'?t|cannot)\b"
    r"|\bcan'?t (?:do|make|manage) any other\b"
)
_HUMAN = re.compile(
    r".*\b"
    + any_of(
        r"who(?:'?s| is|m)? (?:the )?(?:best|right|correct) (?:one|person|people|contact)\b",
        r"(?:who|whom) (?:do|can|should|would|shall|could) (?:i|we) (?:contact|speak to|talk to|ask|e-?mail|ring|call"
        r"|phone|write to|message|tell|see|go to|complain to|report (?:it|this|that)(?: to)?)\b",
        r"(?:speak|talk|chat) (?:to|with) (?:some ?one|some ?body|an? (?:real |actual |proper )?(?:person|human|body)"
        r"|the (?:organisers?|learning team|team)|l ?& ?d)\b",
        r"who (?:organises|organised|runs|is organising|is in charge of|is running) (?:all )?"
        r"(?:this\b|the (?:week|programme|whole thing|event))",
        r"(?:have|got|make|raise|file|put in) a complaint|complain about (?:an?|the|my|this)\b",
        r"(?:i(?:'d| would|d)? like to|can (?:i|we)) suggest|suggest a session",
        r"(?:some ?(?:one|body)|any ?(?:one|body)|an? (?:actual |real |proper )?(?:number|person|human)) (?:that |who )?(?:i|we) (?:can|could) (?:ring|call"
        r"|phone|e-?mail|speak to|talk to|ask|contact|message|see)",
    )
    + ".*"
)


def by_pattern(plain: str) -> Command | None:
    """What tidy words want, by how they are put; None where they say it some other way."""
    for words in (plain, bare(plain)):
        if _HUMAN.fullmatch(words):
            return Human()
        for pattern, make in _PATTERNS:
            found = pattern.fullmatch(words)
            if not found or (make is Cancel and _OF_OTHERS.search(words)):
                continue
            said = found["what"]
            if make is Cancel:
                said = _AT_LAST.sub("", _REASON.sub("", said)) or said
            if what := without_small_words(said):
                return make(what)
    return None
