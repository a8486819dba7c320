"""The fixed phrases that always work, and what each one means."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from language.calendar import Calendar, When
from language.clock_times import read_delay
from language.commands import (
    Book,
    Cancel,
    CancelSession,
    ChannelHighlights,
    Command,
    Engage,
    Find,
    ForgetMe,
    Greeting,
    Help,
    Highlights,
    HowItWent,
    HubList,
    MyBookings,
    MyCalendar,
    MyData,
    No,
    Nudges,
    OrganiserHelp,
    PlanWeek,
    Resources,
    Snooze,
    Thanks,
    ToCalendar,
    ToEngage,
    Wanted,
    WhatsOn,
    WhatWasSent,
    WhoIsUnreached,
    Yes,
)  # fmt: skip
from language.wanted import read_wanted
from language.when import read_when
from learning.search import words

LONGEST = 200
"""People's wishes are short; what comes after this many characters is not read."""

_ENGAGE = r"(?:viva )?(?:engage|yammer)"

_POLITE = re.compile(
    r"^(?:(?:(?:hi|hello|hey)(?: there)?|um|erm|er|ey up|now then|right(?= (?:i|can|could|put|book|what|so|then)\b)|kindly|would you|how do i get you to|good (?:morning|afternoon|evening)|learnweek|thanks|thank you|yes"
    r"|ok|okay|please|pls|can you|could you|can i|could i|may i|i want to|i'd like to|i would like to"
    r"|i'd like|id like to|let me|lets|let's|tell me)\b[\s,!:.]*)+"
)
_TAIL = re.compile(r"(?:\s*[?!.,;]|\s+(?:please|pls|thanks|thank you|thx))+$")


def _phrases() -> list[tuple[re.Pattern[str], Callable[[re.Match[str], Calendar], Command]]]:
    def says(pattern: str, command: Command) -> tuple[re.Pattern[str], Callable[..., Command]]:
        def meaning(_match: re.Match[str], _calendar: Calendar) -> Command:
            return command

        return re.compile(pattern), meaning

    rest = r"(?:\s+(?P<rest>.*))?"
    return [
        says(r"help( me)?|what can (you|i) (do|ask|say).*|commands?|menu|\?+|start", Help()),
        says(r"(?:(?:show|list|view|see|what are)(?: me)? )?(?:all )?my (?:bookings?|sessions|places|week)", MyBookings()),
        says(r"(?:(?:show|give|send|get|what is|what'?s|where is|where'?s)(?: me)? )?my (?:own |private )?calendar(?: (?:address|link|feed|file|url|subscription))?|(?:my |the |a )?calendar (?:address|link|feed|url)|(?:how (?:do|can) i )?(?:subscribe to|add|put|get) my (?:bookings|sessions|places) (?:in|into|to|as) (?:my |a |an )?(?:own )?(?:outlook|google|calendar)(?: calendar)?", MyCalendar()),
        says(r"(?:(?:make|give|send)(?: me)? )?(?:a |my )?(?:new|another|fresh|different) (?:private )?calendar (?:address|link|feed|url)|(?:change|renew|replace|reset) (?:my |the )?calendar (?:address|link|feed|url)", MyCalendar(ToCalendar.RENEW)),
        says(r"(?:remove|delete|revoke|stop|take away|end|switch off|turn off|cancel) (?:my |the )?(?:private )?calendar (?:address|link|feed|url)|no calendar (?:address|link|feed|url)", MyCalendar(ToCalendar.REMOVE)),
        says(r"(?:am i|are we) (?:down for|booked (?:on|onto|in for)|signed up (?:for|to)|going to|on) (?:anything|something|owt|any)\b.*|(?:what|which|which ones?|what ones?) (?:did|have|do) i (?:say yes to|said yes to|agreed? to|pick(?:ed)?|choose|chosen?|put (?:myself|my name) (?:down )?for|sign(?:ed)? up (?:for|to))\b.*", MyBookings()),
        says(r"(?:where|how) (?:do|can|could|would) (?:i|we|you) (?:get|find|see|download|look at|have)(?: hold of)? (?:the |a copy of the |any )?(?:hand ?outs?|slides|materials?|recordings?|resources)\b.*", Resources()),
        says(r"what (?:am i|have i|did i) (?:book(?:ed)?|going to).*|bookings|where (?:do|can) i (?:see|find|check|look at) my (?:bookings?|sessions|places)", MyBookings()),
        says(r"(?!.*\b(?:can|could|should|shall|to book)\b)(?:what|which|where)\b.*\b(?:i|i'?ve|i'?m|we)\b.*\b(?:booked|bag(?:ged)?|signed up|down for|my name down|registered|enrolled|got (?:a )?places?)\b.*|(?:show|list|see)(?: me)? (?:everything|what|all)(?: that)? (?:i'?ve|i have|i) (?:got|booked|signed up for)\b.*|(?:have i|i'?ve|what have i) got (?:owt |anything |something |nowt )?booked(?: .*)?", MyBookings()),
        says(r"(?:(?:show|list)(?: me)? )?(?:the )?(?:resources?|self[- ]paced|external (?:platforms?|courses?))", Resources()),
        (re.compile(r"(?:(?:help me )?(?:to )?plan|fill|sort out|put together) (?:out )?(?:my |a |me a |the )(?:own )?(?:learning )?(?:week|days?|diary|calendar|schedule|programme|plan|(?P<day>(?:mon|tues|wednes|thurs|fri)day))(?: for me)?\b" + rest), _plan),
        (re.compile(r"(?:what|which (?:sessions?|ones?|workshops?)) (?:should|shall|ought|could) i (?:go to|attend|book|be going to)\b" + rest), _plan),
        says(r"(?:turn |switch )?(?:my )?nudges? on|turn on (?:my )?nudges?|(?:start nudging|nudge) me|start nudges", Nudges(True)),
        says(r"(?:turn|switch|put) (?:my |the |them |those )*(?:nudges|reminders|notifications|pings) (?:back )?on(?: again| please)*", Nudges(True)),
        says(r"(?:turn|switch) (?:my |the |them |those )*(?:nudges|reminders|notifications|pings) (?:back )?off(?: again| please| while .*)*", Nudges(False)),
        says(r"(?:turn |switch )?(?:my )?nudges? off|turn off (?:my )?nudges?|(?:stop nudging|don'?t nudge) me|stop nudges", Nudges(False)),
        says(r"(?:post|send|share|show) (?:the )?(?:daily )?highlights (?:in )?(?:here|this channel)(?: .*)?", ChannelHighlights(True)),
        says(r"(?:stop|no more|end) (?:posting |sending )?(?:the )?(?:daily )?highlights (?:in )?(?:here|this channel)", ChannelHighlights(False)),
        says(r"(?:send|give) me (?:my |the )?(?:nudges|reminders)(?: .*)?|(?:i want|i'?d like|start|restart|turn on|switch on) (?:my |the )?(?:nudges|reminders)(?: again| back on)?", Nudges(True)),
        says(r"(?:please )?(?:stop|quit|don'?t|no more) (?:nudging|reminding|pinging|nudge|remind|ping) me(?! (?:about|of|that|to|on|in|at|when|again|later|until|till|now)\b).*|(?:please )?(?:no more|stop(?: sending(?: me)?)?|kill|bin|ditch|get rid of|turn off|switch off|don'?t (?:send|want)(?: me)?) (?:any |any more |all |my |the |these |your |those )*(?:nudges|reminders|pings|notifications)(?: (?:either|please|now|any ?more|at all))*", Nudges(False)),
        says(r"(?:please )?(?:don'?t|stop) (?:send(?:ing)?|giv(?:e|ing))(?: me)? (?:any |any more |the |your |those )*(?:daily )?highlights(?: .*)?|(?:get rid of|ditch|bin|kill|turn off|switch off|unsubscribe(?: me)? from) (?:the |my |your )?(?:daily )?highlights(?: .*)?", Highlights(False)),
        says(r"(?:sign me up (?:for|to)|subscribe(?: me)? to|turn on|i want|i'?d like) (?:the |your )?(?:daily )?highlights(?: .*)?", Highlights(True)),
        (re.compile(r"(?:snooze|remind me (?:again )?(?:later|in|tomorrow|on|at|next|this|after)|(?:ask|tell|nudge|ping|poke) me (?:again )?(?:later|in|tomorrow|on|at|next)|not now,? (?:remind|ask|tell|nudge) me)\b.*|(?:.*\b)?(?:ask|nudge|ping|poke|shout|try|catch|bother|message|text|chase|come back to|get back to) (?:at )?me (?:again |back )?(?:later|tomorrow|in (?:an? (?:bit|while|minute|min|mo|sec|hour|half)|half an hour|\d+|five|ten|fifteen|twenty|thirty)|after (?:lunch|work|dinner|tea|\d)|this (?:afternoon|evening)|next week)\b.*"), _snooze),
        says(r"(?:send|give) me (?:the )?(?:daily )?highlights(?: .*)?|highlights on", Highlights(True)),
        says(r"(?:stop|no more|end)(?: sending)?(?: me)?(?: the)?(?: daily| my)? highlights|highlights off", Highlights(False)),
        says(r"who (?:can'?t|cannot|can ?not) (?:be reached|you reach|you write to|i reach)|unreachable(?: people)?", WhoIsUnreached()),
        says(r"what(?:'?s| is| was| has| have)? (?:(?:did )?you )?(?:been |being )?sen[dt](?: out)?|(?:(?:show|list|see)(?: me)? )?(?:the |all )?(?:latest |last )?deliver(?:ies|y report)", WhatWasSent()),
        says(r"(?:(?:show|give|send|see|get)(?: me| us)? )?(?:the |our |this year'?s |last year'?s |latest )?(?:week'?s |evaluation |final |whole )?(?:report(?: (?:of|for|on|about) (?:the |this |last |our )?(?:learning )?(?:week|edition))?|figures (?:of|for) (?:the |this |last |our )?(?:learning )?(?:week|edition))|how (?:did|has|was|is) (?:the |our |this |that )?(?:learning )?(?:(?:at work )?week|edition)(?: (?:go(?:ing)?|gone|been|do(?:ing)?|done))?(?: so far)?|what (?:did|has) (?:the |our )?(?:learning )?(?:week|edition) (?:do|done|achieved?|bring|brought)(?: so far)?", HowItWent()),
        says(r"(?:did|have|has|are) (?:the |my )?(?:highlights?|nudges?|reminders?|messages?|mail|posts?) (?:all )?(?:been |go(?:ne)? |get )?(?:out|sent|delivered)\b.*", WhatWasSent()),
        says(r"(?:(?:what(?:'?s| is)?(?: the)? (?:wrong|(?:the )?matter|up) with|what(?:'?s| is) the state of|how is|is (?:there )?anything wrong (?:with|in)|check|show(?: me)?|(?:(?:show|list)(?: me)? )?(?:the )?(?:faults?|errors?|mistakes?|problems?) (?:in|with|of)) )?(?:the |our )?(?:hub|share ?point)(?: programme)? list(?: (?:faults?|errors?|report))?", HubList()),
        says(rf"viva engage|{_ENGAGE} (?:status|state)|(?:how is|how'?s|is|what(?:'?s| is) the (?:state|status) of) {_ENGAGE}(?: (?:doing|working|on|signed in|ok(?:ay)?))?", Engage(ToEngage.STATUS)),
        says(rf"{_ENGAGE} preview|preview (?:the |today'?s )?{_ENGAGE}(?: post)?|show (?:me )?(?:the |today'?s )?{_ENGAGE} post|what (?:will|would) you post (?:in|to|on) {_ENGAGE}\b.*", Engage(ToEngage.PREVIEW)),
        says(rf"(?:post|send|share) (?:the |today'?s )?(?:daily )?(?:highlights )?(?:to|in|on) {_ENGAGE}(?: (?:now|again|today))*|post (?:the )?{_ENGAGE} post(?: now)?", Engage(ToEngage.POST)),
        says(rf"(?:delete|remove|take (?:down|back)|undo) (?:the |your |my )?(?:last |latest )?(?:{_ENGAGE} post|post (?:in|on|from) {_ENGAGE})", Engage(ToEngage.ASK_DELETE)),
        says(rf"(?:turn |switch )?{_ENGAGE} (?:answers|replies) on|(?:turn|switch) on {_ENGAGE} (?:answers|replies)|(?:start )?(?:answer|answering|reply|replying)(?: to)?(?: people)? (?:in|on) {_ENGAGE}(?: again)?", Engage(ToEngage.ANSWERS_ON)),
        says(rf"(?:turn |switch )?{_ENGAGE} (?:answers|replies) off|(?:turn|switch) off {_ENGAGE} (?:answers|replies)|(?:stop|no more) (?:answering|answers|replying|replies)(?: to)?(?: people)? (?:in|on) {_ENGAGE}|don'?t (?:answer|reply)(?: to)?(?: people)? (?:in|on) {_ENGAGE}", Engage(ToEngage.ANSWERS_OFF)),
        says(r"organi[sz]er'?s?'? (?:help|commands?)|help for organi[sz]ers?|what can organi[sz]ers? (?:do|say|ask)\b.*", OrganiserHelp()),
        says(r"(?!.*\b(?:places?|seats?|spots?|spaces?)\b)(?:what|do|have|are)\b.*\byou\b.*\b(?:stor\w+|hold\w*|held|record\w*|logg?(?:ed|ing)?|track\w*|sav(?:e|ed|ing)|keep(?:ing)?|kept)\b.*\b(?:me|i|i'?ve|my)\b.*", MyData()),
        says(r"(?:show me |what is |what's )?my data|what do you (?:know|hold|store) about me", MyData()),
        says(r"forget me|(?:please )?(?:delete|erase|remove|wipe) (?:me|(?:all )?(?:of )?(?:my|the) (?:data|details|info|information|record|records|account|profile|personal data)|everything (?:you (?:have|hold|know) )?(?:on|about) me)(?: (?:from (?:here|this|your system)|completely|please))*", ForgetMe()),
        says(r"(?:hi|hello|hey|hiya|(?:good )?(?:morning|mornin|evening|evenin)|good afternoon|yo|ey up|how are (?:you|things)|how'?s it going|how do|you ok|all ?right)(?: doing| today| mate| pal| love)*(?: there| learnweek| all| everyone| team)?", Greeting()),
        says(r"(?:many )?(?:thanks|thank you|ta|cheers|thx)(?: (?!.*\b(?:book|cancel|find|show|help|what'?s?)\b).{0,20})?", Thanks()),
        says(r"(?:good ?)?(?:bye|night)(?: bye| all| everyone| mate| then)*|(?:see|speak to|talk to|catch) (?:you|ya|u)(?: .{0,20})?|cya|ttyl|ta ?ra|cheerio|laters?", Thanks()),
        says(r"y|yes|yep|yeah|yup|ok|okay|sure|go on|do it|book anyway|yes(?![ ,]+(?:book|cancel|find|show) (?!it|that|them|anyway))[ ,].{0,20}", Yes()),
        says(r"(?:no|nah|nope)[ ,]+(?:just |i'?ll |please )*(?:leave it|keep (?:it|them|what i have|my place|me on it)|don'?t|do not|never ?mind|forget it|it'?s (?:ok|fine|all ?right)|i'?m (?:ok|good|fine))(?: (?:then|as (?:it )?is|thanks|cheers|ta|mate|sorry|actually))*", No()),
        says(r"(?:(?:nah|no|nope|hmm)[ ,]+)?not (?:for me|really|my (?:thing|cup of tea|bag)|what i'?m after)", No()),
        says(r"neither(?: of (?:them|those|these))?|none(?: of (?:them|those|these))?|n|no|nope|nah|no thanks|never mind|nevermind|leave it|stop|keep (?:it|them|what i have)|not now", No()),
        (re.compile(r"(?:cancel|call off|withdraw) (?:the )?(?:whole )?session\s+(?!(?:on|about|called)\b)(?P<rest>.+)"), lambda m, _: CancelSession(m["rest"])),
        (re.compile(r"(?:cancel|unbook|drop(?! in\b)|(?:scrap|bin|ditch|get rid of)(?= (?:my|the|that|this)\b)(?!.*\b(?:highlights?|nudges?|reminders?|notifications?|messages?|pings?)\b)|give (?:up|back)(?= (?:my|it|that|the (?:place|seat|session)|\S*\d)))\b" + rest), lambda m, _: Cancel(_thing(m["rest"]))),
        (re.compile(r"(?:book|reserve|sign up (?:for|to)|sign me up (?:for|to)|enrol (?:me )?(?:on|in|for)|join|put me (?:down for|on)|register (?:me )?(?:for|on))\b" + rest), lambda m, _: Book(_thing(m["rest"]))),
        (re.compile(r"(?:(?:show|give|list)(?: me)? )?(?:all )?(?:the )?(?:(?:whole|full) )?(?:programme|program|schedule|agenda|timetable|list|sessions?|what'?s the (?:programme|plan))\b" + rest), _programme),
        (re.compile(r"(?:find|search(?: for)?|look for|show me|anything|something|got anything|is there anything|any sessions?|is there|are there any)\b" + rest), _find),
        (re.compile(r"(?:what else(?: is|'?s| are)?|what ?'?s|whats|what is|what are|what ?'?s going|what'?re|anything|who'?s) (?:on|happening|going on|there|available|coming up|next|new)\b" + rest), _whats_on),
    ]  # fmt: skip


@lru_cache(maxsize=256)  # one message is looked at for several ends, and many people say the same
def phrase(text: str, calendar: Calendar) -> Command | None:
    """What a fixed phrase means; None for all other words."""
    plain = tidy(text)
    for said in (plain, bare(plain)):
        for pattern, meaning in _PHRASES:
            if said and (found := pattern.fullmatch(said)):
                return meaning(found, calendar)
    return None


def parse(text: str, calendar: Calendar) -> Command:
    """What the person wants. Words that are no command are looked for in the programme."""
    return phrase(text, calendar) or subject(text, calendar)


def subject(text: str, calendar: Calendar) -> Command:
    """Days, and what a session should be about, in words that are no command."""
    plain = tidy(text)
    if not plain:
        return Help()
    wanted, rest = read_wanted(bare(plain))
    when, about = _days(rest, calendar)
    if when is not None:
        return WhatsOn(when, _about(about), wanted)
    if wanted:
        return _found(about, None, wanted)
    return Find(plain, asked=False)


def is_loose(command: Command, text: str) -> bool:
    """Whether words that look like a phrase may be something else: "anything …", "is there …"."""
    if not isinstance(command, Find | WhatsOn | Resources):
        return False
    is_about = (
        command.text
        if isinstance(command, Find)
        else isinstance(command, WhatsOn) and command.about
    )
    return (_FIRM if is_about else _FIRM_DAYS).match(bare(tidy(text))) is None


_FIRM = re.compile(r"(?:find|search|look for)\b")
_FIRM_DAYS = re.compile(
    r"(?:what ?'?s|whats|find|search|look for|resources?|(?:where|how) (?:do|can|could|would) (?:i|we|you)|show (?:me )?(?:the )?(?:resources?|programme|sessions))\b"
)


def without_small_words(text: str) -> str:
    """What a verb is about: "the bias one" is "bias one", without who is asked and who asks."""
    return _thing(_ASIDE.sub("", text))


_ASIDE = re.compile(
    r"\b(?:please|pls|ta|thanks|thank you|thx|mate|cheers|sorry|if (?:i can|you can|possible)|for me|any ?more)\b"
)


def bare(text: str) -> str:
    """A tidy text without the politeness that it begins with."""
    return _POLITE.sub("", text)


@lru_cache(maxsize=64)
def tidy(text: str) -> str:
    """One line of small letters with straight quotes and no closing politeness."""
    plain = " ".join(text[:LONGEST].translate(_QUOTES).casefold().split())
    plain = _DICTATED.sub(lambda found: _SIGNS[found["sign"]], plain)
    without_pictures = " ".join(_PICTURES.sub(" ", plain).split())
    return _TAIL.sub("", without_pictures) or plain


def ordinal(text: str) -> int | None:
    """The place in a list that a text names: 1 for "the first one", -1 for the last."""
    found = _ORDINAL.fullmatch(tidy(text))
    if not found:
        return None
    word = found["word"]
    number = int(digits[0]) if (digits := re.findall(r"\d+", word)) else _ORDINALS[word]
    return number or None


_SIGNS = {"comma": ",", "full stop": ".", "question mark": "?", "exclamation mark": "!"}
_DICTATED = re.compile(rf"\s+(?P<sign>{'|'.join(_SIGNS)})(?=\s|$)")
"""What a telephone writes down that was told to make a sign."""

_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "`": "'"})
_ORDINALS = {
    word: number
    for number, names in enumerate(
        ("first one", "second two", "third three", "fourth four", "fifth five", "sixth six",
         "seventh seven", "eighth eight", "ninth nine", "tenth ten"), 1
    )
    for word in names.split()
} | {"last": -1}  # fmt: skip
_ORDINAL = re.compile(
    r"(?:the |number |no\.? (?=\d)|option |#)?(?P<word>\d{1,2}(?:st|nd|rd|th)?|"
    + "|".join(_ORDINALS)
    + r")"
    r"(?: one| session| option)?"
)


_SMALL = re.compile(
    r"^(?:(?:me|us)\b\s*)?"
    r"(?:(?:my|a|the) (?:bookings?|places?|seats?)\b\s*)?"
    r"(?:(?:in(?:to)?|on(?:to)?|for|at)\s+)*"
    r"(?:(?:(?:the|a|an|any) )?(?:session|workshop|course)s?(?: (?:on|about|called)\b|$)\s*)?"
)
_LEADING = re.compile(
    r"^(?:(?:for|about|on|in|to do with|with|there|is|are|me|something|anything"
    r"|(?:(?:a|any|some) )?(?:session|workshop|course)s? (?:for|about|on|in|with))\s+)+"
)
_NOTHING = re.compile(r"\bwhat'?s?$|^(?:programme|program|schedule|agenda|timetable)$")


def _thing(text: str | None) -> str:
    """What a verb is about, without the small words around it."""
    return _SMALL.sub("", (text or "").strip(' "')).strip(' "')


def _about(text: str) -> str:
    """What a question is about besides its days; '' for "what have you got"."""
    plain = _LEADING.sub("", text.strip())
    plain = re.sub(r"\s+(?:on|for|in|at|is|are|there|me)$", "", plain)
    said = set(re.findall(r"[\w']+", plain))
    return plain if words(plain) and not said <= _FILLERS and not _NOTHING.search(plain) else ""


_FILLERS = frozenset(
    """a all any anything are at be been begin begins being can coming could day days do does doing else ends
    event events everything fancy finish finishes finishing free give go going good got happening have here
    i i'm if im in is it it's its later left list me my nice now of off on one ones only or other out please
    possible programme quick right run running see session sessions show some something start starting
    starts still stuff sort summat take tell than that that's the then there things thing time times to today up
    us want week what what's whatever when which who will with work workshop workshops would you your
    available course courses training owt nowt learning so and but just got there's whats we""".split()
)
"""Words that say nothing of what a session should be about."""


def _days(text: str, calendar: Calendar) -> tuple[When | None, str]:
    """The days in a text; "3rd" alone is one of the list just shown, unless the 3rd is of the week."""
    when, about = read_when(text, calendar)
    if when is not None and ordinal(text) is not None and when.first not in calendar.days:
        return None, text
    return when, about


def _whats_on(found: re.Match[str], calendar: Calendar) -> Command:
    wanted, rest = read_wanted(found["rest"] or "")
    when, about = read_when(rest, calendar)
    about = _about(about)
    return (
        Find(about, None, wanted=wanted) if about and when is None else WhatsOn(when, about, wanted)
    )


def _plan(found: re.Match[str], calendar: Calendar) -> Command:
    """ "Plan my week around leadership and excel", "plan my Tuesday", "what should I go to on Friday"."""
    day = found["day"] if "day" in found.re.groupindex else ""
    said = found[0].removesuffix(found["rest"] or "")
    today = "today" if re.search(r"\bday\b", said) else ""
    when, about = read_when(" ".join((day or today, found["rest"] or "")).strip(), calendar)
    return PlanWeek(_about(_AROUND.sub("", about)), when)


_AROUND = re.compile(
    r"^(?:(?:around|round|about|with|based on|for|to|on|that|please|learn|learning|include|cover|cover(?:s|ing)"
    r"|my interests?(?: in)?|interested in)\s+)+|\s*\b(?:this week|for me)$"
)


def _snooze(found: re.Match[str], calendar: Calendar) -> Command:
    return Snooze(read_when(found[0], calendar)[0], read_delay(found[0]))


def _programme(found: re.Match[str], calendar: Calendar) -> Command:
    """The programme of some days or about something; "programme management" is neither."""
    wanted, rest = read_wanted(found["rest"] or "")
    when, about = read_when(rest, calendar)
    if when is None and about and not wanted and not _LEADING.match(about):
        return Find(found[0], asked=False)
    return _whats_on(found, calendar)


def _find(found: re.Match[str], calendar: Calendar) -> Command:
    wanted, rest = read_wanted(found["rest"] or "")
    when, about = _days(rest, calendar)
    return _found(_about(about), when, wanted)


def _found(about: str, when: When | None, wanted: frozenset[Wanted]) -> Command:
    if wanted == frozenset({Wanted.SELF_PACED}) and not about and when is None:
        return Resources()
    return Find(about, when, wanted=wanted) if about else WhatsOn(when, "", wanted)


_PHRASES = _phrases()
