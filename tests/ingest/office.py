"""Made-up documents of an office that does not exist, and the command run on a corpus of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]


def circular(number: str, *articles: str, title: str = "quy định về việc trông xe", issued: str = "05 tháng 3 năm 2024") -> str:
    """The text of a circular; each article is ``Tên điều: nội dung``."""
    head = [
        "BỘ GIÁO DỤC VÀ ĐÀO TẠO", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", f"Số: {number}",
        f"Hà Nội, ngày {issued}", "THÔNG TƯ", title,
    ]  # fmt: skip
    body = []
    for position, article in enumerate(articles, 1):
        name, _, text = article.partition(": ")
        body += [f"Điều {position}. {name}", text]
    return "\n\n".join([*head, *body]) + "\n"


def plan(number: str, title: str, *items: str, issued: str = "05 tháng 9 năm 2025") -> str:
    """The text of a directive of a department, a numbered item for each of ``items``."""
    head = [
        "UBND TỈNH BÌNH SƠN", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", f"Số: {number}", f"V/v {title}", f"Bình Sơn, ngày {issued}",
        "Kính gửi: Các trường trung học phổ thông.", "I. NHIỆM VỤ",
    ]  # fmt: skip
    return "\n\n".join([*head, *(f"{position}. {item}" for position, item in enumerate(items, 1))]) + "\n"


PARKING = circular("11/2024/TT-BGDĐT", "Mức thu: Phí gửi xe đạp là 2.000 đồng một ngày.", "Miễn thu: Học sinh mồ côi được miễn phí gửi xe.")
CANTEEN = circular(
    "12/2024/TT-BGDĐT",
    "Giờ mở cửa: Căng tin trường mở cửa từ 6 giờ 30 phút.",
    "Hiệu lực: Thông tư này có hiệu lực từ ngày 01 tháng 5 năm 2024.",
    title="quy định về căng tin trường học",
)


def article(document: str, number: int, title: str, text: str) -> str:
    """A line of a collection."""
    row = {"id": f"{document}-{number}", "document": document, "article": str(number), "title": title, "text": text}
    return json.dumps(row, ensure_ascii=False) + "\n"


class Office:
    """A corpus folder and a data folder, and ``tracuu`` run on them as a process."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.data = folder / "data"
        self.corpus.mkdir(parents=True)
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "TRACUU_DATA": str(self.data),
            "TRACUU_CORPUS": str(self.corpus),
            "TRACUU_TODAY": "2025-11-01",
        }

    def write(self, name: str, text: str) -> Path:
        path = self.corpus / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str | Path, **options) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True, encoding="utf-8", env=self.environment, timeout=120, check=False, stdin=subprocess.DEVNULL, **options,
        )  # fmt: skip

    def start(self, *arguments: str | Path, **options) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=self.environment, start_new_session=True, **options,
        )  # fmt: skip

    @property
    def current(self) -> str:
        """The name of the snapshot in use."""
        return (self.data / "current").read_text().split()[0]
