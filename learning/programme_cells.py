"""One cell of a programme file, as the value that it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from learning import local_time
from learning.sessions import Format

MOST_PLACES = 100_000
YEARS = range(2000, 2101)
EXAMPLE = "Write it as 2026-05-19T10:00."

YES = frozenset({"yes", "y", "true", "1", "1.0", ""})
NO = frozenset({"no", "n", "false", "0", "0.0"})

# Control characters, direction overrides, lone surrogates: they hide text or break what stores it.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
MOMENT = re.compile(r"([0-9W-]+)[Tt ] *([0-9:.,]+) *([Zz]|[+-][0-9:]+)?")


class BadCell(ValueError):
    """What is wrong with the text of a cell, as the rest of a sentence that names the cell."""


def clean(text: str) -> str:
    """The text without what cannot be seen, its lines ended one way."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= 40 else f'"{text[:39]}…"'


def _fitting(text: str, most: int) -> str:
    if len(text) > most:
        raise BadCell(f"has {len(text)} characters where {most} fit. Shorten it.")
    return text


def line_of(most: int) -> Callable[[str], str]:
    return lambda text: _fitting(one_line(text), most)


def code(text: str) -> str:
    written = one_line(text)
    if not written:
        raise BadCell("is missing. Give each session a short code of its own, such as GM1.")
    if not re.fullmatch(r"[A-Za-z0-9._-]+", written):
        raise BadCell(
            f"{_quoted(written)} has characters that a code cannot have. "
            'Use only letters A to Z, digits, ".", "_" and "-".'
        )
    return _fitting(written, 40)


def title(text: str) -> str:
    written = one_line(text)
    if not written:
        raise BadCell("is missing. Give the session a title.")
    return _fitting(written, 200)


def summary(text: str) -> str:
    return _fitting(clean(text), 4000)


def parts(text: str) -> tuple[str, ...]:
    names = _fitting(one_line(text), 1000).split(";")
    return tuple(name.strip() for name in names if name.strip())


def format_named(text: str) -> Format:
    written = one_line(text)
    try:
        return Format(re.sub(r"[ -]+", "_", written.lower()) or Format.TEAMS)
    except ValueError:
        known = ", ".join(Format)
        raise BadCell(f"{_quoted(written)} is not a format. Write one of {known}.") from None


def capacity(text: str) -> int | None:
    number = one_line(text)
    if not number:
        return None
    # Excel and pandas write a whole number as 15.0.
    whole = re.fullmatch(r"\+?([0-9]{1,9})(\.0{1,2})?", number)
    if whole is None or not 1 <= int(whole[1]) <= MOST_PLACES:
        raise BadCell(
            f"{_quoted(number)} is not a number of places. "
            f"Write a whole number from 1 to {MOST_PLACES}, or leave it empty for no limit."
        )
    return int(whole[1])


def link(text: str) -> str:
    written = clean(text)
    if written and not _is_web_address(written):
        raise BadCell(
            f"{_quoted(written)} is not a web address. Write the whole of it, such as "
            "https://www.edx.org."
        )
    return _fitting(written, 2000)


def link_needed(text: str) -> str:
    written = link(text)
    if not written:
        raise BadCell("is missing. An online session needs the address where people join.")
    return written


def _is_web_address(text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    is_web = address.scheme.lower() in ("http", "https") and bool(address.hostname)
    return is_web and not re.search(r"\s", text)


def yes_or_no(text: str) -> bool:
    written = one_line(text)
    if written.lower() not in YES | NO:
        raise BadCell(f"{_quoted(written)} is neither yes nor no. Write yes or no.")
    return written.lower() in YES


def zone_name(text: str) -> str:
    written = one_line(text)
    found = find_zone(written)
    if written and not found:
        raise BadCell(
            f"{_quoted(written)} is not a time zone. Write a name such as Europe/London, "
            "or leave it empty for the organisation's own."
        )
    return found or ""


def find_zone(name: str) -> str | None:
    """The proper name of a time zone, whatever case it was written in."""
    return _zones().get(name.casefold())


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def moment(text: str, zone: ZoneInfo | None, *, is_needed: bool) -> datetime | None:
    """The UTC instant that a cell means in its zone; without a zone, only its form is judged."""
    written = one_line(text)
    if not written:
        if is_needed:
            raise BadCell(f"is missing. {EXAMPLE} Only a self_paced session needs none.")
        return None
    local = _parsed(written)
    return _instant(written, local, zone) if zone else None


def _instant(written: str, local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local time. An offset must be the zone's own; it settles a repeated hour."""
    naive = local.replace(tzinfo=None)
    is_own = local.tzinfo is not None and local.astimezone(zone).replace(tzinfo=None) == naive
    if is_own:
        return local.astimezone(UTC)
    try:
        at = local_time.instant(naive, zone)
    except local_time.SkippedTime:
        trouble = f"does not exist in {zone.key}: the clocks go forward over it."
    except local_time.RepeatedTime:
        trouble = f"happens twice in {zone.key}: the clocks go back over it."
    else:
        if local.tzinfo is None:
            return at
        raise BadCell(
            f"{_quoted(written)} is not the time in {zone.key}. "
            "Write the time there, and leave off what follows it."
        )
    raise BadCell(f"{_quoted(written)} {trouble} Choose another time.")


def _parsed(written: str) -> datetime:
    """The date and time as written, with an offset if one was written."""
    parts = MOMENT.fullmatch(written)
    iso = f"{parts[1]}T{parts[2]}{(parts[3] or '').upper()}" if parts else written
    try:
        local = datetime.fromisoformat(iso)
    except ValueError:
        raise BadCell(f"{_quoted(written)} is not a date and time. {EXAMPLE}") from None
    if parts is None:
        raise BadCell(f"{_quoted(written)} has no time of day. {EXAMPLE}")
    if local.year not in YEARS:
        raise BadCell(f"{_quoted(written)} is in the year {local.year}. {EXAMPLE}")
    return local.replace(microsecond=0)


def moment_text(at: datetime, zone: ZoneInfo) -> str:
    """The text that `moment` reads as this instant: with an offset only where the clock repeats."""
    local = at.astimezone(zone)
    naive = local.replace(tzinfo=None)
    try:
        local_time.instant(naive, zone)
    except local_time.RepeatedTime:
        return _short(local)
    return _short(naive)


def _short(at: datetime) -> str:
    return at.isoformat(timespec="seconds" if at.second else "minutes")
