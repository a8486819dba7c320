"""Figures for Prometheus: turns, and the outbox by kind and state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from integrations.circuits import State

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """One registry for the process; the outbox is counted when it is asked for."""

    def __init__(self, circuits: Callable[[], Mapping[str, State]]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._turns = Histogram(
            "learnweek_turn_seconds",
            "How long it took to answer an activity",
            ["type"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._refused = Counter(
            "learnweek_refused_total",
            "Activities refused, by status",
            ["status"],
            registry=self.registry,
        )
        tasks = Gauge(
            "learnweek_tasks",
            "What is under way at once in this process; at rest always as much",
            registry=self.registry,
        )
        tasks.set_function(lambda: len(asyncio.all_tasks()))
        self._outbox = _Outbox()
        self.registry.register(self._outbox)
        self.registry.register(_Circuits(circuits))

    def answered(self, kind: str, seconds: float) -> None:
        self._turns.labels(kind).observe(seconds)

    def refused(self, status: int) -> None:
        self._refused.labels(str(status)).inc()

    def text(self, outbox: Mapping[tuple[str, str], int]) -> bytes:
        self._outbox.counts = outbox
        return generate_latest(self.registry)


class _Outbox(Collector):
    def __init__(self) -> None:
        self.counts: Mapping[tuple[str, str], int] = {}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        rows = GaugeMetricFamily(
            "learnweek_outbox_rows", "Notices by kind and state", labels=["kind", "state"]
        )
        for (kind, state), count in self.counts.items():
            rows.add_metric([kind, state], count)
        yield rows


class _Circuits(Collector):
    """Whether each system around us answers, as this process has found it."""

    def __init__(self, states: Callable[[], Mapping[str, State]]) -> None:
        self._states = states

    def collect(self) -> Iterator[GaugeMetricFamily]:
        systems = GaugeMetricFamily(
            "learnweek_system_up",
            "1 while a system around us answers, 0 while it is left alone for failing",
            labels=["system"],
        )
        for name, state in self._states().items():
            systems.add_metric([name], float(state is State.CLOSED))
        yield systems
