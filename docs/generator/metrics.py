"""Every figure of ``/metrics``, from what counts them."""

from __future__ import annotations

import re

from prometheus_client import REGISTRY, generate_latest

from bot.web import metrics
from docs.generator.blocks import table
from ingest.work.watching import Figures

_MEANINGS = {
    "tracuu_requests_total": "số lượt gọi đã đáp",
    "tracuu_request_seconds": "một lượt gọi mất bao nhiêu giây",
    "tracuu_answers_total": "số câu trả lời, theo kết quả",
    "tracuu_answer_seconds": "một câu trả lời mất bao nhiêu giây, chưa kể mô hình ngôn ngữ",
    "tracuu_index_age_seconds": "chỉ mục đang dùng đã lập bao nhiêu giây trước",
    "tracuu_index_provisions": "số điều khoản của chỉ mục đang dùng",
    "tracuu_queue_up": "hàng đợi việc có trả lời không (1, 0); chỉ có khi đặt `TRACUU_DATABASE`",
    "tracuu_jobs": "số việc trong hàng đợi",
    "tracuu_jobs_oldest_seconds": "việc đợi lâu nhất đã đợi bao nhiêu giây",
    "tracuu_job_workers": "số bộ đọc (`tracuu worker`) đang chạy",
    "tracuu_job_slots": "các bộ đọc làm được bao nhiêu việc cùng lúc",
}
"""In the words of who reads them; what has none here is told as the program tells Prometheus."""
_LABELS = {"tracuu_jobs": ("kind", "state"), "tracuu_index_age_seconds": ("office",), "tracuu_index_provisions": ("office",)}
"""Of those that no counter keeps."""
_NAMED = re.compile(r"# HELP (tracuu_\w+) (.*)\n# TYPE \w+ (\w+)")


def figures() -> dict[str, tuple[str, str]]:
    """Return what is told of every figure: its kind (counter, gauge, histogram), and what it means in English."""
    counted = generate_latest(REGISTRY) + metrics.of_indexes({}) + metrics.of_queue(Figures({}, 0.0, 0, 0))
    found = {name: (kind, meaning) for name, meaning, kind in _NAMED.findall(counted.decode())}
    return {name: told for name, told in found.items() if not name.endswith("_created")}


def all_metrics() -> str:
    """Return a table of them."""
    rows = [(f"`{name}`", kind, labels_of(name), _MEANINGS.get(name, told)) for name, (kind, told) in sorted(figures().items())]
    return table(("số đo", "kiểu", "nhãn", "ý nghĩa"), rows)


def labels_of(name: str) -> str:
    """Return the labels of a figure, as Markdown."""
    collector = REGISTRY._names_to_collectors.get(name)
    labels = getattr(collector, "_labelnames", ()) or _LABELS.get(name, ())
    return ", ".join(f"`{label}`" for label in labels)
