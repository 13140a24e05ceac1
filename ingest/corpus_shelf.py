"""The corpus as it is and as it is to be: what lies in it, which files come and go, and how that is carried out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ingest.build import Build, Preview, Report
from ingest.catalog import Catalog, given_metadata
from ingest.contents import own_documents
from ingest.exchange import is_decided
from ingest.filenames import kept_name, same_name
from ingest.given import Given
from ingest.options import Ahead, Options, Progress
from ingest.parsed import Parsed, last_read, parse
from ingest.pipeline import files_of
from ingest.shared_corpus import Sharing
from ingest.source_files import drop, put
from rag.errors import ReadError, TracuuError
from rag.language.numbers import number_key


class Copy(NamedTuple):
    """A file that is copied into the corpus, and its place there."""

    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """The corpus as it is, and as it is to be: files to copy in, files to move away, the catalog."""

    corpus: Path
    data: Path
    catalog: Catalog
    files: list[Path]
    ahead: Ahead | None = None
    puts: list[Copy] = field(default_factory=list)
    drops: list[Path] = field(default_factory=list)

    @classmethod
    def load(cls, corpus: Path, data: Path, ahead: Ahead | None = None) -> Shelf:
        """Return the corpus as it is. Raises ``TracuuError`` while a restore is not finished."""
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
        """What would change with this catalog."""
        gone = {*self.drops, *(copy.target for copy in self.puts)}
        files = [*(path for path in self.files if path not in gone), *(copy.source for copy in self.puts)]
        return Build.prepare(self.corpus, self.data, files, catalog, progress, self.ahead).preview()

    def carry_out(
        self, catalog: Catalog, options: Options, progress: Progress, sharing: Sharing | None, undo: ExitStack
    ) -> tuple[Report, list[Path]]:
        """Copy and move the files and publish the index; return where what was moved away is. ``undo`` brings back what was."""
        trash = self.data / "trash"
        for copy in self.puts:
            put(copy.source, copy.target, trash, undo)
        dropped = [drop(path, trash, undo) for path in self.drops]  # last: a killed process leaves too much, not too little
        undo.callback(self.catalog.save_added, self.corpus)
        catalog.save_added(self.corpus)
        build = Build.prepare(self.corpus, self.data, files_of(self.corpus, self.data), catalog, progress, self.ahead)
        return build.publish(options, progress, sharing), dropped
