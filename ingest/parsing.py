"""A file, or a chunk of a collection → its documents, provisions, records and what it says of others, in a child with limits.

What a text makes of itself can take for ever too: a paragraph of millions of full stops, a library without end.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ingest.collection import Chunk, read_articles
from ingest.contacts import find_contacts
from ingest.deadlines import find_deadlines
from ingest.deadlines.doubtful import with_unreal_days
from ingest.deadlines.years import each_day
from ingest.limited import SILENCE, Children, Message, Say, SharedChild, Unwritable, answer_all
from ingest.metadata import read_metadata
from ingest.readers import PagesWanted, Reading, read_file
from ingest.references import find_references
from ingest.structure import build_provisions
from ingest.systems import find_systems
from ingest.validity import find_relations
from rag.disk import checksum
from rag.documents import Deadline, Document, Provision, Record
from rag.errors import ReadError, ReadStopped
from rag.index.store import Store

PATIENCE = SILENCE + 30
"""Seconds without progress after which a file is given up: longer than its reader may be silent."""
_OFTEN = 200  # provisions after which the child says that it is alive
_LONGEST = 20_000  # characters of a paragraph: those of real documents have a few thousand
_MODULE = "ingest.parsing"
_SHARED = SharedChild(_MODULE)


class Read(NamedTuple):
    """What a file holds; ``problems``: what in it was not readable, in Vietnamese."""

    documents: list[Document]
    provisions: list[Provision]
    problems: tuple[str, ...] = ()


def parse_in_child(
    path: Path, given: Mapping[str, str], cache: Path, new: Path, progress: Callable[[str], None], *, elsewhere: bool = False
) -> None:
    """Parse a file and write what it holds to ``new``, a store. ``given``: what the catalog says that this file is.

    ``elsewhere``: pages are read by OCR elsewhere; then it raises ``PagesWanted`` for those that are not yet. Raises
    ``ReadError`` and, when nothing can be written, ``OSError``.
    """
    places = {"path": str(path.absolute()), "cache": str(cache.absolute()), "new": str(new.absolute())}
    asked = places | {"given": dict(given), "elsewhere": elsewhere}
    if wanted := _SHARED.ask(asked, path.name, PATIENCE, partial(_hear, progress)):
        raise PagesWanted(wanted)


def several_children() -> Children:
    """Return a child for each processor that this process may use, for the chunks of a collection."""
    return Children(_MODULE, len(os.sched_getaffinity(0)))


def parse_chunk(children: Children, chunk: Chunk, name: str, new: Path) -> None:
    """Parse some articles of the collection called ``name`` and write what they hold to ``new``, a store.

    Raises ``ReadError`` and, when nothing can be written, ``OSError``.
    """
    children.ask({"lines": chunk, "path": name, "new": str(new.absolute())}, name, PATIENCE, partial(_hear, lambda line: None))


def _hear(progress: Callable[[str], None], message: Message) -> list[int] | None:
    """Return the pages that are still wanted when the child has ended its work: none where the file is parsed."""
    if "error" in message:
        raise ReadError(message["error"])
    if "stopped" in message:
        raise ReadStopped(message["stopped"])
    if "unwritable" in message:
        raise Unwritable(*message["unwritable"])
    if "progress" in message:
        progress(message["progress"])
    return message.get("wanted")


def records_of(provision: Provision, parent: Provision | None) -> list[Record]:
    """Return every record that a provision holds."""
    return [*find_deadlines(provision, parent), *find_contacts(provision), *find_systems(provision), *find_references(provision)]


def _answer(asked: Message, say: Say) -> None:
    path = Path(asked["path"])
    try:
        if "lines" in asked:
            found = _articles(path.name, asked["lines"])
        else:
            read = partial(read_file, path, cache=Path(asked["cache"]), elsewhere=asked["elsewhere"])
            found = _read(path, asked["given"], read, say)
        _parse(path, found, Path(asked["new"]), say)
    except PagesWanted as wanted:
        say({"wanted": wanted.pages})
    except ReadStopped as error:
        say({"stopped": str(error)})
    except ReadError as error:
        say({"error": str(error)})
    except MemoryError:
        say({"error": f"Không đọc được {path.name}: tệp đòi quá nhiều bộ nhớ; hãy chia thành nhiều tệp nhỏ hơn."})
    except OSError as error:
        say({"unwritable": [error.errno, error.strerror or str(error)]})
    except sqlite3.OperationalError as error:
        say({"unwritable": [0, str(error)]})
    except Exception as error:  # one odd file must not keep the others out
        told = f"{type(error).__name__}: {error}"[:200]
        say({"error": f"Không đọc được {path.name}: lỗi trong chương trình, hãy báo cho người phụ trách ({told})."})
    else:
        say({"wanted": []})


def _parse(path: Path, read: Read, new: Path, say: Say) -> None:
    documents, provisions, problems = read
    if not provisions:
        raise ReadError(f"Không đọc được {path.name}: không tìm thấy nội dung văn bản.")
    by_id: dict[int | None, Provision] = {provision.id: provision for provision in provisions}
    of_number = {document.number: document for document in documents}
    records: list[Record] = []
    for number, provision in enumerate(provisions):
        if number % _OFTEN == 0:
            say({"provisions": number})
        if not provision.inline:
            document = of_number[provision.document]
            found = records_of(provision, by_id.get(provision.parent))
            records += [day for record in found for day in (each_day(record, document) if isinstance(record, Deadline) else [record])]
    relations = [asdict(relation) for relation in find_relations(documents, provisions)]
    Store.build(
        new,
        documents,
        with_unreal_days(provisions, records),
        records,
        {"relations": json.dumps(relations), "problems": json.dumps(problems)},
    )


def _articles(name: str, lines: Chunk) -> Read:
    documents, provisions = read_articles(name, lines)
    return Read(documents, provisions)


def _read(path: Path, given: Mapping[str, str], read: Callable[..., Reading], say: Say) -> Read:
    def page_done(done: int, pages: int) -> None:
        say({"progress": f"Đọc {path.name}: trang {done}/{pages}"})

    reading = read(progress=page_done)
    if any(len(line) > _LONGEST for page in reading.pages for line in page.text.split("\n")):
        raise ReadError(
            f"Không đọc được {path.name}: có một đoạn dài hơn {_LONGEST // 1000} nghìn chữ không xuống dòng; hãy mở tệp, ngắt thành các "
            "đoạn như trong văn bản rồi thêm lại."
        )
    document = read_metadata(reading, path.name, checksum(path), dict(given))
    document = replace(document, number=document.number or path.stem, signatures=reading.signatures)
    return Read([document], build_provisions(document.number, reading), reading.problems)


if __name__ == "__main__":
    answer_all(_answer)
