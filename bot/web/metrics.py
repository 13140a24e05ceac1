"""Figures for Prometheus, of all worker processes together (they share the folder of ``shared``).

Those with the label ``office`` are told for each office by its name; of the service itself that is empty, which Prometheus takes for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from rag.errors import IndexDamaged, IndexMissing
from rag.index.published import newest

if TYPE_CHECKING:
    from ingest.work.watching import Figures

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10)
_REQUESTS = Counter("tracuu_requests", "Requests answered", ["office", "method", "route", "status"])
_SECONDS = Histogram("tracuu_request_seconds", "Seconds per request", ["route"], buckets=_BUCKETS)
_ANSWERS = Counter("tracuu_answers", "Answers by status", ["office", "status"])
_ANSWER_SECONDS = Histogram("tracuu_answer_seconds", "Seconds per answer", ["office"], buckets=_BUCKETS)


def note(office: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count a request."""
    _REQUESTS.labels(office, method if method in ("GET", "POST", "DELETE", "HEAD", "OPTIONS") else "other", route, status).inc()
    _SECONDS.labels(route).observe(seconds)


def note_answer(office: str, status: str, seconds: float) -> None:
    """Count an answer."""
    _ANSWERS.labels(office, status).inc()
    _ANSWER_SECONDS.labels(office).observe(seconds)


def exposition() -> bytes:
    """Return everything that is counted in Prometheus' text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


class _IndexesNow(Collector):
    """The indexes in use at this moment; where there is none that can be read, nothing is told."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def collect(self) -> Iterator[Metric]:
        """See the library."""
        age = GaugeMetricFamily("tracuu_index_age_seconds", "Seconds since the index in use was made", labels=["office"])
        provisions = GaugeMetricFamily("tracuu_index_provisions", "Provisions in the index in use", labels=["office"])
        for office, data in self._folders.items():
            try:
                info = newest(data)
            except (IndexMissing, IndexDamaged):
                continue
            age.add_metric([office], (datetime.now(UTC) - datetime.fromisoformat(info.created)).total_seconds())
            provisions.add_metric([office], info.counts["provisions"])
        yield from (age, provisions)


def of_indexes(folders: Mapping[str, Path]) -> bytes:
    """Return how the indexes in the data folders of offices stand in Prometheus' text format."""
    return _told(_IndexesNow(folders))


class _QueueNow(Collector):
    """How the queue of work stands at this moment; nothing of it is kept between two looks."""

    def __init__(self, figures: Figures | None) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """See the library."""
        yield _gauge("tracuu_queue_up", "Whether the queue of work answers", float(self._figures is not None))
        if self._figures is None:
            return
        jobs = GaugeMetricFamily("tracuu_jobs", "Jobs of the queue", labels=["kind", "state"])
        for labels, count in sorted(self._figures.counts.items()):
            jobs.add_metric(labels, count)
        yield jobs
        yield _gauge("tracuu_jobs_oldest_seconds", "Seconds that the oldest waiting job has waited", self._figures.oldest)
        yield _gauge("tracuu_job_workers", "Workers that are alive", self._figures.workers)
        yield _gauge("tracuu_job_slots", "Jobs that all workers can do at once", self._figures.slots)


def of_queue(figures: Figures | None) -> bytes:
    """Return how the queue stands in Prometheus' text format; ``None``: it does not answer."""
    return _told(_QueueNow(figures))


def _told(now: Collector) -> bytes:
    registry = CollectorRegistry()
    registry.register(now)
    return generate_latest(registry)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
