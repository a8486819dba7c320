"""The folder of a course, read from disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from integrations.course_folders import read_folder, read_pictures
from learning.courses.reading import CourseReading, read_course


def course_in(folder: Path, timezone: str) -> tuple[CourseReading, Mapping[str, bytes]]:
    """What it says, and its pictures by their names. Raises UnreadableFile."""
    pages = read_folder(folder)
    return read_course(pages, timezone), read_pictures(folder, pages.pictures)
