"""What people type about their own learning: what they attended, and what they want to hear of again."""

from __future__ import annotations

import re

from language.commands import Command, MyLearning, StopTelling, TellAgain, WhatIAskedFor
from language.phrases import tidy, without_small_words

_POLITE = re.compile(
    r"^(?:(?:please|(?:can|could|would|will) you|hi|hello|hey|ok(?:ay)?|thanks|yes|and|also|learnweek)\b[ ,!.:]*)+"
)
_WHAT = r"(?P<what>.+?)"
_TELL = (
    r"(?:(?:please )?(?:tell|notify|alert|inform|message|ping|text|e-?mail|remind|nudge|contact) (?:me|us)"
    r"|let (?:me|us) know|give (?:me|us) a (?:shout|nudge|ping|heads[- ]?up)|(?:shout|keep me posted)"
    r"|i(?:'d| would)? (?:want|like|love) to (?:know|hear|be told|be notified))"
)
_WHEN = r"(?: again)?(?: straight away| please)? (?:when(?:ever)?|if|once|as soon as|the next time|next time|should)"
_RUNS = (
    r"(?:(?:'s| is| are| is being| gets| comes| goes| will be)(?: put)? (?:run(?:ning)?|on|held|repeated|back|round|around|offered"
    r"|available|happening|scheduled|taking place)"
    r"| (?:runs?|repeats?|returns?|happens|comes (?:back|round|around|up)|takes place))"
)
_AGAIN = r"(?: (?:on|up|round|around|back))?(?: once)? (?:again|another time|once more|next)"
_ONCE_MORE = r"(?:(?:is|are|gets) (?:being )?repeated|repeats|returns|comes? (?:back|round|around)(?: again)?)"
_YOU = (
    r"(?:you|they)(?:'re| are| do| will|'ll)? (?:re-?)?(?:run(?:ning)?|do(?:ing)?|hold(?:ing)?|put(?:ting)? on|offer(?:ing)?"
    r"|repeat(?:ing)?|schedul(?:e|ing))"
)
_THE = r"(?:the )?(?:next|another|a (?:new|later|further)|more) (?:run|date|session|one|time|go|showing)s?"

_NO_MORE = r"(?: (?:any ?more|any longer|again|after all|now|please|thanks|running|coming (?:back|round)))*"
_NOT_THESE = r"(?!.*\b(?:highlights?|nudges?|reminders?|notifications?|pings?)\b)"


def _whole(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_LEARNING = _whole(
    r"(?:(?:show|list|see|view|give|send|get|open|what is|what'?s|where is|where'?s|where are)(?: me)? )?(?:all )?my "
    r"(?:own )?(?:learning(?: (?:records?|history|log|hours))?|record(?: of (?:learning|attendance))?|records? of learning"
    r"|(?:training|attendance|cpd) (?:records?|history|log|hours)|(?:learning |attendance |training )?certificates?|past (?:learning|sessions))",
    r"(?:show(?: me)? |list |see )?(?:(?:what|which)(?: sessions?| ones?| workshops?)?|everything|all)(?: that)? (?:have i|i'?ve|i have|did i|i|i have ever)"
    r"(?: ever| already)? (?:attended|been (?:to|at)|went to|go to|attend|completed)(?: so far| before| already| this year| until now| to date)*",
    r"how (?:many|much) (?:hours|time|sessions|learning)(?: of (?:learning|training|cpd))? (?:have i|did i|i'?ve|i have) "
    r"(?:done|spent|attended|learn(?:ed|t)|had|been to|attend|clocked up)(?: (?:so far|learning|this year|in total))*",
    r"(?:can|could|may|do|where|how|will|when)?(?: do| can| could| will| would)?(?: i| we| you)? ?(?:have|get|see|send me|find|download|print|give me|want|need|like)?"
    r" ?(?:a |an |the |my )?certificates?(?: (?:of|for) (?:attendance|attending|my learning|what i (?:have )?attended|this|it|that))?",
)
_LIST = _whole(
    r"(?:show(?: me)? |list )?what (?:have i|did i|i|i'?ve|i have)(?: have)? ask(?:ed)?(?: you)? to (?:hear|be told|know|tell me)"
    r"(?: (?:of|about))?(?: again)?",
    r"what (?:are you|will you be|will you)(?: going to)? tell(?:ing)? me (?:about|of|when it runs again)",
    r"what am i (?:waiting|going) to (?:hear|be told)(?: (?:of|about))?",
)
_STOP = _whole(
    rf"{_NOT_THESE}(?:please )?(?:(?:stop|quit) (?:telling|notifying|alerting|informing) (?:me|us)"
    r"|(?:don'?t|do not|never|no need to) (?:tell|notify|alert|inform) (?:me|us)"
    r"|(?:don'?t|do not) let (?:me|us) know"
    r"|i (?:don'?t|do not|no longer) (?:want|need) to (?:hear|be told|know))"
    rf"(?: (?:about|of|when|if|that|once|whenever))?(?: {_WHAT})??(?: (?:runs?|is on|comes back|is running|is repeated)(?: again)?)?{_NO_MORE}",
)
_ASK = _whole(
    rf"{_TELL}{_WHEN} {_WHAT}{_RUNS}{_AGAIN}(?: (?:please|thanks))?",
    rf"{_TELL}{_WHEN} {_WHAT} {_ONCE_MORE}",
    rf"{_TELL}{_WHEN} {_YOU} {_WHAT}(?:{_AGAIN}| any ?more| in (?:the )?future)",
    rf"{_TELL}{_WHEN} there(?:'s| is| are|'ll be| will be)(?: going to be)? {_THE}(?: (?:of|for|on) {_WHAT})?",
    rf"{_TELL} (?:about|of) {_THE}(?: (?:of|for|on) {_WHAT})?",
    rf"{_TELL} (?:when the next (?P<one>.+?) is(?: on)?)",
)


def about_own_learning(text: str) -> Command | None:
    """What these words want, if it is about what they attended or what may run again."""
    plain = tidy(text)
    for words in dict.fromkeys((plain, _POLITE.sub("", plain))):
        if not words:
            continue
        if _any(_LEARNING, words):
            return MyLearning()
        if _any(_LIST, words):
            return WhatIAskedFor()
        if found := _any(_STOP, words):
            return StopTelling(_what(found))
        if found := _any(_ASK, words):
            return TellAgain(_what(found))
    return None


_ANY = frozenset({"one", "session", "run", "date", "time", "they", "them"})


def _any(patterns: tuple[re.Pattern[str], ...], words: str) -> re.Match[str] | None:
    return next((found for p in patterns if (found := p.fullmatch(words))), None)


def _what(found: re.Match[str]) -> str:
    """The session that is meant, '' for none: "it" is the one just shown."""
    groups = found.groupdict()
    what = without_small_words(groups.get("what") or groups.get("one") or "")
    return "it" if what in _ANY or (not what and groups.get("what")) else what
