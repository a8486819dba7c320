"""Reading an activity: who sent it, from where, in whose zone."""

from __future__ import annotations

import html
import re
from typing import Any
from zoneinfo import ZoneInfo

from botbuilder.schema import Activity, ConversationAccount

from bot.authentication import tenant_of
from dialogs.state import person_id_of
from learning.people import Address, Channel
from services.people import Contact


def is_personal(activity: Activity) -> bool:
    conversation = _conversation(activity)
    kind = conversation.conversation_type or ""
    return kind == "personal" or (not kind and not conversation.is_group)


def address_of(activity: Activity) -> Address:
    return Address(
        service_url=activity.service_url,
        conversation_id=_conversation(activity).id or "",
        tenant_id=tenant_of(activity),
    )


def contact_of(activity: Activity) -> Contact:
    sender = activity.from_property
    assert sender is not None, "the endpoint lets no activity through without its sender"
    return Contact(
        person_id=person_id_of(activity),
        name=sender.name or "",
        teams_id=sender.id or "",
        timezone=timezone_of(activity),
        address=address_of(activity) if is_personal(activity) else None,
    )


def timezone_of(activity: Activity) -> str | None:
    """The sender's own zone, where Teams says and Python knows it."""
    entities: list[Any] = activity.entities or []
    stated = [
        (entity.additional_properties or {}).get("timezone")
        for entity in entities
        if entity is not None and entity.type == "clientInfo"
    ]
    for name in [*stated, activity.local_timezone]:
        if isinstance(name, str) and name and _exists(name):
            return name
    return None


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def channel_of(activity: Activity) -> Channel | None:
    """The Teams channel that an activity was written in; threads belong to their channel."""
    data: Any = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    conversation = _conversation(activity)
    conversation_id = (conversation.id or "").partition(";")[0]
    channel: Any = data.get("channel") if isinstance(data.get("channel"), dict) else {}
    if not channel and conversation.conversation_type != "channel":
        return None
    channel_id = str(channel.get("id") or conversation_id)
    return Channel(
        id=channel_id,
        name=str(channel.get("name") or ""),
        team_id=team_id_of(activity),
        team_name=team_name_of(activity),
        address=Address(
            service_url=activity.service_url,
            conversation_id=channel_id,
            tenant_id=tenant_of(activity),
        ),
    )


def team_id_of(activity: Activity) -> str:
    return _team(activity, "id")


def team_name_of(activity: Activity) -> str:
    return _team(activity, "name")


def team_group_id_of(activity: Activity) -> str:
    """The Entra group behind the team, whose owners own the team."""
    return _team(activity, "aadGroupId")


def _team(activity: Activity, name: str) -> str:
    data: Any = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    team: Any = data.get("team")
    return str(team.get(name) or "") if isinstance(team, dict) else ""


def _conversation(activity: Activity) -> ConversationAccount:
    assert activity.conversation is not None, "the endpoint lets no activity through without one"
    return activity.conversation


def said(activity: Activity) -> str:
    """The words, without the mention of the bot that a channel needs, or of anybody else."""
    return html.unescape(_MENTION.sub(" ", activity.text or "")).strip()


_MENTION = re.compile(r"<at\b[^>]{0,100}>[^<]{0,200}</at>")
