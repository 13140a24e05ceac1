"""Is it there, is it ready, how is it doing: for supervisors and Prometheus."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot.database import troubles
from bot.web import metrics
from bot.web.api import desk_of
from bot.web.limits import client_of
from bot.web.problems import Refused, told_as
from bot.web.schemas import Health, Readiness

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
    """Mở chỉ mục đang dùng; chưa có hoặc hỏng thì 503."""
    snapshot = desk_of(request).searcher().snapshot
    warning = " ".join(filter(None, (snapshot.warning, *troubles(request.app.state.settings.data))))
    metrics.note_index(snapshot.info.counts["provisions"])
    return Readiness(index=snapshot.info.id, created=snapshot.info.created, provisions=snapshot.info.counts["provisions"], warning=warning)


@health.get("/metrics", include_in_schema=False)
def prometheus(request: Request) -> Response:
    """Return figures for Prometheus, to callers in the machine or a private network only."""
    if not _near(client_of(request.scope)):
        raise Refused(403, "Số liệu chỉ xem được từ mạng nội bộ.", "Metrics are only shown to the private network.")
    return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)


def _near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("/")[0]).is_private
    except ValueError:
        return False
