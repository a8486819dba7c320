"""What we send, held against Microsoft's own descriptions and our house rules."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jsonschema import Draft6Validator, Draft202012Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.support.card_parts import OPAQUE, parts
from tests.support.shapes import Fits, shape

CONTRACTS = Path(__file__).parent.parent / "contracts"
CARD_BYTES = 28 * 1024
REFRESHED_PEOPLE = 60


def card_faults(card: Mapping[str, Any]) -> list[str]:
    """What is wrong with a card; nothing if Teams and the house would take it."""
    return list(_faults_in(json.dumps(card)))


@lru_cache(maxsize=2000)
def _faults_in(text: str) -> tuple[str, ...]:
    """Told from the text, because the same cards come by again and again, and checking one is slow."""
    card = json.loads(text)
    without_teams = _plain({key: card[key] for key in card if key != "msteams"})
    faults = [] if card_shape()(without_teams) else _schema_faults(without_teams)
    faults += [f"{path}: {fault}" for path, part in parts(card) for fault in _house(path, part)]
    faults += _whole_card(card)
    return tuple(dict.fromkeys(faults))


def _schema_faults(card: Any) -> list[str]:
    """What the schema says; slowly, and therefore only of a card that is known to be wrong."""
    faults = [fault for error in card_schema().iter_errors(card) for fault in _told(error)]
    return faults or ["card: is not what the schema describes"]


@cache
def card_schema() -> Draft6Validator:
    return Draft6Validator(_card_document())


@cache
def card_shape() -> Fits:
    return shape(_card_document())


@cache
def _card_document() -> dict[str, Any]:
    return json.loads((CONTRACTS / "adaptive-card.schema.json").read_text("utf-8"))


def _plain(part: Any) -> Any:
    """The card without what only Teams knows."""
    match part:
        case dict():
            return {
                key: inner if key in OPAQUE else _plain(inner)
                for key, inner in part.items()
                if key not in ("targetWidth", "choices.data")
            }
        case list():
            return [_plain(inner) for inner in part]
        case _:
            return part


def _told(error: ValidationError) -> Iterator[str]:
    """Say what is wrong in the one alternative that was meant, judged by its type."""
    alternatives: dict[Any, list[ValidationError]] = defaultdict(list)
    for inner in error.context or ():
        alternatives[inner.schema_path[0]].append(inner)
    meant = [
        errors
        for errors in alternatives.values()
        if not any(list(each.relative_path) == ["type"] for each in errors)
    ]
    if meant:
        for inner in min(meant, key=len):
            yield from _told(inner)
    else:
        yield f"{error.json_path}: {_short(error.message)}"


def _short(message: str) -> str:
    """The schema's messages quote the whole value before they say what is wrong with it."""
    return message if len(message) < 300 else f"{message[:100]} … {message[-150:]}"


def _whole_card(card: Mapping[str, Any]) -> Iterator[str]:
    if card.get("type") != "AdaptiveCard":
        yield "card: not an AdaptiveCard"
    if card.get("version") != "1.5":
        yield f"card: version is {card.get('version')!r}, not '1.5'"
    size = len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
    if size >= CARD_BYTES:
        yield f"card: {size} bytes, the limit is {CARD_BYTES}"
    ids = Counter(
        part.get("id") for _, part in parts(dict(card)) if str(part["type"]).startswith("Input.")
    )
    yield from (f"card: {ids[id]} inputs are called {id!r}" for id in ids if ids[id] > 1)
    people = card.get("refresh", {}).get("userIds", [])
    if len(people) > REFRESHED_PEOPLE:
        yield f"card: refreshed for {len(people)} people, Teams takes {REFRESHED_PEOPLE}"


def _house(path: str, part: dict[str, Any]) -> Iterator[str]:
    kind = str(part["type"])
    if kind == "Image" and not part.get("altText"):
        yield "an image without altText"
    if kind.startswith("Input.") and not part.get("label"):
        yield "an input without a label"
    if kind == "TextBlock" and part.get("wrap") is not True and "maxLines" not in part:
        yield "a text that does not wrap"
    if kind == "Media":
        yield "Teams shows no Media"
    if kind == "Action.Execute":
        yield from _execute(part, is_refresh=".refresh." in path)


def _execute(action: dict[str, Any], *, is_refresh: bool) -> Iterator[str]:
    verb, data = action.get("verb"), action.get("data", {})
    if not verb:
        yield "an Action.Execute without a verb"
    if not isinstance(data, dict):
        yield "the data of an action is an object"
        return
    if "verb" in data:
        yield "data holds a verb of its own"
    if is_refresh:
        return
    fallback = action.get("fallback")
    if not isinstance(fallback, dict) or fallback.get("type") != "Action.Submit":
        yield "an Action.Execute without an Action.Submit to fall back on"
    elif fallback.get("data") != {"verb": verb, **data}:
        yield f"the fallback sends {fallback.get('data')}, not the verb and data of its action"
    elif fallback.get("title") != action.get("title"):
        yield f"the fallback is called {fallback.get('title')!r}"


class GraphContract:
    """The Graph operations we may use, and what may go in and come out of each."""

    def __init__(self) -> None:
        self._document: dict[str, Any] = _graph_document()
        resource = Resource(contents=self._document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:graph", resource)
        self._checks: dict[str, Draft202012Validator] = {}

    def request_faults(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> list[str]:
        """What is wrong with a request; the path as on the wire, /v1.0 first, ids encoded."""
        template = self._template(method, path)
        if template is None:
            return [f"{method} {path}: no such operation in the contract"]
        operation = self._document["paths"][template][method.lower()]
        faults = list(_query_faults(operation, query or {}))
        if "requestBody" in operation:
            where = self._pointer(template, method, "requestBody")
            faults += self._schema_faults(where, body)
        elif body is not None:
            faults.append("takes no body")
        return [f"{method} {path}: {fault}" for fault in faults]

    def answer_faults(self, method: str, path: str, status: int, body: Any = None) -> list[str]:
        """What Graph would never have answered."""
        template = self._template(method, path)
        if template is None:
            return [f"{method} {path}: no such operation in the contract"]
        answers = self._document["paths"][template][method.lower()]["responses"]
        key = next((key for key in (str(status), f"{status // 100}XX") if key in answers), None)
        if key is None:
            return [f"{method} {path}: never answers {status}"]
        if "$ref" in answers[key]:
            where = answers[key]["$ref"] + "/content/application~1json/schema"
        elif "content" in answers[key]:
            where = self._pointer(template, method, "responses", key)
        else:
            return [] if body is None else [f"{method} {path}: {status} has no body"]
        return [f"{method} {path}: {fault}" for fault in self._schema_faults(where, body)]

    def operation(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The contract's own name for a request, and the decoded ids in its path."""
        template = self._template(method, path)
        if template is None:
            return None
        pairs = zip(template.split("/"), _segments(path), strict=True)
        ids = {name.strip("{}"): value for name, value in pairs if name.startswith("{")}
        return f"{method} {template}", ids

    def _template(self, method: str, path: str) -> str | None:
        """The most literal path of the contract that fits."""
        if not path.startswith("/v1.0/"):
            return None
        asked = _segments(path)
        fitting = [
            template
            for template, operations in self._document["paths"].items()
            if method.lower() in operations and _fits(template.split("/"), asked)
        ]
        return min(fitting, key=lambda template: template.count("{"), default=None)

    def _pointer(self, template: str, *keys: str) -> str:
        steps = [template.replace("~", "~0").replace("/", "~1"), keys[0].lower(), *keys[1:]]
        path = "/".join(quote(step, safe="~$") for step in steps)
        return f"#/paths/{path}/content/application~1json/schema"

    def _schema_faults(self, pointer: str, body: Any) -> list[str]:
        if pointer not in self._checks:
            schema = {"$ref": f"urn:graph{pointer}"}
            self._checks[pointer] = Draft202012Validator(schema, registry=self._registry)
        return [
            fault for error in self._checks[pointer].iter_errors(body) for fault in _told(error)
        ]


@cache
def _graph_document() -> dict[str, Any]:
    return json.loads((CONTRACTS / "graph.openapi.json").read_text("utf-8"))


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.removeprefix("/v1.0").split("/")]


def _fits(template: list[str], asked: list[str]) -> bool:
    return len(template) == len(asked) and all(
        want == got or (want.startswith("{") and got != "")
        for want, got in zip(template, asked, strict=True)
    )


def _query_faults(operation: dict[str, Any], query: Mapping[str, str]) -> Iterator[str]:
    known = {
        each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"
    }
    yield from (f"unknown query parameter {name}" for name in query if name not in known)
    yield from (
        f"query parameter {name} is missing"
        for name, each in known.items()
        if each.get("required") and name not in query
    )
