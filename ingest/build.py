"""One pass over the documents' files: parsed, compared with the index in use, published."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.banking import build_questions
from ingest.catalog import Catalog, given_metadata
from ingest.changes import DocumentChange, IndexOutline, compare
from ingest.checks import CheckResult, ask_all, load_checks
from ingest.code_version import INDEXING, code_version
from ingest.contents import build_contents, own_documents
from ingest.options import Ahead, Options, Progress
from ingest.parsed import Parsed, forget_others, key_of, last_read, parse, reason_alone, remember_read
from ingest.pieces import check_cuttable, with_pieces
from ingest.shared_corpus import Sharing
from ingest.source_files import Skipped, documents_in, readable
from rag.documents import Contact, Deadline, Provision, Reference, System
from rag.errors import IndexDamaged, IndexMissing, ReadError, TracuuError
from rag.index.bank_publishing import use_bank
from rag.index.making import Contents
from rag.index.manifest import SnapshotInfo
from rag.index.published import verify
from rag.index.publishing import publish_locked
from rag.index.snapshot import Snapshot, SnapshotReader
from rag.language.numbers import number_key

if TYPE_CHECKING:
    from rag.index.vectors import Encoder

_AS_BEFORE = (
    "không đọc được lần này ({reason}), nên vẫn trả lời theo bản đã đọc trước đó. {mend} rồi chạy lại: tracuu ingest; "
    "muốn bỏ văn bản này: tracuu remove {name}"
)
_LOSS = (
    "Văn bản {numbers} đang được trả lời nhưng tệp {name} không đọc được ({reason}), và bản đã đọc trước đó không còn; bản chỉ mục cũ "
    "giữ nguyên. {mend} rồi chạy lại, hoặc bỏ văn bản ấy: tracuu remove {name}, hoặc thêm --force."
)
_SAME_NAME = "trùng tên với tệp khác ({other}) mà tên là thứ phân biệt các tệp; hãy đổi tên một trong hai tệp"
_MEND_FILE = "Hãy sửa tệp"
_NO_READER = "Máy này không còn gói nào có bộ đọc cho đuôi “{suffix}”: hãy cài lại gói ấy"
_NAMED = 3  # numbers written out in a list


class NeedsForce(TracuuError):
    """A new index that is not published unless the admin insists (``Options.force``)."""


class WouldLose(NeedsForce):
    """Documents that are answered now would be gone, with a file that cannot be read."""

    def __init__(self, numbers: list[str], name: str, reason: str) -> None:
        super().__init__(_LOSS.format(numbers=_few(numbers), name=name, reason=reason, mend=mend(name)))
        self.numbers, self.name, self.reason = numbers, name, reason


class ChecksFailed(NeedsForce):
    """The new index does not answer the admin's questions as it should: ``result``."""

    def __init__(self, result: CheckResult) -> None:
        super().__init__(_refusal(result))
        self.result = result


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: counts, the files that were skipped with the reason, and whether anything was published.

    ``problems``: (file, what in it was not readable); ``checked``: how the admin's questions were answered; ``to_copy``: what is to be
    done with the pieces for search nodes, for people.
    """

    documents: int
    provisions: int
    deadlines: int
    contacts: int
    systems: int
    references: int
    created: str
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    checked: CheckResult | None = None
    published: bool = True
    to_copy: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change, and which files would be skipped."""

    changes: list[DocumentChange]
    skipped: list[Skipped]


@dataclass(frozen=True, slots=True)
class Build:
    """The files of one pass, parsed. ``skipped`` has those that could not be, ``failed`` the keys of these, ``lost`` names of
    files that are not in it, with the reason.

    What was read before and cannot be now goes on as it was read then, and is in ``skipped`` too.
    """

    corpus: Path
    data: Path
    catalog: Catalog
    started: float
    parsed: list[Parsed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    lost: list[Skipped] = field(default_factory=list)

    @classmethod
    def prepare(
        cls, corpus: Path, data: Path, files: Sequence[Path], catalog: Catalog, progress: Progress, ahead: Ahead | None = None
    ) -> Build:
        """Parse the files, or take what was kept of them. Raises ``ReadError`` when none can be read."""
        build = cls(corpus, data, catalog, time.perf_counter(), skipped=documents_in(corpus)[1])
        if ahead:
            ahead([(path, given_metadata(catalog.entry_of_file(path.name))) for path in files], data, progress)
        seen: dict[str, str] = {}  # number -> file
        named: dict[str, Path] = {}
        for path in files:
            if named.setdefault(path.name, path) == path:
                build._take(path, seen, progress)
            else:
                build._leave_out(path.name, _SAME_NAME.format(other=named[path.name]))
        if not build.parsed:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in build.skipped)
            raise ReadError(f"Không có văn bản nào để lập chỉ mục trong {corpus}. {reasons}".strip())
        return build

    def _take(self, path: Path, seen: dict[str, str], progress: Progress) -> None:
        given = given_metadata(self.catalog.entry_of_file(path.name))
        try:
            file = parse(path, given, self.data, progress)
        except ReadError as error:
            reason = reason_alone(str(error), path.name)
            if path.is_file():
                self.failed.append(key_of(path, given))
            if (before := last_read(path.name, self.data)) is None:
                self._leave_out(path.name, reason)
                return
            self.skipped.append((path.name, _AS_BEFORE.format(reason=reason.rstrip("."), name=path.name, mend=mend(path.name))))
            file = before
        numbers = [document.number for _, document in own_documents(file, self.catalog)]
        again = [number for number in numbers if number_key(number) in seen]
        if again:
            self.skipped.append((path.name, f"văn bản {_few(again)} đã có từ tệp khác ({seen[number_key(again[0])]})"))
        if len(again) < len(numbers):
            self.parsed.append(file)
            seen |= {key: path.name for number in numbers if (key := number_key(number)) not in seen}

    def _leave_out(self, name: str, reason: str) -> None:
        self.skipped.append((name, reason))
        self.lost.append((name, reason))

    def contents(self, options: Options | None = None) -> Contents:
        """Return what the snapshot would hold."""
        return build_contents(self.parsed, self.catalog, {"fingerprint": self._fingerprint(options or Options())})

    def preview(self) -> Preview:
        """Compare what would be published with what is."""
        try:
            before = IndexOutline.of_store(SnapshotReader(self.data).get().store)
        except (IndexMissing, IndexDamaged):
            before = IndexOutline()
        return Preview(compare(before, IndexOutline.of_contents(self.contents())), self.skipped)

    def publish(self, options: Options, progress: Progress, sharing: Sharing | None = None) -> Report:
        """Publish the snapshot, unless the one in use is the same; for a caller that is inside ``building``.

        ``sharing``: where other machines are to have it first. Where search nodes serve it, it is cut for them as well. Raises
        ``TracuuError`` when that fails, or the admin's questions are not answered as they should be; then the old one stays.
        """
        check_cuttable(options)
        checks = load_checks(self.corpus)
        current = _whole_snapshot(self.data)
        if not options.force:
            self._refuse_to_lose()
        encoder = _encoder(options)
        bank: list[str] = []
        results: list[CheckResult] = []
        to_copy = ""

        def put_beside(snapshot: Snapshot) -> None:
            nonlocal to_copy
            bank[:] = self._built_bank(snapshot, encoder, progress)
            with with_pieces(snapshot, self.data, options, progress) as to_copy:
                if sharing:
                    progress("Công bố lên kho chung")
                    sharing.publish(snapshot.info, bank)

        def accept(info: SnapshotInfo) -> None:
            if checks.turns:
                progress("Hỏi thử các câu trong checks.yaml")
                results.append(ask_all(checks, self.data, info, encoder=options.encoder, today=options.today))
                if not results[0].passed and not options.force:
                    raise ChecksFailed(results[0])
            put_beside(Snapshot.open(info.path))

        published = not current or current.store.meta("fingerprint") != self._fingerprint(options)
        if current and not published:
            put_beside(current)
        else:
            publish_locked(self.data, self.contents(options), encoder, progress, chroma=options.chroma or "", accept=accept)
        use_bank(self.data, bank)
        remember_read(self.parsed, self.data)
        if published:
            forget_others(self.data, {*(key for file in self.parsed for key in file.keys), *self.failed})
        return self._report(SnapshotReader(self.data).get(), results[0] if results else None, to_copy, published=published)

    def _refuse_to_lose(self) -> None:
        """Raise ``TracuuError`` where a document that is answered now would be gone with a file that cannot be read."""
        try:
            documents = SnapshotReader(self.data).get().store.documents()
        except (IndexMissing, IndexDamaged):
            return
        kept = {number_key(document.number) for file in self.parsed for _, document in own_documents(file, self.catalog)}
        for name, reason in self.lost:
            sources = [d.number for d in documents if d.present and d.source == name and number_key(d.number) not in kept]
            if sources:
                raise WouldLose(sources, name, reason.rstrip("."))

    def _built_bank(self, snapshot: Snapshot, encoder: Encoder | None, progress: Progress) -> list[str]:
        names, skipped = build_questions(self.corpus, self.data, snapshot, encoder, progress)
        self.skipped.extend(skipped)
        return names

    def _fingerprint(self, options: Options) -> str:
        """What the snapshot follows from: the parsed files, the catalog, the encoder and its server, the code."""
        parts = [
            [file.key for file in self.parsed],
            self.catalog.entries,
            self.catalog.added,
            sorted(self.catalog.removed),
            options.encoder or "",
            options.chroma or "",
            code_version(INDEXING),
        ]
        return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()

    def _report(self, snapshot: Snapshot, checked: CheckResult | None, to_copy: str, *, published: bool) -> Report:
        store = snapshot.store
        return Report(
            documents=sum(document.present for document in store.documents()),
            provisions=store.count(Provision),
            deadlines=store.count(Deadline),
            contacts=store.count(Contact),
            systems=store.count(System),
            references=store.count(Reference),
            created=snapshot.info.created,
            skipped=self.skipped,
            problems=[(file.name, problem) for file in self.parsed for problem in file.problems],
            checked=checked,
            published=published,
            to_copy=to_copy,
            seconds=time.perf_counter() - self.started,
        )


def mend(name: str) -> str:
    """Return what is to be done about a file that was read before and cannot be now: its reader may be gone, with its package."""
    return _MEND_FILE if readable(Path(name)) else _NO_READER.format(suffix=Path(name).suffix.lower())


def _encoder(options: Options) -> Encoder | None:
    from rag.finding.encoder import open_encoder  # slow to import with a model of sentence-transformers

    return open_encoder(options.encoder)


def _whole_snapshot(data: Path) -> Snapshot | None:
    """The newest snapshot, if there is one and every file of it is as it was written."""
    try:
        return None if verify(data) else SnapshotReader(data).get()
    except (IndexMissing, IndexDamaged):
        return None


def _few(numbers: list[str]) -> str:
    rest = len(numbers) - _NAMED
    return ", ".join(numbers[:_NAMED]) + (f" và {rest} văn bản nữa" if rest > 0 else "")


def _refusal(result: CheckResult) -> str:
    failures = "; ".join(f"“{question}”: {wrong}" for question, wrong in result.failures)
    return (
        f"Bản chỉ mục mới không đạt bộ câu hỏi checks.yaml ({result}), nên không được dùng; bản cũ giữ nguyên. {failures}. "
        "Nếu vẫn muốn dùng bản mới, hãy thêm --force."
    )
