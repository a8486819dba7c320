"""Several things in one message: each is done or asked about, none is forgotten."""

from __future__ import annotations

import re
from dataclasses import replace

from language.commands import (
    Another,
    Book,
    Cancel,
    Command,
    Find,
    Greeting,
    More,
    No,
    Several,
    Thanks,
    WhatsOn,
    Yes,
)  # fmt: skip
from language.context import Context, any_of, whole
from language.follow_ups import following
from language.patterns import by_pattern
from language.phrases import is_loose, ordinal, phrase, without_small_words
from language.when import read_when

SHORT = 3
"""Words that are a subject and no sentence."""

_JOINTS = re.compile(
    r"\s*(?:[,;.!?]+\s*(?:oh |and |then |also |but |n )*|\s-+\s"
    r"|\s(?:oh and|and then|and also|n then|then|and|n|but|also|plus|&)\s)\s*"
)
_begins = re.compile(
    r"(?:please |can you |could you |also |then |i want to |i'd like to )*"
    + any_of(
        "book", "reserve", "register", "enrol", "sign me up", "put me", "my bookings",
        "cancel", "unbook", "drop", "take me off", "give (?:back|up)", "swap", "move",
        "sign us up", "get me", "get us", "add me", "stick me", "pop me", "do me", "list", "give me",
        "don'?t (?:send|nudge|remind)", "leave me", "can i (?:talk|speak|chat) (?:to|with)", "(?:scrub|knock|strike|cross|scratch) me off", "no more", "tell me", "who do i", "have i got", "what have i",
        "find", "show", "what'?s on", "help", "send", "turn", "stop", "start", "remind", "nudges?", "highlights?",
        "snooze",
        "delete", "erase", "forget me",
    )
    + r"\b"
).match  # fmt: skip
_asks = re.compile(
    r"(?:is|are|does|do (?:i|you|we|they)|has|have|when|when's|whens|where|where's|wheres|who|who's|whos|how|how's|tell me|let me know|what|what's|whats)\b(?! to\b)"
).match
_shows = re.compile(
    r"(?:please |can you )*(?:show|list|what'?s on|what else|find|is there|are there|have you got|got) \w|(?:anything|something) (?:on|about|for)\b"
).match
_IT = re.compile(r"\b(?:it|its|it's|that|this|they|them|one|ones|these|those|there)\b")
_NAMED_ONE = re.compile(r"\b(?:the|that|this) [\w' -]{2,30}? one\b")
_ALSO = re.compile(
    r"^(?:(?:also|then|oh|and|plus|please|um|er|can you tell me"
    r"|my (?:colleague|mate|friend|manager|boss|team) (?:asks?|wants to know|is asking)(?: also)?(?: (?:whether|if))?(?: there(?: is|'s))?),?\s+)+"
)
_one_by_name = whole(
    r"(?=[a-z -]*\d)[a-z]{1,6}[- ]?\d{1,4}[a-z]?",
    r"(?:the |that |my )[\w' -]{2,40} (?:one|session|workshop|course)",
)
_two_codes = re.compile(r"[a-z]-?\d.*[a-z]-?\d").search
_codes = whole(
    r"[a-z]{1,6}-?\d{1,4}[a-z]?(?:(?:\s*[,&/]\s*|\s+and\s+|\s+)[a-z]{1,6}-?\d{1,4}[a-z]?)+"
)
_swapped = whole(
    r"(?:please |can you |could you )*(?:swap|(?:switch|change|move)(?= (?:me|my|from|out|the|that|this|it)\b|.*\d))(?: me)?(?: my (?:place|booking|seat))?"
    r"(?: from| out of)? (?!(?:off|on|up|down|over|out|more|less)\b)(?P<old>.+?) (?:to|for|into|with|on ?to) (?P<new>.+)"
)
_to_another_day = whole(
    r"(?:please |can you |could you )*(?:take|get|pull) me (?:off|out of|from) (?:the |my )?(?P<old>.+?)(?:,| and|,? then)+ (?:please )?(?:put|stick|pop|book|get|add) me "
    r"(?:down )?(?:on|onto|for|in|into)(?: to)? (?:the )?(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)'?s?(?: one)?(?: instead)?(?: please)?"
)
_asked_and_booked = whole(
    r"(?:who|where|when|what|how|is|are|does)\b.*?\b(?P<one>the [\w' -]{2,30}? one)\b.*?(?:,| and|,? then|[.?!])+ "
    r"(?:can|could|may) (?:i|you) (?:get (?:me )?on|go on|come to|book(?: me)?(?: on| onto)?|have a place on|put me on|join) (?:it|that|this)(?: one)?(?: please)?"
)
_both_booked = whole(
    r"(?P<one>[^,.;?]+?) (?:and|&|n|plus) (?P<two>[^,.;?]+?)[,.;?]+ (?:both\b[^,.;]*[,.;]+ )?(?:please |pls |can you |could you )*"
    r"(?:book|put|sign|get|stick|add|pop)(?: (?:me|us))?(?: (?:up|down|in|on|onto|for|to))*(?: (?:both|them|'?em)(?: of (?:them|those))?)?"
    r"(?: (?:please|pls|ta|thanks))*"
)
Politeness = Greeting | Thanks | Yes | No


def several(plain: str, context: Context) -> Command | None:
    """The things that a tidy text wants, if each stands by itself; None where it is one."""
    if found := _swapped(plain):
        old, new = without_small_words(found["old"]), without_small_words(found["new"])
        return Several((Cancel(old), Book(new))) if old and new else None
    if (listed := _listed(plain, context)) is not None:
        return listed
    if (found := _both_booked(plain)) and (both := _both_named(found, context)):
        return Several(tuple(Book(each) for each in both))
    if found := _to_another_day(plain):
        return _moved(found, context)
    if (found := _asked_and_booked(plain)) and context.named(without_small_words(found["one"])):
        return Several((Find(found["one"], asked=False), Book(found["one"])))
    if plain.endswith(" anyway") and isinstance(phrase(plain, context.calendar), Yes):
        return None
    for joint in _JOINTS.finditer(plain):
        first, second = plain[: joint.start()].strip(), plain[joint.end() :].strip()
        left = _firm(first, context) if first and second else None
        if isinstance(left, Cancel | No) and isinstance(
            after := following(second, context), Another | More
        ):
            return after
        if left is not None and (right := _second(left, second, context)) is not None:
            return _together(left, right)
        if left is None and context.shown and isinstance(following(second, context), Another):
            return following(second, context)
        if left is None and (asked := _asked(first, second, context)) is not None:
            return asked
        if left is None and context.shown == 1 and _is_about_it(following(second, context)):
            return following(second, context)
    return _each_named(plain, context)


def _both_named(found: re.Match[str], context: Context) -> tuple[str, str] | None:
    """ "Fire doors and the asbestos refresher, put me on both": each half must name a session."""
    one, two = (_bare_name(found[half], context) for half in ("one", "two"))
    names = context.named(one), context.named(two)
    whole_name = found.string[: found.end("two")]
    is_one = names[0] == names[1] or context.named(whole_name).casefold() == whole_name
    return (one, two) if all(names) and not is_one else None


def _is_about_it(command: Command | None) -> bool:
    """Whether a question, after some words of another kind, is about the one session shown."""
    return isinstance(command, Find) and command.text == "that one"


def _each_named(plain: str, context: Context) -> Command | None:
    """ "Book reading charts and the project one": both halves name a session, and not the same."""
    one = _firm(plain, context)
    if one is not None and not isinstance(one, Book | Cancel):
        return None
    text = plain if one is None else one.what
    for joint in _JOINTS.finditer(text):
        halves = (text[: joint.start()], text[joint.end() :])
        first, second = (_bare_name(half, context) for half in halves)
        if not first or not second:
            continue
        names = context.named(first), context.named(second)
        is_each_named = all(names) and names[0] != names[1]
        if is_each_named and context.named(text).casefold() == text:
            return None
        is_some = [_SOME.search(half) is not None for half in halves]
        is_short = joint[0].strip() in ("and", "&", "n", "plus") and len(first.split()) <= SHORT
        if is_each_named or (one is None and is_some[1] and (is_some[0] or names[0] or is_short)):
            left, right = (
                Find(half, asked=False) if one is None else replace(one, what=half)
                for half in (first, second)
            )
            return Several((left, right))
    return None


def _bare_name(half: str, context: Context) -> str:
    bare = without_small_words(_AROUND.sub("", _ALSO.sub("", half.strip())))
    return bare if context.named(bare) else read_when(bare, context.calendar)[1].strip() or bare


_AROUND = re.compile(
    r"^(?:(?:hi|hello|um|er|erm|have you(?: got)?|do you have|got|is there|are there|i want|i'?d like|looking for|the|on|for|to|about"
    r"|any|some|anything|something|owt|summat|also|both)\b[ ,]*)+"
    r"|(?:(?:\s+|^)(?:(?:straight |right |just )?(?:after|before) (?:it|that|this|them)|straight after|right after|as well|too|both(?: of them)?|if (?:there'?s|there is) (?:room|space|a place)|if (?:i|you) can"
    r"|please|one|sessions?|workshops?|talks?|courses?|for (?:the|my|our|a|an|me|us)\b.*))+$"
)
_SOME = re.compile(r"\b(?:something|anything|owt|summat) (?:on|about|for|to)\b")


def _moved(found: re.Match[str], context: Context) -> Several:
    """ "Take me off Monday's sleep one and put me on Thursday's"."""
    old = without_small_words(found["old"])
    subject = re.sub(r"\b(?:one|session)\b", "", read_when(old, context.calendar)[1]).strip()
    subject = re.sub(r"^'?s\b", "", subject).strip()
    return Several((Cancel(old), Book(f"{found['day']} {subject}".strip())))


def _listed(plain: str, context: Context) -> Several | None:
    """One after the other, where several codes are all that is named: "book gm1 and re1"."""
    one = phrase(plain, context.calendar) if _two_codes(plain) else None
    if not isinstance(one, Book | Cancel) or not _codes(one.what):
        return None
    return Several(
        tuple(replace(one, what=code) for code in re.split(r"[\s,&/]+(?:and\s+)?", one.what))
    )


def _second(left: Command, words: str, context: Context) -> Command | None:
    """What comes after something that stands by itself."""
    if _begins(words) and (right := several(words, context) or _firm(words, context)):
        return right
    words = _ALSO.sub("", words)
    if _shows(words) and isinstance(left, Book | Cancel):
        return phrase(words, context.calendar)
    if isinstance(left, Book | Cancel) and (named := _by_name(left, words, context)) is not None:
        return named
    if _asks(words) and not isinstance(left, Politeness):
        return phrase(words, context.calendar) or Find(without_small_words(words), asked=False)
    return None


def _asked(first: str, second: str, context: Context) -> Command | None:
    """A question and what comes after it: a command, or a question about something else."""
    left = phrase(first, context.calendar)
    if not isinstance(left, Find | WhatsOn) and not (first and _asks(first)):
        return None
    about = left or Find(without_small_words(first), asked=False)
    if _begins(second) and (right := _firm(second, context)) is not None:
        return _together(about, right)
    second = _ALSO.sub("", second)
    if left is None and _asks(second) and not _IT.search(_NAMED_ONE.sub(" ", second)):
        right = phrase(second, context.calendar) or Find(without_small_words(second), asked=False)
        return _together(about, right)
    return None


def _by_name(left: Book | Cancel, words: str, context: Context) -> Command | None:
    """The same with the sessions that these words name, and with what comes after them."""
    joint = _JOINTS.search(words)
    first, rest = (words[: joint.start()], words[joint.end() :]) if joint else (words, "")
    if not _one_by_name(first) and ordinal(first) is None:
        return None
    one = replace(left, what=first)
    if not rest:
        return one
    more = _second(one, rest, context)
    return None if more is None else _together(one, more)


def _firm(words: str, context: Context) -> Command | None:
    found = phrase(words, context.calendar) or by_pattern(words)
    if (found is None or is_loose(found, words)) and (polite := _with_reason(words)):
        words = polite["wish"]
        found = phrase(words, context.calendar)
    return None if found is None or is_loose(found, words) else found


_with_reason = re.compile(r"(?P<wish>.+?) (?:please|pls|ta|cheers|thanks|thx)(?: .+)?").fullmatch
""" "Stop the reminders please they're doing my head in"."""


def _together(first: Command, second: Command) -> Command:
    """One after the other; a greeting or a thanks beside something else is only politeness."""
    each = [
        c
        for some in (first, second)
        for c in (some.commands if isinstance(some, Several) else (some,))
    ]
    each = [c for c in each if not isinstance(c, Politeness)] or each[-1:]
    return Several(tuple(each)) if len(each) > 1 else each[0]
