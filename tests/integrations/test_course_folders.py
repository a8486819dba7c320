"""A folder of Markdown as pages: what stands where, and what cannot be read."""

from pathlib import Path

import pytest

from integrations.course_folders import LARGEST_PAGE, MOST_FILES, read_folder, read_page
from learning.courses.pages import Fence, Heading, Image, Scalar, Sequence, Text
from learning.errors import UnreadableFile

PAGE = """---
title: A page
remind:
  - 2 days before
---

A first paragraph,
over two lines.

## A screen

- one
- two

![A queue at a counter](queue.png)

```scale
id: how-often
ask: How often?
```
"""


def front(text: str) -> dict[str, object]:
    values = read_page("page", f"---\n{text}\n---\n").front
    return {key.text: value.text for key, value in values.pairs if isinstance(value, Scalar)}


def test_a_page_is_its_front_matter_and_its_parts_each_with_its_line():
    page = read_page("page", PAGE)

    remind = page.front.get("remind")
    assert isinstance(remind, Sequence)
    assert page.front.get("title") == Scalar(text="A page", line=2)
    assert remind.items == (Scalar(text="2 days before", line=4),)
    assert page.parts[:4] == (
        Text(text="A first paragraph,\nover two lines.", line=7),
        Heading(text="A screen", level=2, line=10),
        Text(text="- one\n- two", line=12),
        Image(file="queue.png", alt="A queue at a counter", line=15),
    )
    fence = page.parts[4]
    assert isinstance(fence, Fence)
    assert (fence.kind, fence.line) == ("scale", 17)
    assert fence.values.get("ask") == Scalar(text="How often?", line=19)
    assert not page.faults


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("say: Those that slip, slip quietly: say so.", "Those that slip, slip quietly: say so."),
        ('say: He said "no": twice', 'He said "no": twice'),
        ("say: The #1 question is # this", "The #1 question is # this"),
        ("say: a back\\slash: here", "a back\\slash: here"),
        ("say: no", "no"),
        ("say: 2027-03-10", "2027-03-10"),
        ("say: 'quoted: already'", "quoted: already"),
    ],
)
def test_a_sentence_needs_no_quotation_marks(line: str, value: str):
    assert front(line) == {"say": value}


def test_names_are_found_however_they_are_written():
    page = read_page("page", "---\nSelf-facilitating from: 4\n---\n")

    assert page.front.get("self_facilitating_from") == Scalar(text="4", line=2)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("No front matter", 1, "does not begin with its front matter"),
        ("", 1, "does not begin with its front matter"),
        ("---\ntitle: A\n", 1, "front matter without an end"),
        ("---\ntitle: [A\n---\n", 2, "cannot be understood"),
        ("---\njust words\n---\n", 2, "needs lines such as title: A title."),
        ("---\na: &x [*x]\n---\n", 2, "cannot be understood"),
        ("---\ntitle: A\n---\n\n> A quotation\n", 5, "Teams would not show this"),
        ("---\ntitle: A\n---\n\n***\n", 5, "Teams would not show this"),
        ("---\ntitle: A\n---\n\n```scale\nid: [x\n```\n", 6, "cannot be understood"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, line: int, message: str):
    [fault] = read_page("page", text).faults

    assert (fault.page, fault.line) == ("page", line)
    assert message in fault.message


def test_a_tag_in_the_front_matter_brings_nothing_to_life():
    assert front("say: !!python/object/apply:os.getcwd []") == {}


def test_a_folder_is_its_pages_in_order_and_the_names_of_its_pictures(tmp_path: Path):
    for name in ("20-second.md", "10-first.md", "README.md", "notes.txt", ".hidden.md"):
        (tmp_path / name).write_text("---\ntitle: A\n---\n", "utf-8")
    (tmp_path / "queue.png").write_bytes(b"\x89PNG")

    folder = read_folder(tmp_path)

    assert [page.name for page in folder.pages] == ["10-first", "20-second"]
    assert folder.pictures == {"queue.png"}


def test_a_folder_that_cannot_be_read_says_why(tmp_path: Path):
    def trouble() -> str:
        with pytest.raises(UnreadableFile) as caught:
            read_folder(tmp_path)
        return str(caught.value)

    assert "has no pages" in trouble()
    page = tmp_path / "page.md"
    page.write_bytes("---\ntitle: Café\n---\n".encode("cp1252"))
    assert "page.md is not written in UTF-8" in trouble()
    page.write_bytes(b"x" * (LARGEST_PAGE + 1))
    assert "page.md is too large" in trouble()
    page.unlink()
    tmp_path.rmdir()
    assert "cannot be read" in trouble()
    tmp_path.mkdir()
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.md").touch()
    assert f"has {MOST_FILES + 1} files" in trouble()
