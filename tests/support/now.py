"""The time outside the product, where no Clock of ours rules."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- stand-ins live in the world's time


def seconds() -> int:
    """Seconds since 1970, as tokens count."""
    return int(now().timestamp())
