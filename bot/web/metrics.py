"""Figures for Prometheus, of all worker processes together (they share the folder of ``shared``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from ingest.work.watching import Figures

_REQUESTS = Counter("tracuu_requests", "Requests answered", ["method", "route", "status"])
_SECONDS = Histogram(
    "tracuu_request_seconds", "Seconds per request", ["route"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10)
)
_ANSWERS = Counter("tracuu_answers", "Answers by status", ["status"])
_INDEX = Gauge("tracuu_index_provisions", "Provisions in the index in use", multiprocess_mode="mostrecent")


def note(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request."""
    _REQUESTS.labels(method if method in ("GET", "POST", "DELETE", "HEAD", "OPTIONS") else "other", route, status).inc()
    _SECONDS.labels(route).observe(seconds)


def note_answer(status: str) -> None:
    """Count an answer."""
    _ANSWERS.labels(status).inc()


def note_index(provisions: int) -> None:
    """Tell how large the index in use is."""
    _INDEX.set(provisions)


def exposition() -> bytes:
    """Return everything in Prometheus' text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


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
    registry = CollectorRegistry()
    registry.register(_QueueNow(figures))
    return generate_latest(registry)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
