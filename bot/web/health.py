"""Is it there, is it ready, how is it doing: for supervisors and Prometheus."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot.following import store_troubles
from bot.library import NO_LIBRARY
from bot.offices.registry import data_of
from bot.web import metrics
from bot.web.limits import client_of
from bot.web.problems import Refused, told_as
from bot.web.queueing import figures_of
from bot.web.schemas import Health, Readiness
from bot.web.state import service_of
from rag.errors import DatabaseAway, IndexMissing
from rag.storage import troubles

health = APIRouter(tags=["health"])


@health.get("/healthz", summary="Dịch vụ có chạy không")
async def healthz() -> Health:
    """Luôn trả lời khi tiến trình còn chạy."""
    return Health()


@health.get(
    "/readyz",
    summary="Có trả lời được câu hỏi không",
    responses={503: told_as("Chưa có chỉ mục")},
)
def readyz(request: Request) -> Readiness:
    """Mở chỉ mục đang dùng; chưa có hoặc hỏng thì 503. Thư viện, kho chung, cơ sở dữ liệu hỏng thì vẫn trả lời, và nói ở degraded."""
    chosen = request.app.state.settings
    degraded = [*store_troubles(chosen), *troubles(chosen.state)]
    try:
        searcher = service_of(request).searcher()
    except IndexMissing:
        if not request.app.state.offices:
            raise
        degraded.insert(0, NO_LIBRARY)
        return Readiness(index="", created="", provisions=0, degraded=degraded, warning=" ".join(degraded))
    snapshot = searcher.snapshot
    missing = [line for part, _ in searcher.parts for line in part.snapshot.parts.missing()]
    degraded[:0] = [*filter(None, [snapshot.warning]), *missing]
    return Readiness(
        index=snapshot.info.id,
        created=snapshot.info.created,
        provisions=snapshot.info.counts["provisions"],
        degraded=degraded,
        warning=" ".join(degraded),
    )


@health.get("/metrics", include_in_schema=False)
def prometheus(request: Request) -> Response:
    """Return figures for Prometheus, to callers in the machine or a private network only."""
    if not _near(client_of(request.scope)):
        raise Refused(403, "Số liệu chỉ xem được từ mạng nội bộ.", "Metrics are only shown to the private network.")
    chosen = request.app.state.settings
    folders = {chosen.office_name: chosen.data} | {office.name: data_of(chosen.data, office.name) for office in request.app.state.offices}
    return Response(metrics.exposition() + metrics.of_indexes(folders) + _of_queue(request), media_type=CONTENT_TYPE_LATEST)


def _of_queue(request: Request) -> bytes:
    try:
        figures = figures_of(request)
    except DatabaseAway:
        return metrics.of_queue(None)
    return metrics.of_queue(figures) if figures else b""


def _near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("/")[0]).is_private
    except ValueError:
        return False
