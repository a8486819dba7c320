"""What a card is made of, for those who check it and those who press its buttons."""

from collections.abc import Iterator, Mapping
from typing import Any

# Their content is the author's own, not card elements.
OPAQUE = frozenset({"data", "choices.data", "msteams"})


def parts(part: Any, path: str = "card") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every typed part of a card with its path, fallbacks and inner cards too."""
    match part:
        case dict():
            if "type" in part:
                yield path, part
            for key, inner in part.items():
                if key not in OPAQUE:
                    yield from parts(inner, f"{path}.{key}")
        case list():
            for number, inner in enumerate(part):
                yield from parts(inner, f"{path}[{number}]")
        case _:
            pass


def buttons(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The actions that a person can press, without the fallbacks that stand in for them."""
    return [
        part
        for path, part in parts(card)
        if part["type"] in ("Action.Execute", "Action.Submit")
        and not path.endswith(".fallback")
        and ".refresh." not in path
    ]


def button(
    card: Mapping[str, Any],
    *,
    title: str | None = None,
    verb: str | None = None,
    having: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The one button of that title, verb and data."""
    wanted = (having or {}).items()
    found = [
        each
        for each in buttons(card)
        if title in (None, each.get("title"))
        and verb in (None, each.get("verb"), each.get("data", {}).get("verb"))
        and wanted <= each.get("data", {}).items()
    ]
    there = [(each.get("title"), each.get("verb"), each.get("data")) for each in buttons(card)]
    assert len(found) == 1, f"{len(found)} buttons {title=} {verb=} {having=} among {there}"
    return found[0]


def typed_in(card: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the inputs of a card hold once a person has typed these values.

    Teams sends no input that was left empty, and sends nothing at all while a
    required one is.
    """
    inputs = {part["id"]: part for _, part in parts(card) if part["type"].startswith("Input.")}
    begun = {id: part["value"] for id, part in inputs.items() if part.get("value")}
    toggles = {id: "false" for id, part in inputs.items() if part["type"] == "Input.Toggle"}
    typed = toggles | begun | dict(values)
    missing = [id for id, part in inputs.items() if part.get("isRequired") and not typed.get(id)]
    assert not missing, f"Teams would not send this while {missing} are empty"
    return typed


def shown_text(card: Mapping[str, Any]) -> str:
    """All that can be read on a card, a line for each text."""
    lines: list[str] = []
    for path, part in parts(card):
        if path.endswith(".fallback"):
            continue
        lines += [part[key] for key in ("text", "title", "label") if isinstance(part.get(key), str)]
        lines += [f"{fact['title']} {fact['value']}" for fact in part.get("facts", [])]
    return "\n".join(lines)
