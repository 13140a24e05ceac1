"""Questions of the bank that go from one office to another: a file of them is checked, and what is new in it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.bank_files import FOLDER, Unreadable, read_questions, replaced
from ingest.bank_overview import all_questions
from ingest.banking import loaded_keys, publish_questions
from ingest.filenames import cut
from ingest.options import Options
from ingest.shared_corpus import begin
from rag.assistant import Assistant
from rag.errors import TracuuError
from rag.index.bank import BankEntry
from rag.index.lock import builder_lock
from rag.language.numbers import number_key

_PREFIX = "imported-"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many questions were new, how many of these sleep, where they are kept, what cannot be read."""

    questions: int
    new: int
    sleeping: int
    file: Path
    unreadable: list[Unreadable]


def import_questions(
    corpus: Path, data: Path, assistant: Assistant, source: Path, options: Options, say: Callable[[str], None]
) -> Imported:
    """Keep the questions of a file that the bank does not have, and use them at once.

    Raises ``ReadError`` where one entry is not as it should be, and ``TracuuError``; then nothing changes.
    """
    given = read_questions(source)
    target = corpus / FOLDER / cut(f"{_PREFIX}{_name(source)}.yaml")
    try:
        with builder_lock(data, options.wait, say):
            sharing = begin(corpus, data, options, say)
            snapshot = assistant.snapshot
            known, unreadable = all_questions(corpus, data)
            new = _new(given, known)
            if new:
                with replaced(target, [*(read_questions(target) if target.exists() else []), *new]):
                    publish_questions(corpus, data, snapshot, assistant.encoder_of(snapshot), say, sharing)
    except (OSError, ValueError) as error:
        raise TracuuError(f"Không nhập được {source} ({error}); các câu hỏi đang có giữ nguyên. Hãy kiểm tra dung lượng đĩa.") from error
    loaded = loaded_keys(snapshot)
    return Imported(len(given), len(new), sum(number_key(entry.document) not in loaded for entry in new), target, unreadable)


def _new(given: list[BankEntry], known: list[BankEntry]) -> list[BankEntry]:
    seen = {_key(entry) for entry in known}
    found: list[BankEntry] = []
    for entry in given:
        if (key := _key(entry)) not in seen:
            seen.add(key)
            found.append(entry)
    return found


def _key(entry: BankEntry) -> tuple[object, ...]:
    """What makes two entries one: the question, what it goes on with, and the places."""
    asked = tuple(" ".join(text.lower().split()) for text in (*entry.after, entry.question))
    return asked, number_key(entry.document), frozenset(entry.sections)


def _name(source: Path) -> str:
    """The file's name without what would make it another file than meant."""
    stem = source.stem.removeprefix(_PREFIX)
    return re.sub(r"[^\w.-]+", "-", stem).strip(".-") or "questions"
