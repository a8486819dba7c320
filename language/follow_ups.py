"""Words that only mean something after what was shown or asked."""

from __future__ import annotations

import re
from dataclasses import replace

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
from language.context import Context, any_of, whole
from language.day_names import DAY, WEEKDAYS
from language.phrases import ordinal, phrase, without_small_words
from language.wanted import read_wanted
from language.when import read_when

MOST = 5
"""Sessions that "all of them" books or cancels at once."""

CORRECTIONS = 6
"""Words in a row that only say that something was meant otherwise: "no wait sorry, I meant Thursday"."""

_IT = "it|it's|its|that|that one|this|this one|that session|this session|the session|they|them"

_the_one = whole(r"(?:the|that|this) [\w' -]{1,30} one", r"(?:that|this) one")
_yes_please = whole(
    r"(?:ooh |oh |ah )?(?:(?:yes|yeah|yep|yup|aye)(?: then)?(?:[ ,]+(?:please|pls|lovely|brilliant|perfect|great|that would be"
    r" (?:lovely|great|good|perfect|brilliant)|i would(?: like that)?|i'd like that|that'?s the one))+|go on(?: then)?(?: please)?)"
)
_cancel_it = whole(
    r".+[ ,.;!]+(?:so |please |just |can you |could you |better |i'?d better )*(?:cancel|unbook|drop) (?:it|that|mine|my (?:place|seat|spot|booking))"
    r"(?: (?:please|then|for me|off))*",
    r"(?:.*\b)?(?:let|give|offer) (?:some ?(?:one|body)|an?other(?: person)?) (?:else )?(?:have |take )?my (?:place|seat|spot)\b.*",
    r"(?:.*\b)?(?:have to |better |will |'ll )give (?:mine up|up mine|it up|up my (?:place|seat|spot))\b.*",
)
_suits = whole(
    r"(?:i think |actually |oh |ok |and )*(?P<what>(?:the )?[\w':. -]{2,30}?)(?: one)? (?:would |will |'d |does |could |might |must )?(?:suits?|works?|is better|sounds?|looks?|be|do)"
    r"(?: (?:me|us|for me|for us|up my street|good|great|fine|better|best|perfect|perfectly|ideal|lovely|nice|interesting|brilliant|nicely|ok|alright|all right|right|about right))*"
    r"(?P<rest>[ ,.!]+.*)?"
)
_rather = whole(
    r"(?P<than>.+?)(?:[,.!?;]+|\b(?:so|then|but))(?: (?:so|then|but|and|i think|ill|i'll))* (?:(?:i'?d |i would |id )?(?:rather|prefer|like|have|take|want|do|go for|book)(?: have| take| do)? "
    r"|is there (?:still )?(?:room|space|a place) (?:on|in|for) |has |have |is |what about |how about )?(?:the |t')?other(?: one)?(?P<rest>\b.*)?"
)
_cancel_that = whole(
    r"(?:(?:actually|no|wait|oh|sorry|hmm|hang on|ah|yes|ok|please|can you|could you)[ ,]+)+"
    r"(?P<rest>(?:cancel|drop|undo|unbook|scrap|scratch|forget)\b(?! me\b).*)"
)
_what_about = whole(
    r"(?:ok(?:ay)?,? |and |or |so )*(?:what|how|wot|hows) (?:about|bout) (?P<what>.+)",
    r"(?:and|or|then) (?P<then>.+)",
    r"(?P<instead>.+) instead",
)
_more = whole(
    r"(?:(?:are|is) there |have you got |got |do you have |show (?:me |us )?|see |give me |let me see )?"
    r"(?:any |some |the |a few )?"
    + any_of(
        r"more like (?:that|this|it|these|those)",
        r"more of (?:those|these|them)",
        r"others? like (?:that|this|it|these|those)",
        r"others? along (?:them|those|the same|similar|these) lines",
        r"other (?:ones|options|sessions|choices)",
        r"more (?:ones?|options|sessions)",
        r"others?",
        r"more",
    ),
    r"(?:what|anything|something|owt) else(?: is there| have you got| you got| like (?:that|this))?",
    r"more please|next(?: page| ones?)?|keep going|carry on|is that (?:all|it|everything|the lot)(?: or .*)?",
    r"(?:show |see )?(?:me )?the (?:rest|others)",
    r"what(?:'?s| is|s)? (?:on )?after (?:that|this|those|these)",
)
_another = whole(
    r".*\b(?:an?other|different|any other|other|alternative|second|repeat(?:ed)?) (?:one |session |go )?"
    r"(?:at |on |in )?(?:an?other |a different |any other )?(?:times?|dates?|days?|slots?|week|run|showing)\b.*",
    r".*\b(?:an?other|any other) (?:one|session)s? (?:at|on|of|for) (?:an?other|a different|the same|different)\b.*",
    r".*\b(?:is|are|does|do|will) (?:it|this|that|they|you) (?:be )?(?:repeat|run|on|held|happen|again)(?:ed|ing|s)?"
    r" (?:again|it again|another|any other|more than once|other)\b.*",
    r".*\b(?:is|are|does|do|will) (?:it|this|that|they) (?:ever )?(?:be |get |being )?repeat(?:ed|ing|s)?",
    r".*\b(?:only|just) (?:time|day|date|one) it'?s on\b.*",
    r"(?:.*\b)?(?:when else|(?:any|what|which) other (?:times?|dates?|days?))\b.*",
    r".*\bcan'?t (?:do|make|manage) (?:that|this|it) (?:time|day|date|slot)\b.*",
    r".*\b(?:is it|is that|does it come|are you (?:doing|running) (?:it|that)) (?:on|round|back)? ?again\b.*",
)
_compared = whole(
    r"(?:is there |are there |have you got |do you have |got )?"
    r"(?:anything|something|any|one|ones|an?|owt|a session)\s+(?:that'?s )?(?:a bit |a little |much |slightly )?"
    r"(?P<than>shorter|quicker|longer|earlier|later|sooner)(?: (?:one|session|in the day|on|than that))*"
)
_too = whole(
    r"(?:(?:that'?s|its|it'?s|bit|a bit|sorry|no|far|way|oh|ah|is)[ ,]+)*too (?P<than>early|late|long|short)"
    r"(?: for me| in the day| sorry| really)*"
)
_THAN = {
    "shorter": Than.SHORTER, "quicker": Than.SHORTER, "long": Than.SHORTER,
    "longer": Than.LONGER, "short": Than.LONGER,
    "earlier": Than.EARLIER, "sooner": Than.EARLIER, "late": Than.EARLIER,
    "later": Than.LATER, "early": Than.LATER,
}  # fmt: skip
_cannot = whole(
    r"(?:(?:sorry|no|oh|but|i|im|i'm)[ ,]+)*"
    r"(?:can'?t|cannot|not free|busy|away|off|not in|don'?t work|on leave)"
    r"(?: (?:do|make|manage|work|be there|on|then|for))*(?P<rest> .*|)"
)
_fact = whole(
    r"(?:and |so |ok |also )?(?:who|where|whereabouts|when|what|how|is|does|do|are|can|will|which|tell me more|more (?:info|details)"
    rf" about|whos|wheres|whens|whats|hows|who's|where's|when's|what's|how's)\b.*\b(?:{_IT}|running|room|link|places? left|spaces? left)\b.*",
    r"(?:is there|are there|any|got any|how many|have you got any) (?:an? )?(?:waiting list|places?|spaces?|spots?|seats?|room)\b.*",
    r"do (?:i|we|you) (?:need|have) (?:to|any|an?)\b.*|(?:would|could|should) (?:i|we|an?|my)\b.*\b(?:it|this|that)\b.*",
    r"where ?abouts|what times?|how (?:long|much|many)|who|where|when|what day",
    r"(?:more )?(?:info|details|information)|tell me more|more info(?:rmation)?",
)
_do_that = whole(
    r"(?:(?:yes|yeah|yep|ok|okay|go on|oh|great|perfect|right|actually|cool|brill|lovely|ill|i'll|i will|let me"
    r"|lets|let's|please|i)[ ,]+)*"
    r"(?:do|have|take|book|want|go (?:for|with)|fancy|get|pick|choose|sign me up for|put me (?:down for|on)|grab)"
    r" (?:me )?(?P<it>(?:the |that |this )?[\w' ]{0,25}?\b(?:ones?|it|that|this)"
    r"|them(?: all| both)?|both(?: of them)?|all of (?:them|these|those)"
    r"|(?:the )?(?:first|second|third|fourth|fifth|last))"
)
_place_please = whole(
    r"(?:(?:yes|yeah|yep|ok|okay|please|go on|great|oh|right|can you|could you)[ ,]+)*"
    + any_of(
        r"(?:sign|put|book|add|pop|stick|get) me (?:up|down|in|on)(?: for (?:it|that|this))?",
        r"(?:i(?:'d|d)? like|i want|i'?ll (?:take|have|do)|give me) (?:it|that|this)(?: one)?",
        r"(?:(?:go on|ok|yes|right) )?(?:then )?(?:put|stick|pop|get|sign|book|add) (?:me|us) (?:up|down|in|on|onto)(?: (?:it|that|for it|for that))?(?: then)?",
        r"(?:ok |yes |go on |then |please )*book(?: (?:it|that|me|us|it in|me in))?(?: then)?",
        r"(?:add|put|stick) me (?:to|on) the (?:waiting )?list|join the (?:waiting )?list",
        r"(?:love (?:it|that)|perfect|great|brilliant|ideal|lovely|sounds (?:good|great))[ ,.!]+(?:count me in|i'?m in|sign me up)",
        r"count (?:me|us) in|i'?m in|(?:add|get|squeeze|fit) (?:me|us)(?: (?:on|in|to)(?: (?:it|that|this))?)?|(?:get|save) (?:me|us) a (?:place|seat|spot)",
    )
    + r"(?: please)?"
)
_about_one = whole(
    r"(?:(?:tell|show) me (?:more )?(?:about )?|more (?:about|on) |(?:more )?(?:details|info(?:rmation)?) (?:of|on|about|for) "
    r"|what(?:'?s| is) |open )(?P<one>(?:the |number |no\.? ?|option )?[\w -]{1,20})"
)
_which_one = whole(
    r"(?:the |that )(?:one|session|workshop) (?P<what>(?:on|at|in|about|with|by|for) .+)",
    r"which (?:one|session|workshop)(?:'?s| is)? (?P<which>.+)",
)
_ALL = (
    r"(?:them(?: all| both)?|both(?: of them| of those)?|all(?: of (?:them|these|those))?|every one"
    r"|all (?:two|three|four|five))"
)
_all_of_them = whole(
    rf"(?P<verb>book|cancel|drop)(?: me on)? {_ALL}",
    rf"(?:please |can you |could you |go on )*(?:put|sign|book|get|stick|add|pop) (?:me|us) (?:up |down )?(?:on|for|in|to|onto) {_ALL}",
)
_PLACE = r"(?:first|second|third|fourth|fifth|sixth|\d(?:st|nd|rd|th)|last)"
_two_of_them = whole(
    rf"(?P<verb>book|cancel|drop|.*\b(?:sign|put|add|get|stick) me (?:up |down )?(?:to|for|on|in))(?: (?:to|for|on))? (?:the )?"
    rf"(?P<one>{_PLACE}) (?:and|n|&) (?:the )?(?P<two>{_PLACE})(?: ones?)?(?: of (?:them|those|these))?"
)
_first_words = re.compile(rf"(?:the )?(?P<place>{_PLACE}) one\b").match
_COUNTED = re.compile(
    r"(?:^|\bthe )(?:(?P<middle>middle)|(?P<top>top)|(?P<bottom>bottom)) one\b"
    r"|(?:^|\bthe )(?P<before_last>last but one|(?:second to last|2nd to last|penultimate)(?: one)?)\b"
)
_friday = whole(
    r"(?:i'?ll |i will |let'?s |can i |ok |yeah )*(?:go (?:for|with)|have|take|do|book)(?: me)? (?:the )?(?P<day>[\w]+?)(?:'?s)?(?: one)?(?: please| then)*"
)
_day_after = whole(
    r"(?:(?:and|or|ok|what about|how about|what's on|whats on|show me)[ ,]+)*(?:the )?(?P<step>day|week|(?:mon|tues|wednes|thurs|fri|satur|sun)day) after(?: that| this)?"
    r"(?: (?:as well|too|then))*",
    r"(?:(?:and|or|ok|what about|how about|what's on|whats on|show me)[ ,]+)*(?:the )?(?:next|following) (?P<next>day|week)"
    r"(?: (?:as well|too|then))*",
)
_not_that = whole(
    r"(?:wait |hang on |sorry |oh |actually )*(?:no|nope|nah|not that(?: one)?)[ ,]+"
    r"(?:i (?:meant|mean|want) |not that one |the other )?(?P<rest>the .+? one)"
)
_corrects = re.compile(
    r"(?:(?:(?:is|are|has|have|do|got) )?(?:any|either|some|one|none) of (?:them|those|these|that lot|the lot|that list)(?: (?:is|are|got|have|has))?|which (?:of (?:them|these|those)|ones?)(?: (?:is|are|can i (?:do|go to|make)|do i|could i (?:do|make)))*"
    r"|just|only|sorry|no|nope|i|meant|mean|make (?:that|it)|rather|preferably|actually|or|and|wait|oh|on|in|the"
    r"|but|not (?:today|that|then|tomorrow))[ ,.:]+"
).match


_LAST = re.compile(r"(?:[ ,]+(?:then|maybe|perhaps|instead|please|possibly|at all))+$")


def following(plain: str, context: Context) -> Command | None:
    """What tidy words mean after what went before; None where they stand for themselves."""
    if found := _cancel_that(plain):
        again = re.sub(r"^(?:undo|scrap|scratch|forget)\b", "cancel", found["rest"])
        return phrase(again, context.calendar)
    if not context.shown and context.asked is None:
        return None
    if context.shown and (placed := _placed(plain, context.shown)) is not None:
        return placed
    if (found := _day_after(plain)) and (after := _after(found, context)) is not None:
        return after
    if context.shown and (ordinal(plain) is not None or _the_one(plain)):
        return Find(plain, asked=False)
    if context.shown and (said := _said_of_the_shown(plain, context)) is not None:
        return said
    if found := _what_about(plain):
        return _about_then(found["what"] or found["then"] or found["instead"], found, context)
    if context.shown:
        if found := _compared(plain) or _too(plain):
            return Another(_THAN[found["than"]])
        if _another(plain) and read_when(plain, context.calendar)[0] is None:
            return Another(what=_named_in(plain))
    if _more(plain):
        return More()
    if again := _again(plain, context):
        return again
    return _of_the_shown(plain, context) if context.shown else None


_ANOTHER_WORDS = frozenset(
    """a an another any other different alternative second repeat repeated one ones session sessions workshop go at on
    in of for the same time times date dates day days slot slots week run running showing is are does do will it its
    this that they you be held happen happening again more than once only just can can't cant could i we there have got
    me it's that's there's can't don't doesn't i'm isn't please make manage not so but if then which when else and what will with get to""".split()
)


def _named_in(plain: str) -> str:
    """What "can i do excel another time" names; nothing where it is about what was shown."""
    return " ".join(w for w in re.findall(r"[\w'&-]+", plain) if w not in _ANOTHER_WORDS)


def _placed(plain: str, shown: int) -> Command | None:
    """ "As long as it's dry, put me on": the only one there is, or the one whose place is named."""
    head, _, tail = (
        plain.replace("? ", ", ").replace(". ", ", ").replace("! ", ", ").rpartition(", ")
    )
    if not head or not _place_please(tail):
        return None
    if shown == 1:
        return Book("that one")
    place = _first_words(head)
    return None if place is None else Book(place["place"])


def counted(plain: str, shown: int) -> str:
    """The words with "number 2" for the middle one of three, or the last but one."""
    return _COUNTED.sub(lambda found: _number(found, shown), plain) if shown else plain


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
    if context.shown == 1 and _yes_please(plain):
        return Book("that one")
    if _cancel_it(plain):
        return Cancel("it")
    if (found := _begins_with_place(plain)) and (place := ordinal(found["place"])) is not None:
        rest = re.sub(
            r"^(?:please|pls|ta|thanks)?[ ,.!]+(?:please[ ,]+)?", "", found["rest"]
        ).strip(" ,.")
        if not rest or _place_please(rest) or _place_please(f"book {rest}"):
            return Book(found["place"])
        if _is_question(rest) and abs(place) <= context.shown:
            return Find(found["place"], asked=False)
    if context.shown > 1 and _is_question(plain) and (found := _one_of_the_list(plain)):
        fixed = phrase(plain, context.calendar)
        return fixed if isinstance(fixed, Book | Cancel) else Find(found[0], asked=False)
    if context.shown == 2 and (found := _rather(plain)):
        make = (
            Find
            if _is_question(plain) or re.search(r"\b(?:room|space|got|left|full)\b", plain)
            else Book
        )
        what = f"the other one than {found['than'].strip(' ,.!?')}"
        return make(what, asked=False) if make is Find else make(what)
    if context.shown > 1 and (found := _suits(plain)) and _names_a_time(found["what"], context):
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
_begins_with_place = re.compile(
    rf"(?:ooh |oh |ok |right |yes |the |go on )*(?P<place>{_PLACE} one|number \d+)(?:'?s)?\b(?P<rest>.*)"
).fullmatch
_one_of_the_list = re.compile(
    r"\b(?:number \d+|the (?:first|second|third|fourth|fifth|last) one)\b"
).search
_is_question = re.compile(
    r"(?:what|where|when|who|how|is|are|does|do|can|will|which|whats|wheres|whens|whos|hows)\b.*"
).match


def _of_the_shown(plain: str, context: Context) -> Command | None:
    """What is to be done with the sessions of the list or card just shown."""
    if (found := _all_of_them(plain)) and ("both" not in plain or context.shown == 2):
        make = Cancel if found["verb"] in ("cancel", "drop") else Book
        each = [make(f"number {n}") for n in range(1, min(context.shown, MOST) + 1)]
        return Several(tuple(each)) if len(each) > 1 else each[0]
    if found := _two_of_them(plain):
        make = Cancel if found["verb"] in ("cancel", "drop") else Book
        return Several((make(found["one"]), make(found["two"])))
    if found := _not_that(plain):
        return Find(found["rest"], asked=False)
    if re.fullmatch(_ALL, plain):
        count = min(context.shown, MOST)
        return Several(tuple(Find(f"number {n}", asked=False) for n in range(1, count + 1)))
    if (found := _about_one(plain)) and ordinal(found["one"]) is not None:
        return Find(found["one"], asked=False)
    if context.shown > 1 and (found := _which_one(plain)):
        what = re.sub(r"^(?:on|at|in|the)\s+", "", found["what"] or found["which"])
        return Find(f"the {what} one", asked=False)
    if context.shown == 1 and _place_please(plain):
        return Book("that one")
    fixed = phrase(plain, context.calendar)
    if fixed is not None and not isinstance(fixed, Yes):
        return None
    if context.shown > 1 and (found := _friday(plain)):
        when, rest = read_when(found["day"], context.calendar)
        if when is not None and not rest.strip():
            return Book(f"the {found['day']} one")
    if found := _do_that(plain):
        what = found["it"].strip()
        return following(f"book {what}", context) if re.fullmatch(_ALL, what) else Book(what)
    if context.shown > 1:
        return None
    if found := _cannot(plain):
        when, rest = read_when(found["rest"], context.calendar)
        if when is not None and not re.sub(r"[\W_]+", "", rest):
            return Another()
    return Find("that one", asked=False) if _fact(plain) else None


def _again(plain: str, context: Context) -> Command | None:
    """The same question with another day, time or kind: "sorry, I meant Thursday", "just the afternoon"."""
    rest = plain
    for _ in range(CORRECTIONS):
        if not (found := _corrects(rest)):
            return None
        rest = rest[found.end() :]
        if (again := _instead(rest, context)) is not None:
            return again
    return None


def _instead(words: str, context: Context) -> Command | None:
    """The question before, where these words are nothing but another day, time or kind."""
    wanted, rest = read_wanted(_LAST.sub("", words))
    when, rest = read_when(rest, context.calendar)
    span = PARTS.get(words.removeprefix("the ").removesuffix("s"))
    if re.sub(r"[\W_]+", "", rest) or (when is None and span is None and not wanted):
        return None
    asked = context.asked
    days = asked.when if asked is not None else None
    if span is not None and days is not None:
        when = replace(days, start=span[0], end=span[1])
    about = "" if asked is None else asked.about if isinstance(asked, WhatsOn) else asked.text
    return WhatsOn(when or days, about, wanted | asked.wanted if asked else wanted)


def _about_then(rest: str, found: re.Match[str], context: Context) -> Command | None:
    """ "What about Thursday?": the same question for another day, or another question."""
    asked = context.asked
    rest = _LAST.sub("", rest)
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
