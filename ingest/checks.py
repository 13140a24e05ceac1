"""The admin's own questions, ``corpus/checks.yaml``: asked of a new index before it is put to use.

::

    level: 0.9                 # the share that must be right; 1 when it is not said
    questions:
      - question: "hạn nộp báo cáo sơ kết?"
        document: 2607/SGDĐT-GDPT        # all but the question may be left out; a document needs a section
        section: IV.2                    # or a list, one of which must be cited, itself or deeper
        facts: ["10/01/2026"]            # all must stand in the answer
      - question: "giá vàng hôm nay?"
        status: not_found                # answered when it is not said
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import yaml

from rag.assistant import Assistant
from rag.disk import read_yaml
from rag.documents import Status
from rag.errors import ReadError
from rag.index.manifest import SnapshotInfo
from rag.training.evaluation import ExpectedTurn, faults

CHECKS = "checks.yaml"


@dataclass(frozen=True, slots=True)
class Checks:
    """Questions with what their answers must be, and the share of them (0-1) that must be right."""

    turns: tuple[ExpectedTurn, ...] = ()
    level: float = 1.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How many questions were asked, how many were right, and of the others: (question, what is wrong)."""

    asked: int
    level: float
    failures: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> bool:
        """Say whether the level is reached."""
        return self.asked - len(self.failures) >= self.level * self.asked

    def __str__(self) -> str:
        return f"{self.asked - len(self.failures)}/{self.asked} câu đúng, mức phải đạt {self.level:.0%}"


def load_checks(corpus: Path) -> Checks:
    """Read the admin's questions; none when there is no file. Raises ``ReadError``."""
    path = corpus / CHECKS
    if not path.exists():
        return Checks()
    try:
        content = read_yaml(path.read_text(encoding="utf-8")) or {}
        level = float(content.get("level", 1))
        if not 0 <= level <= 1:
            raise ValueError("level phải từ 0 đến 1")
        return Checks(tuple(_turn(position, row) for position, row in enumerate(content.get("questions", []), 1)), level)
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise ReadError(f"Không đọc được {path.name}: {' '.join(str(error).split())[:200]}. Chỉ mục giữ nguyên.") from error


def _turn(position: int, row: dict[str, Any]) -> ExpectedTurn:
    if "question" not in row:
        raise ValueError(f"câu thứ {position} thiếu `question`")
    status = row.get("status", "answered")
    if status not in get_args(Status):
        raise ValueError(f"câu thứ {position} có status “{status}”")
    facts = tuple(tuple(map(str, fact if isinstance(fact, list) else [fact])) for fact in row.get("facts", []))
    sections = row.get("section", [])
    if row.get("document") and not sections:
        raise ValueError(f"câu thứ {position} có `document` mà thiếu `section`")
    return ExpectedTurn(
        question=str(row["question"]),
        status=status,
        facts=facts,
        sections=tuple(map(str, sections if isinstance(sections, list) else [sections])),
        document=str(row.get("document", "")),
    )


def ask_all(checks: Checks, data: Path, snapshot: SnapshotInfo, *, encoder: str | None, today: date | None) -> CheckResult:
    """Ask every question of a snapshot that is not yet in use."""
    alone = data / "checking"  # a data folder that has only this snapshot
    shutil.rmtree(alone, ignore_errors=True)
    try:
        alone.mkdir()
        (alone / "snapshots").symlink_to(snapshot.path.parent.resolve(), target_is_directory=True)
        (alone / "current").write_text(snapshot.id + "\n", encoding="utf-8")
        assistant = Assistant(alone, encoder=encoder, today=today)
        answers = [(turn, assistant.ask(turn.question)) for turn in checks.turns]
        wrong = [(turn.question, "; ".join(found)) for turn, answer in answers if (found := faults(turn, answer))]
        return CheckResult(len(answers), checks.level, tuple(wrong))
    finally:
        shutil.rmtree(alone, ignore_errors=True)
