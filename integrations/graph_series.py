"""Microsoft Graph: one recurring event for each action learning set, in the organiser's calendar."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from integrations.graph import Guarded, options
from learning.people import Person
from services.ports.set_systems import SeriesPlan
from services.ports.systems import CalendarEvent, EventVanished, Unavailable

if TYPE_CHECKING:
    from msgraph.generated.models.event import Event
    from msgraph.graph_service_client import GraphServiceClient

log = structlog.get_logger()

MOST_DATES = 200
SEEN = timedelta(days=60)
"""So far around the dates of a series its occurrences are looked for: one may have been moved away."""

ABOUT = (
    "Your action learning set meets here. What is said and written in it stays among its members and "
    "whoever facilitates. Type my set to Learnweek to see it."
)

T = TypeVar("T")


class GraphSeries:
    """Needs Calendars.ReadWrite for the organiser's mailbox, as the sessions' events do."""

    def __init__(self, graph: Guarded, organiser: str, at_once: asyncio.Semaphore) -> None:
        """`at_once` is that of all who write to this mailbox: Exchange allows four requests."""
        self._graph = graph
        self._organiser = organiser
        self._at_once = at_once

    async def create(
        self, plan: SeriesPlan, attendees: Sequence[Person], transaction: str
    ) -> CalendarEvent:
        """Idempotent by `transactionId`: a series that is there already is found and used."""

        async def ask(client: GraphServiceClient) -> CalendarEvent:
            from kiota_abstractions.api_error import APIError

            try:
                made = await self._events(client).post(
                    new_series(plan, attendees, transaction), request_configuration=options()
                )
            except APIError as error:
                existing = _existing(error)
                if existing is None:
                    raise
                log.info("series was made before")
                await (
                    self._events(client)
                    .by_event_id(existing)
                    .patch(_invited(attendees), request_configuration=options())
                )
                return await self._read(client, existing)
            if made is None or not made.id:
                raise Unavailable("Graph: no event in the answer")
            return CalendarEvent(id=made.id, join_url=_join_url(made))

        return await self._call(ask)

    async def change(self, event_id: str, plan: SeriesPlan, now: datetime) -> CalendarEvent:
        async def ask(client: GraphServiceClient) -> CalendarEvent:
            event = self._events(client).by_event_id(event_id)
            found = await event.get(request_configuration=options())
            if found is None or found.is_cancelled:
                raise EventVanished("Graph: the series is cancelled")
            if found.subject != plan.subject:
                await event.patch(_renamed(plan), request_configuration=options())
            return CalendarEvent(id=event_id, join_url=_join_url(found))

        there = await self._call(ask)
        for number, occurrence in enumerate(await self._occurrences(event_id, plan)):
            if number < len(plan.dates) and plan.dates[number][1] > now:
                await self._move(occurrence, plan, number)
        return there

    async def invite(self, event_id: str, attendees: Sequence[Person]) -> None:
        """A body with attendees alone: only those who came or went get mail from Exchange."""

        async def ask(client: GraphServiceClient) -> None:
            await (
                self._events(client)
                .by_event_id(event_id)
                .patch(_invited(attendees), request_configuration=options())
            )

        await self._call(ask)

    async def cancel(self, event_id: str, subject: str) -> None:
        async def ask(client: GraphServiceClient) -> None:
            from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import (
                CancelPostRequestBody,
            )

            await (
                self._events(client)
                .by_event_id(event_id)
                .cancel.post(
                    CancelPostRequestBody(comment=f"{subject} no longer meets."),
                    request_configuration=options(),
                )
            )

        try:
            await self._call(ask)
        except EventVanished:
            log.info("series was gone already")

    async def _occurrences(self, event_id: str, plan: SeriesPlan) -> list[Event]:
        """By number: an occurrence that was moved keeps the place that it had."""
        from msgraph.generated.users.item.events.item.instances.instances_request_builder import (
            InstancesRequestBuilder,
        )

        first = min(start for start, _ in plan.dates)
        last = max(end for _, end in plan.dates)
        query = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(
            start_date_time=f"{first - SEEN:%Y-%m-%dT%H:%M:%SZ}",
            end_date_time=f"{last + SEEN:%Y-%m-%dT%H:%M:%SZ}",
            top=MOST_DATES,
        )

        async def ask(client: GraphServiceClient) -> list[Event]:
            event = self._events(client).by_event_id(event_id)
            found = await event.instances.get(request_configuration=options(query))
            return list((found.value if found else None) or [])

        return sorted(await self._call(ask), key=_place)

    async def _move(self, occurrence: Event, plan: SeriesPlan, number: int) -> None:
        """Only one that is not where it should be: a change is mail to everybody."""
        start, end = plan.dates[number]
        if _instant(occurrence.start) == start and _instant(occurrence.end) == end:
            return
        assert occurrence.id is not None, "Graph tells the id of each"
        changed = _times(_local(start, plan), _local(end, plan), plan)

        async def ask(client: GraphServiceClient) -> None:
            event = self._events(client).by_event_id(str(occurrence.id))
            await event.patch(changed, request_configuration=options())

        await self._call(ask)

    async def _call(self, ask: Callable[[GraphServiceClient], Awaitable[T]]) -> T:
        async with self._at_once:
            return await self._graph.call(ask)

    def _events(self, client: GraphServiceClient) -> Any:
        return client.users.by_user_id(self._organiser).events

    async def _read(self, client: GraphServiceClient, event_id: str) -> CalendarEvent:
        event = (
            await self._events(client).by_event_id(event_id).get(request_configuration=options())
        )
        if event is None or not event.id:
            raise Unavailable("Graph: no event in the answer")
        if event.is_cancelled:
            raise EventVanished("Graph: the series is cancelled")
        return CalendarEvent(id=event.id, join_url=_join_url(event))


def new_series(plan: SeriesPlan, attendees: Sequence[Person], transaction: str) -> Event:
    """The series in its rhythm, with its Teams meeting. Members of a set see each other."""
    from msgraph.generated.models.body_type import BodyType
    from msgraph.generated.models.item_body import ItemBody
    from msgraph.generated.models.location import Location
    from msgraph.generated.models.online_meeting_provider_type import OnlineMeetingProviderType

    lasts = plan.dates[0][1] - plan.dates[0][0]
    event = _times(plan.begins, plan.begins + lasts, plan)
    event.subject = plan.subject
    event.body = ItemBody(content_type=BodyType.Html, content=f"<p>{escape(ABOUT)}</p>")
    event.location = Location(display_name="Microsoft Teams")
    event.recurrence = _recurrence(plan)
    event.is_online_meeting = True
    event.online_meeting_provider = OnlineMeetingProviderType.TeamsForBusiness
    event.hide_attendees = False
    event.allow_new_time_proposals = False
    event.response_requested = False
    event.attendees = _attendees(attendees)
    event.transaction_id = transaction
    return event


def _recurrence(plan: SeriesPlan) -> Any:
    from msgraph.generated.models.day_of_week import DayOfWeek
    from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
    from msgraph.generated.models.recurrence_pattern import RecurrencePattern
    from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
    from msgraph.generated.models.recurrence_range import RecurrenceRange
    from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType

    return PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly,
            interval=plan.weeks,
            days_of_week=[DayOfWeek(f"{plan.begins:%A}".lower())],
            first_day_of_week=DayOfWeek.Monday,
        ),
        range=RecurrenceRange(
            type=RecurrenceRangeType.Numbered,
            start_date=plan.begins.date(),
            number_of_occurrences=len(plan.dates),
            recurrence_time_zone=str(plan.zone),
        ),
    )


def _times(start: datetime, end: datetime, plan: SeriesPlan) -> Event:
    """Local times, so that the clock says the same on every date."""
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.models.event import Event

    def said(local: datetime) -> DateTimeTimeZone:
        return DateTimeTimeZone(
            date_time=local.isoformat(timespec="seconds"), time_zone=str(plan.zone)
        )

    return Event(start=said(start), end=said(end))


def _renamed(plan: SeriesPlan) -> Event:
    from msgraph.generated.models.event import Event

    return Event(subject=plan.subject)


def _invited(attendees: Sequence[Person]) -> Event:
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


def _local(at: datetime, plan: SeriesPlan) -> datetime:
    return at.astimezone(plan.zone).replace(tzinfo=None)


def _instant(at: Any) -> datetime | None:
    """Graph tells times in UTC where nothing else is asked for, with seven digits of a second."""
    told: str = (at.date_time or "") if at else ""
    return datetime.fromisoformat(told[:19]).replace(tzinfo=UTC) if told else None


def _place(occurrence: Event) -> datetime:
    """Where an occurrence would be had nobody moved it."""
    kept = occurrence.original_start or _instant(occurrence.start)
    return kept if kept is not None else datetime.max.replace(tzinfo=UTC)


def _join_url(event: Event) -> str:
    meeting = event.online_meeting
    return (meeting.join_url or "") if meeting else ""


def _existing(error: Any) -> str | None:
    """The series that has this transaction id already, where that is what went wrong."""
    main: Any = getattr(error, "error", None)
    if main is None or main.code != "ErrorDuplicateTransactionId":
        return None
    data: dict[str, Any] = main.additional_data or {}
    return str(data.get("@event.existingEventId") or "") or None
