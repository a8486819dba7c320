"""Where everything is kept, and the transaction around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from learning.bookings import Booking
from learning.mailings import Tally
from learning.notices import Kind, Notice
from learning.people import Address, Channel, Person, PersonId, Unreached
from learning.sessions import CourseId, Details, Edition, EditionId, Session, SessionId
from services.ports.action_sets import SetTables
from services.ports.again import Wants
from services.ports.attendance import Attendances
from services.ports.calendar_keys import CalendarKeys
from services.ports.champions import Champions
from services.ports.collations import Collations
from services.ports.commitments import Commitments, Quotes
from services.ports.course_nudges import CourseNudges
from services.ports.course_steps import CourseAnswers, Reflections, StepStates
from services.ports.courses import CoursePeople, CourseTables, Enrolments
from services.ports.dilemmas import Dilemmas
from services.ports.engage import EngageTables
from services.ports.errands import ErrandTable
from services.ports.feedback import FeedbackTable
from services.ports.hub import HubTables
from services.ports.ideas import IdeaTables
from services.ports.journal import Journal
from services.ports.personal import PersonalRows
from services.ports.profiles import Profiles
from services.ports.report import ReportTables
from services.ports.zoom import ZoomRecords


class Editions(Protocol):
    async def hold(self) -> None:
        """Let nobody else import until commit: two at once would add the same sessions twice."""
        ...

    async def all(self) -> list[Edition]: ...
    async def named(self, name: str) -> Edition | None: ...
    async def add(self, name: str) -> Edition: ...


class Sessions(Protocol):
    async def get(self, session_id: SessionId, *, lock: bool = False) -> Session:
        """The session, its row held until commit if `lock`. Raises NotFound."""
        ...

    async def all(self) -> list[Session]: ...
    async def of_edition(self, edition_id: EditionId, *, lock: bool = False) -> list[Session]: ...
    async def among(self, ids: Iterable[SessionId]) -> dict[SessionId, Session]: ...
    async def standing(
        self, sessions: Sequence[Session], person_id: PersonId | None
    ) -> list[tuple[Session, Booking | None]]:
        """The same, with what bookings change as of now, each beside the person's own booking.

        Without those that are gone or cancelled.
        """
        ...

    async def counted(self, sessions: Sequence[Session]) -> list[Session]:
        """The same with what bookings change as of now, without those that are gone."""
        ...

    async def add(
        self,
        edition_id: EditionId,
        details: Sequence[Details],
        course_id: CourseId | None = None,
    ) -> list[Session]:
        """Publish these; as live sessions of a course, where one is named."""
        ...

    async def save(self, session: Session) -> None: ...
    async def save_all(self, changed: Sequence[Session]) -> None: ...
    async def save_counts(self, session: Session) -> None:
        """Save only what a booking changes, leaving the programme's version as it is."""
        ...

    async def version(self) -> int:
        """Grows with every change to the programme, not with bookings."""
        ...


class Bookings(Protocol):
    async def live(self, session_id: SessionId, person_id: PersonId) -> Booking | None: ...
    async def waiting(self, session_id: SessionId, limit: int) -> list[Booking]: ...
    async def position(self, booking: Booking) -> int:
        """The place in the queue, counted from 1."""
        ...

    async def of_session(self, session_id: SessionId) -> list[Booking]: ...
    async def live_of(self, ids: Iterable[SessionId]) -> dict[SessionId, list[Booking]]:
        """The live ones of each that has any, in the order of asking."""
        ...

    async def of_person(self, person_id: PersonId) -> list[Booking]:
        """Their live bookings."""
        ...

    async def overlapping(self, person_id: PersonId, session: Session) -> list[SessionId]:
        """What else the person has a place on while this session lasts."""
        ...

    async def history(self, person_id: PersonId) -> list[Booking]: ...
    async def of_edition(self, edition_id: EditionId) -> list[Booking]: ...
    async def lapsed(self, now: datetime) -> list[Booking]:
        """Offers whose time has run out."""
        ...

    async def save(self, booking: Booking) -> Booking: ...
    async def hand_over(self, person_id: PersonId, successor: PersonId) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A person's memory as plain JSON, and its version: 0 where there is none."""

    data: dict[str, Any] | None = None
    etag: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a turn begins with: who speaks, what is remembered, which version the programme has."""

    person: Person | None
    memory: Remembered
    version: int


class People(Protocol):
    async def begin(self, person_id: PersonId) -> Beginning:
        """All that a turn begins with, in one read."""
        ...

    async def find(self, person_id: PersonId, *, lock: bool = False) -> Person | None:
        """The person, their row held until commit if `lock`: whoever changes them holds it."""
        ...

    async def among(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]: ...
    async def save(self, person: Person) -> None: ...
    async def remove(self, person_id: PersonId) -> None: ...
    async def zones_of_highlights(self) -> list[str | None]:
        """The time zones of those who asked for highlights; None for unknown."""
        ...

    async def wanting_highlights(
        self, zone: str | None, *, after: PersonId, limit: int
    ) -> list[PersonId]: ...
    async def count_wanting_highlights(self, zone: str | None, *, after: PersonId) -> int: ...
    async def involved(self, sessions: Sequence[SessionId], limit: int) -> list[str]:
        """The Teams ids of those with a place or in a queue of these, who asked last first."""
        ...

    async def named(self, words: str, limit: int) -> list[Person]:
        """Those in whose name or mail address the words stand, in the order of names."""
        ...

    async def with_emails(self, emails: Iterable[str]) -> list[Person]:
        """Those with one of these mail addresses, however they are written."""
        ...

    async def any_address(self) -> Address | None:
        """Where somebody is reached, whoever they are; None while nobody is."""
        ...

    async def unreached(self, most: int) -> list[Unreached]:
        """Those who cannot be written to, by reason, the most frequent one first.

        Of those who never had a chat with us, those who have booked.
        """
        ...


class Channels(Protocol):
    async def find(self, channel_id: str) -> Channel | None: ...
    async def all(self) -> list[Channel]: ...
    async def of_team(self, team_id: str) -> list[Channel]: ...
    async def save(self, channel: Channel) -> None: ...
    async def remove(self, channel_id: str) -> bool: ...
    async def remove_team(self, team_id: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A row of the outbox as organisers see it."""

    id: int
    notice: Notice
    state: str
    attempts: int
    last_error: str
    activity_id: str
    settled_at: datetime | None


class Conversations(Protocol):
    """What dialogs remember between turns."""

    async def forget(self, person_id: PersonId) -> None: ...


class ConversationStore(Protocol):
    async def save(self, person_id: PersonId, data: dict[str, Any], etag: int) -> bool: ...


class Outbox(Protocol):
    async def add(self, notices: Sequence[Notice]) -> None:
        """Queue those whose keys are new; the others were said before."""
        ...

    async def withdraw(
        self, kind: Kind, session_id: SessionId, person_id: PersonId | None = None
    ) -> None:
        """Take back what is queued and not yet sent, as if it had never been written."""
        ...

    async def withdraw_person(self, person_id: PersonId) -> None: ...
    async def forget(self, person_id: PersonId, successor: PersonId) -> None: ...
    async def withdraw_channel(self, channel_id: str) -> None: ...
    async def hurry(self, kind: Kind, now: datetime) -> int:
        """Make the next queued notice of this kind due now for each person and subject."""
        ...

    async def release(self, kinds: Collection[Kind], now: datetime) -> int:
        """Have those of these kinds that were held back tried again now. Returns how many."""
        ...

    async def is_told(self, mailing: str) -> bool:
        """Whether there is, or lately was, anything of this mailing."""
        ...

    async def given_up(self, mailing: str, *, after: int, limit: int) -> list[LedgerEntry]:
        """What was given up of this mailing, in the order of writing, from this row's id on."""
        ...

    async def try_again(self, ids: Sequence[int], now: datetime) -> None:
        """Have these rows, which were given up, sent now as if they had never been tried."""
        ...

    async def is_written(self, key: str) -> bool:
        """Whether there is, or lately was, a notice of this key."""
        ...

    async def waiting(self, kind: Kind, now: datetime) -> int:
        """How many of this kind are due and not yet brought about."""
        ...

    async def recent(self, limit: int) -> list[LedgerEntry]: ...
    async def counts(self) -> Mapping[tuple[str, str], int]:
        """How many rows there are by (kind, state)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A fan-out that is not at its end in one time zone: how many people are still to be written."""

    mailing: str
    began: datetime
    people: int


class LedgerTables(Protocol):
    """The outbox by mailing, what was counted and removed included."""

    async def tallies(self) -> list[Tally]:
        """The rows there are, by mailing and state; the pages of a fan-out are left out."""
        ...

    async def totals(self) -> list[Tally]:
        """The same of rows that were counted and removed."""
        ...

    async def pages(self) -> list[Pages]: ...
    async def reasons(self, mailings: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """How many were given up in each of these mailings, by reason."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The calendar event made for a session, and up to what it has been brought.

    `transaction` names the attempt to make it, stored before the first try, so that however often it
    is tried one event comes of it.
    """

    session_id: SessionId
    event_id: str = ""
    transaction: str = ""
    sequence: int = -1
    roster_version: int = 0


class Meetings(Protocol):
    async def find(self, session_id: SessionId) -> Meeting | None: ...
    async def save(self, meeting: Meeting) -> None: ...


class UnitOfWork(Protocol):
    """One transaction: everything in it happens at commit, or not at all."""

    @property
    def editions(self) -> Editions: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def bookings(self) -> Bookings: ...
    @property
    def people(self) -> People: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def ledger(self) -> LedgerTables: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def meetings(self) -> Meetings: ...
    @property
    def zoom(self) -> ZoomRecords: ...
    @property
    def profiles(self) -> Profiles: ...
    @property
    def attendance(self) -> Attendances: ...
    @property
    def hub(self) -> HubTables: ...
    @property
    def engage(self) -> EngageTables: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def calendar_keys(self) -> CalendarKeys: ...
    @property
    def personal(self) -> PersonalRows: ...
    @property
    def errands(self) -> ErrandTable: ...
    @property
    def ideas(self) -> IdeaTables: ...
    @property
    def again(self) -> Wants: ...
    @property
    def champions(self) -> Champions: ...
    @property
    def feedback(self) -> FeedbackTable: ...
    @property
    def report(self) -> ReportTables: ...
    @property
    def courses(self) -> CourseTables: ...
    @property
    def enrolments(self) -> Enrolments: ...
    @property
    def step_states(self) -> StepStates: ...
    @property
    def course_answers(self) -> CourseAnswers: ...
    @property
    def reflections(self) -> Reflections: ...
    @property
    def sets(self) -> SetTables: ...
    @property
    def dilemmas(self) -> Dilemmas: ...
    @property
    def course_people(self) -> CoursePeople: ...
    @property
    def course_nudges(self) -> CourseNudges: ...
    @property
    def collations(self) -> Collations: ...
    @property
    def commitments(self) -> Commitments: ...
    @property
    def quotes(self) -> Quotes: ...

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    async def commit(self) -> None: ...
    async def audit(self, now: datetime) -> list[str]:
        """One line per breach of an invariant; empty when all hold."""
        ...


class NewUnitOfWork(Protocol):
    def __call__(
        self, *, read_only: bool = False, glance: bool = False, survey: bool = False
    ) -> UnitOfWork:
        """A `read_only` one is a snapshot; in a `glance` each read is of its own moment.

        A `survey` is a snapshot for reads that take long.
        """
        ...
