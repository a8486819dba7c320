"""Champions: what answers them and their organisers, put together."""

from __future__ import annotations

from core import Core
from dialogs.booking_answers import BookingAnswers
from dialogs.champion_answers import ChampionAnswers
from services.organisers import Organisers
from services.ports.systems import Colleagues
from services.rosters import Rosters


def champion_answers(
    core: Core, bookings: BookingAnswers, organisers: Organisers, colleagues: Colleagues
) -> ChampionAnswers:
    return ChampionAnswers(
        core.catalogue,
        bookings,
        organisers,
        core.champions,
        Rosters(core.work, core.clock, core.places, colleagues),
        core.clock,
        public_url=core.settings.public_url,
    )
