"""A folder of Markdown pages with YAML before them, as the pages of a course."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from learning.courses import pages
from learning.courses.pages import Fence, Folder, Heading, Image, Page, PageFault, Part, Text
from learning.errors import UnreadableFile

PICTURES = frozenset({".png", ".jpg", ".jpeg"})
"""What Teams shows in a card."""

LARGEST_PAGE, LARGEST_PICTURE = 256 * 1024, 1024 * 1024
MOST_FILES = 200
DEEPEST = 8

MARK = "---"


def read_folder(folder: Path) -> Folder:
    """Every page of it, in the order of names. Raises UnreadableFile."""
    try:
        files = sorted(f for f in folder.iterdir() if f.is_file() and not f.name.startswith("."))
        sizes = {file.name: file.stat().st_size for file in files}
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}.") from error
    if len(files) > MOST_FILES:
        raise UnreadableFile(f"has {len(files)} files where {MOST_FILES} may be.")
    written = [
        f for f in files if f.suffix.casefold() == ".md" and f.name.casefold() != "readme.md"
    ]
    if not written:
        raise UnreadableFile("has no pages. A programme is a folder of files that end in .md.")
    large = [f for f in written if sizes[f.name] > LARGEST_PAGE]
    for file in files:
        if file.suffix.casefold() in PICTURES and sizes[file.name] > LARGEST_PICTURE:
            large.append(file)
    if large:
        raise UnreadableFile(f"{large[0].name} is too large. Make it smaller or split it.")
    return Folder(
        pages=tuple(read_page(file.stem, _text(file)) for file in written),
        pictures=frozenset(f.name for f in files if f.suffix.casefold() in PICTURES),
    )


def read_pictures(folder: Path, pictures: Iterable[str]) -> dict[str, bytes]:
    """The content of these files beside the pages. Raises UnreadableFile."""
    try:
        return {name: (folder / name).read_bytes() for name in pictures}
    except OSError as error:
        raise UnreadableFile(f"{error.filename} cannot be read: {error.strerror}.") from error


def read_page(name: str, text: str) -> Page:
    """One page; what cannot be read of it is among its faults."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != MARK:
        message = "does not begin with its front matter. Put a line of --- before and after it."
        return Page(name=name, front=pages.Mapping(), faults=(_fault(name, 1, message),))
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == MARK), 0)
    if not end:
        message = "has front matter without an end. Put a line of --- after it."
        return Page(name=name, front=pages.Mapping(), faults=(_fault(name, 1, message),))
    faults: list[PageFault] = []
    front = _values(name, lines[1:end], 1, faults)
    parts = tuple(_parts(name, lines[end + 1 :], end + 1, faults))
    return Page(name=name, front=front, parts=parts, faults=tuple(faults))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{file.name} is not written in UTF-8. Save it so.") from error
    except OSError as error:
        raise UnreadableFile(f"{file.name} cannot be read: {error.strerror}.") from error


def _values(name: str, lines: Sequence[str], before: int, faults: list[PageFault]) -> pages.Mapping:
    """YAML in which every value is text: no `no` becomes a number, and no date a moment."""
    try:
        # The loader makes nothing but nodes here: no tag brings an object to life.
        composed = yaml.SafeLoader("\n".join(map(_quoted, lines))).get_single_node()
        found = None if composed is None else _node(composed, before)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        message = (
            f"cannot be understood: {error.problem or 'not in order'}. Check colons and quotes."
        )
        faults.append(_fault(name, before + at + 1, message))
        return pages.Mapping(line=before + 1)
    except (yaml.YAMLError, _TooDeep) as error:
        faults.append(_fault(name, before + 1, f"cannot be understood: {error}."))
        return pages.Mapping(line=before + 1)
    if found is None:
        return pages.Mapping(line=before + 1)
    if isinstance(found, pages.Mapping):
        return found
    faults.append(_fault(name, before + 1, "needs lines such as title: A title."))
    return pages.Mapping(line=before + 1)


_SENTENCE = re.compile(
    r"(\s*(?:-\s+)?[\w-]+:\s+|\s*-\s+(?![\w-]+:))"
    r"""([^\s'"\[{|>&*!%@`#-].*(?::\s| \#).*)"""
)
"""A plain value that YAML would break in two at its colon, or cut off at its number sign."""


def _quoted(line: str) -> str:
    """People write sentences, with colons in them, where YAML wants quotation marks."""
    found = _SENTENCE.fullmatch(line.rstrip())
    if found is None:
        return line
    value = found[2].replace("\\", "\\\\").replace('"', '\\"')
    return f'{found[1]}"{value}"'


class _TooDeep(Exception):
    """More within each other than anything of ours has, or something within itself."""


def _node(node: yaml.Node, before: int, depth: int = 0) -> pages.Node:
    if depth > DEEPEST:
        raise _TooDeep("there is too much within each other")
    line = before + node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            return pages.Mapping(
                pairs=tuple(
                    (_key(key, before), _node(value, before, depth + 1))
                    for key, value in node.value
                ),
                line=line,
            )
        case yaml.SequenceNode():
            items = tuple(_node(item, before, depth + 1) for item in node.value)
            return pages.Sequence(items=items, line=line)
        case _:
            return pages.Scalar(text=str(node.value).strip(), line=line)


def _key(node: yaml.Node, before: int) -> pages.Scalar:
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    return pages.Scalar(text=text, line=before + node.start_mark.line + 1)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["html_block", "html_inline"])


def _parts(name: str, lines: Sequence[str], before: int, faults: list[PageFault]) -> Iterator[Part]:
    tokens = _MARKDOWN.parse("\n".join(lines))
    for number, token in enumerate(tokens):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        line = before + token.map[0] + 1
        written = "\n".join(lines[token.map[0] : token.map[1]]).strip()
        match token.type:
            case "heading_open":
                yield Heading(text=tokens[number + 1].content, level=int(token.tag[1]), line=line)
            case "paragraph_open":
                yield _paragraph(tokens[number + 1], line)
            case "bullet_list_open" | "ordered_list_open":
                yield Text(text=written, line=line)
            case "fence":
                inner = token.content.rstrip("\n").split("\n")
                values = _values(name, inner, line, faults)
                yield Fence(kind=token.info.strip().casefold(), values=values, line=line)
            case _:
                message = "Teams would not show this. Write it as a paragraph or a list."
                faults.append(_fault(name, line, message))


def _paragraph(inline: Token, line: int) -> Part:
    inner = inline.children or []
    if len(inner) == 1 and inner[0].type == "image":
        source = str(inner[0].attrs.get("src", ""))
        return Image(file=PurePosixPath(source).as_posix(), alt=inner[0].content, line=line)
    return Text(text=inline.content, line=line)


def _fault(page: str, line: int, message: str) -> PageFault:
    return PageFault(page=page, line=line, message=message)
