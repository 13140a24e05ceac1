"""Figures for Prometheus, of all worker processes together (they share the folder of ``shared``)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

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
