"""How much Teams takes in how long, counted over sliding windows."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

# (requests, seconds), as Teams documents them for one bot.
PER_APP = ((50, 1.0),)
PER_THREAD = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))


@dataclass(slots=True)
class Limits:
    """Refuses what comes too fast; a refused request does not count."""

    per_app: tuple[tuple[int, float], ...] = PER_APP
    per_thread: tuple[tuple[int, float], ...] = PER_THREAD
    refused: int = 0
    _taken: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, thread: str, now: float) -> float | None:
        """Take one request, or say after how many seconds to try again."""
        waits = [
            self._wait(key, windows, now)
            for key, windows in (("", self.per_app), (thread, self.per_thread))
        ]
        if any(waits):
            self.refused += 1
            return max(waits)
        for key in ("", thread):
            self._taken[key].append(now)
        return None

    def _wait(self, key: str, windows: tuple[tuple[int, float], ...], now: float) -> float:
        taken = self._taken[key]
        longest = max((seconds for _, seconds in windows), default=0.0)
        while taken and taken[0] <= now - longest:
            taken.popleft()
        return max(
            (
                taken[-count] + seconds - now
                for count, seconds in windows
                if len(taken) >= count and taken[-count] > now - seconds
            ),
            default=0.0,
        )
