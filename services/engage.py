"""Viva Engage: what is to be posted there, what was asked there, and who has to know of what."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from learning import engage_notices, notices
from learning.notices import ENGAGE, Kind
from learning.people import PersonId
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.ports.engage import (
    Answer,
    Check,
    Community,
    Feed,
    Listening,
    Part,
    Post,
    Said,
    ServiceAccount,
    SignInNeeded,
    Staff,
)
from services.ports.storage import NewUnitOfWork
from services.ports.systems import Rejected, Unavailable
from services.whole import whole

log = structlog.get_logger()

PATIENCE = 15.0
"""Seconds that a look at the feeds may wait for its minute; whoever would wait longer leaves it out."""

OLD = timedelta(hours=12)
"""What was asked longer ago is not answered any more."""

KEPT = timedelta(days=2)
"""For so long we know what was said to which message."""

MOST_ANSWERS, IN_SO_LONG = 30, timedelta(hours=1)
"""To one sender: who asks more is a machine, and two machines would never come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngageStanding:
    """How things are: who is signed in, since when it is needed, the last post that stands."""

    account: str
    needed_since: datetime | None
    answers: bool
    waiting: int
    last: Post | None


class EngageService:
    def __init__(
        self,
        new_uow: NewUnitOfWork,
        community: Community,
        account: ServiceAccount,
        staff: Staff,
        catalogue: Catalogue,
        clock: Clock,
        *,
        zone: ZoneInfo,
        at: time,
        organisers: Collection[str],
        organisers_group: str,
    ) -> None:
        self._new_uow = new_uow
        self._community = community
        self._account = account
        self._staff = staff
        self._catalogue = catalogue
        self._clock = clock
        self._zone = zone
        self._at = at
        self._organisers = frozenset(PersonId(o.casefold()) for o in organisers)
        self._group = organisers_group

    # --- posts ---------------------------------------------------------------------------------

    async def queue(self) -> None:
        """Write down the post that is due by now; running it again changes nothing."""
        now = self._clock.now()
        programme = await self._catalogue.programme()
        day = notices.highlights_due(now, self._zone, self._at, programme.days(self._zone))
        if day is not None:
            async with self._new_uow() as uow:
                await uow.outbox.add([engage_notices.post(day, now)])
                await uow.commit()

    async def post_now(self) -> None:
        """Post today's highlights whatever the hour: in place of those still to come, else once more."""
        now = self._clock.now()
        todays = engage_notices.post(now.astimezone(self._zone).date(), now)
        async with self._new_uow() as uow:
            is_out = await uow.outbox.is_written(todays.key)
            await uow.outbox.add([notices.once_more(todays, now) if is_out else todays])
            await uow.commit()

    async def post(self, day: date, text: str, *, again: bool, check: Check) -> int:
        """Post these words. A post whose answer was lost is found again instead of posted again.

        `again`: it was tried before. Raises Unavailable, SignInNeeded, Rejected.
        """
        try:
            message_id = await self._lost_post(text) if again else None
            if message_id is None:
                check()
                message_id = await self._community.post(text)
        except SignInNeeded:
            await self._account.miss()
            raise
        async with self._new_uow() as uow:
            await uow.engage.add_post(
                Post(message_id=message_id, day=day, posted_at=self._clock.now())
            )
            await uow.commit()
        log.info("posted to Viva Engage", message=message_id)
        return message_id

    async def ask_delete(self, message_id: int) -> bool:
        """Have a post deleted; false where it is none of ours, or is deleted already."""
        async with self._new_uow() as uow:
            standing = [p for p in await uow.engage.posts(50) if p.deleted_at is None]
            if message_id not in {p.message_id for p in standing}:
                return False
            await uow.outbox.add([engage_notices.delete(message_id, self._clock.now())])
            await uow.commit()
        return True

    async def delete(self, message_id: int) -> None:
        await self._community.delete(message_id)
        async with self._new_uow() as uow:
            await uow.engage.deleted(message_id, self._clock.now())
            await uow.commit()
        log.info("post deleted in Viva Engage", message=message_id)

    async def last_post(self) -> Post | None:
        """The newest of those that stand."""
        async with self._new_uow(read_only=True) as uow:
            return next((p for p in await uow.engage.posts(20) if p.deleted_at is None), None)

    async def standing(self) -> EngageStanding:
        signed_in = await self._account.standing()
        async with self._new_uow(read_only=True) as uow:
            listening = await uow.engage.listening()
            waiting = await uow.outbox.waiting(Kind.ENGAGE_POST, self._clock.now())
        return EngageStanding(
            account=signed_in.account,
            needed_since=signed_in.needed_since,
            answers=listening.answers,
            waiting=waiting,
            last=await self.last_post(),
        )

    async def _lost_post(self, text: str) -> int | None:
        """A message of ours with the same first line that is no post we know of."""
        async with self._new_uow(read_only=True) as uow:
            known = {p.message_id for p in await uow.engage.posts(50)}
        first = text.partition("\n")[0]
        for said in await self._community.latest():
            is_new = said.is_own and said.id not in known and said.replied_to_id is None
            if is_new and said.text.startswith(first):
                return said.id
        return None

    # --- what people say there -------------------------------------------------------------------

    async def answer_people(self, on: bool) -> None:
        """Answer people from now on, or no more. What was said meanwhile is not answered later."""
        async with self._new_uow() as uow:
            listening = await uow.engage.listening()
            if listening.answers != on:
                await uow.engage.save(replace(listening, answers=on, received=None, private=None))
                await uow.commit()

    async def is_answering(self) -> bool:
        return (await self._listening()).answers

    async def look(self) -> None:
        """See whether anybody said something to us, and whether somebody has to sign in.

        One replica looks at a time, once a minute at most.
        """
        signed_in = await self._account.standing()
        if signed_in.needed_since is not None:
            await whole(self._tell(signed_in.needed_since))
            return
        if not signed_in.account:
            return
        wait = await whole(self._reserve_look())
        if wait is None:
            return
        await asyncio.sleep(wait)
        listening = await whole(self._listening())
        try:
            received = await self._community.received(listening.received)
            private = await self._community.private(listening.private)
        except (Unavailable, Rejected) as error:
            log.warning("Viva Engage not read", reason=str(error))
            return
        await whole(self._note(listening, received, private))

    async def _reserve_look(self) -> float | None:
        """Seconds until it is our turn to read on; None while it is not near, or nobody is answered."""
        async with self._new_uow() as uow:
            if not (await uow.engage.listening()).answers:
                return None
            wait = await uow.engage.next_look(self._clock.now(), PATIENCE)
            await uow.engage.forget_old(self._clock.now() - KEPT)
            await uow.commit()
        return wait

    async def _listening(self) -> Listening:
        async with self._new_uow(read_only=True) as uow:
            return await uow.engage.listening()

    async def _note(self, before: Listening, received: Feed, private: Feed) -> None:
        """Write down what is to be answered, and how far was read: both or neither."""
        now = self._clock.now()
        heard = {m.id: m for m in (*received.messages, *private.messages)}
        asked = [m for m in heard.values() if self._is_for_us(m, now)]
        async with self._new_uow() as uow:
            listening = await uow.engage.listening()
            if not listening.answers or (listening.received, listening.private) != (
                before.received,
                before.private,
            ):
                return  # switched off, or read on by somebody else, while we read
            await uow.outbox.add(
                [
                    engage_notices.answer(m.id, now, alone=m.is_alone)
                    for m in sorted(asked, key=lambda m: m.id)
                ]
            )
            await uow.engage.save(
                replace(listening, received=received.newest, private=private.newest)
            )
            await uow.commit()

    def _is_for_us(self, said: Said, now: datetime) -> bool:
        if said.is_own or not said.by_person or now - said.at > OLD:
            return False
        return said.is_addressed

    async def begun(self, message_id: int) -> tuple[Part, ...] | None:
        """What of the answer to a message is still to be sent; None where none was thought of yet."""
        async with self._new_uow(read_only=True) as uow:
            answer = await uow.engage.answer(message_id)
        return None if answer is None else answer.parts

    async def keep(self, said: Said, parts: Sequence[Part]) -> None:
        """Remember what is to be said before any of it is, so that nothing is done twice for it."""
        answer = Answer(
            message_id=said.id,
            sender_id=said.sender_id,
            written_at=self._clock.now(),
            parts=tuple(parts),
        )
        async with self._new_uow() as uow:
            await uow.engage.keep(answer)
            await uow.commit()

    async def is_patient(self, sender_id: int) -> bool:
        """Whether somebody has not been answered more often than a person would ask."""
        since = self._clock.now() - IN_SO_LONG
        async with self._new_uow(read_only=True) as uow:
            return await uow.engage.answered(sender_id, since) < MOST_ANSWERS

    # --- signing in -------------------------------------------------------------------------------

    async def signed_in(self) -> int:
        """Somebody has just signed in: what waited for it goes out. Returns how much that is."""
        async with self._new_uow() as uow:
            released = await uow.outbox.release(ENGAGE, self._clock.now())
            await uow.commit()
        return released

    async def is_needed_since(self, since: datetime) -> bool:
        return (await self._account.standing()).needed_since == since

    async def _tell(self, since: datetime) -> None:
        """Tell every organiser who can be reached, once for each time that sign-in is needed."""
        async with self._new_uow(read_only=True) as uow:
            if (await uow.engage.listening()).told == since:
                return
        people = set(self._organisers)
        try:
            people |= set(await self._staff.members(self._group)) if self._group else set()
        except Unavailable as error:
            log.warning("organisers not readable", reason=str(error))
            return
        except Rejected as error:
            log.warning("organisers not readable", reason=str(error))
        now = self._clock.now()
        async with self._new_uow() as uow:
            known = await uow.people.among(people)
            told = [i for i in sorted(known) if known[i].is_reachable]
            await uow.outbox.add([engage_notices.sign_in(i, since, now) for i in told])
            await uow.engage.save(replace(await uow.engage.listening(), told=since))
            await uow.commit()
