"""Microsoft Graph: the calendar of the mailbox that owns the sessions' events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import structlog

from integrations.graph import Guarded, options
from learning.people import Person
from learning.sessions import Session
from services.ports.systems import CalendarEvent, EventVanished, Unavailable

if TYPE_CHECKING:
    from msgraph.generated.models.event import Event
    from msgraph.graph_service_client import GraphServiceClient

log = structlog.get_logger()

AT_ONCE = 3
"""Requests under way to one mailbox; Exchange allows four."""

T = TypeVar("T")


class GraphCalendar:
    """The calendar of the mailbox that owns the sessions' events."""

    def __init__(self, graph: Guarded, organiser: str) -> None:
        self._graph = graph
        self._organiser = organiser
        self.at_once = asyncio.Semaphore(AT_ONCE)

    async def create(
        self, session: Session, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        """Idempotent by `transactionId`: an event that is there already is found and used."""

        async def ask(client: GraphServiceClient) -> CalendarEvent:
            from kiota_abstractions.api_error import APIError

            try:
                made = await self._events(client).post(
                    new_event(session, attendees, transaction), request_configuration=options()
                )
            except APIError as error:
                existing = _existing_event(error)
                if existing is None:
                    raise
                log.info("event was made before", session=session.id)
                return await self._adopt(client, existing, session, attendees)
            if made is None or not made.id:
                raise Unavailable("Graph: no event in the answer")
            if not _join_url(made):
                return await self._read(client, made.id)
            return CalendarEvent(id=made.id, join_url=_join_url(made))

        return await self._call(ask)

    async def change(self, event_id: str, session: Session) -> CalendarEvent:
        async def ask(client: GraphServiceClient) -> CalendarEvent:
            event = self._events(client).by_event_id(event_id)
            made = await event.patch(changed_event(session), request_configuration=options())
            if made is None or not _join_url(made):
                return await self._read(client, event_id)
            return CalendarEvent(id=event_id, join_url=_join_url(made))

        return await self._call(ask)

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        """A body with attendees alone: only those who came or went get mail from Exchange."""

        async def ask(client: GraphServiceClient) -> None:
            await (
                self._events(client)
                .by_event_id(event_id)
                .patch(roster(attendees), request_configuration=options())
            )

        await self._call(ask)

    async def cancel(self, event_id: str, session: Session) -> None:
        async def ask(client: GraphServiceClient) -> None:
            from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import (
                CancelPostRequestBody,
            )

            await (
                self._events(client)
                .by_event_id(event_id)
                .cancel.post(
                    CancelPostRequestBody(comment=f"{session.title} has been cancelled."),
                    request_configuration=options(),
                )
            )

        try:
            await self._call(ask)
        except EventVanished:
            log.info("event was gone already", session=session.id)

    async def check(self) -> None:
        """Read one event, to see that the mailbox is there and may be used."""

        async def ask(client: GraphServiceClient) -> None:
            await self._events(client).get(request_configuration=options())

        await self._call(ask)

    async def _call(self, ask: Callable[[GraphServiceClient], Awaitable[T]]) -> T:
        async with self.at_once:
            return await self._graph.call(ask)

    def _events(self, client: GraphServiceClient) -> Any:
        return client.users.by_user_id(self._organiser).events

    async def _adopt(
        self,
        client: GraphServiceClient,
        event_id: str,
        session: Session,
        attendees: Sequence[Person],
    ) -> CalendarEvent:
        """An event of ours whose making was never confirmed, brought up to what is wanted by now."""
        found = await self._read(client, event_id)
        wanted = changed_event(session)
        wanted.attendees = _attendees(attendees)
        event = self._events(client).by_event_id(event_id)
        await event.patch(wanted, request_configuration=options())
        return found

    async def _read(self, client: GraphServiceClient, event_id: str) -> CalendarEvent:
        event = (
            await self._events(client).by_event_id(event_id).get(request_configuration=options())
        )
        if event is None or not event.id:
            raise Unavailable("Graph: no event in the answer")
        if event.is_cancelled:
            raise EventVanished("Graph: the event is cancelled")
        return CalendarEvent(id=event.id, join_url=_join_url(event))


def new_event(session: Session, attendees: Sequence[Person], transaction: str) -> Event:
    """The event with its Teams meeting; each attendee sees only themselves."""
    from msgraph.generated.models.online_meeting_provider_type import OnlineMeetingProviderType

    event = changed_event(session)
    event.body = _body(session)
    event.is_online_meeting = True
    event.online_meeting_provider = OnlineMeetingProviderType.TeamsForBusiness
    event.hide_attendees = True
    event.allow_new_time_proposals = False
    event.response_requested = False
    event.attendees = _attendees(attendees)
    event.transaction_id = transaction
    return event


def changed_event(session: Session) -> Event:
    """Subject, times and place. The body stays: taking its meeting block away ends the meeting."""
    from msgraph.generated.models.event import Event
    from msgraph.generated.models.location import Location

    return Event(
        subject=session.title,
        start=_local(session, session.starts_at),
        end=_local(session, session.ends_at),
        location=Location(display_name=session.details.location or "Microsoft Teams"),
    )


def roster(attendees: Sequence[Person]) -> Event:
    from msgraph.generated.models.event import Event

    return Event(attendees=_attendees(attendees))


def _attendees(people: Sequence[Person]) -> list[Any]:
    from msgraph.generated.models.attendee import Attendee
    from msgraph.generated.models.attendee_type import AttendeeType
    from msgraph.generated.models.email_address import EmailAddress

    return [
        Attendee(
            email_address=EmailAddress(address=p.email, name=p.name or p.email),
            type=AttendeeType.Required,
        )
        for p in {p.email.casefold(): p for p in people}.values()  # each address is invited once
    ]


def _body(session: Session) -> Any:
    from msgraph.generated.models.body_type import BodyType
    from msgraph.generated.models.item_body import ItemBody

    details = session.details
    lines = [details.summary]
    if details.facilitators:
        lines.append(f"With {', '.join(details.facilitators)}.")
    content = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return ItemBody(content_type=BodyType.Html, content=content)


def _local(session: Session, instant: Any) -> Any:
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone

    local = instant.astimezone(ZoneInfo(session.details.timezone)).replace(tzinfo=None)
    return DateTimeTimeZone(
        date_time=local.isoformat(timespec="seconds"), time_zone=session.details.timezone
    )


def _join_url(event: Event) -> str:
    meeting = event.online_meeting
    return (meeting.join_url or "") if meeting else ""


def _existing_event(error: Any) -> str | None:
    """The event that has this transaction id already, where that is what went wrong."""
    main: Any = getattr(error, "error", None)
    if main is None or main.code != "ErrorDuplicateTransactionId":
        return None
    data: dict[str, Any] = main.additional_data or {}
    return str(data.get("@event.existingEventId") or "") or None
