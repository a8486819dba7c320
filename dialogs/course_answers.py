"""Answers about the programmes over months that somebody is on: the whole path, and each of its steps."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from cards import course_path, modules
from cards.kit import Card
from dialogs.reply import Asker, Reply
from language import commands
from learning.courses.own_course import OwnCourse
from learning.sessions import CourseId
from services.course_modules import CourseModules
from services.course_paths import CoursePaths, Path
from services.course_sittings import NotOnCourse, Reason, Shut, Sitting, Way
from services.ports.clocks import Clock
from services.result_pictures import ResultPictures

BARE = frozenset({"continue", "resume"})
"""Words for more of a list too: for those who are on no programme they are nothing else."""

NOTHING_OPEN = "There is nothing to go on with just now."


class CourseAnswers:
    """Everybody sees their own alone: who asks is who pressed or wrote, whatever a card says."""

    def __init__(
        self,
        paths: CoursePaths,
        modules_of: CourseModules,
        pictures: ResultPictures,
        clock: Clock,
        *,
        zone: ZoneInfo,
        public_url: str,
    ) -> None:
        self._paths = paths
        self._modules = modules_of
        self._pictures = pictures
        self._clock = clock
        self._zone = zone
        self._public_url = public_url

    # --- words -----------------------------------------------------------------------------------

    async def obey(
        self,
        asker: Asker,
        command: commands.MyCourses | commands.GoOnWithCourse | commands.CourseToDo,
    ) -> Reply | None:
        """None for words that mean something else where somebody is on no course."""
        own = await self._own(asker)
        if not own:
            bare = isinstance(command, commands.GoOnWithCourse) and command.text in BARE
            return None if bare else Reply(card=course_path.none_card(), private=True)
        match command:
            case commands.MyCourses():
                return _shown(own)
            case commands.CourseToDo():
                return Reply(card=course_path.to_do_card(own), private=True)
            case commands.GoOnWithCourse():
                return await self._go_on(asker, own)

    async def titled(self, asker: Asker, words: str) -> Reply | None:
        """The course of that title, to who is on it."""
        wanted = _plain(words)
        own = [o for o in await self._own(asker) if _plain(o.course.title) == wanted]
        return _shown(own) if own else None

    async def _go_on(self, asker: Asker, own: list[OwnCourse]) -> Reply:
        """Straight to the screen where they are, in what they have begun if anything."""
        waiting = [(o, step) for o in own for step in o.to_do if step.screens]
        begun = [(o, step) for o, step in waiting if step.id in o.states]
        for course, step in (begun or waiting)[:1]:
            return await self.step(asker, course.id, step.id)
        return _shown(own, NOTHING_OPEN)

    # --- buttons ---------------------------------------------------------------------------------

    async def show(self, asker: Asker, course_id: CourseId) -> Reply:
        return _shown([await self._one(asker, course_id)])

    async def step(self, asker: Asker, course_id: CourseId, step_id: str) -> Reply:
        """Start it or go on; what is done shows what came of it."""
        try:
            sitting = await self._modules.open(asker.person.id, course_id, step_id)
        except Shut as shut:
            return await self._shut(asker, course_id, shut)
        return await self._at(sitting)

    async def screen(
        self, asker: Asker, course_id: CourseId, step_id: str, data: Mapping[str, Any]
    ) -> Reply:
        try:
            sitting = await self._modules.look(asker.person.id, course_id, step_id, _number(data))
        except Shut as shut:
            return await self._shut(asker, course_id, shut)
        return await self._at(sitting)

    async def go(
        self, asker: Asker, course_id: CourseId, step_id: str, data: Mapping[str, Any], way: Way
    ) -> Reply:
        """From a screen, with what was typed there."""
        try:
            sitting = await self._modules.go(
                asker.person.id,
                course_id,
                step_id,
                _number(data),
                way,
                lambda screen: modules.sent_answers(screen, data),
                str(data.get("mark", "")),
            )
        except Shut as shut:
            return await self._shut(asker, course_id, shut)
        return await self._at(sitting)

    # --- cards -----------------------------------------------------------------------------------

    async def _at(self, sitting: Sitting) -> Reply:
        step, about = sitting.step, {"course": sitting.path.running.id, "step": sitting.step.id}
        if sitting.is_over:
            return Reply(card=await self._over(sitting, about), private=True)
        if sitting.is_left:
            return Reply(card=modules.left_card(step, sitting.number, about=about), private=True)
        card = modules.screen_card(
            step,
            sitting.number,
            {**sitting.answers, **sitting.typed},
            about=about,
            picture=lambda file: self._address(sitting, file),
            fault=sitting.fault,
            rests=sitting.rests,
            is_open=sitting.is_open,
        )
        return Reply(card=card, private=True)

    async def _over(self, sitting: Sitting, about: Mapping[str, object]) -> Card:
        found = sitting.results
        if not found:
            return modules.finished_card(sitting.step, about=about)
        png = await self._pictures.of(found)
        image = f"data:image/png;base64,{base64.b64encode(png).decode()}" if png else ""
        return modules.result_card(
            sitting.step, found, about=about, image=image, is_drawn_later=png is None
        )

    def _address(self, sitting: Sitting, file: str) -> str:
        digest = sitting.pictures.get(file)
        return f"{self._public_url}/hub/courses/pictures/{digest}" if digest else ""

    async def _shut(self, asker: Asker, course_id: CourseId, shut: Shut) -> Reply:
        own = await self._one(asker, course_id)
        if shut.step is None:
            return Reply(card=course_path.gone_card(own), private=True)
        if shut.reason is Reason.ELSEWHERE:
            return _shown([own])
        return Reply(card=course_path.shut_card(own, shut.step), private=True)

    # --- whose it is -----------------------------------------------------------------------------

    async def _own(self, asker: Asker) -> list[OwnCourse]:
        return [self._seen(asker, path) for path in await self._paths.of_person(asker.person.id)]

    async def _one(self, asker: Asker, course_id: CourseId) -> OwnCourse:
        """Raises NotOnCourse."""
        path = await self._paths.find(asker.person.id, course_id)
        if path is None:
            raise NotOnCourse
        return self._seen(asker, path)

    def _seen(self, asker: Asker, path: Path) -> OwnCourse:
        now = self._clock.now()
        return OwnCourse(
            id=path.running.id,
            course=path.running.course,
            situation=path.situation,
            today=now.astimezone(self._zone).date(),
            now=now,
            zone=asker.zone,
            states=path.states,
            sessions=path.sessions,
            booking=path.booking,
        )


def _shown(own: list[OwnCourse], note: str = "") -> Reply:
    card = (
        course_path.path_card(own[0], note=note)
        if len(own) == 1
        else course_path.choice_card(own, note=note)
    )
    return Reply(card=card, private=True)


def _number(data: Mapping[str, Any]) -> int:
    """The screen that a card says it shows; none of ours is -1."""
    value = data.get("screen")
    if not isinstance(value, int) or isinstance(value, bool):
        return -1
    return value if 0 <= value < 1000 else -1


AROUND = re.compile(
    r"^(?:(?:please|open|show(?: me)?|go to|go on with|continue|my|the)\s+)+"
    r"|\s+(?:programme|program|course)$"
)
"""Small words around a title."""


def _plain(words: str) -> str:
    """A title as it is compared: without quotes, final signs and the small words around it."""
    tidy = " ".join(re.sub(r"[\"“”„]", " ", words.casefold()).strip(" .!?").split())
    return AROUND.sub("", tidy)
