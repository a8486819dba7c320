"""Activities between JSON and the SDK's own classes, by the SDK's own tables of their fields.

The SDK's reader and writer (msrest) take several milliseconds for one card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from botbuilder import schema
from botbuilder.schema import Activity
from botbuilder.schema.teams import TeamsChannelData
from msrest.exceptions import DeserializationError  # pyright: ignore[reportPrivateImportUsage] -- where its documentation has it
from msrest.serialization import Model

Read = Callable[[Any], Any]


class BadActivity(ValueError):
    """The body is not an activity that anybody can answer."""


def read_activity(raw: bytes) -> Activity:
    """The activity in a request's body. Raises BadActivity, saying what is missing."""
    try:
        body = json.loads(raw)
        if _NO_CHARACTER.search(raw):
            body = _readable(body)
    except (ValueError, RecursionError) as error:
        raise BadActivity("This is not JSON.") from error
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise BadActivity("This is not an activity: it has no type.")
    for name, inner in (("conversation", "id"), ("from", "id")):
        part: Any = body.get(name)
        if not isinstance(part, dict) or not isinstance(part.get(inner), str) or not part[inner]:
            raise BadActivity(f"This activity has no {name}.{inner}.")
    for name in ("serviceUrl", "channelId"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise BadActivity(f"This activity has no {name}.")
    try:
        activity: Activity = _model(Activity)(body)
        activity.channel_data = activity.channel_data or {}
        if activity.type not in _WITHOUT_CHANNEL_DATA:
            TeamsChannelData().deserialize(activity.channel_data)
        return activity
    except (DeserializationError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise BadActivity("This activity has a part of the wrong kind.") from error


def plain(value: Any) -> Any:
    """An activity, or a part of one, as JSON takes it; what is not set is left out."""
    if isinstance(value, Model):
        parts = ((key, getattr(value, name)) for key, name in _written(type(value)))
        return {key: plain(part) for key, part in parts if part is not None}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value


_WITHOUT_CHANNEL_DATA = frozenset({"message", "invoke"})
"""Of these the SDK does not read what Teams adds to an activity; of others it does, and must be able to."""

_NO_CHARACTER = re.compile(rb"\\u(?:d[89a-f]|0000)|\xed[\xa0-\xbf]", re.IGNORECASE)


def _readable(part: Any) -> Any:
    """Without halves of surrogate pairs and NULs: they cannot be sent on, nor stored everywhere."""
    match part:
        case str():
            return part.encode("utf-8", "replace").decode().replace("\0", "")
        case list():
            return [_readable(inner) for inner in part]
        case dict():
            return {_readable(name): _readable(inner) for name, inner in part.items()}
        case _:
            return part


def _table(kind: type[Model]) -> dict[str, dict[str, str]]:
    return kind._attribute_map  # pyright: ignore[reportPrivateUsage] -- the SDK's models declare it


@cache
def _written(kind: type[Model]) -> list[tuple[str, str]]:
    return [(field["key"], name) for name, field in _table(kind).items()]


@cache
def _model(kind: type[Model]) -> Read:
    """Reads a part of this kind; fields that the SDK does not know are its additional properties."""
    fields = {f["key"]: (name, _reader(f["type"])) for name, f in _table(kind).items()}

    def read(part: Any) -> Model:
        known: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for key, value in _a(dict, part).items():
            if value is None:
                continue
            if field := fields.get(key):
                name, of = field
                known[name] = of(value)
            else:
                others[key] = value
        made = kind(**known)
        made.additional_properties = others
        return made

    return read


def _reader(kind: str) -> Read:
    """How a field of this msrest type is read. All raise TypeError or ValueError."""
    if kind.startswith("["):
        one = _reader(kind[1:-1])
        return lambda value: [one(part) for part in _a(list, value) if part is not None]
    match kind:
        case "str":
            return _words
        case "int" | "bool":
            return lambda value: _a(int, value)
        case "iso-8601":
            return datetime.fromisoformat
        case _ if hasattr(schema, kind):
            return lambda value: _model(getattr(schema, kind))(value)
        case _:
            return lambda value: value


def _words(value: Any) -> str:
    """Teams' own fields hold text; a number in one of them is read as it is written."""
    return value if isinstance(value, str) else str(_a((int, float), value))


def _a(kind: type | tuple[type, ...], value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{kind} expected")
    return value
