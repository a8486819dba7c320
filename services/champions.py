"""Champions: who they are, what they may promote, what they share, and whom that brought."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog

from learning import champions, profiles
from learning.champions import Champion, Group, Member, OwnPosts, Promotion, Share
from learning.errors import LearningError
from learning.notices import QuietHours
from learning.people import Person, PersonId
from learning.sessions import Session, SessionId, by_time
from services.catalogue import Catalogue
from services.ports.clocks import Clock
from services.ports.journal import Entry, What
from services.ports.storage import NewUnitOfWork, UnitOfWork

log = structlog.get_logger()

MOST_SUITING = 50
"""Sessions that are looked at for what suits a group."""

NOT_ONE = "Only champions can do that. Ask your learning and development team to become one."


class ChampionService:
    """Figures are of the editions that lie ahead, and of the latest where none does."""

    def __init__(
        self,
        new_uow: NewUnitOfWork,
        clock: Clock,
        catalogue: Catalogue,
        *,
        zone: ZoneInfo,
        quiet: QuietHours,
    ) -> None:
        self._new_uow = new_uow
        self._clock = clock
        self._catalogue = catalogue
        self._zone = zone
        self._quiet = quiet

    # --- who they are ----------------------------------------------------------------------------

    async def name(self, person: Person, group: str, *, by: PersonId) -> tuple[str, bool]:
        """Make somebody a champion, and have them told, wherever they are.

        Returns the group as it is spelt, and whether they are new in it. Raises LearningError.
        """
        group, now = champions.group_name(group), self._clock.now()
        async with self._new_uow() as uow:
            group = champions.as_known(group, {c.group for c in await uow.champions.all()})
            known = await uow.people.find(person.id)
            if known is None:
                await uow.people.save(person)
                if profiles.is_in_directory(person.id):
                    await uow.outbox.add([profiles.of_newcomer(person.id, now)])
            named = Champion(person_id=person.id, group=group, named_by=by, named_at=now)
            if not await uow.champions.add(named):
                return group, False
            is_met = (known or person).welcomed_at is not None
            near = None if is_met else await uow.people.any_address()
            await uow.outbox.add([champions.named_notice(person.id, group, now, near)])
            await uow.journal.note(_entry(What.CHAMPION_NAMED, group, person.id, by, now))
            await uow.commit()
        log.info("champion named")
        return group, True

    async def end(self, person_id: PersonId, group: str, *, by: PersonId) -> list[str]:
        """Somebody is a champion no longer: for this group, or for any where it is "".

        Returns the groups that they have left.
        """
        now = self._clock.now()
        async with self._new_uow() as uow:
            theirs = [c.group for c in await uow.champions.of_person(person_id)]
            left = [g for g in theirs if not group or g.casefold() == group.casefold()]
            for each in left:
                await uow.champions.remove(person_id, each)
                await uow.journal.note(_entry(What.CHAMPION_ENDED, each, person_id, by, now))
            await uow.commit()
        return left

    async def groups_of(self, person_id: PersonId) -> list[str]:
        """What somebody is a champion for; nothing for who is none."""
        async with self._new_uow(glance=True) as uow:
            return [c.group for c in await uow.champions.of_person(person_id)]

    async def overview(self) -> list[Group]:
        """Every group with its champions, for organisers."""
        programme = await self._catalogue.programme()
        counting = champions.of_the_week(programme.sessions, self._clock.now())
        async with self._new_uow(read_only=True) as uow:
            everybody = await uow.champions.all()
            ids = list(dict.fromkeys(c.person_id for c in everybody))
            people, works = await uow.people.among(ids), await uow.profiles.among(ids)
            shares = [s for s in await uow.champions.shares_of(*ids) if s.session_id in counting]
            brought = await uow.champions.brought(shares)
        grouped: dict[str, list[Champion]] = {}
        for champion in everybody:
            grouped.setdefault(champion.group, []).append(champion)
        of = {i: [s for s in shares if s.person_id == i] for i in ids}
        return [
            Group(
                name=name,
                members=tuple(
                    Member(
                        person=people.get(c.person_id) or Person(id=c.person_id),
                        named_at=c.named_at,
                        profile=works.get(c.person_id),
                        shared=sum(_is_post(s, brought) for s in of[c.person_id]),
                        brought=_count(of[c.person_id], brought),
                    )
                    for c in members
                ),
                brought=_count([s for c in members for s in of[c.person_id]], brought),
            )
            for name, members in sorted(grouped.items(), key=lambda each: each[0].casefold())
        ]

    # --- what they promote and share -------------------------------------------------------------

    async def promotion(self, person_id: PersonId) -> Promotion:
        """What this champion may promote now. Raises LearningError for who is none."""
        groups = await self._groups(person_id)
        programme, now = await self._catalogue.programme(), self._clock.now()
        suits = {
            match.session.id
            for group in groups
            for match in await self._catalogue.find(group, MOST_SUITING)
            if match.is_sure
        }
        fresh = await self._catalogue.among(s.id for s in programme.sessions if s.is_open(now))
        chosen = champions.to_promote(fresh, suits, now)
        posts = await self.posts(person_id)
        return Promotion(
            groups=tuple(groups),
            sessions=tuple(chosen),
            suits=frozenset(suits & {s.id for s in chosen}),
            brought=posts.brought,
        )

    async def posts(self, person_id: PersonId) -> OwnPosts:
        """What came of a champion's posts. Raises LearningError for who is none."""
        await self._groups(person_id)
        programme = await self._catalogue.programme()
        counting = champions.of_the_week(programme.sessions, self._clock.now())
        async with self._new_uow(read_only=True) as uow:
            mine = await uow.champions.shares_of(person_id)
            shares = [s for s in mine if s.session_id in counting]
            brought = await uow.champions.brought(shares)
            sessions = await uow.sessions.among(s.session_id for s in shares)
        counts = {s.session_id: len(brought.get(s.tag, ())) for s in shares if _is_post(s, brought)}
        shown = by_time(sessions[i] for i in counts if i in sessions)
        return OwnPosts(
            sessions=tuple((s, counts[s.id]) for s in shown), brought=_count(shares, brought)
        )

    async def share(self, person_id: PersonId, session_id: SessionId) -> tuple[Session, str]:
        """A session for a post of this champion's, and the tag that goes with it.

        Raises LearningError for who is no champion, and for what can no longer be booked.
        """
        await self._groups(person_id)
        now = self._clock.now()
        async with self._new_uow() as uow:
            session = await uow.sessions.get(session_id)
            if not session.is_open(now):
                raise LearningError(f"{session.title} can no longer be booked.")
            share = (await _shared(uow, person_id, [session_id], now))[session_id]
            await uow.champions.post(replace(share, posted_at=now))
            await uow.commit()
        return session, share.tag

    async def tags(
        self, person_id: PersonId, sessions: Iterable[Session]
    ) -> Mapping[SessionId, str]:
        """The tag of each of these that can be booked; of somebody who is no champion none."""
        now = self._clock.now()
        ids = [s.id for s in sessions if s.is_open(now)]
        async with self._new_uow(glance=True) as uow:
            if not ids or not await uow.champions.of_person(person_id):
                return {}
            known = {s.session_id: s.tag for s in await uow.champions.shares_of(person_id)}
        if any(i not in known for i in ids):
            async with self._new_uow() as uow:
                known = {i: s.tag for i, s in (await _shared(uow, person_id, ids, now)).items()}
                await uow.commit()
        return {i: known[i] for i in ids}

    # --- the weekly card -------------------------------------------------------------------------

    async def queue_cards(self) -> None:
        """Write down the cards that are due by now; running it again changes nothing.

        Who was named this week has just been told, and has the button for it.
        """
        now = self._clock.now()
        async with self._new_uow(read_only=True) as uow:
            named = _first_named(await uow.champions.all())
            people = await uow.people.among(named)
        due = [
            (person, week)
            for person in people.values()
            if person.is_reachable
            and person.wants_nudges
            and (week := champions.card_week(now, person.zone(self._zone)))
            and self._day(named[person.id], person) < week
        ]
        if not due or not await self._is_anything_ahead(now):
            return
        async with self._new_uow() as uow:
            await uow.outbox.add(
                [
                    champions.card_notice(p.id, week, now, p.zone(self._zone), self._quiet)
                    for p, week in due
                ]
            )
            await uow.commit()

    def is_still_due(self, week: date, person: Person) -> bool:
        """Whether the card of the week that begins on this Monday may still be sent."""
        return champions.monday(self._day(self._clock.now(), person)) == week

    def _day(self, instant: datetime, person: Person) -> date:
        return instant.astimezone(person.zone(self._zone)).date()

    async def _is_anything_ahead(self, now: datetime) -> bool:
        programme = await self._catalogue.programme()
        return bool(champions.to_promote(programme.sessions, (), now))

    async def _groups(self, person_id: PersonId) -> list[str]:
        groups = await self.groups_of(person_id)
        if not groups:
            raise LearningError(NOT_ONE)
        return groups


async def _shared(
    uow: UnitOfWork, person_id: PersonId, ids: Collection[SessionId], now: datetime
) -> dict[SessionId, Share]:
    """What somebody shares of these sessions; each gets its tag once and for all."""
    while True:
        known = {s.session_id: s for s in await uow.champions.shares_of(person_id)}
        if all(i in known for i in ids):
            return known
        # Again where a tag was taken already, which hardly ever is.
        await uow.champions.add_shares(
            [
                Share(tag=_new_tag(), person_id=person_id, session_id=i, made_at=now)
                for i in sorted(ids)  # in one order, so that nobody waits for each other
                if i not in known
            ]
        )


def _new_tag() -> str:
    return "".join(secrets.choice(champions.TAG_LETTERS) for _ in range(champions.TAG_LENGTH))


def _is_post(share: Share, brought: Mapping[str, frozenset[PersonId]]) -> bool:
    """A card that a search put at hand may never have been sent: only a booking shows that it was."""
    return share.posted_at is not None or share.tag in brought


def _count(shares: Iterable[Share], brought: Mapping[str, frozenset[PersonId]]) -> int:
    """Different people, however many of these they booked by."""
    return len(frozenset[PersonId]().union(*(brought.get(s.tag, frozenset()) for s in shares)))


def _first_named(everybody: Sequence[Champion]) -> dict[PersonId, datetime]:
    first: dict[PersonId, datetime] = {}
    for each in everybody:
        first[each.person_id] = min(each.named_at, first.get(each.person_id, each.named_at))
    return first


def _entry(what: What, group: str, person_id: PersonId, by: PersonId, now: datetime) -> Entry:
    return Entry(at=now, by_id=by, what=what, subject=group, person_id=person_id)
