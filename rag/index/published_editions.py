"""What was published to the store that machines share: a snapshot with the bank beside it, and the sources of both.

An edition is a small file of the store, under the name of its content like any other; the store's pointer names the editions
that are kept, one a line, the one in use first.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rag.disk import checksum
from rag.errors import EditionUnreadable, StoreUnavailable
from rag.index.bank import CHOOSER, FIT
from rag.index.manifest import FORMAT, READABLE
from rag.storage.blobs import Blobs, Pointer

_LOG = logging.getLogger(__name__)
_FORMAT = 1  # raise it when older programs can no longer read an edition

STORE = "store"
"""The folder in the data folder for what is known of the store."""

Files = Mapping[str, tuple[int, str]]
"""Relative paths, each with its size in bytes and its name in the store."""


@dataclass(frozen=True, slots=True)
class Edition:
    """``files`` are below the data folder; ``sources`` names the list of the files that all was made of (``read_sources``).

    ``snapshot`` and ``bank`` name the folders among ``files``; ``format`` is that of the snapshot's manifest, ``chooser`` tells
    which one a fit in the bank was made for; ``published`` is a moment, ``publisher`` a machine.
    """

    snapshot: str
    bank: tuple[str, ...]
    created: str
    encoder: str
    counts: Mapping[str, int]
    files: Files = field(repr=False)
    sources: str
    published: str = ""
    publisher: str = ""
    format: int = FORMAT
    chooser: str = field(default_factory=lambda: chooser_name())

    def of_folder(self, folder: str) -> Files:
        """Return the files in a folder, such as ``bank/<name>``."""
        return {name: entry for name, entry in self.files.items() if name.startswith(f"{folder}/")}

    @property
    def blobs(self) -> set[str]:
        """The names of its files in the store, those of the sources not among them."""
        return {self.sources, *(name for _, name in self.files.values())}

    def check_readable(self, encoder: str) -> None:
        """Raise ``EditionUnreadable`` where this program with this encoder (its name; empty: none) cannot answer from it."""
        if self.format not in READABLE:
            raise EditionUnreadable(f"bản {self.snapshot} do một phiên bản Tra Cứu khác lập; hãy cài cùng một phiên bản ở mọi máy")
        if encoder and self.encoder and encoder != self.encoder:
            raise EditionUnreadable(
                f"bản {self.snapshot} lập bằng bộ mã hóa {self.encoder}, máy này dùng {encoder}; hãy đặt TRACUU_ENCODER như nhau ở mọi máy"
            )
        if self.chooser != chooser_name() and any(name.endswith(f"/{FIT}") for name in self.files):
            raise EditionUnreadable(
                f"ngân hàng câu hỏi của bản {self.snapshot} do một phiên bản Tra Cứu khác lập; hãy cài cùng một phiên bản ở mọi máy"
            )

    def to_json(self) -> str:
        """Return what ``parse`` reads."""
        return json.dumps({"edition": _FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)


def chooser_name() -> str:
    """Return what tells the chooser of this program from others."""
    return checksum(CHOOSER)[:12]


def parse(text: str) -> Edition:
    """Read an edition. Raises ``EditionUnreadable``."""
    try:
        content = json.loads(text)
        if content.pop("edition") != _FORMAT:
            raise EditionUnreadable("bản trên kho do một phiên bản Tra Cứu khác ghi; hãy cài cùng một phiên bản ở mọi máy")
        files = _files(content["files"])
        return Edition(**{**content, "bank": tuple(content["bank"]), "files": files})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EditionUnreadable("bản trên kho không đọc được") from error


def _files(content: Mapping[str, tuple[int, str]]) -> Files:
    if outside := [name for name in content if ".." in Path(name).parts or Path(name).is_absolute()]:
        raise EditionUnreadable(f"bản trên kho có tệp ở ngoài thư mục của nó ({outside[0]})")
    return {name: (int(size), str(sum_)) for name, (size, sum_) in content.items()}


def named(pointer: Pointer | None) -> list[str]:
    """Return the names of the editions that are kept, the one in use first."""
    return pointer.content.decode("ascii", "replace").split() if pointer else []


def load_kept(blobs: Blobs, pointer: Pointer | None, data: Path) -> dict[str, Edition]:
    """Return the editions that are kept, by name, the one in use first; one that the store has lost is left out.

    Copies lie in the data folder. Raises ``StoreUnavailable`` and ``EditionUnreadable``.
    """
    (data / STORE).mkdir(parents=True, exist_ok=True)
    found = {}
    for name in named(pointer):
        copy = data / STORE / name
        try:
            if not copy.exists() or checksum(copy) != name:
                blobs.get(name, copy)
            found[name] = parse(copy.read_text(encoding="utf-8"))
        except StoreUnavailable:
            if blobs.has(name):
                raise
            _LOG.error("Kho %s đã mất bản %s.", blobs.address, name)
    return found


def read_sources(blobs: Blobs, edition: Edition, data: Path) -> Files:
    """Return the sources of an edition: files of the corpus (``corpus/…``) and those beside it (``extra/…``).

    A copy of the list lies in the data folder. Raises ``StoreUnavailable`` and ``EditionUnreadable``.
    """
    copy = sources_folder(data) / edition.sources
    if not copy.exists() or checksum(copy) != edition.sources:
        copy.parent.mkdir(parents=True, exist_ok=True)
        blobs.get(edition.sources, copy)
    try:
        return _files(json.loads(copy.read_text(encoding="utf-8")))
    except (ValueError, TypeError, AttributeError) as error:
        raise EditionUnreadable("danh sách văn bản trên kho không đọc được") from error


def sources_folder(data: Path) -> Path:
    """Return where copies of the lists of sources lie."""
    return data / STORE / "sources"


def copies(data: Path) -> dict[str, Edition]:
    """Return the editions of which copies lie in the data folder, by name."""
    found = {}
    for path in (data / STORE).glob("[0-9a-f]" * 64):
        with suppress(OSError, EditionUnreadable):
            found[path.name] = parse(path.read_text(encoding="utf-8"))
    return found
