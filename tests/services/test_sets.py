"""Action learning sets: who puts themselves forward, what is proposed, and what organisers may do."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from integrations.set_formation import formed
from learning.courses.action_sets import Member
from learning.courses.enrolments import Running
from learning.courses.sets import Candidate, Formation
from learning.errors import LearningError
from learning.notices import Kind
from learning.people import Person, PersonId
from learning.plans import Span
from learning.profiles import Profile
from services.addresses import Addresses
from services.course_paths import CoursePaths
from services.errands import Errands
from services.ports.errands import Errand
from services.ports.journal import What
from services.ports.systems import Rejected
from services.set_books import SetBook
from services.set_changes import NOT_AS_SEEN, WITH_MANAGER, Breaches, SetChanges
from services.set_forming import CHANGED, SetForming
from services.set_life import SetLife
from services.set_turns import SetTurns
from services.set_wishes import NOT_ON, BadTimes, SetWishes
from tests.services.desk import LONDON, RULES, Desk
from tests.support.clocks import MONDAY
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE

NAMES = [f"p{number:02}" for number in range(12)]
IDS = [PersonId(name) for name in NAMES]
LIVE = MONDAY - timedelta(days=4)
TUESDAY, FRIDAY = "Tuesday morning", "Friday afternoon"
ORLA = PersonId("orla")


def quickly(candidates: Sequence[Candidate], fewest: int, most: int) -> Formation:
    return formed(candidates, fewest, most, seconds=1.0)


@dataclass(slots=True)
class Diaries:
    """Nobody's is told, unless it stands here. `meanwhile` is what happens elsewhere."""

    taken: dict[str, list[Span]] = field(default_factory=dict[str, list[Span]])
    asked: list[str] = field(default_factory=list[str])
    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def busy(self, address: str, start: datetime, end: datetime) -> list[Span]:
        self.asked.append(address)
        if self.meanwhile is not None:
            await self.meanwhile()
        if address not in self.taken:
            raise Rejected("nothing told")
        return self.taken[address]


@dataclass(frozen=True, kw_only=True)
class Sets:
    desk: Desk
    running: Running
    wishes: SetWishes
    changes: SetChanges
    life: SetLife
    forming: SetForming
    errands: Errands
    diaries: Diaries

    async def put_forward(self, *people: PersonId, can: Sequence[str] = (TUESDAY, FRIDAY)) -> None:
        for each in people:
            await self.wishes.put_forward(each, self.running.id, can, ())

    async def propose(self) -> Errand:
        errand = await self.forming.propose("customer", by=ORLA)
        return await self.errands.within(errand, 30)

    async def book(self) -> SetBook:
        return await self.forming.book("customer")

    async def confirm(self) -> int:
        seen = (await self.book()).version
        return await self.changes.confirm("customer", by=ORLA, seen=seen)

    async def move(self, who: PersonId, to: int | None, *, knowingly: bool = False) -> None:
        seen = (await self.book()).version
        await self.changes.move("customer", who, to, by=ORLA, seen=seen, knowingly=knowingly)


async def a_course(desk: Desk) -> Sets:
    """Twelve leaders of three departments who had their live session last week."""
    running = await start(desk.work, the_course(LIVE), MONDAY)
    everybody = [
        Person(id=each, name=each.title(), email=f"{each}@example.org") for each in (*IDS, ORLA)
    ]
    await desk.meet(*everybody)
    await enrol(desk.work, running, IDS, MONDAY)
    async with desk.work() as uow:
        await uow.profiles.save(
            Profile(person_id=each, department=f"Team {number % 3}", read_at=MONDAY)
            for number, each in enumerate(IDS)
        )
        [session] = await uow.sessions.of_edition(running.edition_id)
        await uow.commit()
    desk.clock.set(LIVE - timedelta(days=1))
    for each in IDS:
        await desk.bookings.book(each, session.id)
    desk.clock.set(MONDAY)
    return the_sets(desk, running)


def the_sets(desk: Desk, running: Running) -> Sets:
    """The services as one replica has them."""
    errands, diaries = Errands(desk.work, desk.clock), Diaries()
    turns = SetTurns(desk.work, desk.clock, quiet=RULES.quiet, zone=LONDON)
    life = SetLife(desk.work, desk.clock, turns, quiet=RULES.quiet, zone=LONDON)
    return Sets(
        desk=desk,
        running=running,
        wishes=SetWishes(desk.work, desk.clock, zone=LONDON, tenant="a-tenant"),
        changes=SetChanges(desk.work, desk.clock, life, zone=LONDON, quiet=RULES.quiet),
        life=life,
        forming=SetForming(
            desk.work,
            desk.clock,
            errands,
            CoursePaths(desk.work, zone=LONDON),
            quickly,
            diaries,
            Addresses(desk.directory, desk.people),
            zone=LONDON,
        ),
        errands=errands,
        diaries=diaries,
    )


async def manages(desk: Desk, manager: PersonId, report: PersonId) -> None:
    async with desk.work() as uow:
        await uow.profiles.save([Profile(person_id=report, manager_id=manager, read_at=MONDAY)])
        await uow.commit()


async def test_times_are_kept_changed_and_taken_back_with_what_is_done(desk: Desk):
    sets = await a_course(desk)
    first, course = IDS[0], sets.running.id

    await sets.wishes.put_forward(first, course, [TUESDAY], [TUESDAY])
    desk.clock.set(MONDAY + timedelta(hours=1))
    own = await sets.wishes.put_forward(first, course, [TUESDAY, FRIDAY], [])

    assert own.wish is not None
    assert (own.wish.can, own.wish.prefers) == (frozenset({TUESDAY, FRIDAY}), frozenset())
    assert own.wish.put_forward_at == MONDAY
    async with desk.work(read_only=True) as uow:
        done = await uow.step_states.find(course, first, own.step.id)
    assert done is not None
    assert done.done_at == MONDAY
    own = await sets.wishes.withdraw(first, course)
    assert own.wish is None
    async with desk.work(read_only=True) as uow:
        done = await uow.step_states.find(course, first, own.step.id)
    assert done is not None
    assert not done.is_done


@ON_SQLITE
async def test_what_cannot_be_is_refused_with_what_to_do(desk: Desk):
    sets = await a_course(desk)
    course, put = sets.running.id, sets.wishes.put_forward

    with pytest.raises(LearningError, match=NOT_ON):
        await put(ORLA, course, [TUESDAY], [])
    for can, prefers, said in (
        ([], [], "at least one"),
        ([TUESDAY], [FRIDAY], "must also be one that you can make"),
        (["Sunday night"], [], "half-days of the week"),
    ):
        with pytest.raises(BadTimes, match=said):
            await put(IDS[0], course, can, prefers)
    desk.clock.set(LIVE - timedelta(days=2))
    with pytest.raises(LearningError, match="after your live session"):
        await put(IDS[0], course, [TUESDAY], [])
    desk.clock.set(LIVE + timedelta(days=15))
    with pytest.raises(LearningError, match="has closed"):
        await put(IDS[0], course, [TUESDAY], [])


async def test_everybody_is_placed_apart_from_their_team_as_far_as_may_be(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS)

    errand = await sets.propose()
    book = await sets.book()

    assert "2 sets are proposed. No division of these people is better" in errand.result
    assert sorted(i for some in book.members.values() for i in some) == IDS
    assert all(5 <= len(book.members[s.id]) <= 8 for s in book.proposed)
    assert book.cost == book.bound == 600  # four of each team in two sets: two at least share one
    assert not any(c.met for c in book.candidates.values())
    async with desk.work(read_only=True) as uow:
        [entry] = await uow.journal.latest(5)
    assert (entry.what, entry.after["sets"]) == (What.SETS_PROPOSED, "2")
    assert await desk.owed(Kind.SET_CARD, Kind.SET_SERIES, Kind.SET_CHAT) == []


async def test_the_time_of_a_series_is_one_at_which_nobody_is_busy(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:5], can=[TUESDAY])
    day = _first_day(sets).replace(hour=9)
    for each in IDS[:5]:
        sets.diaries.taken[f"{each}@example.org"] = []
    sets.diaries.taken["p00@example.org"] = [Span(start=day, end=day + timedelta(minutes=30))]

    errand = await sets.propose()

    book = await sets.book()
    [found] = book.proposed
    starts = [m.starts_at.astimezone(LONDON) for m in book.meetings[found.id]]
    assert [f"{at:%A %H:%M}" for at in starts] == ["Tuesday 09:30"] * 6
    assert starts[0].date() == day.date()
    assert "busy" not in errand.result
    assert len(sets.diaries.asked) == 5


def _first_day(sets: Sets) -> datetime:
    """The first Tuesday on which they could meet, after a week's notice."""
    local = sets.desk.clock.now().astimezone(LONDON) + timedelta(days=7)
    return (local + timedelta(days=(1 - local.weekday()) % 7)).replace(
        minute=0, second=0, microsecond=0
    )


@ON_SQLITE
async def test_where_all_times_clash_the_organiser_is_told_the_date(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:5], can=[TUESDAY])
    day = _first_day(sets).replace(hour=9)
    for each in IDS[:5]:
        sets.diaries.taken[f"{each}@example.org"] = [Span(start=day, end=day + timedelta(hours=3))]

    errand = await sets.propose()

    assert f"on {day.day} {day:%B} 5 of its members are busy at that time." in errand.result


@ON_SQLITE
async def test_a_proposal_is_not_stored_when_times_change_under_it(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:6])

    sets.diaries.meanwhile = lambda: sets.wishes.withdraw(IDS[0], sets.running.id)

    errand = await sets.propose()

    assert errand.result == CHANGED
    assert (await sets.book()).proposed == []


async def test_former_set_mates_are_spread(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS)
    await sets.propose()
    await sets.confirm()
    book = await sets.book()
    assert not any(
        c.met for c in book.candidates.values()
    )  # they are together now, for the first time
    first = {frozenset(m) for m in book.members.values()}
    async with desk.work() as uow:
        for each in await uow.sets.of_course(sets.running.id):
            await uow.sets.save_members(
                Member(set_id=m.set_id, person_id=m.person_id, joined_at=MONDAY, left_at=MONDAY)
                for m in await uow.sets.members([each.id])
            )
        await uow.commit()

    await sets.propose()
    book = await sets.book()

    second = {frozenset(book.members[s.id]) for s in book.proposed}
    assert not first & second
    assert all(book.bent(each).met for each in book.proposed)
    assert book.cost > 600
    assert all(len(one & other) <= 4 for one in first for other in second)


async def test_two_organisers_confirm_at_once_and_everybody_is_told_once(
    desk: Desk, other_desk: Desk
):
    sets = await a_course(desk)
    other = the_sets(other_desk, sets.running)
    other_desk.clock.set(MONDAY)
    await sets.put_forward(*IDS)
    await sets.propose()
    book = await sets.book()
    await sets.changes.facilitate(
        "customer", book.proposed[0].id, Person(id=ORLA, name="Orla"), by=ORLA
    )
    seen = (await sets.book()).version

    ended = await asyncio.gather(
        *(each.changes.confirm("customer", by=ORLA, seen=seen) for each in (sets, other)),
        return_exceptions=True,
    )

    [refused] = [e for e in ended if isinstance(e, LearningError)]
    assert str(refused) == NOT_AS_SEEN
    assert [e for e in ended if isinstance(e, int)] == [2]
    told = await desk.told(Kind.SET_CARD)
    assert sorted(str(each) for each in told) == sorted([*IDS, ORLA])
    assert len(await desk.owed(Kind.SET_SERIES)) == 2
    assert len(await desk.owed(Kind.SET_CHAT)) == 2


async def test_who_takes_their_name_back_is_out_of_the_proposal_and_it_is_looked_at_anew(
    desk: Desk,
):
    sets = await a_course(desk)
    await sets.put_forward(*IDS)
    await sets.propose()
    seen = (await sets.book()).version

    await sets.wishes.withdraw(IDS[0], sets.running.id)

    with pytest.raises(LearningError, match="Something has changed"):
        await sets.changes.confirm("customer", by=ORLA, seen=seen)
    book = await sets.book()
    assert IDS[0] not in {i for some in book.members.values() for i in some}
    await sets.confirm()
    with pytest.raises(LearningError, match="in a set already"):
        await sets.put_forward(IDS[1])
    with pytest.raises(LearningError, match="Your set is confirmed"):
        await sets.wishes.withdraw(IDS[1], sets.running.id)


@ON_SQLITE
async def test_a_person_is_moved_against_a_rule_only_knowingly_and_never_to_their_manager(
    desk: Desk,
):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:10])
    await sets.put_forward(*IDS[10:], can=[FRIDAY])
    await sets.propose()
    book = await sets.book()
    friday = next(s for s in book.proposed if s.slot == FRIDAY)
    other = next(s for s in book.proposed if s.id != friday.id)
    who = next(i for i in book.members[friday.id] if i in IDS[10:])
    if other.slot == FRIDAY:
        pytest.skip("both meet on Friday")

    with pytest.raises(Breaches) as asked:
        await sets.move(who, other.id)
    assert f"{other.name}: 1 cannot make {TUESDAY}." in asked.value.lines
    await sets.move(who, other.id, knowingly=True)
    assert (await sets.book()).set_of(who) == other
    boss = (await sets.book()).members[friday.id][0]
    await manages(desk, boss, who)
    with pytest.raises(LearningError, match=WITH_MANAGER):
        await sets.move(who, friday.id, knowingly=True)
    await sets.move(who, None, knowingly=True)
    assert who in (await sets.book()).waiting()


@ON_SQLITE
async def test_who_leads_is_no_member_and_nobodys_manager(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:6])
    await sets.propose()
    [found] = (await sets.book()).proposed
    await manages(desk, ORLA, IDS[2])

    with pytest.raises(LearningError, match="no member of the set"):
        await sets.changes.facilitate("customer", found.id, Person(id=IDS[0]), by=ORLA)
    with pytest.raises(LearningError, match=WITH_MANAGER):
        await sets.changes.facilitate("customer", found.id, Person(id=ORLA), by=ORLA)
    await sets.changes.facilitate(
        "customer", found.id, Person(id=PersonId("fay"), name="Fay"), by=ORLA
    )

    assert (await sets.book()).find(found.id).facilitator_id == "fay"


@ON_SQLITE
async def test_who_leaves_a_set_waits_for_none_and_who_is_taken_out_waits_for_another(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:7])
    await sets.propose()
    await sets.confirm()
    [found] = (await sets.book()).confirmed

    await sets.life.leave(IDS[0], found.id)
    await sets.move(IDS[1], None)

    assert (await sets.book()).waiting() == [IDS[1]]
    assert set((await sets.book()).members[found.id]) == set(IDS[2:7])
    await sets.put_forward(IDS[0])
    assert sorted((await sets.book()).waiting()) == [IDS[0], IDS[1]]


@ON_SQLITE
async def test_nobody_is_told_of_their_set_at_night(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:5])
    await sets.propose()
    desk.clock.set(MONDAY.replace(hour=21))

    await sets.confirm()

    [due] = {n.due_at.astimezone(LONDON) for n in await desk.owed(Kind.SET_CARD)}
    assert (due - MONDAY).days == 0
    assert f"{due:%A %H:%M}" == "Tuesday 07:30"


@ON_SQLITE
async def test_too_few_are_told_why_there_is_no_set(desk: Desk):
    sets = await a_course(desk)
    with pytest.raises(LearningError, match="Nobody waits"):
        await sets.propose()
    await sets.put_forward(*IDS[:3])

    errand = await sets.propose()
    book = await sets.book()

    assert "3 could not be placed" in errand.result
    assert book.why_waiting(IDS[0]) == "only 3 put themselves forward, and a set needs 5."


@ON_SQLITE
async def test_a_set_is_shown_to_its_members_and_who_leads_it_alone(desk: Desk):
    sets = await a_course(desk)
    await sets.put_forward(*IDS[:6])
    await sets.propose()
    [found] = (await sets.book()).proposed
    for who in (IDS[0], ORLA, PersonId("")):
        with pytest.raises(LearningError, match="for its members only"):
            await sets.wishes.view(who, found.id)
    await sets.confirm()

    view = await sets.wishes.view(IDS[0], found.id)

    assert [p.id for p in view.members] == IDS[:6]
    for who in (IDS[7], ORLA, PersonId("")):
        with pytest.raises(LearningError, match="for its members only"):
            await sets.wishes.view(who, found.id)
