"""Documents as they come out of Typst: what a reader of PDF and a screen reader find in them."""

import asyncio
import os
import re
import struct
import zlib
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from integrations.documents import MISSING, TOO_LONG, TypstDocuments
from integrations.typesetting import draw
from learning.drawings import Bar, Certificate, Chart, Document, Fill
from learning.errors import LearningError
from learning.report_document import document
from tests.support.reports import a_report

LONDON = ZoneInfo("Europe/London")
SVG = "{http://www.w3.org/2000/svg}"


def a_certificate(name: str = "Asha", sessions: int = 2) -> Certificate:
    return Certificate(
        name=name,
        edition="Learning at Work Week 2026",
        organisation="The Council",
        rows=tuple((f"Session {n}", "18 May 2026", "1.25 hours") for n in range(sessions)),
        total=f"{sessions} sessions",
    )


def a_chart(name: str = "one", *parts: tuple[Fill, int]) -> Chart:
    drawn = tuple((fill, Decimal(amount)) for fill, amount in parts or ((Fill.SOLID, 3),))
    bar = Bar(label="Housing", parts=drawn, says="3")
    return Chart(name=name, title="Who came", alt="One bar", bars=(bar,), top=Decimal(4))


def objects(pdf: bytes) -> str:
    """Everything that describes the file, its compressed parts unpacked."""
    found = [pdf.decode("latin-1")]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(found)


def structure(pdf: bytes) -> list[str]:
    """The roles of what the file is made of, as a screen reader is told them."""
    return re.findall(r"/S\s*/(\w+)", objects(pdf))


def pages(pdf: bytes) -> int:
    return len(re.findall(r"/Type\s*/Page\b", objects(pdf)))


async def test_the_report_is_a_pdf_that_a_screen_reader_can_read():
    shown = document(a_report(), LONDON)

    pdf = await TypstDocuments().report(shown)

    said, roles = objects(pdf), structure(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert re.search(r"/Marked\s+true", said)
    assert "/Lang(en-GB)" in said
    assert "/DisplayDocTitle true" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert shown.title in said
    assert roles.count("H1") == 1
    assert roles.count("H2") == len(shown.sections) + 2
    assert roles.count("Table") == sum(len(section.sheets) for section in shown.sections)
    assert roles.count("Figure") == said.count("/Alt") == len(shown.charts)
    assert "TH" in roles


async def test_what_people_typed_is_never_taken_for_instructions():
    hostile = '#read("/etc/passwd") *bold* _x_ $1$ `code` <label> @ref \\ // gone ]}'
    shown = Document(title=hostile, subtitle=hostile, made=hostile, notes=(hostile,))

    pdf = await TypstDocuments().report(shown)

    # Parentheses are written with a backslash before them.
    said = objects(pdf).replace("\\(", "(").replace("\\)", ")").replace("\\\\", "\\")
    assert f"/Title({hostile})" in said


async def test_a_certificate_of_many_sessions_goes_over_several_pages():
    documents = TypstDocuments()

    short = await documents.certificate(a_certificate())
    long = await documents.certificate(a_certificate(sessions=80))

    assert (pages(short), pages(long)) == (1, 3)
    assert "Certificate of attendance" in objects(short)
    assert structure(short).count("TR") == 1 + 2


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị", "Łukasz", "Ọlá", "Шевченко", "محمد", "学习 🎉", "A\x07B", ""]
)
async def test_every_name_comes_out(name: str):
    pdf = await TypstDocuments().certificate(a_certificate(name))

    assert pdf.startswith(b"%PDF-")


async def test_charts_are_pictures_each_by_its_name():
    charts = [a_chart("one"), a_chart("two", (Fill.SOLID, 1), (Fill.HATCHED, 2), (Fill.DOTTED, 1))]

    drawn = await TypstDocuments().charts(charts)

    assert list(drawn) == ["one", "two"]
    trees = {name: ElementTree.fromstring(svg) for name, svg in drawn.items()}  # noqa: S314 -- our own
    assert {tree.tag for tree in trees.values()} == {f"{SVG}svg"}
    patterns = {name: len(list(tree.iter(f"{SVG}pattern"))) for name, tree in trees.items()}
    assert patterns["one"] == 0
    assert patterns["two"] == 2
    for svg in drawn.values():
        names = set(re.findall(rb'id="(\w+)"', svg))
        assert set(re.findall(rb'(?:href="#|url\(#)(\w+)', svg)) <= names


async def test_the_same_figures_are_drawn_once():
    documents = TypstDocuments()
    first = await documents.charts([a_chart()])

    assert await documents.charts([a_chart()]) is first
    assert await documents.charts([a_chart("two")]) is not first


async def test_nothing_to_draw_asks_for_nothing(tmp_path: Path):
    assert await TypstDocuments(python=str(tmp_path / "none")).charts([]) == {}


async def test_without_the_package_it_says_what_to_install(tmp_path: Path):
    bare = tmp_path / "python"
    bare.write_text(f"#!/bin/sh\nexit {draw.MISSING}\n")
    bare.chmod(0o755)

    with pytest.raises(LearningError, match=re.escape(MISSING)):
        await TypstDocuments(python=str(bare)).report(document(a_report(), LONDON))


async def test_what_takes_too_long_is_broken_off(tmp_path: Path):
    slow, marker = tmp_path / "python", tmp_path / "pid"
    slow.write_text(f"#!/bin/sh\necho $$ > {marker}\nexec sleep 600\n")
    slow.chmod(0o755)

    with pytest.raises(LearningError, match=re.escape(TOO_LONG)):
        await TypstDocuments(python=str(slow), seconds=2).certificate(a_certificate())

    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)


async def test_many_at_once_all_get_their_document():
    documents = TypstDocuments()

    made = await asyncio.gather(*(documents.certificate(a_certificate(f"P{n}")) for n in range(5)))

    assert [pdf[:5] for pdf in made] == [b"%PDF-"] * 5


def test_letters_that_no_font_has_are_shown_as_boxes_and_pictures_go():
    unknown = draw.letters(
        'the text `"学"` could not be displayed; the text `"\\u{7}"` could not be displayed; '
        'the text `"🎉"` could not be displayed'
    )

    assert unknown == {"学", "\x07", "🎉"}
    assert draw.without({"name": ["学 Asha\x07 🎉", 3]}, unknown) == {"name": ["□ Asha", 3]}


async def test_a_picture_is_small_enough_for_a_card_and_600_dots_wide():
    png = await TypstDocuments().picture(
        a_chart("one", (Fill.SOLID, 1), (Fill.HATCHED, 2), (Fill.DOTTED, 1))
    )

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, bits, palette = struct.unpack(">IIBB", png[16:26])
    assert (width, bits, palette) == (600, 4, 3)
    assert 80 <= height <= 600
    assert len(png) < 8 * 1024


def test_a_picture_in_shades_is_the_same_picture_whatever_filters_it_came_with():
    """Each line with another of PNG's five filters, of dots that are all unlike."""
    width, step = 7, 17
    dots = [[(x * 40 + y * 90) % 256 for x in range(width)] for y in range(10)]
    raw, above = b"", [0] * width * 4
    for y, reds in enumerate(dots):
        line = [part for red in reds for part in (max(red, draw.INK[0]), 0, 0, 255)]
        kept = [
            (part - guessed(y % 5, line[i - 4] if i >= 4 else 0, up, above[i - 4] if i >= 4 else 0))
            % 256
            for i, (part, up) in enumerate(zip(line, above, strict=True))
        ]
        raw += bytes([y % 5, *kept])
        above = line

    made = draw.in_shades(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(dots), 8, 6, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )

    packed = zlib.decompress(made[made.index(b"IDAT") + 4 : made.index(b"IEND") - 8])
    stride = 1 + (width + 1) // 2
    for y, reds in enumerate(dots):
        line = packed[y * stride + 1 : (y + 1) * stride]
        shades = [nibble for byte in line for nibble in (byte >> 4, byte & 15)][:width]
        palette = [255 - (255 - draw.INK[0]) * shade // 15 for shade in shades]
        for shown, red in zip(palette, reds, strict=True):
            assert abs(shown - max(red, draw.INK[0])) <= step


def guessed(way: int, left: int, up: int, corner: int) -> int:
    """What a filter takes off, as the PNG specification words it."""
    estimate = left + up - corner
    nearest = min((left, up, corner), key=lambda each: abs(estimate - each))
    return [0, left, up, (left + up) // 2, nearest][way]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
