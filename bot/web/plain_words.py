"""What the program says to whoever runs it on the command line, said again for somebody who has only the page."""

from __future__ import annotations

import re
from pathlib import Path

from rag.errors import IndexBusy

_REINDEX = "bấm “Lập lại chỉ mục” ở trang Chỉ mục"
_RULES = (
    (r"[Hh]ãy chạy: tracuu ingest \(lệnh này làm nốt\)", f"Hãy {_REINDEX} (việc này làm nốt)"),
    (
        r"rồi chạy lại: tracuu ingest; muốn bỏ văn bản này: tracuu remove .*",
        "rồi tải lên lại; muốn bỏ văn bản này thì bấm “Bỏ” ở trang Văn bản.",
    ),
    (r"hãy cài lại gói ấy", "hãy nhờ người trông coi máy chủ cài lại gói ấy"),
    (r"[Hh]ãy chạy: tracuu ingest", f"Hãy {_REINDEX}"),
    (r"chạy: tracuu ingest", _REINDEX),
    (r"Xem các văn bản đang có: tracuu status", "Xem các văn bản đang có ở trang Văn bản"),
    (r"Xem các câu đã dạy: tracuu questions export --taught", "Xem các câu đã dạy ở trang Câu hỏi cần xem"),
    (r"Xem cả văn bản: tracuu show \S+", "Xem cả văn bản ở trang Văn bản"),
    (r"\(xem: tracuu jobs\)", "(xem ở trang Hàng đợi)"),
    (r"hãy sửa trong \S*catalog\.yaml", "không sửa được ở trang này, hãy nhờ người trông coi máy chủ"),
    (r"văn bản (.+?) vừa được thêm từ tệp (.+)", r"trong lần tải lên này đã có văn bản \1 ở tệp \2"),
    (r"thư mục \S+ đã có tệp", "trong kho đã có tệp"),
    (r"catalog\.yaml", "danh mục văn bản của máy chủ"),
    (r"checks\.yaml", "bộ câu hỏi kiểm tra"),
    (r"TRACUU_DATA", "nơi giữ dữ liệu"),
    (r"(?:Biến )?TRACUU_\w+(?:=\S+)?", "một thiết lập của máy chủ"),
)
_PATH = re.compile(r"(?<![\w/:<])/(?:[^\s/'\",;()]+/)+([^\s/'\",;()]*)")
_BUSY = "Một việc khác đang lập chỉ mục và chưa xong. Hãy đợi việc đó xong rồi làm lại."


def plainly(text: str, *folders: Path) -> str:
    """Return a message without commands, names of settings and places on the server; ``folders`` are such places."""
    for place in sorted(map(str, folders), key=len, reverse=True):
        text = text.replace(f"{place}/", "")
    for pattern, words in _RULES:
        text = re.sub(pattern, words, text)
    for folder in folders:
        text = text.replace(str(folder), "nơi giữ dữ liệu của máy chủ")
    return _PATH.sub(r"\1", text)


def told(error: Exception, *folders: Path) -> str:
    """Return what an error says, plainly."""
    return _BUSY if isinstance(error, IndexBusy) else plainly(str(error), *folders)
