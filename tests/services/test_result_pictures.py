"""Pictures of results: drawn once, waited for a little, and never missed."""

import asyncio
from fractions import Fraction
from pathlib import Path

from integrations.documents import TypstDocuments
from learning.courses.definition import Dimension
from learning.courses.results import Result
from services.result_pictures import ResultPictures

LISTENING = Dimension(id="listening", title="listening", strong="", between="", weak="")
FOUND = [Result(dimension=LISTENING, share=Fraction(1, 2))]


async def test_who_does_not_wait_gets_the_picture_when_they_ask_again():
    pictures = ResultPictures(TypstDocuments(), patience=0)

    first = await pictures.of(FOUND)
    while (drawn := await pictures.of(FOUND)) is None:  # noqa: ASYNC110 -- what is asked is this
        await asyncio.sleep(0)

    assert first is None
    assert drawn.startswith(b"\x89PNG")
    assert await pictures.of(FOUND) is drawn


async def test_where_nothing_can_be_drawn_there_is_no_picture_and_it_is_tried_again(tmp_path: Path):
    tried = tmp_path / "tried"
    broken = tmp_path / "python"
    broken.write_text(f"#!/bin/sh\necho x >> {tried}\nexit 1\n")
    broken.chmod(0o755)
    pictures = ResultPictures(TypstDocuments(python=str(broken)), patience=60)

    assert [await pictures.of(FOUND), await pictures.of(FOUND)] == [b"", b""]
    assert len(tried.read_text().split()) == 2
    assert (
        await ResultPictures(TypstDocuments(python=str(tmp_path / "none")), patience=60).of(FOUND)
        == b""
    )
    assert await pictures.of([]) == b""
