"""What people type about ideas for sessions: their own, those of others, and asking for some."""

from __future__ import annotations

import re

from language.commands import AskForIdeas, Command, Idea, Ideas, MyIdeas, StopIdeas

LONGEST = 4000
"""Characters that are looked at: an idea that is too long is refused, and not cut."""

_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "`": "'"})

_POLITE = r"(?:(?:hi|hello|hey|morning|afternoon|please|ok(?:ay)?|so|and|well|oh|ooh|just|thanks|thank you|cheers|yes|actually|hmm)(?: there)?[ ,.!]+)*"
_HAVE = r"(?:i|we)(?:'ve| have)?(?: just)?(?: got| had| have)?"
_NOUN = r"(?:idea|suggestion)"
_SESSION = (
    r"(?:(?:an?|another|some|more|any|the odd|proper)\s+)?(?:[\w-]+ )?"
    r"(?:sessions?|workshops?|courses?|talks?|class(?:es)?|webinars?|training)"
)
_SIGN = r"\s*(?:[:;,.!\u2013\u2014]|\s-)[\s:;,.!\u2013\u2014-]*"
_OFFER = (
    r"(?:do|run|have|hold|offer|organise|organize|put on|lay on|set up|arrange|make|add|give us)"
)
_REST = r"(?P<idea>.+)"
_ABOUT = rf"(?P<idea>{_SESSION} (?:on|about|around|to do with|in how|for people|in) .+)"

_IDEAS = tuple(
    re.compile(_POLITE + pattern, re.IGNORECASE)
    for pattern in (
        rf"{_HAVE} (?:an?|another|this|my)(?: \w+)? {_NOUN}{_SIGN}{_REST}",
        rf"{_HAVE} (?:an?|another)(?: \w+)? {_NOUN} (?:for|about)(?: (?:you|next year|next time))?:? (?P<idea>(?!(?:what|how|when|where|which|who|why)\b).+)",
        rf"(?:here(?:'s| is)|this is|heres) (?:an?|another|my|one)(?: \w+)? {_NOUN}{_SIGN}{_REST}",
        rf"(?:my |an? |another |new |session )*{_NOUN}(?: for (?:an?|the|your|next) (?:sessions?|workshop|week|year|programme))?\s*(?::|\s[-\u2013\u2014]\s){_REST}",
        rf"my {_NOUN} (?:is|would be|was)\b[ :,]*{_REST}",
    )
)
_WISHES = tuple(
    re.compile(_POLITE + pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:(?:can|could|may) i |i(?:'d| would)? ?(?:like|want) to |let me |i )suggest {_ABOUT}",
        rf"(?:you (?:should|ought to|could|might)(?: really| also| maybe)?|you need to|(?:why|how come) don'?t you|(?:can|could|will|would) you(?: please)?(?= (?:run|hold|organi[sz]e|put on|lay on|set up|arrange|offer)\b)) {_OFFER} {_ABOUT}",
        rf"(?:can|could|may|might) (?:we|there)(?: please)? (?:have|get|be) {_ABOUT}",
        rf"(?:it(?:'d| would) be|would be) (?:good|great|nice|lovely|useful|helpful|brilliant|handy|ace) (?:to have|if (?:there was|there were|you (?:had|did|ran)|we had)) {_ABOUT}",
        rf"there (?:should|ought to) be {_ABOUT}",
    )
)
_END = r"(?:[ ,]+(?:please|thanks|thank you))?[\s.!?\u2026:]*"
_WHOLE: tuple[tuple[re.Pattern[str], Command], ...] = tuple(
    (re.compile(f"{_POLITE}(?:{pattern}){_END}", re.IGNORECASE), command)
    for pattern, command in (
        (
            rf"{_HAVE} (?:an?|another)(?: \w+)? {_NOUN}(?: for (?:you|an?|the|your|next) ?(?:sessions?|workshop|week|year|programme|time)?)?"
            rf"|(?:an?|new|another) {_NOUN}|{_NOUN}"
            rf"|(?:(?:can|could|may) i |how (?:do|can) i |where (?:do|can) i |i(?:'d| would)? ?(?:like|want) to |let me )?"
            rf"(?:share|send|give|submit|add|post|make|suggest|put in|hand in)(?: you| in)? (?:an?|another|my|new) (?:new )?{_NOUN}"
            rf"|(?:(?:can|could|may) i |i(?:'d| would)? ?(?:like|want) to )suggest (?:a|another) (?:new )?(?:session|workshop|course|talk)",
            Idea(""),
        ),
        (
            r"(?:(?:show|list|see|view|give)(?: me)? |what are )?(?:all )?(?:the |other |everybody'?s |everyone'?s |other people'?s |your )*"
            r"(?:most popular |most supported |popular |top |best |latest )?ideas(?: list| board| so far| from (?:others|everybody|everyone|colleagues|other people))?"
            r"|(?:what|which) ideas (?:are there|have (?:you got|people had|others had|come in))(?: so far)?"
            r"|(?:vote|support)(?: for)? (?:an idea|ideas)",
            Ideas(),
        ),
        (
            r"(?:(?:show|list|see|view)(?: me)? |what are |where are )?(?:all )?my (?:own )?(?:ideas?|suggestions?)"
            r"|what (?:(?:became|has become|came) of|(?:has )?happened (?:to|with)|about) my (?:ideas?|suggestions?)",
            MyIdeas(),
        ),
        (
            r"(?:close|end|stop) (?:the )?(?:ideas?|theme|ideas? (?:question|theme))|stop asking for ideas|close the (?:call|question) for ideas",
            StopIdeas(),
        ),
        (
            r"(?:ask|call)(?: (?:people|everybody|everyone|colleagues|champions|the champions))? for ideas",
            AskForIdeas(""),
        ),
    )
)
_ASK = re.compile(
    rf"{_POLITE}(?:ask|call)(?: (?:people|everybody|everyone|colleagues|champions|the champions))? for ideas"
    r"(?: (?:about|on))?\s*:\s*(?P<question>.+)",
    re.IGNORECASE,
)


_may_be = re.compile(
    r"\b(?:ideas?|suggest\w*|sessions?|workshops?|courses?|talks?|class(?:es)?|webinars?|training|theme)\b",
    re.IGNORECASE,
).search
"""Most of what people type has none of these words, and is looked at no further."""


def about_ideas(text: str) -> Command | None:
    """What these words want, if it is about ideas; None for all others. An idea stays as it was typed."""
    if not _may_be(text):
        return None
    said = " ".join(text[:LONGEST].translate(_QUOTES).split())
    for whole, command in _WHOLE:
        if whole.fullmatch(said):
            return command
    if found := _ASK.fullmatch(said):
        return AskForIdeas(found["question"])
    for patterns, is_wish in ((_IDEAS, False), (_WISHES, True)):
        for pattern in patterns:
            if found := pattern.fullmatch(said):
                return Idea(found["idea"].strip(), is_wish)
    return None
