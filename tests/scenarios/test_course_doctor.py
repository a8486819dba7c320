"""What `doctor` says of programmes over months."""

import pytest

from console.doctor import Off, Wrong
from core import opened
from learning.people import PersonId
from services.ports.course_steps import Sealed
from services.ports.seals import of_person
from tests.support.clocks import MONDAY, FixedClock
from tests.support.courses import enrol, start, the_course
from tests.support.databases import ON_SQLITE
from tests.support.login import Login
from tests.support.product import settings_for
from wiring import course_checks

ASHA = PersonId("asha")


@ON_SQLITE
async def test_doctor_says_whether_what_people_wrote_can_still_be_opened(database_url: str):
    async with Login() as login:
        settings = settings_for(database_url, login)
        other = settings_for(database_url, login, secret_key="another one")
        async with opened(settings, FixedClock()) as core:
            with pytest.raises(Off, match=r"none is imported. docs/programmes.md"):
                await course_checks.finding(core)
            running = await start(core.work, the_course(), MONDAY)
            await enrol(core.work, running, [ASHA], MONDAY)
            async with core.work() as uow:
                await uow.course_answers.save(
                    [
                        Sealed(
                            course_id=running.id,
                            person_id=ASHA,
                            step_id="10-whose-service",
                            question_id="own-line",
                            sealed=core.seals.seal(of_person(ASHA), "2"),
                            changed_at=MONDAY,
                        )
                    ]
                )
                await uow.commit()
            fine = await course_checks.finding(core)
        async with opened(other, FixedClock()) as core:
            with pytest.raises(Wrong, match="sealed under another SECRET_KEY"):
                await course_checks.finding(core)

    assert fine == "1 imported; people enrolled: 1"
