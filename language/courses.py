"""What people type about the programme over months that they are on: seeing it, going on, what is due."""

from __future__ import annotations

import re

from language.commands import Command, CourseToDo, GoOnWithCourse, LeaveCourse, MyCourses
from language.context import whole
from language.phrases import bare, tidy

_COURSE = r"(?:(?:leaders?'?|leadership|learning) )?(?:programmes?|programs?|courses?)"
_PART = rf"(?:{_COURSE}|modules?|e-?learning|questionnaires?)"
_SHOW = r"(?:(?:show|list|see|view|open|go to|what is|what'?s|where is|where'?s)(?: me)? )?"

_mine = whole(
    rf"{_SHOW}(?:all )?my (?:own )?{_COURSE}",
    rf"(?:which|what) {_COURSE} am i (?:on|in|doing|enrolled (?:on|in))",
    rf"how far (?:am i|have i (?:got|come|gone))(?: (?:on|in|with|through))? (?:my|the) {_COURSE}",
    rf"where am i (?:on|in|with) (?:my|the) {_COURSE}",
    rf"my progress(?: (?:on|in|with) (?:my|the) {_COURSE})?",
)
_on = whole(
    r"continue",
    r"resume",
    rf"(?:continue|resume|restart|go on|carry on|get on|keep going)(?: with)? (?:my|the) {_PART}",
    r"where (?:was i|did i (?:stop|leave off|get to|end up))",
    r"(?:pick up|continue|carry on|go on|start)(?: from)? where i (?:left off|stopped|was)",
)
_due = whole(
    r"what (?:do|should) i (?:have|need|still have|still need) to do(?: (?:next|now))?",
    r"what(?: have|'?ve) i (?:still )?got to do(?: (?:next|now))?",
    r"what have i (?:still )?to do",
    r"what(?:'?s| is|s)? (?:next|due|open|left|outstanding)(?: to do)?"
    rf" (?:on|in|of|for) (?:my|the) {_COURSE}",
    r"(?:show (?:me )?)?my (?:to-?do|to do)(?: list)?",
)

_leave = re.compile(
    r"(?:i(?:'d| would)? (?:like|want|need|have) to )?"
    r"(?:leave|quit|drop out of|withdraw (?:me )?from|come off|take me off|unenroll?(?: me)? from)"
    rf" (?:(?:the|my|this) )?{_COURSE}(?: (?P<what>.+))?"
)


def about_courses(text: str) -> Command | None:
    """What these words want, if they are about a programme over months."""
    for words in dict.fromkeys((plain := tidy(text), bare(plain))):
        if _mine(words):
            return MyCourses()
        if _on(words):
            return GoOnWithCourse(words)
        if _due(words):
            return CourseToDo()
        if found := _leave.fullmatch(words):
            return LeaveCourse(found["what"] or "")
    return None
