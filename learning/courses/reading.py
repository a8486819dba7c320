"""A folder of pages as a course, or everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from learning import programme_cells as cells
from learning.courses import fields
from learning.courses.definition import (
    Block,
    Course,
    Dimension,
    LivePlan,
    LiveSession,
    Picture,
    Question,
    QuestionKind,
    Round,
    Screen,
    SetPlan,
    Step,
    StepKind,
    Words,
)
from learning.courses.fields import Fields, Troubles
from learning.courses.pages import Fence, Folder, Heading, Image, Mapping, Page, PageFault, Text
from learning.courses.questions import read_question
from learning.sessions import Format

PROGRAMME = "programme"
"""The name of the page about the whole."""

MOST_WORDS = 1800
"""Characters on one screen: more does not fit a phone without scrolling for long."""

MOST_QUESTIONS = 6
"""Questions on one screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseReading:
    """What a folder says. With any fault, nothing of it may be imported."""

    course: Course | None = None
    faults: tuple[PageFault, ...] = ()
    notes: tuple[str, ...] = ()


def read_course(folder: Folder, timezone: str) -> CourseReading:
    """Read every page, finding every fault; dates are local to `timezone`."""
    zone = ZoneInfo(timezone)
    readers = [_PageReader(page, folder.pictures, zone) for page in folder.pages]
    whole = next((r for r in readers if r.name.casefold() == PROGRAMME), None)
    steps: list[Step] = []
    course = None
    for reader in readers:
        if reader is not whole and (step := reader.step()) is not None:
            steps.append(step)
    if whole is not None:
        course = whole.course(sorted(steps, key=lambda s: (s.order, s.id)))
    faults = [fault for reader in readers for fault in reader.faults]
    if whole is None:
        message = "There is no programme.md. It says the title and the code of the whole."
        faults.append(PageFault(page=PROGRAMME, line=0, message=message))
    elif course is not None and not faults:
        faults += _across(course)
    notes = tuple(note for reader in readers for note in reader.notes)
    if faults:
        return CourseReading(faults=tuple(faults), notes=notes)
    return CourseReading(course=course, notes=notes)


class _PageReader:
    def __init__(self, page: Page, pictures: frozenset[str], zone: ZoneInfo) -> None:
        self.name = page.name
        self._page = page
        self._pictures = pictures
        self._zone = zone
        self._troubles = Troubles(page.name)
        self._troubles.faults += page.faults
        self._fields = Fields(page.front, self._troubles)

    @property
    def faults(self) -> list[PageFault]:
        return sorted(self._troubles.faults, key=lambda fault: fault.line)

    @property
    def notes(self) -> list[str]:
        return self._troubles.notes

    def course(self, steps: Iterable[Step]) -> Course | None:
        given = self._fields
        course = Course(
            code=given.needed("code", cells.code, ""),
            title=given.needed("title", fields.title, ""),
            summary=given.one("summary", fields.words, ""),
            cohorts=(
                *given.several("cohort", fields.title),
                *given.several("cohorts", fields.title),
            ),
            screens=self._screens(),
            steps=tuple(steps),
        )
        given.finish()
        return None if self._troubles.faults else course

    def step(self) -> Step | None:
        given = self._fields
        kind = given.needed("kind", _kind, None)
        title = given.needed("title", fields.title, "")
        order = given.needed("order", fields.whole(0, 9999), 0)
        dimensions = self._dimensions()
        step = Step(
            id=self._page.name,
            kind=kind or StepKind.MODULE,
            title=title,
            order=order,
            screens=self._screens(),
            opens=given.one("opens", fields.offset, None),
            due=given.one("due", fields.offset, None),
            closes=given.one("closes", fields.offset, None),
            remind=tuple(sorted(given.several("remind", fields.offset))),
            minutes=given.one("minutes", fields.minutes, 0),
            cohorts=given.several("cohort", fields.title),
            dimensions=dimensions,
            live=self._live() if kind is StepKind.LIVE else None,
            sets=self._sets() if kind is StepKind.SETS else None,
        )
        given.finish()
        self._check(step)
        return None if self._troubles.faults else step

    def _live(self) -> LivePlan:
        given = self._fields
        sessions: list[LiveSession] = []
        for each in given.mappings("sessions"):
            code = each.needed("code", cells.code, "")
            starts = each.needed(
                "starts", lambda text: cells.moment(text, self._zone, is_needed=True), None
            )
            cohort = each.one("cohort", fields.title, "")
            each.finish()
            if starts is not None:
                sessions.append(LiveSession(code=code, starts_at=starts, cohort=cohort))
        codes = Counter(session.code.casefold() for session in sessions)
        if not sessions:
            message = "has no dates. List them, each with code and starts."
            self._troubles.add(given.line, message, "sessions")
        if twice := [code for code, count in codes.items() if count > 1]:
            self._troubles.add(given.line, f'has the code "{twice[0]}" twice.', "sessions")
        if given.node("minutes") is None:
            self._troubles.add(
                given.line, "is missing: how long the live session takes.", "minutes"
            )
        format_ = given.one("format", cells.format_named, Format.IN_PERSON)
        if format_ is Format.SELF_PACED:
            self._troubles.add(given.line, "cannot be self_paced: people meet.", "format")
        link = given.one("link", cells.link, "")
        if format_ is Format.ONLINE and not link:
            self._troubles.add(
                given.line, "is missing. An online session needs its address.", "link"
            )
        return LivePlan(
            sessions=tuple(sorted(sessions, key=lambda session: session.starts_at)),
            capacity=given.one("capacity", cells.capacity, None),
            format=format_,
            location=given.one("location", fields.title, ""),
            link=link,
            facilitators=given.one("facilitators", cells.parts, ()),
        )

    def _sets(self) -> SetPlan:
        given = self._fields
        fewest, most = given.one("members", fields.sizes, (5, 8))
        rounds: list[Round] = []
        for each in given.mappings("rounds"):
            rounds.append(
                Round(
                    title=each.needed("title", fields.title, ""),
                    minutes=each.needed("minutes", fields.minutes, 0),
                    say=each.needed("say", fields.words, ""),
                )
            )
            each.finish()
        meetings = given.one("meetings", fields.whole(1, 24), 6)
        return SetPlan(
            fewest=fewest,
            most=most,
            meetings=meetings,
            every=given.one("every", fields.span, 28),
            self_facilitating_from=given.one(
                "self_facilitating_from", fields.whole(1, meetings + 1), meetings + 1
            ),
            rounds=tuple(rounds),
        )

    def _dimensions(self) -> tuple[Dimension, ...]:
        node = self._fields.node("dimensions")
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            self._troubles.add(
                node.line, "wants names, each with title, strong, between and weak.", "dimensions"
            )
            return ()
        found: list[Dimension] = []
        for key, value in node.pairs:
            if not isinstance(value, Mapping):
                self._troubles.add(key.line, "wants title, strong, between and weak.", key.text)
                continue
            given = Fields(value, self._troubles)
            id_ = given.as_read(key, "dimensions", fields.name, "")
            found.append(
                Dimension(
                    id=id_,
                    title=given.one("title", fields.title, id_),
                    strong=given.needed("strong", fields.words, ""),
                    between=given.needed("between", fields.words, ""),
                    weak=given.needed("weak", fields.words, ""),
                )
            )
            given.finish()
        return tuple(found)

    def _screens(self) -> tuple[Screen, ...]:
        """What stands before the first heading is a screen too, if anything does."""
        screens: list[Screen] = []
        title, line = "", 1
        blocks: list[Block] = []

        def close() -> None:
            if title or blocks:
                screens.append(Screen(title=title, blocks=tuple(blocks)))
                self._check_screen(screens[-1], line)

        for part in self._page.parts:
            if isinstance(part, Heading) and part.level <= 2:
                close()
                title, line, blocks = part.text, part.line, []
            elif (block := self._block(part)) is not None:
                blocks.append(block)
        close()
        return tuple(screens)

    def _block(self, part: Heading | Text | Image | Fence) -> Block | None:
        match part:
            case Heading():
                return Words(text=part.text, is_heading=True)
            case Text():
                return Words(text=part.text)
            case Image():
                return self._picture(part)
            case Fence():
                return read_question(part, self._troubles)

    def _picture(self, image: Image) -> Picture | None:
        if image.file not in self._pictures:
            message = f'"{image.file}" is not in the folder. Put a .png or .jpg there.'
            self._troubles.add(image.line, message)
            return None
        if not image.alt.strip():
            message = "has no words for those who cannot see it. Write them between [ and ]."
            self._troubles.add(image.line, message)
            return None
        return Picture(file=image.file, alt=image.alt.strip())

    def _check_screen(self, screen: Screen, line: int) -> None:
        length = sum(len(block.text) for block in screen.blocks if isinstance(block, Words))
        if length > MOST_WORDS:
            message = (
                f"has {length} characters of text where {MOST_WORDS} fit a phone. Split it with ##."
            )
            self._troubles.add(line, message, screen.title)
        if len(screen.questions) > MOST_QUESTIONS:
            message = f"has {len(screen.questions)} questions where {MOST_QUESTIONS} fit. Split it with ##."
            self._troubles.add(line, message, screen.title)

    def _check(self, step: Step) -> None:
        """What no single line shows: names that are not there, and times that contradict each other."""
        known = {dimension.id for dimension in step.dimensions}
        for question in step.questions:
            for name in {question.dimension, *_scored(question)} - {"", *known}:
                message = f'"{name}" is none of the dimensions at the top of this page.'
                self._troubles.add(self._line_of(question), message, question.id)
        twice = [id_ for id_, count in Counter(q.id for q in step.questions).items() if count > 1]
        for id_ in twice:
            message = "is the id of two questions. Give each its own."
            self._troubles.add(self._fields.line, message, id_)
        if step.opens is not None and step.closes is not None and step.opens >= step.closes:
            self._troubles.add(self._fields.line, "is not after opens.", "closes")
        if step.kind in ASKS and not step.questions and not self._troubles.faults:
            self._troubles.add(self._fields.line, "has no question.", step.kind)
        if step.kind is StepKind.QUESTIONNAIRE and any(
            q.kind is QuestionKind.REFLECTION for q in step.questions
        ):
            message = "asks for a reflection, which nobody else could read. Use text."
            self._troubles.add(self._fields.line, message, step.kind)

    def _line_of(self, question: Question) -> int:
        for part in self._page.parts:
            if isinstance(part, Fence):
                node = part.values.get("id")
                if node is not None and getattr(node, "text", "").casefold() == question.id:
                    return part.line
        return self._fields.line


ASKS = frozenset({StepKind.QUESTIONNAIRE, StepKind.FOLLOW_UP})


def _kind(text: str) -> StepKind | None:
    written = text.strip().casefold().replace("_", "-").replace(" ", "-")
    try:
        return StepKind(written)
    except ValueError:
        known = ", ".join(StepKind)
        raise cells.BadCell(f'"{written[:40]}" is no kind of step. Write one of {known}.') from None


def _scored(question: Question) -> set[str]:
    return {name for option in question.options for name in option.scores}


def _across(course: Course) -> list[PageFault]:
    """What the pages say against each other."""
    faults: list[PageFault] = []
    of_kind = Counter(step.kind for step in course.steps)
    for kind in (StepKind.LIVE, StepKind.SETS, StepKind.QUOTE):
        if of_kind[kind] > 1:
            message = f"There are {of_kind[kind]} pages of the kind {kind}. One is possible."
            faults.append(PageFault(page=PROGRAMME, line=0, message=message))
    if not course.steps:
        message = "There are no steps. Add a page for each, with kind, title and order."
        faults.append(PageFault(page=PROGRAMME, line=0, message=message))
    if of_kind[StepKind.SETS] and not of_kind[StepKind.LIVE]:
        message = "There are sets but no live session, after which they begin."
        faults.append(PageFault(page=PROGRAMME, line=0, message=message))
    cohorts = {name.casefold() for name in course.cohorts}
    for step in course.steps:
        dates = step.live.sessions if step.live else ()
        for name in dict.fromkeys((*step.cohorts, *(d.cohort for d in dates if d.cohort))):
            if name.casefold() not in cohorts:
                message = f'"{name}" is none of the cohorts of programme.md.'
                faults.append(PageFault(page=step.id, line=1, field="cohort", message=message))
    return faults
