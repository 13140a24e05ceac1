"""A service with two offices and a small library that both share: made-up circulars of ministries, a directive of each office."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.offices.registry import Office, Registry, corpus_of, data_of
from ingest.pipeline import ingest
from rag.storage import State

QUANG_NINH = Office("quang-ninh", "Sở GDĐT tỉnh Quảng Ninh", "tỉnh Quảng Ninh")
BINH_SON = Office("binh-son", "Sở GDĐT tỉnh Bình Sơn", "tỉnh Bình Sơn", host="hoidap.binhson.edu.vn", path="binh-son")
DUE = "hạn nộp báo cáo sơ kết học kì 1"
DRUMS = "Đội trống của trường có nhiều nhất bao nhiêu trống?"
_HEAD = "{issuer}\n\nSố: {number}\n\nHà Nội, ngày {day}\n\nTHÔNG TƯ\n\n{title}\n\n"
_LIBRARY = {
    "88-2024-TT-BGDDT.txt": _HEAD.format(
        issuer="BỘ GIÁO DỤC VÀ ĐÀO TẠO",
        number="88/2024/TT-BGDĐT",
        day="20 tháng 12 năm 2024",
        title="Quy định về đội trống của trường phổ thông",
    )
    + "Điều 1. Phạm vi điều chỉnh\n\nThông tư này quy định về đội trống của trường phổ thông.\n\n"
    "Điều 2. Số lượng\n\n1. Đội trống của trường có nhiều nhất 24 trống, do hiệu trưởng phân công người giữ.\n\n"
    "2. Mỗi trống được kiểm kê hai lần một năm.\n\n",
    "47-2024-TT-BTC.txt": _HEAD.format(
        issuer="BỘ TÀI CHÍNH", number="47/2024/TT-BTC", day="15 tháng 7 năm 2024", title="Quy định về tem của phiếu thu"
    )
    + "Điều 1. Tem\n\nPhiếu thu có một tem màu xanh.\n\n",
    "12-2025-TT-BTC.txt": _HEAD.format(
        issuer="BỘ TÀI CHÍNH", number="12/2025/TT-BTC", day="10 tháng 3 năm 2025", title="Quy định về tem điện tử của phiếu thu"
    )
    + "Điều 1. Tem\n\nPhiếu thu có một tem điện tử.\n\nĐiều 2. Hiệu lực\n\nThông tư này có hiệu lực từ ngày 01 tháng 5 năm 2025 và "
    "thay thế Thông tư số 47/2024/TT-BTC ngày 15 tháng 7 năm 2024 của Bộ trưởng Bộ Tài chính.\n\n",
}


def several(folder: Path, repo: Path, directive_index: Path, example_index: Path) -> tuple[Path, Path]:
    """Write such a service into a folder; return its data and its corpus."""
    data, corpus = folder / "data", folder / "corpus"
    corpus.mkdir()
    for name, text in _LIBRARY.items():
        (corpus / name).write_text(text, encoding="utf-8")
    ingest(corpus, data)
    registry = Registry(State(data))
    for office, index, files in (
        (QUANG_NINH, directive_index, repo / "corpus"),
        (BINH_SON, example_index, repo / "tests/data"),
    ):
        registry.add(office)
        shutil.copytree(index, data_of(data, office.name))
        shutil.copytree(
            files, corpus_of(corpus, office.name), ignore=shutil.ignore_patterns("*.yaml", "*.xz") if files.name == "data" else None
        )
    registry.close()
    return data, corpus
