"""Learns whether a place that a question names is where it is asked from or for (``rag.question.whereabouts``).

People said of each place in ``corpus/questions/places.tsv`` whether the question is of there or names it beside the point. To
these come the everyday words that are alike to a place without their marks (``đánh giá lại``, Gia Lai), from the questions of
the bank. A logistic regression is fitted; how good it is is measured on writers kept out of it.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.language.places import Name, Named, Place, is_province, places, places_alike, places_in
from rag.language.text import canonical, folded, has_marks, strip_marks, words
from rag.question.whereabouts import HALF, SURE, WEIGHTS, features_of
from rag.training.core_sources import read_questions
from rag.training.named_logistic import NamedLogistic

_HOME = frozenset(["Quảng Ninh"])
"""The province that most of the questions were asked in."""
_PENALTY = 1.0  # the larger the less
_OF_ONE = 6  # examples of everyday words that are alike to one place
_MARKED = 0.35  # of the words of a text carry marks: they are meant
_MIXED = 0.5  # what of the words in any order counts


@dataclass(frozen=True, slots=True)
class Example:
    """A place in a question, by whom it was written, what is seen of it, and whether the question is of there."""

    writer: str
    seen: frozenset[str]
    of: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """Everyday words that are alike to a place: how they stand in a text ``[start:end]``, and the place's ``key``."""

    text: str
    start: int
    end: int
    key: Name


def alike_in(text: str, *, well: bool) -> Iterator[Alike]:
    """Yield what is alike to a place and is none; small letters say so only where the text is ``well`` written."""
    typed = words(text)
    exact = [canonical(word) for word in typed]
    plain = [folded(word) for word in exact]
    longest = max(map(len, places()))
    for start in range(len(typed)):
        for end in range(start + 1, min(start + longest, len(typed)) + 1):
            if tuple(plain[start:end]) not in places_alike():
                continue
            if tuple(exact[start:end]) not in places():
                yield Alike(text, start, end, tuple(plain[start:end]))
            elif well and all(word.islower() for word in typed[start:end]):
                yield Alike(text, start, end, tuple(exact[start:end]))


def _is_marked(text: str) -> bool:
    letters = [word for word in words(text) if word.isalpha()]
    return sum(map(has_marks, letters)) >= _MARKED * max(1, len(letters))


def read_examples(file: Path, everyday: frozenset[Name]) -> Iterator[Example]:
    """Yield the places of a file of lines: writer, ``of`` or ``beside``, place, question."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        writer, mention, place, question = line.split("\t")
        named = places_in(question, everyday)
        one = _stands(question, place, named)
        own = frozenset() if not one.place.provinces.isdisjoint(_HOME) else _HOME
        yield Example(writer, features_of(question, named, one, own, everyday), mention == "of")


def _stands(question: str, place: str, named: Sequence[Named]) -> Named:
    """Where a place stands in a question, which may be one that no list has. Raises ``ValueError`` where it does not."""
    typed, wanted = words(question), words(place)
    for start in range(len(typed) - len(wanted) + 1):
        if typed[start : start + len(wanted)] == wanted:
            known = next((one for one in named if one.start <= start < one.end), None)
            return known or Named(start, start + len(wanted), Place(place, frozenset([place])))
    raise ValueError(f"no {place!r} in {question!r}")


def everyday_examples(questions: Sequence[tuple[str, str]], everyday: frozenset[Name], seed: int = 1) -> Iterator[Example]:
    """Yield what is alike to a province in the questions of (writer, question), each without marks; a few of every province.

    With other places, the words before and the capitals decide (``places_in``).
    """
    drawn = list(questions)
    random.Random(seed).shuffle(drawn)
    many: Counter[Name] = Counter()
    for writer, question in drawn:
        for alike in alike_in(question, well=False):
            many[alike.key] += is_province(alike.key)
            if not is_province(alike.key) or many[alike.key] > _OF_ONE:
                continue
            plain = strip_marks(question)
            one = Named(alike.start, alike.end, places_alike()[alike.key])
            yield Example(writer, features_of(plain, [one], one, frozenset(), everyday), of=False)


def strength(name: str) -> float:
    """Return how much a name counts."""
    return _MIXED if name[0] in "<>*" else 1.0


def _fitted(examples: Sequence[Example]) -> NamedLogistic:
    return NamedLogistic([each.seen for each in examples], [each.of for each in examples], strength, 1 / _PENALTY)


def measure(marked: Sequence[Example], alike: Sequence[Example], folds: int = 4) -> dict[str, float]:
    """Return what is made of places by writers that the learner has not seen: the shares that are sure, half sure, beside."""
    sizes = Counter(example.writer for example in marked)
    fold = {writer: at % folds for at, (writer, _) in enumerate(sizes.most_common())}
    of: list[float] = []
    beside: list[float] = []
    for number in range(folds):
        kept = [example for example in marked if fold[example.writer] == number]
        seen = [example for example in (*marked, *alike) if fold.get(example.writer, -1) != number]
        for example, sureness in zip(kept, _fitted(seen).sureness([each.seen for each in kept]), strict=True):
            (of if example.of else beside).append(sureness)
    return {
        "of": len(of),
        "of: sure": round(float(np.mean(np.array(of) >= SURE)), 3),
        "of: taken for beside": round(float(np.mean(np.array(of) < HALF)), 3),
        "beside": len(beside),
        "beside: known": round(float(np.mean(np.array(beside) < HALF)), 3),
        "beside: taken for sure": round(float(np.mean(np.array(beside) >= SURE)), 3),
    }


def main() -> None:
    """``python -m rag.training.places``: measures, learns from all questions and writes ``rag/data/places.json``."""
    here = Path(__file__).resolve().parents[2]
    questions = here / "corpus" / "questions"
    bank = [(writer, text) for writer, text in read_questions(questions) if _is_marked(text)]
    texts = [*(here / "corpus").glob("*.md"), *(here / "ingest" / "data" / "dated").glob("*.md")]
    lines = [line for text in texts for line in text.read_text(encoding="utf-8").splitlines()]
    everyday = frozenset(alike.key for line in lines for alike in alike_in(line, well=True))
    everyday |= {alike.key for _, text in bank for alike in alike_in(text, well=False)}
    marked = list(read_examples(questions / "places.tsv", everyday))
    alike = list(everyday_examples(bank, everyday))
    figures = measure(marked, alike)
    print(json.dumps(figures))
    stored = _fitted([*marked, *alike]).stored() | {"everyday": sorted(map(" ".join, everyday)), "held_out": figures}
    (here / "rag" / "data" / WEIGHTS).write_text(json.dumps(stored, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
