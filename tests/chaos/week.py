"""The programme of a run: the next minutes, later today, and some days ahead."""

from datetime import UTC, datetime, timedelta

from tests.chaos.plan import named
from tests.support.now import now

HEADER = "code,title,starts,ends,timezone,capacity,format,location"


def week() -> dict[str, str]:
    """When each session starts, by its code, without seconds: those called N in the next minutes."""
    at = now().replace(second=0, microsecond=0)
    days = timedelta(days=1)
    spaced = timedelta(minutes=10)
    whole = at.replace(minute=0)
    starts = {code: at + timedelta(minutes=3 + n) for n, code in enumerate(named("N", 40))}
    starts |= {
        code: whole + timedelta(hours=5) + n * spaced for n, code in enumerate(named("T", 12))
    }
    starts |= {code: whole + 3 * days + n * spaced for n, code in enumerate(named("L", 40))}
    starts |= {code: whole + 6 * days + n * spaced for n, code in enumerate(named("X", 40))}
    return {code: f"{start:%Y-%m-%dT%H:%M}" for code, start in starts.items()}


def line(code: str, starts: str) -> str:
    """A row of the file: few places on some sessions, so that people wait."""
    end = f"{instant(starts) + timedelta(minutes=5):%Y-%m-%dT%H:%M}"
    capacity = "3" if code[0] in "LT" else ""
    return f"{code},Talk {code},{starts},{end},Etc/UTC,{capacity},in_person,Room {code}"


def instant(starts: str) -> datetime:
    return datetime.fromisoformat(starts).replace(tzinfo=UTC)
