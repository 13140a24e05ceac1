"""Documents as offices publish them: what is read of them, and what is answered. Run ``python -m benchmarks.field FOLDER``.

``FOLDER`` holds ``files/`` and ``truth.yaml``: a list with, for each file, ``file``, ``metadata`` (number, issued, kind, issuer, title),
``deadlines`` (``date`` ISO, or words where it recurs), ``contacts`` (``phone``, ``email``) and ``questions`` (``q``, ``right``,
``answerable``). The five facts, the deadlines' days and the contacts' phones and mails are compared here. The answers, with each
document alone in the index (``--alone``) and with all together, are written to ``--answers`` for a reader to judge, a JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz
from rich.console import Console
from rich.table import Table

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.documents import Contact, Deadline, Document
from rag.errors import TracuuError
from rag.index.snapshot import SnapshotReader
from rag.index.store import Store
from rag.language.numbers import EMAIL, PHONE, digits, same_number
from rag.language.text import fold

FACTS = ("number", "issued", "kind", "issuer", "title")
_ALIKE = 90.0
"""rapidfuzz ratio of two issuers or titles, folded, above which they are the same."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_ABOUT = re.compile(r"^(?:v/v|ve viec)\s*:?\s*")

Row = dict[str, Any]


def main() -> None:
    """Print the figures, and write the answers down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--answers", type=Path, help="file to write the answers to")
    parser.add_argument("--alone", action="store_true", help="ask each document alone too")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2025, 10, 1))
    parser.add_argument("--wrong", action="store_true", help="print each fact, deadline and contact that is wrong")
    chosen = parser.parse_args()
    truth: list[Row] = yaml.safe_load((chosen.folder / "truth.yaml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        report = ingest(chosen.folder / "files", data)
        store = SnapshotReader(data).get().store
        table = Table("what", "right", "of", "remarks")
        for row in [*facts(store, truth, chosen.wrong), *records(store, truth, chosen.wrong)]:
            table.add_row(*map(str, row))
        Console(width=140).print(table, *(f"{name}: {reason}" for name, reason in report.skipped))
        if chosen.answers:
            rows = list(answers(data, truth, chosen.today, "together"))
            if chosen.alone:
                for entry in truth:
                    rows += alone(chosen.folder / "files" / entry["file"], data, entry, Path(folder), chosen.today)
            chosen.answers.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def facts(store: Store, truth: list[Row], wrong: bool) -> Iterator[tuple[object, ...]]:
    """Yield, for each of the five facts, how many are right."""
    for name in FACTS:
        misses = []
        for entry in truth:
            document = by_file(store, entry["file"])
            wanted = entry["metadata"].get(name)
            if document is None or not same_fact(name, wanted, document):
                misses.append(f"{entry['file']}: {getattr(document, name, '—')!r} for {wanted!r}")
        yield name, len(truth) - len(misses), len(truth), "\n".join(misses) if wrong else ""


def same_fact(name: str, wanted: str | None, document: Document) -> bool:
    """Say whether a fact is as it should be; a document without a number has its file's name or title in that place."""
    found = str(getattr(document, name))
    if name == "number":
        return same_number(found, wanted) if wanted else not document.numbered
    if not wanted or not found or name == "issued":
        return found == (wanted or "")
    if name == "kind":
        return fold(found) == fold(wanted)
    return fuzz.ratio(plain(found), plain(wanted)) >= _ALIKE


def plain(text: str) -> str:
    """Return an issuer or title as it is compared."""
    return _ABOUT.sub("", re.sub(r"[^\w/]+", " ", fold(text)).strip())


def records(store: Store, truth: list[Row], wrong: bool) -> Iterator[tuple[object, ...]]:
    """Yield, for deadlines and contacts, how many of those recorded are right, and how many of those wanted were found."""
    found_days, wanted_days, undated, found_ways, wanted_ways = set(), set(), set(), set(), set()
    for entry in truth:
        document = by_file(store, entry["file"])
        ids = [provision.id for provision in store.of_document(document.number)] if document else []
        for deadline in store.records_of(ids, Deadline):
            (found_days if deadline.date else undated).add((entry["file"], deadline.date, f"{deadline.what[:60]} ({deadline.when})"))
        wanted_days |= {(entry["file"], str(d["date"])) for d in entry["deadlines"] if _ISO.fullmatch(str(d.get("date")))}
        found_ways |= {(entry["file"], way) for c in store.records_of(ids, Contact) for way in ways(c.phone, c.email)}
        wanted_ways |= {(entry["file"], way) for c in entry["contacts"] for way in ways(c.get("phone"), c.get("email"))}
    bad = {found for found in found_days if found[:2] not in wanted_days}
    missed = wanted_days - {found[:2] for found in found_days}
    yield "deadlines recorded", len(found_days) - len(bad), len(found_days), listed(bad) if wrong else ""
    yield "deadlines wanted", len(wanted_days) - len(missed), len(wanted_days), listed(missed) if wrong else ""
    yield "recurring or from an event", "?", len(undated), listed(undated) if wrong else ""
    yield "contacts recorded", len(found_ways & wanted_ways), len(found_ways), listed(found_ways - wanted_ways) if wrong else ""
    yield "contacts wanted", len(found_ways & wanted_ways), len(wanted_ways), listed(wanted_ways - found_ways) if wrong else ""


def ways(*given: str | None) -> set[str]:
    """Return the phones and mails in some fields, each in one spelling."""
    text = " ; ".join(str(value) for value in given if value)
    return {digits(found.group()) for found in PHONE.finditer(text)} | {found.group().lower() for found in EMAIL.finditer(text)}


def listed(rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows one below the other."""
    return "\n".join(": ".join(row) for row in sorted(rows))


def by_file(store: Store, name: str) -> Document | None:
    """Return the document read from a file."""
    return next((document for document in store.documents() if document.source == name), None)


def alone(path: Path, data: Path, entry: Row, folder: Path, today: date) -> list[Row]:
    """Return the answers with this document alone in the index; what was read of it already is not read again."""
    corpus, own = folder / "alone", folder / "alone-data"
    for used in (corpus, own):
        shutil.rmtree(used, ignore_errors=True)
        used.mkdir()
    shutil.copy2(path, corpus)
    shutil.copytree(data / "parsed", own / "parsed")
    try:
        ingest(corpus, own)
    except TracuuError as error:
        return [{"file": entry["file"], "mode": "alone", **question, "fault": str(error)} for question in entry["questions"]]
    return list(answers(own, [entry], today, "alone"))


def answers(data: Path, truth: list[Row], today: date, mode: str) -> Iterator[Row]:
    """Yield each question with what is answered."""
    assistant = Assistant(data, today=today)
    for entry in truth:
        for question in entry["questions"]:
            made = assistant.ask(question["q"])
            yield {
                "file": entry["file"],
                "mode": mode,
                **question,
                "status": made.status,
                "answer": made.text,
                "sources": [f"{one.document} {one.section}: {one.quote[:300]}" for one in made.citations],
                "notes": list(made.notes),
            }


if __name__ == "__main__":
    main()
