"""What a list was an answer to, as plain JSON: a button carries it, and the memory of a chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from language.calendar import When
from language.commands import Find, Wanted, WhatsOn


def pack(asked: WhatsOn | Find, upto: int = 0) -> dict[str, Any]:
    """`upto` is how many of the list have been shown."""
    about = asked.about if isinstance(asked, WhatsOn) else asked.text
    packed: dict[str, Any] = {"about": about, **pack_days(asked.when)}
    if asked.wanted:
        packed["wanted"] = " ".join(sorted(asked.wanted))
    return packed | ({"start": upto} if upto else {})


def unpack(data: Mapping[str, Any]) -> WhatsOn | Find | None:
    """What was packed; None where it says nothing. Buttons are pressed days later: nonsense is nothing."""
    about, when = str(data.get("about") or ""), unpack_days(data)
    known = {str(w): w for w in Wanted}
    wanted = frozenset(known[w] for w in str(data.get("wanted") or "").split() if w in known)
    if when is not None:
        return WhatsOn(when, about, wanted)
    if about:
        return Find(about, wanted=wanted)
    return WhatsOn(None, "", wanted) if wanted else None


def upto(data: Mapping[str, Any]) -> int:
    """From where on a list goes on."""
    value = data.get("start")
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


def pack_days(when: When | None) -> dict[str, str]:
    if when is None:
        return {}
    packed = {
        "first": when.first.isoformat(),
        "last": when.last.isoformat(),
        "from": f"{when.start:%H:%M}" if when.start else "",
        "until": f"{when.end:%H:%M}" if when.end else "",
    }
    return packed | ({"only": " ".join(d.isoformat() for d in when.only)} if when.only else {})


def unpack_days(data: Mapping[str, Any]) -> When | None:
    """Days that were packed; None where there are none, or nonsense."""
    try:
        return When(
            first=date.fromisoformat(str(data.get("first", ""))),
            last=date.fromisoformat(str(data.get("last", ""))),
            start=_clock(data.get("from")),
            end=_clock(data.get("until")),
            only=tuple(date.fromisoformat(d) for d in str(data.get("only") or "").split()),
        )
    except ValueError:
        return None


def _clock(value: object) -> time | None:
    """A time of day where the person is; a zone that came along is left out."""
    return time.fromisoformat(str(value)).replace(tzinfo=None) if value else None
