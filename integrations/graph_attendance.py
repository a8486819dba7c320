"""Microsoft Graph: the attendance reports of the organiser's Teams meetings."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from integrations.graph import Guarded, options
from learning.attendance import Seen, Source, Span, overlaps
from learning.sessions import Session
from services.ports.systems import Missing, Rejected, Unavailable

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

T = TypeVar("T")

MOST_PAGES = 20
"""A report of more pages than this is not one of a session of ours."""

OBJECT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
OUR_KIND = "#microsoft.graph.communicationsuseridentity"

NOWHERE = "https://teams.microsoft.com/l/meetup-join/none"
"""A meeting that nobody has: being told so needs the same permission as being told of one."""


class NoAccessPolicy(Rejected):
    """No Teams application access policy lets this app act for the organiser."""


class NotPermitted(Rejected):
    """An application permission is missing."""


class GraphAttendance:
    """Needs OnlineMeetings.Read.All, OnlineMeetingArtifact.Read.All and the access policy."""

    def __init__(self, graph: Guarded, organiser: str, tenant_id: str) -> None:
        self._graph = graph
        self._organiser = organiser
        self._tenant_id = tenant_id.casefold()
        self._organiser_id = organiser if OBJECT_ID.fullmatch(organiser) else ""

    async def of(self, session: Session) -> Sequence[Seen]:
        """What the reports that overlap the session say; a meeting of a channel has others' as well."""
        found: list[Seen] = []
        try:
            for meeting_id in await self._meetings(session.join_url) if session.join_url else []:
                for report_id in await self._reports(meeting_id, session):
                    found += await self._seen(meeting_id, report_id)
        except Missing:
            return found
        return found

    async def check(self, session: Session | None = None) -> None:
        """Look for a meeting, and for its reports where it is one of ours.

        Raises NoAccessPolicy, NotPermitted, Rejected or Unavailable.
        """
        try:
            found = await self._meetings(session.join_url if session else NOWHERE)
            for meeting_id in found if session else []:
                await self._reports(meeting_id, session)
        except Missing:
            return

    async def _meetings(self, join_url: str) -> list[str]:
        organiser = await self._organisers_id()

        async def ask(client: GraphServiceClient) -> list[str]:
            from msgraph.generated.users.item.online_meetings import (
                online_meetings_request_builder as meetings,
            )

            builder = meetings.OnlineMeetingsRequestBuilder
            query = builder.OnlineMeetingsRequestBuilderGetQueryParameters(
                filter=f"JoinWebUrl eq '{_quoted(join_url)}'"
            )
            found = await client.users.by_user_id(organiser).online_meetings.get(
                request_configuration=options(query, calendar=False)
            )
            return [m.id for m in (found.value or [] if found else []) if m.id]

        return await self._call(ask)

    async def _reports(self, meeting_id: str, session: Session | None) -> list[str]:
        """The reports that may tell of the session; Graph has the newest fifty."""
        organiser = await self._organisers_id()

        async def ask(client: GraphServiceClient) -> list[str]:
            reports = (
                client.users.by_user_id(organiser)
                .online_meetings.by_online_meeting_id(meeting_id)
                .attendance_reports
            )
            return [
                report.id
                async for report in _each(reports)
                if report.id
                and (
                    session is None
                    or overlaps(
                        session, report.meeting_start_date_time, report.meeting_end_date_time
                    )
                )
            ]

        return await self._call(ask)

    async def _seen(self, meeting_id: str, report_id: str) -> list[Seen]:
        organiser = await self._organisers_id()

        async def ask(client: GraphServiceClient) -> list[Seen]:
            from msgraph.generated.users.item.online_meetings.item.attendance_reports.item import (
                meeting_attendance_report_item_request_builder as item,
            )

            builder = item.MeetingAttendanceReportItemRequestBuilder
            query = builder.MeetingAttendanceReportItemRequestBuilderGetQueryParameters(
                expand=["attendanceRecords"]
            )
            one = (
                client.users.by_user_id(organiser)
                .online_meetings.by_online_meeting_id(meeting_id)
                .attendance_reports.by_meeting_attendance_report_id(report_id)
            )
            report = await one.get(request_configuration=options(query, calendar=False))
            if report is None:
                return []
            records: list[Any] = list(report.attendance_records or [])
            rest = str((report.additional_data or {}).get("attendanceRecords@odata.nextLink") or "")
            if rest:
                records += [r async for r in _each(one.attendance_records.with_url(rest))]
            return [
                seen(record, number, meeting_id, report_id, self._tenant_id)
                for number, record in enumerate(records)
            ]

        return await self._call(ask)

    async def _organisers_id(self) -> str:
        """Asked as an app, Graph takes the object id alone here, and no mail address."""
        if self._organiser_id:
            return self._organiser_id

        async def ask(client: GraphServiceClient) -> str:
            from msgraph.generated.users.item.user_item_request_builder import (
                UserItemRequestBuilder,
            )

            query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(select=["id"])
            user = await client.users.by_user_id(self._organiser).get(
                request_configuration=options(query, calendar=False)
            )
            return (user.id or "") if user else ""

        try:
            found = await self._graph.call(ask)
        except Missing as error:
            raise Rejected(f"the organiser's account is not found ({error})") from error
        if not found:
            raise Unavailable("Graph: no user in the answer")
        self._organiser_id = found
        return found

    async def _call(self, ask: Callable[[GraphServiceClient], Awaitable[T]]) -> T:
        """Make one request; what a 403 is about is told by its words, which are not kept."""

        async def told(client: GraphServiceClient) -> T:
            from kiota_abstractions.api_error import APIError

            try:
                return await ask(client)
            except APIError as error:
                if error.response_status_code == 403:
                    raise _refusal(error) from error
                raise

        return await self._graph.call(told)


def seen(record: Any, number: int, meeting_id: str, report_id: str, tenant_id: str) -> Seen:
    """One record; `number` stands for its id where it has none."""
    intervals: list[Any] = record.attendance_intervals or []
    spans: list[Span] = [
        (interval.join_date_time, interval.leave_date_time)
        for interval in intervals
        if interval.join_date_time and interval.leave_date_time
    ]
    identity = record.identity
    return Seen(
        system=Source.TEAMS,
        meeting=meeting_id,
        report=report_id,
        record=record.id or str(number),
        account=_account(identity, tenant_id),
        email=record.email_address or "",
        name=(identity.display_name or "") if identity else "",
        is_organiser=(record.role or "").casefold() == "organizer",
        spans=tuple(spans),
        seconds=record.total_attendance_in_seconds or 0,
    )


def _account(identity: Any, tenant_id: str) -> str:
    """The object id of somebody in our own directory; '' for guests, phones and other tenants."""
    if identity is None or not OBJECT_ID.fullmatch(identity.id or ""):
        return ""
    kind = (identity.odata_type or OUR_KIND).casefold()
    of = (getattr(identity, "tenant_id", None) or tenant_id).casefold()
    is_ours = kind in (OUR_KIND, "#microsoft.graph.identity") and of == tenant_id
    return identity.id.casefold() if is_ours else ""


async def _each(builder: Any) -> AsyncGenerator[Any]:
    """Every entry of a collection, page after page."""
    for _ in range(MOST_PAGES):
        page = await builder.get(request_configuration=options(calendar=False))
        entries: list[Any] = (page.value or []) if page else []
        for entry in entries:
            yield entry
        following = page.odata_next_link if page else None
        if not following:
            return
        builder = builder.with_url(following)


def _quoted(text: str) -> str:
    """As OData writes a quotation mark inside a text; the client percent-encodes the whole."""
    return text.replace("'", "''")


def _refusal(error: Any) -> Rejected:
    main = getattr(error, "error", None)
    code, words = str(getattr(main, "code", "") or ""), str(getattr(main, "message", "") or "")
    reason = f"Graph: 403 {code}".strip()
    if "access policy" in words.casefold() or "on behalf of user" in words.casefold():
        return NoAccessPolicy(
            f"{reason}: no Teams application access policy lets this app read the organiser's meetings"
        )
    return NotPermitted(
        f"{reason}: OnlineMeetings.Read.All or OnlineMeetingArtifact.Read.All is missing, or the "
        "application access policy"
    )
