"""Questions for the bank on one document, written by a language model: kept provision by provision, so that a run can be gone on with.

::

    corpus/questions/model-<number>.yaml    what was kept; once it is gone, all is written anew
    data/writing/<number>.json              how many questions were asked for of which provision
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.bank_files import FOLDER, question_files, read_questions, write_questions
from ingest.filenames import cut, mark
from ingest.sifting import Fault, Sieve
from rag.documents import Document, Provision
from rag.errors import ReadError, TracuuError
from rag.finding.search import Searcher
from rag.index.bank import BankEntry
from rag.language.numbers import document_slug, same_number
from rag.wording.model import ModelFailed
from rag.wording.model_calls import LimitReached
from rag.wording.question_writer import MOST, ProvisionText, QuestionWriter
from rag.wording.sources import context_of

_NEIGHBOURS = 3  # provisions of one call
_IN_A_ROW = 3  # failures, after which the model is taken for dead
_UNREADABLE = "trả lời không phải là các dòng JSON đã dặn"


@dataclass
class Written:
    """How far a run got: provisions in all, ``before`` it, ``done`` in it, and ``failed``; what became of the questions.

    ``stopped`` says why not all provisions were asked for: the day's limit, or a model that does not answer.
    """

    document: str
    path: Path
    provisions: int
    before: int
    done: int = 0
    failed: int = 0
    kept: int = 0
    dropped: Counter[Fault] = field(default_factory=Counter)
    reason: str = ""
    stopped: bool = False
    at_limit: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left to be asked for."""
        return self.before + self.done == self.provisions

    @property
    def written(self) -> int:
        """How many questions the model wrote."""
        return self.kept + self.dropped.total()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written: so many questions (``count``) of each provision of the document ``number``, dated ``today``."""

    number: str
    count: int
    today: date


def write_bank(
    corpus: Path, data: Path, searcher: Searcher, writer: QuestionWriter, wanted: Wanted, progress: Callable[[str], None]
) -> Written:
    """Have ``writer`` write what is ``wanted`` and not there yet. ``searcher`` must not know the questions that it wrote before.

    A provision of which the model writes nothing readable is left for the next run. Raises ``TracuuError`` (no such
    document, another run on it, a file of the bank that cannot be read) and ``OSError``; what was kept until then stays.
    """
    document = _document(searcher, wanted.number)
    slug = document_slug(document.number)
    path = corpus / FOLDER / cut(f"model-{slug}.yaml")
    with _alone(data / "writing", slug, document.number):
        entries = read_questions(path) if path.exists() else []
        ledger = _Done(data / "writing" / cut(f"{slug}.json"), forget=not path.exists())
        provisions = [p for p in searcher.store.of_document(document.number) if p.text and not p.inline]
        todo = [provision for provision in provisions if not ledger.has(provision, wanted.count)]
        result = Written(document.number, path, len(provisions), len(provisions) - len(todo))
        sieve = Sieve(searcher, [*_questions(corpus), *(entry.question for entry in entries)], wanted.today)
        in_a_row = 0
        for group in _groups(todo, wanted.count):
            progress(f"Viết câu hỏi cho {searcher.label(group[0])} ({result.before + result.done}/{result.provisions} mục xong)")
            replies = _asked(searcher, writer, group, wanted.count, result)
            for provision, questions in zip(group, replies, strict=True):
                if not questions:
                    continue
                entries += _sifted(sieve, provision, questions, writer.name, wanted, result)
                write_questions(path, entries)
                ledger.add(provision, wanted.count)
                result.done += 1
            in_a_row = 0 if any(replies) else in_a_row + 1
            result.stopped = result.at_limit or in_a_row == _IN_A_ROW
            if result.stopped:
                break
        return result


def _asked(searcher: Searcher, writer: QuestionWriter, group: Sequence[Provision], count: int, result: Written) -> list[list[str]]:
    """Return what the model wrote of each provision; nothing where it failed, which is noted."""
    nothing: list[list[str]] = [[] for _ in group]
    try:
        replies = writer.write([ProvisionText(searcher.label(p), context_of(searcher, p), p.text) for p in group], count)
    except LimitReached:
        result.at_limit = True
        return nothing
    except ModelFailed as error:
        replies, result.reason = nothing, str(error)
    else:
        result.reason = result.reason if all(replies) else _UNREADABLE
    result.failed += sum(not questions for questions in replies)
    return replies


def _sifted(
    sieve: Sieve, provision: Provision, questions: Sequence[str], writer: str, wanted: Wanted, result: Written
) -> Iterator[BankEntry]:
    for question in questions[: wanted.count]:
        if fault := sieve.fault(question, provision):
            result.dropped[fault] += 1
        else:
            result.kept += 1
            yield BankEntry(question, provision.document, (provision.section,), "model", writer, wanted.today.isoformat())


def _document(searcher: Searcher, number: str) -> Document:
    found = [document for document in searcher.documents.values() if same_number(document.number, number)]
    if not found:
        raise TracuuError(f"Không có văn bản {number} trên kệ. Xem các văn bản đang có: tracuu status")
    if not found[0].present:
        raise TracuuError(f"Văn bản {found[0].number} chỉ được nhắc tới, chưa có toàn văn.")
    return found[0]


def _groups(provisions: Sequence[Provision], count: int) -> Iterator[Sequence[Provision]]:
    size = max(1, min(_NEIGHBOURS, MOST // count))
    return (provisions[at : at + size] for at in range(0, len(provisions), size))


def _questions(corpus: Path) -> Iterator[str]:
    for path in question_files(corpus):
        try:
            yield from (entry.question for entry in read_questions(path))
        except ReadError:
            continue  # said when the bank is published


@contextmanager
def _alone(folder: Path, slug: str, number: str) -> Iterator[None]:
    """Be the only run that writes questions on a document."""
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / cut(f"{slug}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise TracuuError(f"Một lệnh khác đang viết câu hỏi cho văn bản {number}; hãy đợi lệnh đó xong.") from None
    try:
        yield
    finally:
        lock.release()


class _Done:
    """Which provisions were asked for, by their place and text, and for how many questions each; a damaged file is an empty one."""

    def __init__(self, path: Path, *, forget: bool) -> None:
        self._path = path
        self._counts: dict[str, int] = {}
        if not forget:
            try:
                self._counts = {str(key): int(count) for key, count in json.loads(path.read_text(encoding="utf-8")).items()}
            except (OSError, ValueError, TypeError, AttributeError):
                self._counts = {}

    def has(self, provision: Provision, count: int) -> bool:
        return self._counts.get(_key(provision), 0) >= count

    def add(self, provision: Provision, count: int) -> None:
        self._counts[_key(provision)] = count
        new = self._path.with_name(f".{mark(self._path.name)}.{os.getpid()}")
        try:
            new.write_text(json.dumps(self._counts), encoding="utf-8")
            new.replace(self._path)
        finally:
            new.unlink(missing_ok=True)


def _key(provision: Provision) -> str:
    return hashlib.sha256(f"{provision.section}\n{provision.text}".encode()).hexdigest()[:16]
