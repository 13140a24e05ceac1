"""What an admin teaches: a question and the place that answers it, kept in ``corpus/questions/taught.yaml``, in use at once.

An entry on a document that is not loaded (any more) stays in the file and sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz import fuzz, process

from ingest.bank_files import FOLDER, LONGEST, TAUGHT, read_questions, replaced
from ingest.banking import diacritics_of, loaded_keys
from ingest.lessons import Lessons
from ingest.options import Options
from ingest.shared_corpus import Sharing, begin
from ingest.show import loaded_document, spelling
from rag.answers.turn import answer_turn
from rag.assistant import Assistant
from rag.documents import Answer
from rag.errors import TracuuError
from rag.finding.search import Searcher
from rag.finding.taught import as_typed
from rag.index.bank import BankEntry, BankIndex
from rag.index.bank_publishing import build_later_part, use_bank, words_of
from rag.index.lock import builder_lock
from rag.index.store import Store
from rag.language.diacritics import Diacritics
from rag.language.numbers import number_key, same_number
from rag.language.text import normalise
from rag.question.conversation import Conversation
from rag.question.understanding import understand

WRITER = "admin"
_NEAREST = 4  # sections named beside one that is not there


@dataclass(frozen=True, slots=True)
class Taught:
    """An entry that was taught, and those whose place it took."""

    entry: BankEntry
    replaced: tuple[BankEntry, ...]


@dataclass(frozen=True, slots=True)
class Teacher:
    """Teaches the bank of one corpus and data folder.

    ``assistant`` has the index in use; ``options`` say how long to wait for another builder, of whom ``say`` is told, and
    where other machines are to have what is taught. ``lessons`` has what all machines are taught, where they share a server.
    """

    corpus: Path
    data: Path
    assistant: Assistant
    today: date
    options: Options = field(default_factory=Options)
    lessons: Lessons | None = None
    say: Callable[[str], None] = lambda line: None

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return self.corpus / FOLDER / TAUGHT

    def taught(self) -> list[BankEntry]:
        """Return all that is taught, the oldest first. Raises ``ReadError``."""
        return read_questions(self.file) if self.file.exists() else []

    def teach(self, question: str, number: str, section: str = "") -> Taught:
        """Teach that a provision answers a question; without ``section`` that the document does not.

        Raises ``TracuuError``: where it cannot be, nothing changes.
        """
        entry, diacritics = self._entry(question, number, section), diacritics_of(self.assistant.snapshot)
        keys = _keys(entry, diacritics)
        with self._changing() as (before, sharing):
            old = [other for other in before if same_number(other.document, entry.document) and keys & _keys(other, diacritics)]
            self._keep([*(other for other in before if other not in old), entry], diacritics, sharing)
        return Taught(entry, tuple(old))

    def follow(self) -> bool:
        """Take over what other machines taught, unless a store brings it; say whether anything was new. Raises ``TracuuError``."""
        if self.lessons is None or self.options.store or self.lessons.are_those(self.taught()):
            return False
        with self._changing() as (entries, sharing):
            self._keep(entries, diacritics_of(self.assistant.snapshot), sharing)
        return True

    def effect(self, question: str, number: str, section: str = "") -> Answer:
        """Return what would be answered if that were taught; nothing changes. Raises ``TracuuError`` where it cannot be."""
        entry, snapshot = self._entry(question, number, section), self.assistant.snapshot
        known = {document.number for document in self.assistant.shelf().documents.values() if document.present}
        searcher = self.assistant.shelf() if entry.document in known else self.assistant.searcher()
        with TemporaryDirectory() as folder:
            path = Path(folder) / "lesson"
            rarity = next((part.rarity for part in searcher.questions if part.rarity.any()), None)
            BankIndex.build(path, [entry], [words_of(entry, diacritics_of(snapshot))], rarity=rarity)
            taught = (*searcher.questions, BankIndex.open(path))
            asked = Searcher(searcher.snapshot, self.assistant.encoder_of(snapshot), taught)
            read = understand(entry.question, asked.diacritics)
            return answer_turn(asked, read, Conversation(), frozenset(), self.today, asked.taught(read)).answer

    def undo(self, question: str, number: str = "") -> list[BankEntry]:
        """Take back what was taught of a question, of one document or of all, and return it. Raises ``TracuuError``."""
        diacritics = diacritics_of(self.assistant.snapshot)
        keys = _keys(BankEntry(clean(question), ""), diacritics)
        with self._changing() as (before, sharing):
            asked = [entry for entry in before if keys & _keys(entry, diacritics)]
            old = [entry for entry in asked if not number or same_number(entry.document, number)]
            if not old:
                raise TracuuError(f"Chưa dạy câu “{clean(question)}”. Xem các câu đã dạy: tracuu questions export --taught")
            self._keep([entry for entry in before if entry not in old], diacritics, sharing)
        return old

    def _entry(self, question: str, number: str, section: str) -> BankEntry:
        store = self.assistant.snapshot.store
        document = loaded_document(store, number).number
        sections = (section_of(store, document, section),) if section else ()
        entry = BankEntry(clean(question), document, sections, "taught", WRITER, self.today.isoformat())
        if () in _keys(entry, diacritics_of(self.assistant.snapshot)):
            raise TracuuError("Câu hỏi không có chữ nào.")
        return entry

    @contextmanager
    def _changing(self) -> Iterator[tuple[list[BankEntry], Sharing | None]]:
        """Be the only one who changes what is taught, and turn what the operating system says into one line."""
        try:
            with builder_lock(self.data, self.options.wait, self.say):
                sharing = begin(self.corpus, self.data, self.options, self.say)
                with self.lessons.changing(self.taught()) if self.lessons else nullcontext(self.taught()) as entries:
                    yield entries, sharing
        except (OSError, ValueError) as error:  # numpy's, for a damaged bank
            raise TracuuError(
                f"Không lưu được câu hỏi ({error}); những gì đã dạy giữ nguyên. "
                f"Hãy kiểm tra dung lượng đĩa và quyền ghi của {self.file.parent} và {self.data}; nếu vẫn lỗi, chạy: tracuu ingest"
            ) from error

    def _keep(self, entries: list[BankEntry], diacritics: Diacritics, sharing: Sharing | None) -> None:
        snapshot = self.assistant.snapshot
        loaded = loaded_keys(snapshot)
        awake = [entry for entry in entries if number_key(entry.document) in loaded]
        with replaced(self.file, entries):
            names = build_later_part(self.data, awake, diacritics, self.assistant.encoder_of(snapshot))
            if self.lessons:
                self.lessons.put(entries)
            if sharing:
                sharing.publish(snapshot.info, names, rebuilt=False)
            use_bank(self.data, names)


def _keys(entry: BankEntry, diacritics: Diacritics) -> set[tuple[str, ...]]:
    """What a question is known by, with or without marks."""
    return {tuple(words_of(entry, diacritics)), as_typed(" ".join([*entry.after, entry.question]))}


def clean(question: str) -> str:
    """Return a question on one line. Raises ``TracuuError`` for one that nobody can ask."""
    text = " ".join(normalise(question).split())
    if not text:
        raise TracuuError("Câu hỏi trống.")
    if len(text) > LONGEST:
        raise TracuuError(f"Câu hỏi dài {len(text)} ký tự; nhiều nhất là {LONGEST}.")
    return text


def section_of(store: Store, number: str, section: str) -> str:
    """Return a section of a document as the store writes it. Raises ``TracuuError`` that names the nearest ones."""
    sections = list(dict.fromkeys(provision.section for provision in store.of_document(number)))
    wanted = spelling(section)
    if found := [known for known in sections if known == section] or [known for known in sections if spelling(known) == wanted]:
        return found[0]
    nearest = ", ".join(_nearest(sections, wanted))
    raise TracuuError(f"Văn bản {number} không có mục {section}. Gần nhất: {nearest}. Xem cả văn bản: tracuu show {number}")


def _nearest(sections: Sequence[str], wanted: str) -> list[str]:
    found = process.extract(wanted, sections, scorer=fuzz.ratio, processor=spelling, limit=_NEAREST)
    return [section for section, _, _ in found]
