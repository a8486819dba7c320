"""What the measure takes for today's answers is what the product answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from dialogs import asked as packed
from dialogs.booking_answers import BookingAnswers
from dialogs.programme_answers import ProgrammeAnswers
from dialogs.reply import Asker, Purpose, Reply
from language import commands
from language.context import Context
from language.understanding import understand
from learning.people import Person, PersonId
from learning.sessions import SessionId
from store.engine import Database
from tests.services.desk import Desk, a_desk
from tests.support.databases import ON_SQLITE
from tests.understanding import lines
from tests.understanding.lines import FILES, PROGRAMMES, ZONE, Line, read_lines
from tests.understanding.today import meaning, today

pytestmark = ON_SQLITE

LONG_BEFORE = timedelta(days=60)
"""When people booked what they have: some of it is under way when they write."""


@pytest.mark.parametrize("programme", PROGRAMMES)
async def test_the_product_offers_what_the_measure_says(database: Database, programme: str):
    asked = [x for path in FILES.values() for x in read_lines(path) if x.programme == programme]
    said: dict[str, Sequence[str]] = {}
    measured: dict[str, Sequence[str]] = {}

    async with a_desk(database) as desk:
        stored = await desk.publish(*lines.reading(programme).details)
        desk.catalogue.learn(meaning())
        await desk.catalogue.programme()
        await desk.catalogue.settled()
        codes = {session.id: session.code for session in stored}
        people = await desk.meet(*(line.id for line in asked))
        for line, person_id in zip(asked, people, strict=True):
            reply = await _reply(desk, person_id, line, {code: i for i, code in codes.items()})
            if reply is not None:
                asks_which = reply.question is not None and reply.question.purpose is Purpose.CANCEL
                said[line.id] = [] if asks_which else [codes[i] for i in reply.shown][:3]
                measured[line.id] = list(today(line).parts[0].codes[:3])

    assert said == measured
    assert len(said) > 100


async def _reply(
    desk: Desk, person_id: PersonId, line: Line, ids: dict[str, SessionId]
) -> Reply | None:
    """What the dialogs would say to a person who has met nothing but this line's own past."""
    desk.clock.set(line.now - LONG_BEFORE)
    for code in line.booked:
        await desk.bookings.book(person_id, ids[code], despite_clash=True)
    desk.clock.set(line.now)
    asker = Asker(
        person=Person(id=person_id), zone=ZONE, programme=await desk.catalogue.programme()
    )
    programme = ProgrammeAnswers(desk.catalogue, desk.bookings, desk.clock)
    booking = BookingAnswers(desk.catalogue, desk.bookings, desk.clock)
    shown = [ids[code] for code in line.shown]
    before = desk.catalogue.context(asker.programme, ZONE)
    kept = await _kept(programme, asker, line, shown, before)
    context = desk.catalogue.context(
        asker.programme, ZONE, asked=packed.unpack(kept or {}), shown=len(shown)
    )
    match understand(line.utterance, context):
        case commands.WhatsOn() as wanted:
            return await programme.whats_on(asker, wanted)
        case commands.Find(text=text, when=when, wanted=wanted) as find:
            is_name = when is None and not wanted
            named = await booking.named(asker, text, shown) if is_name else None
            if named is not None:
                return await programme.show(asker, named.id)
            return await programme.find(asker, find)
        case commands.More():
            return await programme.more_of(asker, kept, shown)
        case commands.Another(than=than, what=what):
            return await programme.others(asker, what, shown, than)
        case commands.Book(what=what):
            return await booking.book_named(asker, what, shown)
        case commands.Cancel(what=what):
            return await booking.cancel_named(asker, what, shown)
        case _:
            return None


async def _kept(
    programme: ProgrammeAnswers,
    asker: Asker,
    line: Line,
    shown: Sequence[SessionId],
    before: Context,
) -> Mapping[str, Any] | None:
    """What a chat would remember of the answer to what was typed before."""
    match understand(line.before, before) if line.before else None:
        case commands.WhatsOn() as wanted:
            reply = await programme.whats_on(asker, wanted)
        case commands.Find() if len(shown) == 1:
            reply = await programme.show(asker, shown[0])
        case commands.Find() as find:
            reply = await programme.find(asker, find)
        case _:
            return None
    return packed.pack(reply.asked, len(shown)) if reply.asked else None
