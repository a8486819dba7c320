"""The systems around us, held in memory: a calendar and a directory that can be made to fail."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from learning.people import Address, Person, PersonId
from learning.sessions import Session
from services.ports.systems import CalendarEvent, EventVanished, Message, NotInstalled


@dataclass(slots=True)
class Held:
    """An event as the calendar holds it; `invited` are mail addresses."""

    transaction: str
    session: Session
    invited: tuple[str, ...]
    is_cancelled: bool = False


@dataclass(slots=True)
class FakeCalendar:
    """Keeps the promises of the port. `asked` is what was called, in order.

    Each call raises the next of `troubles` instead of acting, or of `late_troubles` after it acted.
    `meanwhile` is what happens elsewhere during the first call.
    """

    events: dict[str, Held] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    late_troubles: list[Exception] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[object]] | None = None
    _made: dict[str, str] = field(default_factory=dict)

    async def create(
        self, session: Session, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        await self._begin("create")
        if transaction in self._made:
            self._held(self._made[transaction])  # still there?
        event_id = self._made.setdefault(transaction, f"event-{len(self._made) + 1}")
        self.events[event_id] = Held(transaction, session, _addresses(attendees))
        return self._end(event_id)

    async def change(self, event_id: str, session: Session) -> CalendarEvent:
        await self._begin("change")
        self._held(event_id).session = session
        return self._end(event_id)

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        await self._begin("invite")
        self._held(event_id).invited = _addresses(attendees)
        self._end(event_id)

    async def cancel(self, event_id: str, session: Session) -> None:
        await self._begin("cancel")
        if event_id in self.events:
            self.events[event_id].is_cancelled = True
        self._end(event_id)

    def delete(self, event_id: str) -> None:
        """Somebody deletes the event in Outlook."""
        del self.events[event_id]

    @property
    def live(self) -> list[Held]:
        return [event for event in self.events.values() if not event.is_cancelled]

    def _held(self, event_id: str) -> Held:
        if event_id not in self.events:
            raise EventVanished(event_id)
        return self.events[event_id]

    async def _begin(self, what: str) -> None:
        self.asked.append(what)
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        if self.troubles:
            raise self.troubles.pop(0)

    def _end(self, event_id: str) -> CalendarEvent:
        if self.late_troubles:
            raise self.late_troubles.pop(0)
        return CalendarEvent(id=event_id, join_url=f"https://teams.example.org/{event_id}")


def _addresses(people: Sequence[Person]) -> tuple[str, ...]:
    return tuple(p.email for p in people)


@dataclass(slots=True)
class FakeDirectory:
    """Knows mail addresses, members of groups and owners of teams; raises `trouble` while it is set."""

    emails: dict[str, str] = field(default_factory=dict)
    members: Collection[str] = ()
    owners: Collection[str] = ()
    trouble: Exception | None = None
    asked: int = 0

    async def email_of(self, person: Person) -> str:
        self._ask()
        return self.emails.get(person.id, "")

    async def is_member(self, person_id: PersonId, group_id: str) -> bool:
        self._ask()
        return person_id in self.members

    async def owns_team(self, person: Person, team_group_id: str) -> bool:
        self._ask()
        return f"{person.id} of {team_group_id}" in self.owners

    def _ask(self) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble


@dataclass(slots=True)
class FakeTeams:
    """Messenger and Apps in one: whoever has the app has a chat; adding it gives it to them.

    Adding raises the next of `troubles` first. With `is_slow` the chat is there only a try later.
    """

    has_app: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    is_slow: bool = False

    async def send(self, address: Address, message: Message) -> str:
        self.asked.append(f"send to {address.conversation_id}")
        return "1"

    async def open_chat(self, person: Person, near: Address) -> Address:
        self.asked.append("open")
        if person.id not in self.has_app:
            raise NotInstalled("ForbiddenOperationException")
        return replace(near, conversation_id=f"a:{person.id}")

    async def install(self, person_id: PersonId) -> None:
        self.asked.append("install")
        if self.troubles:
            raise self.troubles.pop(0)
        if self.is_slow:
            self.is_slow = False
        else:
            self.has_app.add(person_id)
