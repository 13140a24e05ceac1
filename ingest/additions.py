"""Documents into the corpus folder and out of it, each with a new index; when that fails, the folder is as before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ingest.build import Preview, Report
from ingest.catalog import CATALOG, Catalog, described
from ingest.contents import own_documents
from ingest.corpus_shelf import Copy, Shelf
from ingest.filenames import shown
from ingest.given import Given
from ingest.options import Options, Progress
from ingest.parsed import Parsed, parse, reason_alone
from ingest.shared_corpus import changing
from ingest.source_files import Skipped, is_collection, readable, unfit, walk
from rag.disk import checksum
from rag.documents import Document
from rag.errors import ReadError, TracuuError
from rag.index.publishing import writing
from rag.language.numbers import find_numbers, number_key, same_number

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

    @property
    def numbers(self) -> frozenset[str]:
        """The keys of its documents' numbers."""
        return frozenset(number_key(document.number) for document in self.documents)

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

    A file that cannot be read, has the name of another document's file, or is no longer what was confirmed because somebody else
    changed the corpus meanwhile, is left out. Raises ``TracuuError`` when none is left or the new index cannot be published; then
    nothing changed.
    """
    outcome = Outcome()
    given = list(files)
    with writing(data):
        shelf = Shelf.load(corpus, data, options.ahead)
        holders = shelf.holders(progress)
        shelf.read_ahead(given, progress)
        for path, said in given:
            try:
                if addition := _confirmed(shelf, holders, outcome.additions, path, said, confirm, progress):
                    outcome.additions.append(addition)
                else:
                    outcome.skipped.append((path.name, "bỏ theo ý người quản trị"))
            except ReadError as error:
                outcome.skipped.append((path.name, reason_alone(str(error), path.name)))
        _refuse_nothing(outcome)
        if dry_run:
            outcome.preview = shelf.preview(_plan(shelf, outcome.additions), progress)
            return outcome
    with changing(corpus, data, options, progress) as sharing, ExitStack() as undo:
        shelf = Shelf.load(corpus, data, options.ahead)
        outcome.additions = _still_so(shelf, outcome, progress)
        _refuse_nothing(outcome)
        outcome.report, outcome.trash = shelf.carry_out(_plan(shelf, outcome.additions), options, progress, sharing, undo)
        undo.pop_all()
    return outcome


def _refuse_nothing(outcome: Outcome) -> None:
    if not outcome.additions:
        raise NothingAdded(outcome.skipped)


def _still_so(shelf: Shelf, outcome: Outcome, progress: Progress) -> list[Addition]:
    """The additions as they are now that nobody else changes the corpus; one that is no longer what was confirmed is left out."""
    holders = shelf.holders(progress)
    found: list[Addition] = []
    for addition in outcome.additions:
        try:
            now = _addition(shelf, holders, found, addition.path, addition.given, progress)
            if not now.same and (now.target, now.replaces, now.numbers) != (addition.target, addition.replaces, addition.numbers):
                raise ReadError("người khác vừa đổi kho văn bản, nên điều đã xem không còn đúng; hãy thêm lại")
            found.append(now)
        except ReadError as error:
            outcome.skipped.append((addition.path.name, reason_alone(str(error), addition.path.name)))
    return found


def _confirmed(
    shelf: Shelf, holders: dict[str, Path], before: list[Addition], path: Path, said: Given, confirm: Confirm, progress: Progress
) -> Addition | None:
    addition = _addition(shelf, holders, before, path, said, progress)
    changed = confirm(addition) if not addition.same else {}
    if changed:
        addition = _addition(shelf, holders, before, path, said | changed, progress)
    return None if changed is None else addition


def _addition(shelf: Shelf, holders: dict[str, Path], before: list[Addition], path: Path, given: Given, progress: Progress) -> Addition:
    """Parse a file as what the admin says it is, and find what it takes the place of; ``before``: what is added with it.

    Raises ``ReadError``.
    """
    target = shelf.target(path)
    catalog, told = shelf.said(path, given)
    parsed = parse(path, told, shelf.data, progress, again=True)
    documents = tuple(document for _, document in own_documents(parsed, catalog))
    held = [holder for document in documents if (holder := holders.get(number_key(document.number)))]
    in_place = shelf.holds(path)
    if not held and target in holders.values() and checksum(target) == checksum(path):
        held = [target]  # the same file, now with another number
    old = held[0] if held and not is_collection(path) else None
    same = bool(old) and not given and (in_place or (old == target and checksum(old) == checksum(path)))
    addition = Addition(path, target, given, parsed, documents, None if in_place else old, same)
    _refuse_twice(addition, before)
    for number, holder in holders.items():
        if holder.name == target.name and holder not in (*held, path):
            raise ReadError(f"kho văn bản đã có tệp {target.name} của văn bản khác ({number}); hãy đổi tên tệp rồi thêm lại")
    return addition


def _refuse_twice(addition: Addition, before: list[Addition]) -> None:
    """Raise ``ReadError`` where a file added with this one has a document of it, or its name."""
    for other in before:
        if again := addition.numbers & other.numbers:
            number = next(document.number for document in addition.documents if number_key(document.number) in again)
            raise ReadError(f"văn bản {number} vừa được thêm từ tệp {other.path.name}")
        if other.target.name == addition.target.name:
            raise ReadError(f"trùng tên với tệp của văn bản {other.documents[0].number} được thêm cùng lúc; hãy đổi tên tệp rồi thêm lại")


def _plan(shelf: Shelf, additions: list[Addition]) -> Catalog:
    """Note on the shelf which files come and go, and return the catalog as it will be."""
    catalog = shelf.catalog
    for addition in additions:
        path, old = addition.path, addition.replaces
        target = addition.target
        if addition.same:
            continue
        if not shelf.holds(path):
            shelf.puts.append(Copy(path, target))
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

    def plan(shelf: Shelf) -> Catalog:
        named = shelf.named(number)
        holder = shelf.holders(progress).get(number_key(number))
        if not named and holder and not is_collection(holder):
            named = [holder]
        if named:
            shelf.drops.extend(named)
            return shelf.catalog.without_files([path.name for path in named])
        if holder:
            return shelf.catalog.with_removed(holder.name, number)
        raise _unknown(number)

    return _changed(corpus, data, options, progress, plan, dry_run=dry_run)


def edit(corpus: Path, data: Path, number: str, said: Given, options: Options, progress: Progress, *, dry_run: bool = False) -> Outcome:
    """Say otherwise what a document is, or (``dry_run``) what that would change; an empty value empties.

    Raises ``TracuuError`` when there is no such document, the new number is another file's, or the index cannot be
    published; then nothing changed.
    """

    def plan(shelf: Shelf) -> Catalog:
        holders = shelf.holders(progress)
        holder = next(iter(shelf.named(number)), None) or holders.get(number_key(number))
        if holder is None:
            raise _unknown(number)
        if is_collection(holder):
            raise TracuuError(f"Văn bản {number} nằm trong tuyển tập {holder.name}; hãy sửa trong {corpus / CATALOG}.")
        if said.get("number") and (other := holders.get(number_key(said["number"]), holder)) != holder:
            raise TracuuError(f"Đã có văn bản {said['number']}, từ tệp {other.name}; không đổi số hiệu của tệp {holder.name}.")
        return shelf.catalog.with_edited(holder.name, said)

    return _changed(corpus, data, options, progress, plan, dry_run=dry_run)


def _changed(corpus: Path, data: Path, options: Options, progress: Progress, plan: Callable[[Shelf], Catalog], *, dry_run: bool) -> Outcome:
    """Carry out what ``plan`` notes on the shelf, with the catalog that it returns, or say what that would change."""
    outcome = Outcome()
    with changing(corpus, data, _for(options, dry_run), progress) as sharing, ExitStack() as undo:
        shelf = Shelf.load(corpus, data, options.ahead)
        catalog = plan(shelf)
        if dry_run:
            outcome.preview = shelf.preview(catalog, progress)
            return outcome
        outcome.report, outcome.trash = shelf.carry_out(catalog, options, progress, sharing, undo)
        undo.pop_all()
    return outcome


def _unknown(number: str) -> TracuuError:
    return TracuuError(f"Không có văn bản hay tệp nào là {number}. Xem các văn bản đang có: tracuu status")


def _for(options: Options, dry_run: bool) -> Options:
    """Leave the store alone where nothing is to change."""
    return replace(options, store=None) if dry_run else options


def missing(corpus: Path, data: Path, progress: Progress) -> list[Document]:
    """Return the documents of the catalog that no file holds, as the catalog describes them."""
    with writing(data):
        shelf = Shelf.load(corpus, data)
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
