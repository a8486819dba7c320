"""Words that only mean something after what was shown or asked."""

from __future__ import annotations

import re
from dataclasses import replace

from language import turns_of_phrase as said
from language.calendar import When
from language.clock_times import PARTS
from language.commands import (
    Another,
    Book,
    Cancel,
    Command,
    Find,
    More,
    Several,
    Than,
    WhatsOn,
    Yes,
)
from language.context import Context
from language.day_names import DAY, WEEKDAYS, read_days
from language.patterns import by_pattern
from language.phrases import ordinal, phrase, without_small_words
from language.wanted import read_wanted
from language.when import read_when

MOST = 5
"""Sessions that "all of them" books or cancels at once."""

CORRECTIONS = 6
"""Words in a row that only say that something was meant otherwise: "no wait sorry, I meant Thursday"."""


_THAN = {
    "shorter": Than.SHORTER, "quicker": Than.SHORTER, "long": Than.SHORTER,
    "longer": Than.LONGER, "short": Than.LONGER,
    "earlier": Than.EARLIER, "sooner": Than.EARLIER, "late": Than.EARLIER,
    "later": Than.LATER, "early": Than.LATER,
}  # fmt: skip


def following(plain: str, context: Context) -> Command | None:
    """What tidy words mean after what went before; None where they stand for themselves."""
    if found := said.cancel_that(plain):
        again = re.sub(r"^(?:undo|scrap|scratch|forget)\b", "cancel", found["rest"])
        return phrase(again, context.calendar)
    if not context.shown and context.asked is None:
        return None
    if context.shown and (placed := _placed(plain, context.shown)) is not None:
        return placed
    if (found := said.day_after(plain)) and (after := _after(found, context)) is not None:
        return after
    if context.shown and (ordinal(plain) is not None or said.the_one(plain)):
        return Find(plain, asked=False)
    if context.shown and (meant := _said_of_the_shown(plain, context)) is not None:
        return meant
    if found := said.what_about(plain):
        return _about_then(found["what"] or found["then"] or found["instead"], found, context)
    if context.shown:
        if found := said.compared(plain) or said.too(plain):
            return Another(_THAN[found["than"]])
        asked = _CANNOT.sub("", plain)
        if said.another(asked):
            clauses = re.split(r"[.?!,;]+ ", asked)
            asked = next((each for each in reversed(clauses) if said.another(each)), asked)
            if read_when(asked, context.calendar)[0] is None:
                return Another(what=_named_in(asked))
    if said.more(plain):
        return More()
    if again := _again(plain, context):
        return again
    return _of_the_shown(plain, context) if context.shown else None


_CANNOT = re.compile(
    r"^(?:(?:sorry|oh|i|no)[ ,]+)*(?:can'?t|cannot) (?:do|make|manage) (?!it\b|that\b|this\b).+?[ ,.]+"
    r"(?=(?:is|does|will|when|any)\b)"
)
""" "Can't do Thursday mornings, is it on again": the days are no days to look for."""

_ANOTHER_WORDS = frozenset(
    """a all an another any other different alternative second repeat repeats rerun repeated out up
    round come coming going one ones session sessions workshop go at on in of for the same time times date
    dates day days slot slots week run running showing is are does do will it its this that they you
    be held happen happening again more than once only just can can't cant could i we there have got
    me it's that's there's can't don't doesn't i'm isn't please make manage not so but if then which
    when else and what will with get to""".split()
)


def _named_in(plain: str) -> str:
    """What "can i do excel another time" names; nothing where it is about what was shown."""
    return " ".join(w for w in re.findall(r"[\w'&-]+", plain) if w not in _ANOTHER_WORDS)


def _placed(plain: str, shown: int) -> Command | None:
    """ "As long as it's dry, put me on": the only one there is, or the one whose place is named."""
    head, _, tail = (
        plain.replace("? ", ", ").replace(". ", ", ").replace("! ", ", ").rpartition(", ")
    )
    if not head or not said.place_please(tail):
        return None
    if shown == 1:
        return Book("that one")
    place = said.first_words(head)
    return None if place is None else Book(place["place"])


def counted(plain: str, shown: int) -> str:
    """The words with "number 2" for the middle one of three, or the last but one."""
    return said.counted.sub(lambda found: _number(found, shown), plain) if shown else plain


def _number(found: re.Match[str], shown: int) -> str:
    """ "Number 2" for the middle one of three; the same words where there is none such."""
    if found["middle"]:
        number = (shown + 1) // 2 if shown % 2 else 0
    elif found["before_last"]:
        number = shown - 1
    else:
        number = 1 if found["top"] else shown
    return f"number {number}" if number > 0 else found[0]


def _after(found: re.Match[str], context: Context) -> Command | None:
    """The same question for the day, or the week, after the one that was asked for."""
    asked = context.asked
    if asked is None or asked.when is None:
        return None
    about = asked.about if isinstance(asked, WhatsOn) else asked.text
    last = asked.when.last
    if (step := found["step"] or "") not in ("", "day", "week"):
        number = WEEKDAYS.index(step)
        first = last = last + ((number - last.weekday() - 1) % 7 + 1) * DAY
    elif "day" in (found["step"], found["next"]):
        first = last = last + DAY
    else:
        first = last + (7 - last.weekday()) * DAY
        last = first + 6 * DAY
    return WhatsOn(When(first=first, last=last), about, asked.wanted)


def _said_of_the_shown(plain: str, context: Context) -> Command | None:
    """Sentences that begin or end with what is wanted: "second one please, put me on"."""
    if context.shown == 1 and said.yes_please(plain):
        return Book("that one")
    if said.cancel_it(plain):
        return Cancel("it")
    if found := said.that_one_and(plain):
        rest = found["rest"]
        if said.place_please(rest) or said.agrees(rest) or by_pattern(rest) is not None:
            return Book(found["one"])
        return Find(found["one"], asked=False)
    if (found := said.begins_with_place(plain)) and (place := ordinal(found["place"])) is not None:
        rest = re.sub(
            r"^(?:please|pls|ta|thanks)?[ ,.!]+(?:please[ ,]+)?", "", found["rest"]
        ).strip(" ,.")
        if not rest or said.place_please(rest) or said.place_please(f"book {rest}"):
            return Book(found["place"])
        if said.is_question(rest) and abs(place) <= context.shown:
            return Find(found["place"], asked=False)
    if context.shown > 1 and said.is_question(plain) and (found := said.one_of_the_list(plain)):
        fixed = phrase(plain, context.calendar)
        one = re.sub(r"of \w+$", "one", found[0])
        return fixed if isinstance(fixed, Book | Cancel) else Find(one, asked=False)
    if context.shown == 2 and (found := said.rather(plain)):
        make = (
            Find
            if said.is_question(plain) or re.search(r"\b(?:room|space|got|left|full)\b", plain)
            else Book
        )
        what = f"the other one than {found['than'].strip(' ,.!?')}"
        return make(what, asked=False) if make is Find else make(what)
    if context.shown > 1 and (found := said.suits(plain)) and _names_a_time(found["what"], context):
        return Book(f"the {found['what'].removeprefix('the ')} one")
    return None


def _names_a_time(what: str, context: Context) -> bool:
    """Whether this is only a day, a time or "the later one": "evening", "the one o'clock"."""
    what = what.removeprefix("the ").strip()
    if what in PARTS or what in _EARLIER_OR_LATER:
        return True
    when, rest = read_when(what, context.calendar)
    return when is not None and not rest.strip()


_EARLIER_OR_LATER = frozenset("earlier later earliest latest first last second third".split())


def _of_the_shown(plain: str, context: Context) -> Command | None:
    """What is to be done with the sessions of the list or card just shown."""
    if (found := said.all_of_them(plain)) and ("both" not in plain or context.shown == 2):
        make = Cancel if found["verb"] in ("cancel", "drop") else Book
        each = [make(f"number {n}") for n in range(1, min(context.shown, MOST) + 1)]
        return Several(tuple(each)) if len(each) > 1 else each[0]
    if found := said.two_of_them(plain):
        make = Cancel if found["verb"] in ("cancel", "drop") else Book
        return Several((make(found["one"]), make(found["two"])))
    if found := said.not_that(plain):
        return Find(found["rest"], asked=False)
    if re.fullmatch(said.ALL, plain):
        count = min(context.shown, MOST)
        return Several(tuple(Find(f"number {n}", asked=False) for n in range(1, count + 1)))
    if (found := said.about_one(plain)) and ordinal(found["one"]) is not None:
        return Find(found["one"], asked=False)
    if context.shown > 1 and (found := said.which_one(plain)):
        what = re.sub(r"^(?:(?:on|at|in|the)\s+)+", "", found["what"] or found["which"])
        return Find(f"the {what} one", asked=False)
    if context.shown == 1 and said.place_please(plain):
        return Book("that one")
    fixed = phrase(plain, context.calendar)
    if fixed is not None and not isinstance(fixed, Yes):
        return None
    if context.shown > 1 and (found := said.friday(plain)):
        when, rest = read_when(found["day"], context.calendar)
        if when is not None and not rest.strip():
            return Book(f"the {found['day']} one")
    if found := said.do_that(plain):
        what = found["it"].strip()
        return following(f"book {what}", context) if re.fullmatch(said.ALL, what) else Book(what)
    if context.shown > 1:
        return None
    if found := said.cannot(plain):
        when, rest = read_when(found["rest"], context.calendar)
        if when is not None and not re.sub(r"[\W_]+", "", rest):
            return Another()
    return Find("that one", asked=False) if said.fact(plain) else None


def _again(plain: str, context: Context) -> Command | None:
    """The same question with another day, time or kind: "sorry, I meant Thursday", "just the afternoon"."""
    rest = plain
    for _ in range(CORRECTIONS):
        if not (found := said.corrects(rest)):
            return None
        rest = rest[found.end() :]
        if (again := _instead(rest, context)) is not None:
            return again
    return None


def _instead(words: str, context: Context) -> Command | None:
    """The question before, where these words are nothing but another day, time or kind."""
    words = re.sub(r"(?<=\w) ones?$|^(?:the |those )?ones (?=\w)", "", said.last.sub("", words))
    wanted, rest = read_wanted(words)
    when, rest = read_when(rest, context.calendar)
    span = PARTS.get(words.removeprefix("the ").removesuffix("s"))
    if re.sub(r"[\W_]+", "", rest) or (when is None and span is None and not wanted):
        return None
    asked = context.asked
    days = asked.when if asked is not None else None
    if span is not None and days is not None:
        when = replace(days, start=span[0], end=span[1])
    elif when is not None and days is not None and not read_days(words, context.calendar)[0]:
        when = replace(days, start=when.start, end=when.end)
    about = "" if asked is None else asked.about if isinstance(asked, WhatsOn) else asked.text
    return WhatsOn(when or days, about, wanted | asked.wanted if asked else wanted)


def _about_then(rest: str, found: re.Match[str], context: Context) -> Command | None:
    """ "What about Thursday?": the same question for another day, or another question."""
    asked = context.asked
    rest = said.last.sub("", rest)
    part = PARTS.get(re.sub(r"^(?:in |at |on |for )?(?:the )?|s$", "", rest))
    if part is not None and asked is not None and asked.when is not None:
        about = asked.about if isinstance(asked, WhatsOn) else asked.text
        return WhatsOn(replace(asked.when, start=part[0], end=part[1]), about, asked.wanted)
    when, about = read_when(rest, context.calendar)
    about = re.sub(
        r"^(?:on|for|in|at|anything|something)\b\s*|\s*\b(?:on|for|in|at)$", "", about
    ).strip()
    if when is not None and not about:
        match asked:
            case WhatsOn():
                return WhatsOn(when, asked.about, asked.wanted)
            case Find(text=text):
                return WhatsOn(when, text, asked.wanted)
            case None:
                return WhatsOn(when)
    if found["what"] and when is None and ordinal(rest) is None:
        return Find(without_small_words(rest))
    return None
