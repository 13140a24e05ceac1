"""Documents into the corpus folder and out of it, each with a new index; when that fails, the folder is as before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ingest.build import Ahead, Build, Options, Preview, Progress, Report
from ingest.catalog import CATALOG, Catalog, described, given_metadata
from ingest.contents import own_documents
from ingest.exchange import is_decided
from ingest.filenames import kept_name, same_name, shown
from ingest.given import Given
from ingest.parsed import Parsed, last_read, parse, reason_alone
from ingest.pipeline import files_of
from ingest.shared import Sharing, changing
from ingest.sources import Skipped, drop, is_collection, put, readable, unfit, walk
from rag.documents import Document
from rag.errors import ReadError, TracuuError
from rag.index.publishing import writing
from rag.language.numbers import find_numbers, number_key, same_number
from rag.storage.disk import checksum

_HEAD = 5  # provisions in which a document says its number


@dataclass(frozen=True, slots=True)
class Addition:
    """A file to add, as parsed, and its place in the corpus.

    ``replaces``: the file that held the document until now; ``same``: it is this one.
    """

    path: Path
    target: Path
    given: Given
    parsed: Parsed
    documents: tuple[Document, ...]
    replaces: Path | None = None
    same: bool = False

    def speaks_of(self, number: str) -> bool:
        """Say whether the file names this document where documents name themselves, or has no number there at all."""
        beginning = "\n".join(f"{p.heading}\n{p.text}" for p in islice(self.parsed.provisions(), _HEAD))
        numbers = [found.group() for found in find_numbers(f"{self.path.stem}\n{beginning}")]
        return not numbers or any(same_number(found, number) for found in numbers)


Confirm = Callable[[Addition], Given | None]
"""Shown what was guessed; returns what the admin says otherwise (empty: all is right), ``None`` to leave the file out."""


class NothingAdded(TracuuError):
    """No file of those given could be added; ``skipped`` has each with the reason."""

    def __init__(self, skipped: list[Skipped]) -> None:
        super().__init__(f"Không thêm được văn bản nào. {'; '.join(f'{name}: {reason}' for name, reason in skipped)}")
        self.skipped = skipped


@dataclass(slots=True)
class Outcome:
    """What was done, or would be: the files added, left out with the reason, and moved away."""

    additions: list[Addition] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    trash: list[Path] = field(default_factory=list)
    report: Report | None = None
    preview: Preview | None = None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The corpus as it is, and as it is to be: files to copy in (source, target), files to move away, the catalog."""

    corpus: Path
    data: Path
    catalog: Catalog
    files: list[Path]
    ahead: Ahead | None = None
    puts: list[tuple[Path, Path]] = field(default_factory=list)
    drops: list[Path] = field(default_factory=list)

    @classmethod
    def load(cls, corpus: Path, data: Path, ahead: Ahead | None = None) -> _Shelf:
        if is_decided(data):
            raise TracuuError("Lần khôi phục trước bị dừng giữa chừng. Hãy chạy: tracuu ingest (lệnh này làm nốt), rồi làm lại.")
        return cls(corpus, data, Catalog.load(corpus), files_of(corpus, data), ahead)

    def holders(self, progress: Progress) -> dict[str, Path]:
        """Which file holds which document, by number key."""
        found: dict[str, Path] = {}
        if self.ahead:
            self.ahead([(path, given_metadata(self.catalog.entry_of_file(path.name))) for path in self.files], self.data, progress)
        for path in self.files:
            try:
                file: Parsed | None = parse(path, given_metadata(self.catalog.entry_of_file(path.name)), self.data, progress)
            except ReadError:  # the build will name it
                file = last_read(path.name, self.data)
            if file is not None:
                for _, document in own_documents(file, self.catalog):
                    found.setdefault(number_key(document.number), path)
        return found

    def holds(self, path: Path) -> bool:
        """Whether a file lies in the corpus already; a link does where it leads to."""
        return path.resolve().is_relative_to(self.corpus.resolve())

    def read_ahead(self, files: Iterable[tuple[Path, Given]], progress: Progress) -> None:
        """Have the scans among files to add read by workers, where there are any."""
        if self.ahead:
            self.ahead([(path, self.said(path, given)[1]) for path, given in files], self.data, progress, again=True)

    def said(self, path: Path, given: Given) -> tuple[Catalog, Given]:
        """The catalog with what the admin says of a file to add, and what it then says of that file."""
        catalog = self.catalog.with_added({"file": self.target(path).name, **given}) if given else self.catalog
        return catalog, given_metadata(catalog.entry_of_file(path.name))

    def target(self, path: Path) -> Path:
        """Where a file belongs: where it is, or at the top of the corpus, under the name of its like there."""
        if self.holds(path):
            return path
        like = [file for file in self.files if file.parent == self.corpus and same_name(file.name, path.name)]
        return next((file for file in like if file.name == path.name), like[0] if like else self.corpus / kept_name(path.name))

    def named(self, name: str) -> list[Path]:
        """The files of this name: to the letter, else however its marks are composed."""
        return [path for path in self.files if path.name == name] or [path for path in self.files if same_name(path.name, name)]

    def preview(self, catalog: Catalog, progress: Progress) -> Preview:
        gone = {*self.drops, *(target for _, target in self.puts)}
        files = [*(path for path in self.files if path not in gone), *(source for source, _ in self.puts)]
        return Build.prepare(self.corpus, self.data, files, catalog, progress, self.ahead).preview()

    def carry_out(
        self, catalog: Catalog, options: Options, progress: Progress, sharing: Sharing | None, undo: ExitStack
    ) -> tuple[Report, list[Path]]:
        trash = self.data / "trash"
        for source, target in self.puts:
            put(source, target, trash, undo)
        dropped = [drop(path, trash, undo) for path in self.drops]  # last: a killed process leaves too much, not too little
        undo.callback(self.catalog.save_added, self.corpus)
        catalog.save_added(self.corpus)
        build = Build.prepare(self.corpus, self.data, files_of(self.corpus, self.data), catalog, progress, self.ahead)
        return build.publish(options, progress, sharing), dropped


def add(
    corpus: Path,
    data: Path,
    files: Iterable[tuple[Path, Given]],
    confirm: Confirm,
    options: Options,
    progress: Progress,
    *,
    dry_run: bool = False,
) -> Outcome:
    """Copy files into the corpus and index it, or (``dry_run``) say what that would change.

    A file that cannot be read, or has the name of another document's file, is left out. Raises ``TracuuError`` when
    none is left or the new index cannot be published; then nothing changed.
    """
    outcome = Outcome()
    given = list(files)
    with writing(data):
        shelf = _Shelf.load(corpus, data, options.ahead)
        holders = shelf.holders(progress)
        shelf.read_ahead(given, progress)
        for path, said in given:
            try:
                if addition := _confirmed(shelf, holders, path, said, confirm, progress):
                    outcome.additions.append(addition)
                else:
                    outcome.skipped.append((path.name, "bỏ theo ý người quản trị"))
            except ReadError as error:
                outcome.skipped.append((path.name, reason_alone(str(error), path.name)))
        if not outcome.additions:
            raise NothingAdded(outcome.skipped)
        if dry_run:
            outcome.preview = shelf.preview(_plan(shelf, outcome.additions), progress)
            return outcome
    with changing(corpus, data, options, progress) as sharing, ExitStack() as undo:
        shelf = _Shelf.load(corpus, data, options.ahead)  # another admin may have been at work
        outcome.report, outcome.trash = shelf.carry_out(_plan(shelf, outcome.additions), options, progress, sharing, undo)
        undo.pop_all()
    return outcome


def _confirmed(shelf: _Shelf, holders: dict[str, Path], path: Path, said: Given, confirm: Confirm, progress: Progress) -> Addition | None:
    addition = _addition(shelf, holders, path, said, progress)
    changed = confirm(addition) if not addition.same else {}
    if changed:
        addition = _addition(shelf, holders, path, said | changed, progress)
    if changed is None:
        return None
    for document in addition.documents:
        holders.setdefault(number_key(document.number), path)
    return addition


def _addition(shelf: _Shelf, holders: dict[str, Path], path: Path, given: Given, progress: Progress) -> Addition:
    """Parse a file as what the admin says it is, and find what it takes the place of. Raises ``ReadError``."""
    target = shelf.target(path)
    catalog, told = shelf.said(path, given)
    parsed = parse(path, told, shelf.data, progress, again=True)
    documents = tuple(document for _, document in own_documents(parsed, catalog))
    held = [holder for document in documents if (holder := holders.get(number_key(document.number)))]
    in_place = shelf.holds(path)
    if not held and target in holders.values() and checksum(target) == checksum(path):
        held = [target]  # the same file, now with another number
    if target.exists() and not in_place and target in holders.values() and target not in held:
        number = next(number for number, holder in holders.items() if holder == target)
        raise ReadError(f"thư mục {shelf.corpus} đã có tệp {target.name} của văn bản khác ({number}); hãy đổi tên tệp rồi thêm lại")
    if any(holder not in shelf.files for holder in held):
        raise ReadError(f"văn bản {documents[0].number} vừa được thêm từ tệp {held[0].name}")
    old = held[0] if held and not is_collection(path) else None
    same = bool(old) and not given and (in_place or (old == target and checksum(old) == checksum(path)))
    return Addition(path, target, given, parsed, documents, None if in_place else old, same)


def _plan(shelf: _Shelf, additions: list[Addition]) -> Catalog:
    """Note on the shelf which files come and go, and return the catalog as it will be."""
    catalog = shelf.catalog
    for addition in additions:
        path, old = addition.path, addition.replaces
        target = addition.target
        if addition.same:
            continue
        if not shelf.holds(path):
            shelf.puts.append((path, target))
        if old and is_collection(old):
            catalog = catalog.with_removed(old.name, addition.documents[0].number)
        elif old:
            catalog = catalog.without_files([old.name])
            if old != target and old.exists():
                shelf.drops.append(old)
        if addition.given:
            catalog = catalog.with_added({"file": target.name, **addition.given})
    return catalog


def remove(corpus: Path, data: Path, number: str, options: Options, progress: Progress, *, dry_run: bool = False) -> Outcome:
    """Take a document (or, by its name, a whole file) out of the corpus and the index, or say what that would change.

    The file goes to ``data/trash``; a collection stays, read without the document. Raises ``TracuuError`` when there
    is no such document or file, or the index cannot be published; then nothing changed.
    """
    outcome = Outcome()
    with changing(corpus, data, _for(options, dry_run), progress) as sharing, ExitStack() as undo:
        shelf = _Shelf.load(corpus, data, options.ahead)
        catalog = shelf.catalog
        named = shelf.named(number)
        holder = shelf.holders(progress).get(number_key(number))
        if not named and holder and not is_collection(holder):
            named = [holder]
        if named:
            shelf.drops.extend(named)
            catalog = catalog.without_files([path.name for path in named])
        elif holder:
            catalog = catalog.with_removed(holder.name, number)
        else:
            raise TracuuError(f"Không có văn bản hay tệp nào là {number}. Xem các văn bản đang có: tracuu status")
        if dry_run:
            outcome.preview = shelf.preview(catalog, progress)
            return outcome
        outcome.report, outcome.trash = shelf.carry_out(catalog, options, progress, sharing, undo)
        undo.pop_all()
    return outcome


def edit(corpus: Path, data: Path, number: str, said: Given, options: Options, progress: Progress, *, dry_run: bool = False) -> Outcome:
    """Say otherwise what a document is, or (``dry_run``) what that would change; an empty value empties.

    Raises ``TracuuError`` when there is no such document, the new number is another file's, or the index cannot be
    published; then nothing changed.
    """
    outcome = Outcome()
    with changing(corpus, data, _for(options, dry_run), progress) as sharing, ExitStack() as undo:
        shelf = _Shelf.load(corpus, data, options.ahead)
        holders = shelf.holders(progress)
        holder = next(iter(shelf.named(number)), None) or holders.get(number_key(number))
        if holder is None:
            raise TracuuError(f"Không có văn bản hay tệp nào là {number}. Xem các văn bản đang có: tracuu status")
        if is_collection(holder):
            raise TracuuError(f"Văn bản {number} nằm trong tuyển tập {holder.name}; hãy sửa trong {corpus / CATALOG}.")
        if said.get("number") and (other := holders.get(number_key(said["number"]), holder)) != holder:
            raise TracuuError(f"Đã có văn bản {said['number']}, từ tệp {other.name}; không đổi số hiệu của tệp {holder.name}.")
        catalog = shelf.catalog.with_edited(holder.name, said)
        if dry_run:
            outcome.preview = shelf.preview(catalog, progress)
            return outcome
        outcome.report, outcome.trash = shelf.carry_out(catalog, options, progress, sharing, undo)
        undo.pop_all()
    return outcome


def _for(options: Options, dry_run: bool) -> Options:
    """Leave the store alone where nothing is to change."""
    return replace(options, store=None) if dry_run else options


def missing(corpus: Path, data: Path, progress: Progress) -> list[Document]:
    """Return the documents of the catalog that no file holds, as the catalog describes them."""
    with writing(data):
        shelf = _Shelf.load(corpus, data)
        holders = shelf.holders(progress)
    numbers = (str(entry["number"]) for entry in shelf.catalog.entries)
    return [
        described(Document(number, present=False), shelf.catalog.entry(number)) for number in numbers if number_key(number) not in holders
    ]


def expand(paths: Iterable[Path]) -> tuple[list[Path], list[Skipped]]:
    """Return the files that the admin means, those of folders included, and those there is no reader for."""
    files: list[Path] = []
    skipped: list[Skipped] = []
    for path in paths:
        for file in sorted(walk(path)) if os.path.isdir(path) else [path]:  # noqa: PTH112 (Path's raises for a name too long)
            if reason := unfit(file, named=file is path):
                skipped.append((shown(file.name), reason))
            elif readable(file):
                files.append(file)
            elif not file.name.startswith("."):
                skipped.append((shown(file.name), f"chưa hỗ trợ loại tệp “{file.suffix or file.name}”"))
    return files, skipped
