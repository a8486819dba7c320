"""What people type about their set's meetings: bringing a dilemma, leading, leaving."""

from __future__ import annotations

from language.commands import Command, Dilemmas, GuideMeeting, LeaveSet
from language.context import whole
from language.phrases import bare, tidy

_SET = r"(?:action learning |learning )?set"
_MEETING = rf"(?:(?:our|my|the) (?:{_SET}(?:'?s)? )?meeting|(?:our|my) {_SET})"

_bring = whole(
    r"(?:bring|add|submit|write|share|change|edit|take back|withdraw) (?:a|my|another|our) dilemma",
    r"i(?:'?ve| have)(?: got)? (?:a|another) dilemma",
    r"(?:my|new) dilemma",
)
_dilemmas = whole(
    rf"(?:show |see |list |read )?(?:me )?(?:all |our |the |my {_SET}'?s )?dilemmas"
    rf"(?: (?:of|in|for) (?:my|our) {_SET})?",
)
_guide = whole(
    r"(?:(?:open|show|see)(?: me)? )?(?:the |my |our )?(?:(?:meeting|set) )?guide"
    r"(?: (?:card|for (?:my|our) set))?",
    rf"(?:start|begin|open|lead|run|facilitate|guide) {_MEETING}",
    rf"(?:pass on|pass|swap) my turn(?: to lead)?(?: {_MEETING})?",
    rf"i (?:can'?t|cannot) lead(?: {_MEETING})?",
    rf"who (?:leads|is leading|facilitates) {_MEETING}",
)
_leave = whole(
    rf"(?:i want to |please )?(?:leave|quit|drop out of|get out of) (?:my|our|the) {_SET}"
)


def about_set_meetings(text: str) -> Command | None:
    """What these words want, if they are about the meetings of an action learning set."""
    for words in dict.fromkeys((plain := tidy(text), bare(plain))):
        if _bring(words):
            return Dilemmas(bring=True)
        if _dilemmas(words):
            return Dilemmas()
        if _guide(words):
            return GuideMeeting(text)
        if _leave(words):
            return LeaveSet()
    return None
