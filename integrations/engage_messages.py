"""What Viva Engage answers, as values: messages, people, and what was written."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from services.ports.engage import Member, Said
from services.ports.systems import Unavailable

Json = Mapping[str, Any]


def read_messages(answer: Any, me: Member, group_id: int) -> list[Said]:
    """The messages of a list; those that make no sense are left out."""
    if not isinstance(answer, dict):
        return []
    told = cast("dict[str, Any]", answer)
    references: list[Any] = told.get("references") or []
    read: list[Said] = []
    for each in _dicts(told.get("messages")):
        try:
            read.append(read_message(each, references, me, group_id))
        except (KeyError, TypeError, ValueError):
            continue
    return read


def read_message(told: Json, references: Iterable[Any], me: Member, group_id: int) -> Said:
    sender, thread = int(told["sender_id"]), int(told.get("thread_id") or told["id"])
    is_private = told.get("privacy") == "private" or told.get("direct_message") is True
    others = _others(told, references, thread, {sender, me.id}) if is_private else None
    group = int(told.get("group_id") or 0)
    replied_to = told.get("replied_to_id")
    is_named = _names(told, me)
    return Said(
        id=int(told["id"]),
        sender_id=sender,
        thread_id=thread,
        text=_text(told, me),
        at=_instant(str(told.get("created_at") or "")),
        replied_to_id=int(replied_to) if replied_to else None,
        group_id=group or None,
        is_own=sender == me.id,
        by_person=told.get("sender_type", "user") == "user"
        and told.get("message_type", "update") != "system"
        and told.get("system_message") is not True,
        is_private=is_private,
        is_alone=others is False,
        is_addressed=is_named or others is not True
        if is_private
        else is_named and group == group_id,
    )


def _others(told: Json, references: Iterable[Any], thread: int, two: set[int]) -> bool | None:
    """Whether more than these two take part in a private conversation; None where nothing tells."""
    notified = _ids(told.get("notified_user_ids"))
    seen, count = set[int](), 0
    for each in _dicts(references):
        if each.get("type") == "thread" and each.get("id") == thread:
            count = int(each.get("participants_count") or 0)
            seen |= _ids(each.get("invited_user_ids"))
            seen |= {int(p["id"]) for p in _dicts(each.get("participants")) if p.get("id")}
        if each.get("type") == "conversation" and each.get("id") == told.get("conversation_id"):
            seen |= {int(p["id"]) for p in _dicts(each.get("participating_names")) if p.get("id")}
    if count > 2 or (seen | notified) - two:
        return True
    return False if seen or count else None


def _names(told: Json, me: Member) -> bool:
    """Whether the words name us, or a new message tells nobody else of it.

    Who answers below us, or announces something to everybody, may name us there without meaning us.
    """
    body: Json = told.get("body") or {}
    if f"[[user:{me.id}]]" in str(body.get("parsed") or ""):
        return True
    if me.name and f"@{me.name}".casefold() in str(body.get("plain") or "").casefold():
        return True
    return _ids(told.get("notified_user_ids")) == {me.id} and not told.get("replied_to_id")


def _text(told: Json, me: Member) -> str:
    """The words without whom they mention."""
    body: Json = told.get("body") or {}
    parsed, plain = str(body.get("parsed") or ""), str(body.get("plain") or "")
    words = parsed if _MENTION.search(parsed) or not plain else plain
    words = html.unescape(_MENTION.sub(" ", words))
    if me.name:
        words = re.sub(rf"@{re.escape(me.name)}\b", " ", words, flags=re.IGNORECASE)
    return " ".join(_CC.sub(" ", words).split()).lstrip(":, ")


_MENTION = re.compile(r"\[\[\w+:\d+\]\]")
_CC = re.compile(r"\bcc:\s*$", re.IGNORECASE)


def _instant(text: str) -> datetime:
    """'2022/11/11 20:59:56 +0000'."""
    return datetime.strptime(text, "%Y/%m/%d %H:%M:%S %z").astimezone(UTC)


def read_member(answer: Any) -> Member:
    if not isinstance(answer, dict):
        raise Unavailable("Viva Engage: no person")
    told = cast("dict[str, Any]", answer)
    addresses = _dicts((told.get("contact") or {}).get("email_addresses"))
    primary = next((str(a.get("address")) for a in addresses if a.get("type") == "primary"), "")
    return Member(
        id=int(told["id"]),
        name=str(told.get("full_name") or ""),
        email=str(told.get("email") or primary),
        is_person=told.get("type", "user") == "user" and told.get("state", "active") == "active",
    )


def written_id(answer: Any) -> int:
    """The id of the message that was written."""
    try:
        return int(answer["messages"][0]["id"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Unavailable("Viva Engage: no message came of it") from error


def _ids(value: Any) -> set[int]:
    many = cast("list[Any]", value) if isinstance(value, list) else []
    return {int(each) for each in many}


def _dicts(value: Any) -> list[dict[str, Any]]:
    many = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", each) for each in many if isinstance(each, dict)]
