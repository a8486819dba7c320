"""What somebody wants, by how near their words are to what people say who want that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from language.clock_times import read_delay
from language.commands import (
    Another,
    Book,
    Cancel,
    Chatter,
    Command,
    Find,
    ForgetMe,
    Greeting,
    Help,
    Highlights,
    Human,
    More,
    MyBookings,
    MyData,
    No,
    Nudges,
    Resources,
    Snooze,
    Thanks,
    Wanted,
    WhatsOn,
    Yes,
)  # fmt: skip
from language.context import Context, Fit
from language.patterns import by_pattern
from language.phrases import subject, without_small_words
from language.sayings import Wish
from language.wanted import read_wanted
from language.when import read_when

SURE, ENOUGH, LIKELY = 0.72, 0.58, 0.5
"""As near as this, it is wanted: where it is done at once, where it is only answered, and where nothing
else could be meant."""

IDLE = 0.72
"""As near as this to chatter, and nearer than to anything else, words are chatter."""

AHEAD = 0.1
"""And by so much nearer than to anything in the programme, and to chatter."""

LONG = 14
"""More words than these do not only ask what is on."""

FEW = 3
"""Fewer words than these besides a session's name do not say what to do with it."""

_OFF = re.compile(
    r"\b(?:off|stop|rather not|not (?:want|have|get|need)|leave me|spare me|go away|don'?t|do not|no|never|without"
    r"|nerves|annoys?|fed up|sick of|hate|mute|silence|unsubscribe|cancel|fewer|less|end|quit|pause|disable|enough|too many|annoying|opt out|shut up|rid|pack it in|doing my|bin|ditch|scrap|kill|drop|lose|turn down|over the top|(?:pack|jack)(?: it)? in|give over)\b"
)
_ON = re.compile(
    r"\b(?:on|again|resume|restart|start|begin|want|like|need|please send|send me|give me|gimme|keep me|let me know"
    r"|shout|remind me|miss|missing|forget|forgetful|subscribe|sign me|opt in)\b"
)


def _is_on(plain: str, *, likely: bool) -> bool:
    """What words say that mean nudges or highlights; `likely`: what they are nearer to."""
    if _OFF.search(plain):
        return False
    return likely or _ON.search(plain) is not None


_OF_IT = re.compile(
    r"\b(?:am i (?:too late|allowed|ok)|is there an? (?!session|workshop|course|class)\w+(?! (?:on|about|for)\b)|do (?:i|you|we) (?:have|need) to"
    r"|can (?:i|we|my \w+) (?:do (?:that|it)|come|join|bring|still)|is that (?:alright|ok(?:ay)?|all right|allowed)|how many (?:places|spaces))\b"
)
"""What is asked of the session on a card, whose name is not said again."""

_ASKS = re.compile(r"(?:who|what|where|when|how|is|are|do|does|can|will|would)\b")

_ONE_NAMED = re.compile(r".*\b(?P<one>the [\w' -]{2,30} one)\b")

_OWN = re.compile(r"\b(?:my|mine|me|i|i'm|im|i've|ive|we|our|booked|bookings?|signed)\b")


def wished(plain: str, context: Context) -> Command | None:
    """What tidy words want besides a session to look for; None where nothing is near enough."""
    said = by_pattern(plain)
    if context.wishes is None:
        return said
    wishes, fit = context.wishes(plain), context.fit(plain)
    wish = max(wishes, key=wishes.__getitem__)
    if said is not None and (isinstance(said, Human) or wish is not Wish.CHATTER or fit.is_sure):
        return said
    if acts := _acts(plain, fit, context.wishes):
        return acts
    if context.shown == 1 and not fit.is_sure:
        is_near = wish is Wish.CHATTER and wishes[Wish.FIND_OUT] >= wishes[wish] - AHEAD / 2
        if is_near or _OF_IT.search(plain):
            return Find("that one", asked=False)
    if wish is Wish.CHATTER:
        return _chatter(plain, wishes, fit, context)
    if context.shown == 1 and not fit.is_sure:
        least = LIKELY if wish in (Wish.FIND_OUT, Wish.HUMAN) else wishes[wish] - AHEAD / 2
        is_asked = wish in (Wish.FIND_OUT, Wish.HUMAN) or _ASKS.match(plain)
        is_question = is_asked and wishes[Wish.FIND_OUT] >= max(least, LIKELY)
        if is_question or (wish in (Wish.BOOK, Wish.CANCEL) and wishes[wish] >= ENOUGH):
            return Find(
                "that one", asked=False
            )  # its card has the buttons: nothing is done by this
    is_named = fit.is_sure and fit.rest != plain
    enough = SURE if wish in _AT_ONCE else ENOUGH
    least = max(enough, fit.nearest + AHEAD, wishes[Wish.CHATTER] + AHEAD)
    if wish in (Wish.BOOK, Wish.CANCEL) or wishes[wish] < least or is_named:
        return None
    if wish is Wish.MY_BOOKINGS and not _OWN.search(plain):
        return None
    if wish is Wish.PROGRAMME and len(plain.split()) > LONG:
        return None
    if wish is Wish.PROGRAMME and (fit.rest != plain or (fit.is_sure and fit.share >= LIKELY)):
        return None
    return _COMMANDS[wish](plain, context)


def _acts(plain: str, fit: Fit, wishes: Callable[[str], Mapping[Wish, float]]) -> Command | None:
    """A session is named, and the rest is what people say who want a place, or want to give it up."""
    if not fit.is_sure or fit.rest == plain or len(fit.rest.split()) < FEW:
        return None
    near = wishes(fit.rest)
    wish = max(near, key=near.__getitem__)
    if Wanted.PLACES_LEFT in read_wanted(plain)[0]:
        return None
    if wish not in (Wish.BOOK, Wish.CANCEL) or near[wish] < SURE:
        return None
    what = without_small_words(plain)
    return Book(what) if wish is Wish.BOOK else Cancel(what)


def _chatter(
    plain: str, wishes: Mapping[Wish, float], fit: Fit, context: Context
) -> Command | None:
    near = wishes[Wish.CHATTER]
    if wishes[Wish.PROGRAMME] >= near - AHEAD / 2 and not fit.is_sure:
        asked = subject(plain, context.calendar)
        if isinstance(asked, WhatsOn) and asked.when is not None:
            return WhatsOn(asked.when, wanted=asked.wanted)
    is_about = fit.is_sure and fit.share >= IDLE
    return Chatter() if near >= max(IDLE, fit.nearest) and not is_about else None


def _programme(plain: str, context: Context) -> Command:
    asked = subject(plain, context.calendar)
    return WhatsOn(asked.when, wanted=asked.wanted) if isinstance(asked, WhatsOn) else WhatsOn()


def _asked(plain: str, shown: int) -> Command:
    """What is asked of a session: the one on the card, or one of the list; a colleague answers the rest."""
    if shown == 1:
        return Find("that one", asked=False)
    named = _ONE_NAMED.match(plain) if shown else None
    return Find(named["one"], asked=False) if named else Human()


def _always(command: Command) -> Callable[[str, Context], Command]:
    def meaning(_plain: str, _context: Context) -> Command:
        return command

    return meaning


_AT_ONCE = frozenset(
    {Wish.NUDGES_OFF, Wish.NUDGES_ON, Wish.HIGHLIGHTS_OFF, Wish.HIGHLIGHTS_ON, Wish.SNOOZE, Wish.YES, Wish.NO}
)  # fmt: skip
_COMMANDS: dict[Wish, Callable[[str, Context], Command | None]] = {
    Wish.MY_BOOKINGS: _always(MyBookings()),
    Wish.NUDGES_OFF: lambda plain, _: Nudges(on=_is_on(plain, likely=False)),
    Wish.NUDGES_ON: lambda plain, _: Nudges(on=_is_on(plain, likely=True)),
    Wish.HIGHLIGHTS_OFF: lambda plain, _: Highlights(on=_is_on(plain, likely=False)),
    Wish.HIGHLIGHTS_ON: lambda plain, _: Highlights(on=_is_on(plain, likely=True)),
    Wish.SNOOZE: lambda plain, c: Snooze(read_when(plain, c.calendar)[0], read_delay(plain)),
    Wish.MORE: lambda _, c: More() if c.shown else None,
    Wish.ANOTHER_TIME: lambda _, context: Another() if context.shown else None,
    Wish.FIND_OUT: lambda plain, c: _asked(plain, c.shown),
    Wish.PROGRAMME: _programme,
    Wish.RESOURCES: _always(Resources()),
    Wish.HELP: _always(Help()),
    Wish.HUMAN: _always(Human()),
    Wish.GREETING: _always(Greeting()),
    Wish.THANKS: _always(Thanks()),
    Wish.YES: _always(Yes()),
    Wish.NO: _always(No()),
    Wish.MY_DATA: _always(MyData()),
    Wish.FORGET_ME: _always(ForgetMe()),
}  # fmt: skip
