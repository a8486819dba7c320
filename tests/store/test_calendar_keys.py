"""Keys of people's calendars, on both databases."""

from datetime import UTC, datetime

from learning.people import Person, PersonId
from services.ports.calendar_keys import CalendarKey
from store.unit_of_work import SqlWork

ASHA = PersonId("asha")
NINE = datetime(2026, 5, 18, 9, 0, tzinfo=UTC)


def a_key(name: str = "one", person: PersonId = ASHA) -> CalendarKey:
    return CalendarKey(person_id=person, salt=f"salt {name}", digest=f"digest {name}", made_at=NINE)


async def keep(work: SqlWork, *keys: CalendarKey) -> None:
    async with work() as uow:
        for key in keys:
            await uow.people.save(Person(id=key.person_id))
            await uow.calendar_keys.save(key)
        await uow.commit()


async def test_a_key_is_found_by_its_owner_and_by_its_digest(work: SqlWork):
    await keep(work, a_key(), a_key("two", PersonId("bo")))

    async with work(read_only=True) as uow:
        assert await uow.calendar_keys.find(ASHA) == a_key()
        assert await uow.calendar_keys.with_digest("digest one") == a_key()
        assert await uow.calendar_keys.with_digest("digest") is None
        assert await uow.calendar_keys.find(PersonId("cy")) is None


async def test_another_key_takes_the_place_of_the_one_before(work: SqlWork):
    await keep(work, a_key(), a_key("two"))

    async with work(read_only=True) as uow:
        assert await uow.calendar_keys.find(ASHA) == a_key("two")
        assert await uow.calendar_keys.with_digest("digest one") is None


async def test_a_key_that_is_removed_is_gone(work: SqlWork):
    await keep(work, a_key())

    async with work() as uow:
        await uow.calendar_keys.remove(ASHA)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.calendar_keys.find(ASHA) is None


async def test_a_key_goes_with_its_owner(work: SqlWork):
    await keep(work, a_key())

    async with work() as uow:
        await uow.people.remove(ASHA)
        await uow.commit()

    async with work(read_only=True) as uow:
        assert await uow.calendar_keys.with_digest("digest one") is None
