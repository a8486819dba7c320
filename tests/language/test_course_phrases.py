"""Words about a programme over months, and words that are about something else."""

import pytest

from language.commands import Command, CourseToDo, GoOnWithCourse, MyCourses
from language.context import Context
from language.courses import about_courses
from language.understanding import at_once
from tests.language.test_phrases import CALENDAR


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my programme", MyCourses()),
        ("My programmes?", MyCourses()),
        ("show me my course please", MyCourses()),
        ("my leadership programme", MyCourses()),
        ("which programme am I on", MyCourses()),
        ("how far am I with my programme?", MyCourses()),
        ("my progress", MyCourses()),
        ("continue", GoOnWithCourse("continue")),
        ("go on with my programme", GoOnWithCourse("go on with my programme")),
        ("can you continue with my course", GoOnWithCourse("continue with my course")),
        ("carry on with the module", GoOnWithCourse("carry on with the module")),
        ("where was I?", GoOnWithCourse("where was i")),
        ("pick up where I left off", GoOnWithCourse("pick up where i left off")),
        ("what do I have to do", CourseToDo()),
        ("what have I got to do next?", CourseToDo()),
        ("what’s next on my programme", CourseToDo()),
        ("my to-do list", CourseToDo()),
        ("what is on my programme on monday", None),
        ("the programme", None),
        ("programme for tuesday", None),
        ("courses about money", None),
        ("my week", None),
        ("carry on", None),
        ("what do I have to do to book", None),
        ("where was the session", None),
        ("continue the list", None),
        ("find a programme about leadership", None),
    ],
)
def test_words_about_ones_own_programme(said: str, meant: Command | None):
    assert about_courses(said) == meant
    if meant is not None:
        assert at_once(said, Context(calendar=CALENDAR)) == meant
