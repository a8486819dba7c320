"""How words are put that only mean something after what was shown or asked: patterns alone."""

from __future__ import annotations

import re

from language.context import any_of, whole

IT = "it|it's|its|that|that one|this|this one|that session|this session|the session|they|them"
the_one = whole(r"(?:the|that|this) [\w' -]{1,30} one", r"(?:that|this) one")
yes_please = whole(
    r"(?:ooh |oh |ah )?(?:(?:yes|yeah|yep|yup|aye)(?: then)?(?:[ ,]+(?:please|pls|lovely|brilliant|perfect|great|that would be"
    r" (?:lovely|great|good|perfect|brilliant)|i would(?: like that)?|i'd like that|that'?s the one))+|go on(?: then)?(?: please)?)",
    r"(?:(?:ooh|oh|ah|aye|yes|yeah|yep|yup|ok|okay|alright|right|lovely|great|perfect)[ ,.!]+)+"
    r"(?:(?:that'?ll do(?: me| nicely)?|go on(?: then)?|count me in|i'?m in|do it|let'?s do (?:it|that)|why not)[ ,.!]*(?:then|please|pls)?[ ,.!]*)+",
)
agrees = whole(r"(?:yes|yeah|yep|aye|go on)(?: then)?(?: (?:please|pls))?")
cancel_it = whole(
    r".+[ ,.;!]+(?:so |please |just |can you |could you |better |i'?d better |you'?ll (?:have|need) to )*"
    r"(?:cancel|unbook|drop|scrap|scrub|bin) (?:it|that(?: one)?|this(?: one)?|mine|my (?:place|seat|spot|booking))"
    r"(?: (?:please|then|for me|off))*",
    r"(?:.*\b)?(?:take|get|strike|scrub|cross) (?:me|my name) off(?: (?:again|it|that(?: one)?|this(?: one)?|the list|please|then|sorry))*(?:[,.;!]+ .*)?",
    r"(?:.*\b)?(?:let|give|offer) (?:some ?(?:one|body)|an?other(?: person)?) (?:else )?(?:have |take )?my (?:place|seat|spot)\b.*",
    r"(?:.*\b)?(?:have to |better |will |'ll )give (?:mine up|up mine|it up|up my (?:place|seat|spot))\b.*",
)
suits = whole(
    r"(?:i think |actually |oh |ok |and )*(?P<what>(?:the )?[\w':. -]{2,30}?)(?: (?:one|date|day|time|session))? (?:would |will |'d |does |could |might |must )?(?:suits?|works?|is better|sounds?|looks?|be|do)"
    r"(?: (?:me|us|for me|for us|up my street|good|great|fine|better|best|perfect|perfectly|ideal|lovely|nice|interesting|brilliant|nicely|ok|alright|all right|right|about right))*"
    r"(?P<rest>[ ,.!]+.*)?"
)
that_one_and = whole(
    r"(?P<one>(?:the|that) [\w' -]{1,30} one)[.,:;!?]+ (?P<rest>(?:is|are|do|does|can|could|will|would|where|when|who|how|what|yes|yeah|aye|go on|please|put|sign|book)\b.*)"
)
rather = whole(
    r"(?P<than>.+?)(?:[,.!?;]+|\b(?:so|then|but))(?: (?:so|then|but|and|i think|ill|i'll))* (?:(?:i'?d |i would |id )?(?:rather|prefer|like|have|take|want|do|go for|book)(?: have| take| do)? "
    r"|is there (?:still )?(?:room|space|a place) (?:on|in|for) |has |have |is |what about |how about )?(?:the |t')?other(?: one)?(?P<rest>\b.*)?"
)
cancel_that = whole(
    r"(?:(?:actually|no|wait|oh|sorry|hmm|hang on|ah|yes|ok|please|can you|could you)[ ,]+)+"
    r"(?P<rest>(?:cancel|drop|undo|unbook|scrap|scratch|forget)\b(?! me\b).*)"
)
what_about = whole(
    r"(?:ok(?:ay)?,? |and |or |so )*(?:what|how|wot|hows) (?:about|bout) (?P<what>.+)",
    r"(?:and|or|then) (?P<then>.+)",
    r"(?P<instead>.+) instead",
)
more = whole(
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
another = whole(
    r".*\b(?:an?other|different|any other|other|alternative|second|repeat(?:ed)?) (?:one |session |go )?"
    r"(?:at |on |in )?(?:an?other |a different |any other )?(?:times?|dates?|days?|slots?|week|run|showing)\b.*",
    r".*\b(?:an?other|any other) (?:one|session)s? (?:at|on|of|for) (?:an?other|a different|the same|different)\b.*",
    r".*\b(?:is|are|does|do|will) (?:it|this|that|they|you) (?:be )?(?:repeat|run|on|held|happen|again)(?:ed|ing|s)?"
    r" (?:again|it again|another|any other|more than once|other)\b.*",
    r".*\b(?:is|are|does|do|will) (?:it|this|that|they) (?:ever )?(?:be |get |being )?repeat(?:ed|ing|s)?",
    r".*\b(?:only|just) (?:time|day|date|one) it'?s on\b.*",
    r"(?:.*\b)?(?:is there|is there going to be|will there be|have you got|got|do you have|any(?: chance of)?)(?: an?)? (?:repeat|re-?run|second (?:run|go|one|date))s?\b.*",
    r"(?:.*\b)?(?:does|do|will|is) (?:it|this|that|they) (?:go|going|come|coming|be) (?:out|on|round|up|back)(?: on)? again\b.*",
    r"(?:.*\b)?(?:when else|(?:any|what|which) other (?:times?|dates?|days?))\b.*",
    r".*\bcan'?t (?:do|make|manage) (?:that|this|it) (?:time|day|date|slot)\b.*",
    r".*\b(?:is it|is that|does it come|are you (?:doing|running) (?:it|that)) (?:on|round|back)? ?again\b.*",
)
compared = whole(
    r"(?:is there |are there |have you got |do you have |got )?"
    r"(?:anything|something|any|one|ones|an?|owt|a session)\s+(?:that'?s )?(?:a bit |a little |much |slightly )?"
    r"(?P<than>shorter|quicker|longer|earlier|later|sooner)(?: (?:one|session|in the day|on|than that))*"
)
too = whole(
    r"(?:(?:that'?s|its|it'?s|bit|a bit|sorry|no|far|way|oh|ah|is)[ ,]+)*too (?P<than>early|late|long|short)"
    r"(?: for me| in the day| sorry| really)*"
)
cannot = whole(
    r"(?:(?:sorry|no|oh|but|i|im|i'm)[ ,]+)*"
    r"(?:can'?t|cannot|not free|busy|away|off|not in|don'?t work|on leave)"
    r"(?: (?:do|make|manage|work|be there|on|then|for))*(?P<rest> .*|)"
)
fact = whole(
    r"(?:(?:and|so|ok|also|ooh|oh|right|er|um|hm+)[ ,]+)?(?:who|where|whereabouts|when|what|how|is|does|do|are|can|will|which|tell me more|more (?:info|details)"
    rf" about|whos|wheres|whens|whats|hows|who's|where's|when's|what's|how's)\b.*\b(?:{IT}|running|room|link|places? left|spaces? left)\b.*",
    r"(?:is there|are there|any|got any|how many|have you got any) (?:an? )?(?:waiting list|places?|spaces?|spots?|seats?|room)\b.*",
    r"do (?:i|we|you) (?:need|have) (?:to|any|an?)\b.*|(?:would|could|should) (?:i|we|an?|my)\b.*\b(?:it|this|that)\b.*",
    r"(?:.*[ ,.?!]+)?(?:have|has) (?:any|all|some|many|they|it|the places)\b.*\b(?:gone|left|taken|full|filled up)\b.*",
    r"(?:so |and |ok )*(?:is )?there(?:'?s| is)? no (?:set |fixed |particular )?(?:times?|dates?|room|limit|link|start|deadline)\b.*",
    r"where ?abouts|what times?|how (?:long|much|many)|who|where|when|what day",
    r"(?:more )?(?:info|details|information)|tell me more|more info(?:rmation)?",
)
do_that = whole(
    r"(?:(?:yes|yeah|yep|ok|okay|go on|oh|great|perfect|right|actually|cool|brill|lovely|ill|i'll|i will|let me"
    r"|lets|let's|please|i)[ ,]+)*"
    r"(?:do(?! (?:i|we|you|they)\b)|have|take|book|want|go (?:for|with)|fancy|get|pick|choose|sign me up for|put me (?:down for|on)|grab)"
    r" (?:me )?(?P<it>(?:the |that |this )?[\w' ]{0,25}?\b(?:ones?|it|that|this)"
    r"|them(?: all| both)?|both(?: of them)?|all of (?:them|these|those)"
    r"|(?:the )?(?:first|second|third|fourth|fifth|last))"
)
place_please = whole(
    r"(?:(?:yes|yeah|yep|ok|okay|please|go on|great|oh|right|can you|could you)[ ,]+)*"
    + any_of(
        r"(?:sign|put|book|add|pop|stick|get) (?:me|us)(?: and (?:my|a|the) \w+)? (?:up|down|in|on)(?: for (?:it|that|this))?",
        r"(?:i(?:'d|d)? like|i want|i'?ll (?:take|have|do)|give me) (?:it|that|this)(?: one)?",
        r"(?:(?:go on|ok|yes|right) )?(?:then )?(?:put|stick|pop|get|sign|book|add) (?:me|us) (?:up|down|in|on|onto)(?: (?:it|that|for it|for that))?(?: then)?",
        r"(?:ok |yes |go on |then |please )*book(?: (?:it|that|me|us|it in|me in))?(?: then)?",
        r"(?:add|put|stick) me (?:to|on) the (?:waiting )?list|join the (?:waiting )?list",
        r"(?:love (?:it|that)|perfect|great|brilliant|ideal|lovely|sounds (?:good|great))[ ,.!]+(?:count me in|i'?m in|sign me up)",
        r"count (?:me|us) in|i'?m in|(?:add|get|squeeze|fit) (?:me|us)(?: (?:on|in|to)(?: (?:it|that|this))?)?|(?:get|save) (?:me|us) a (?:place|seat|spot)",
    )
    + r"(?: please)?"
)
about_one = whole(
    r"(?:(?:tell|show) me (?:more )?(?:about )?|more (?:about|on) |(?:more )?(?:details|info(?:rmation)?) (?:of|on|about|for) "
    r"|what(?:'?s| is) |open )(?P<one>(?:the |number |no\.? ?|option )?[\w -]{1,20})"
)
which_one = whole(
    r"(?:the |that )(?:one|session|workshop) (?P<what>(?:on|at|in|about|with|by|for) .+)",
    r"which (?:ones?|sessions?|workshops?)(?:'?s| is| are)? (?P<which>.+)",
)
ALL = (
    r"(?:them(?: all| both)?|both(?: of them| of those)?|all(?: of (?:them|these|those))?|every one"
    r"|all (?:two|three|four|five))"
)
all_of_them = whole(
    rf"(?P<verb>book|cancel|drop)(?: me on)? {ALL}",
    rf"(?:please |can you |could you |go on )*(?:put|sign|book|get|stick|add|pop) (?:me|us) (?:up |down )?(?:on|for|in|to|onto) {ALL}",
)
PLACE = r"(?:first|second|third|fourth|fifth|sixth|\d(?:st|nd|rd|th)|last)"
two_of_them = whole(
    rf"(?P<verb>book|cancel|drop|.*\b(?:sign|put|add|get|stick) me (?:up |down )?(?:to|for|on|in))(?: (?:to|for|on))? (?:the )?"
    rf"(?P<one>{PLACE}) (?:and|n|&) (?:the )?(?P<two>{PLACE})(?: ones?)?(?: of (?:them|those|these))?"
)
first_words = re.compile(rf"(?:the )?(?P<place>{PLACE}) one\b").match
counted = re.compile(
    r"(?:^|\bthe )(?:(?P<middle>middle)|(?P<top>top)|(?P<bottom>bottom)) one\b"
    r"|(?:^|\bthe )(?P<before_last>last but one|(?:second to last|2nd to last|penultimate)(?: one)?)\b"
)
friday = whole(
    r"(?:i'?ll |i will |let'?s |can i |ok |yeah )*(?:go (?:for|with)|have|take|do|book)(?: me)? (?:the )?(?P<day>[\w]+?)(?:'?s)?(?: one)?(?: please| then)*"
)
day_after = whole(
    r"(?:(?:and|or|ok|what about|how about|what's on|whats on|show me)[ ,]+)*(?:the )?(?P<step>day|week|(?:mon|tues|wednes|thurs|fri|satur|sun)day) after(?: that| this)?"
    r"(?: (?:as well|too|then))*",
    r"(?:(?:and|or|ok|what about|how about|what's on|whats on|show me)[ ,]+)*(?:the )?(?:next|following) (?P<next>day|week)"
    r"(?: (?:as well|too|then))*",
)
not_that = whole(
    r"(?:wait |hang on |sorry |oh |actually )*(?:no|nope|nah|not that(?: one)?)[ ,]+"
    r"(?:i (?:meant|mean|want) |not that one |the other )?(?P<rest>the .+? one)"
)
corrects = re.compile(
    r"(?:(?:(?:is|are|has|have|do|got) )?(?:any|either|some|one|none) of (?:them|those|these|that lot|the lot|that list)(?: (?:is|are|got|have|has))?|which (?:of (?:them|these|those)|ones?)(?: (?:is|are|can i (?:do|go to|make)|do i|could i (?:do|make)))*"
    r"|just|only|sorry|no|nope|i|meant|mean|make (?:that|it)|rather|preferably|actually|or|and|wait|oh|on|in|the"
    r"|but|not (?:today|that|then|tomorrow))[ ,.:]+"
).match
last = re.compile(r"(?:[ ,]+(?:then|maybe|perhaps|instead|please|possibly|at all))+$")
begins_with_place = re.compile(
    rf"(?:ooh |oh |ok |right |yes |the |go on )*(?P<place>{PLACE} one|number \d+)(?:'?s)?\b(?P<rest>.*)"
).fullmatch
one_of_the_list = re.compile(
    r"\b(?:number \d+|the (?:first|second|third|fourth|fifth|last) (?:one|of (?:these|those|them)))\b"
).search
is_question = re.compile(
    r"(?:what|where|whereabouts|when|who|how|is|are|does|do|can|could|will|would|which|have|has"
    r"|what'?s|where'?s|when'?s|who'?s|how'?s)\b.*"
).match
