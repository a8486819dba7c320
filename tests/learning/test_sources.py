"""What brought a booking, as it is kept and as the report counts it."""

import pytest

from learning.errors import LearningError
from learning.sources import LONGEST, NAMES, Source, channel_of, known, of_champion, tag_of


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("chat", "chat"),
        ("highlights", "highlights"),
        ("nudge", "nudge"),
        ("engage", "engage"),
        ("share", "share"),
        ("champion:k3f9w2xy", "champion:k3f9w2xy"),
        ("champion", "card"),
        ("champion:", "card"),
        ("champion:k3f9", "card"),
        ("champion:k3f9w2xy'; --", "card"),
        ("other", "card"),
        ("Chat", "card"),
        ("", "card"),
        ("somewhere", "card"),
    ],
)
def test_what_comes_from_outside_is_kept_only_if_it_is_known(text: str, kept: str):
    assert known(text) == kept
    assert len(known(text)) <= LONGEST


@pytest.mark.parametrize(
    ("source", "channel"),
    [
        ("chat", Source.CHAT),
        ("card", Source.CHAT),
        ("plan", Source.CHAT),
        ("hub", Source.HUB),
        ("desk", Source.DESK),
        ("champion:k3f9w2xy", Source.CHAMPION),
        ("what an older version wrote", Source.OTHER),
    ],
)
def test_every_source_belongs_to_a_channel_with_a_name(source: str, channel: Source):
    assert channel_of(source) is channel
    assert NAMES[channel_of(source)]


def test_a_tag_goes_into_a_source_and_comes_out_again():
    assert tag_of(of_champion("k3f9w2xy")) == "k3f9w2xy"
    assert tag_of("hub") == ""
    with pytest.raises(LearningError):
        of_champion("../../etc")
