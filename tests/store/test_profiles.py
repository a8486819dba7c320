"""That what the directory told is kept, found again when it is old, and forgotten."""

from dataclasses import replace
from datetime import timedelta

from learning.people import PersonId
from learning.profiles import Profile
from store.unit_of_work import SqlWork
from tests.support.builders import meet
from tests.support.clocks import MONDAY

ASHA = Profile(
    person_id=PersonId("asha"),
    department="Gofal – «ŷ»",
    office="Town Hall",
    manager_id="bo",
    language="cy-GB",
    read_at=MONDAY,
)


async def keep(work: SqlWork, *profiles: Profile) -> None:
    async with work() as uow:
        await uow.profiles.save(profiles)
        await uow.commit()


async def test_a_profile_comes_back_as_it_was_and_as_it_is_now(work: SqlWork):
    await meet(work, "asha")
    moved = replace(ASHA, office="The Depot", read_at=MONDAY + timedelta(days=5))

    await keep(work, ASHA)
    async with work(read_only=True) as uow:
        first = await uow.profiles.find(ASHA.person_id)
    await keep(work, moved)

    async with work(read_only=True) as uow:
        assert (first, await uow.profiles.find(ASHA.person_id)) == (ASHA, moved)
        assert await uow.profiles.find(PersonId("bo")) is None


async def test_more_than_a_column_holds_is_cut_and_who_is_unknown_is_left_out(work: SqlWork):
    await meet(work, "asha")

    await keep(work, replace(ASHA, department="x" * 999), replace(ASHA, person_id=PersonId("bo")))
    await keep(work)

    async with work(read_only=True) as uow:
        found = await uow.profiles.find(ASHA.person_id)
        assert found == replace(ASHA, department="x" * 300)
        assert await uow.profiles.find(PersonId("bo")) is None


async def test_who_was_never_asked_about_and_who_was_long_ago_are_found_in_pages(work: SqlWork):
    await meet(work, "asha", "bo", "cy", "di", "29:channel")
    await keep(
        work,
        replace(ASHA, person_id=PersonId("bo"), read_at=MONDAY - timedelta(days=7)),
        replace(ASHA, person_id=PersonId("cy")),
    )

    async with work(read_only=True) as uow:
        old = await uow.profiles.old(MONDAY, after=PersonId(""), limit=2)
        rest = await uow.profiles.old(MONDAY, after=PersonId("bo"), limit=2)
        assert (old, rest) == (["asha", "bo"], ["di"])
        assert await uow.profiles.never_read(1) == ["asha"]
        assert await uow.profiles.never_read(9) == ["asha", "di"]


async def test_who_is_forgotten_is_nobodys_manager_either(work: SqlWork):
    await meet(work, "asha", "bo")
    await keep(work, ASHA, replace(ASHA, person_id=PersonId("bo"), manager_id=""))

    async with work() as uow:
        await uow.profiles.remove(PersonId("bo"))
        await uow.people.remove(PersonId("bo"))
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.profiles.find(PersonId("bo")) is None
        assert await uow.profiles.find(PersonId("asha")) == replace(ASHA, manager_id="")


async def test_a_replica_of_the_version_before_can_forget_people_too(work: SqlWork):
    """It knows nothing of profiles."""
    await meet(work, "asha")
    await keep(work, ASHA)

    async with work() as uow:
        await uow.people.remove(ASHA.person_id)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.profiles.find(ASHA.person_id) is None
