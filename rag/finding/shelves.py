"""What is searched for one office: its own documents in the index in use, and the library that it shares with others."""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from rag.errors import IndexDamaged, IndexMissing
from rag.finding.encoder import open_encoder
from rag.finding.joined import Joined
from rag.finding.search import Searcher
from rag.index.bank import BankIndex
from rag.index.bank_publishing import BankReader
from rag.index.published import pointer
from rag.index.snapshot import Snapshot, SnapshotReader
from rag.index.vectors import Encoder

if TYPE_CHECKING:
    from rag.index.nodes.calls import Nodes


class Shelves:
    """Moves on to a newer index when there is one. A ``shared`` library is opened once, whoever else has it too.

    ``without``, ``office`` and ``nodes`` are those of ``Assistant``. Any thread may ask for any searcher: a lock sees to it that one
    is opened at a time, and each once for an index; it is held only for that, not while something is searched. The lock of what is
    ``shared`` is taken after the own one, never before.
    """

    def __init__(
        self,
        data: Path,
        encoder: str | None = None,
        without: frozenset[str] = frozenset(),
        office: str = "",
        shared: Shelves | None = None,
        nodes: Nodes | None = None,
    ) -> None:
        self._data = data
        self._reader = SnapshotReader(data, nodes)
        self._bank = BankReader(data)
        self._encoder_name = encoder
        self._encoder: Encoder | None = None
        self._without = without
        self._office = office
        self._shared = shared
        self._shelf: Searcher | None = None
        self._own: Searcher | None = None
        self._joined: Joined | None = None
        self._opening = RLock()

    @property
    def snapshot(self) -> Snapshot:
        """The own snapshot in use. Raises ``IndexMissing`` or ``IndexDamaged``."""
        return self._reader.get()

    @property
    def in_use(self) -> Snapshot | None:
        """The own snapshot in use; ``None`` where there is only a library to go on with. Raises as ``snapshot``."""
        return self._reader.get() if self._has_own else None

    @property
    def version(self) -> str:
        """What changes with every index that answers here. Raises as ``snapshot``."""
        return " ".join(searcher.snapshot.info.id for searcher in (self.shelf(), self._library()) if searcher)

    @property
    def _has_own(self) -> bool:
        """Whether there are own documents; without a library, nothing goes on without them."""
        return self._library() is None or pointer(self._data).exists()

    def shelf(self) -> Searcher:
        """Return what searches the shelf alone, the library's where there is no own one yet. Raises as ``snapshot``."""
        if self._shared is not None and not self._has_own:
            return self._shared.shelf()
        with self._opening:
            snapshot, questions = self._parts()
            self._shelf = self._opened(self._shelf, snapshot.shelf, questions)
            return self._shelf

    def own(self) -> Searcher:
        """Return what searches all of the own snapshot in use. Raises as ``snapshot``, and ``SettingError``."""
        with self._opening:
            self._own = self._opened(self._own, *self._parts())
            return self._own

    def searcher(self) -> Searcher:
        """Return what reads all there is, what is shared too. Raises as ``own``."""
        library = self._library()
        if library is None:
            return self.own()
        if not self._has_own:
            return library
        with self._opening:
            own = self.own()
            if self._joined is None or self._joined.own is not own or self._joined.shared is not library:
                self._joined = Joined(own, library)
            return self._joined

    def in_order(self) -> list[Searcher]:
        """Return what is asked, the first first: the shelf, the collections beside it, what is shared.

        Where there is nothing but a library, that is searched with all its means. Raises as ``own``.
        """
        shared = self._shared.in_order() if self._shared is not None and self._library() is not None else []
        if not self._has_own:
            return shared
        shelf, whole = self.shelf(), self._reader.get()
        own = [self.own()] if shelf.broad else [shelf] if whole.shelf is whole else [shelf, self.own()]
        return [*own, *shared]

    def looked_again(self, snapshot: Snapshot | None, error: Exception | None = None) -> bool:
        """Read all of the indexes and banks in use, ``snapshot`` is the own one; say whether something is damaged, and no longer used."""
        found = [self._reader.look_again(snapshot, error), self._bank.look_again()] if snapshot is not None else []
        if self._shared is not None and self._library() is not None:
            found.append(self._shared.looked_again(self._shared.in_use, error if snapshot is None else None))
        return any(found)

    def encoder_of(self, snapshot: Snapshot) -> Encoder | None:
        """Return the encoder, where the snapshot's vectors are its own: those of another one would be noise."""
        if not snapshot.info.encoder:
            return None
        with self._opening:
            if self._encoder is None:
                library = self._library()
                self._encoder = library.encoder if library and library.encoder else open_encoder(self._encoder_name)
            return self._encoder if self._encoder and self._encoder.name == snapshot.info.encoder else None

    def _library(self) -> Searcher | None:
        """What searches the shared library; ``None`` where there is none, or nothing in it that can be read: the own documents go on."""
        try:
            return self._shared.searcher() if self._shared is not None else None
        except (IndexMissing, IndexDamaged):
            return None

    def _parts(self) -> tuple[Snapshot, tuple[BankIndex, ...]]:
        snapshot, questions = self._reader.get(), self._bank.get()
        snapshot.beside = snapshot.shelf.beside = self._bank.warning
        return snapshot, questions

    def _opened(self, known: Searcher | None, snapshot: Snapshot, questions: tuple[BankIndex, ...]) -> Searcher:
        library = self._library()
        if known is None or known.snapshot is not snapshot or known.questions is not questions or known.library is not library:
            known = Searcher(snapshot, self.encoder_of(snapshot), questions, self._without, office=self._office, library=library)
        return known
