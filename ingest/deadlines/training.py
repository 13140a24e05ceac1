"""Learns which times are deadlines from documents in which people marked them (``ingest/data/dated``).

In these files ``[[…]]`` stands around every time that is the last day, or the return, of something that somebody has to
do; no other time is one. A line ``=====`` parts two documents. Each document is read as any other file is, every time
in it becomes an example, and a logistic regression is fitted; how good it is is measured on documents kept out of it.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.deadlines import find_times
from ingest.deadlines.duty import WEIGHTS
from ingest.deadlines.features import features_of
from ingest.readers import read_file
from ingest.structure import build_provisions
from rag.documents import Provision
from rag.training.named_logistic import NamedLogistic

_MARK = re.compile(r"\[\[(.*?)\]\]")
_PARTING = re.compile(r"\n=====\n")
_FOLDS = 8
_PENALTY = 0.4  # the larger the less
_LEAST = 0.65  # false ones cost more than missed ones
_STRENGTH = {"is": 2.0, "pair": 0.5}  # of what is told by few names, and of pairs of words; others: 1


@dataclass(frozen=True, slots=True)
class Example:
    """A time in a document: what is seen of it, and whether it was marked."""

    document: str
    seen: frozenset[str]
    due: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A document without its marks; ``spans``: where the marked times stand."""

    name: str
    text: str
    spans: tuple[tuple[int, int], ...]

    def marks(self, quote: str, at: int, when: str) -> list[tuple[int, int]]:
        """Return the marked times that ``when``, at ``at`` of a quote, is one of."""
        spaced = r"\s*".join(map(re.escape, quote.split()))  # a table is read with one blank more or less
        begins = [found.start() + (at if found.group() == quote else found.group().find(when)) for found in re.finditer(spaced, self.text)]
        return [span for span in self.spans if any(begin < span[1] and span[0] < begin + len(when) for begin in begins)]


def read_marked(folder: Path) -> Iterator[Marked]:
    """Yield the documents in the files of ``folder``."""
    for file in sorted(folder.glob("*.md")):
        for number, text in enumerate(_PARTING.split(file.read_text(encoding="utf-8")), 1):
            spans = []
            for shift, found in enumerate(_MARK.finditer(text)):
                start = found.start() - 4 * shift
                spans.append((start, start + len(found.group(1))))
            yield Marked(f"{file.stem} {number}", _MARK.sub(r"\1", text), tuple(spans))


def provisions_of(text: str) -> list[Provision]:
    """Return the provisions of a document; a letter without numbers is one of them, whatever is taken for its head."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "van-ban.md"
        file.write_text(text, encoding="utf-8")
        reading = read_file(file, cache=Path(folder), progress=lambda done, pages: None)
    found = build_provisions("1/X", reading)
    return [replace(provision, kind="closing") if provision.kind == "head" else provision for provision in found if not provision.inline]


def examples_of(marked: Marked) -> tuple[list[Example], int]:
    """Return the times in a document, and how many of the marked ones are none of them."""
    provisions = provisions_of(marked.text)
    by_id = {provision.id: provision for provision in provisions}
    found: list[Example] = []
    left = set(marked.spans)
    for provision in provisions:
        parent = by_id.get(provision.parent) if provision.parent is not None else None
        for time in find_times(provision, parent):
            dated = time.dated
            marks = marked.marks(time.quote, time.at, dated.when)
            left.difference_update(marks)
            found.append(Example(marked.name, features_of(dated), bool(marks)))
    return found, len(left)


def strength(name: str) -> float:
    """Return how much a name counts."""
    if name.startswith("is ") or ("&" not in name and re.match(r"[A-Z]\.|row/|bare/|clause/|sort=|direction=|cue=", name)):
        return _STRENGTH["is"]
    return _STRENGTH["pair"] if " " in name or "&" in name else 1.0


def _fitted(examples: Sequence[Example]) -> NamedLogistic:
    return NamedLogistic([each.seen for each in examples], [each.due for each in examples], strength, _PENALTY)


def measure(examples: Sequence[Example], unseen: int, seed: int = 1) -> dict[str, float]:
    """Return the shares of false and missed deadlines on documents that the learner has not seen."""
    names = sorted({example.document for example in examples})
    random.Random(seed).shuffle(names)
    fold = {name: at % _FOLDS for at, name in enumerate(names)}
    false = right = 0
    for number in range(_FOLDS):
        kept = [example for example in examples if fold[example.document] == number]
        learnt = _fitted([example for example in examples if fold[example.document] != number])
        sure = learnt.sureness([example.seen for example in kept])
        for example, value in zip(kept, sure, strict=True):
            right += example.due and value >= _LEAST
            false += not example.due and value >= _LEAST
    due = sum(example.due for example in examples) + unseen
    return {"times": len(examples), "deadlines": due, "false": round(false / (false + right), 3), "missed": round(1 - right / due, 3)}


def main() -> None:
    """``python -m ingest.deadlines.training``: measures, learns from all documents and writes ``ingest/data/duty.json``."""
    data = Path(__file__).resolve().parents[1] / "data"
    examples: list[Example] = []
    unseen = 0
    for marked in read_marked(data / "dated"):
        found, left = examples_of(marked)
        examples += found
        unseen += left
    figures = measure(examples, unseen)
    print(json.dumps(figures))
    stored = _fitted(examples).stored() | {"least": _LEAST, "held_out": figures}
    (data / WEIGHTS).write_text(json.dumps(stored, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
