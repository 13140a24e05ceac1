"""What messages are composed of: collected questions, and what people write around them.

Questions come from ``corpus/questions/*.yaml``; beside them stand the wrappings (``wrappings.tsv``: before, after), whose
slots ``wrapping_words.tsv`` fills, and small talk (``smalltalk.tsv``).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from rag.language.text import fold, normalise

WORD = re.compile(r"[^\W_]+")
_LONGEST_QUESTION = 40


@dataclass(slots=True)
class Sources:
    """What messages are composed of."""

    questions: list[str]
    wrappings: list[tuple[str, str]]
    smalltalk: list[tuple[str, str]]  # kind, text
    slots: dict[str, list[str]]
    befores: list[tuple[str, str]] = field(init=False)
    afters: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.befores = [pair for pair in self.wrappings if pair[0]]
        self.afters = [pair for pair in self.wrappings if pair[1]]


def read_lines(path: Path) -> list[tuple[str, str]]:
    """Return the lines of two columns (TAB) of a file, without remarks (``#``)."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("# "))
    return [(first.strip(), second.strip()) for first, _, second in (line.partition("\t") for line in lines)]


def read_slots(path: Path) -> dict[str, list[str]]:
    """Return what may fill each slot of a wrapping."""
    return {name: values.split(" | ") for name, values in read_lines(path)}


def filled(text: str, slots: dict[str, list[str]], draw: random.Random) -> str:
    """Return ``text`` with its slots filled; words that others stand for in a slot give way to them now and then."""
    told = text
    while "{" in told:  # what fills a slot may have slots
        told = re.sub(r"\{([^}]+)\}", lambda found: draw.choice(slots[found.group(1)]), told)
    if draw.random() < 0.3:
        told = re.sub(r"(?<!\w)(?:em|tôi|mình)(?!\w)", lambda _: draw.choice(slots["tôi"]), told)
        told = re.sub(r"(?<!\w)(?:anh chị|thầy cô|cả nhà|mọi người|ad)(?!\w)", lambda _: draw.choice(slots["anh chị"]), told)
    return told[:1].upper() + told[1:] if text[:1] == "{" and draw.random() < 0.5 else told


def spelt_out(wrappings: Iterable[tuple[str, str]], slots: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the wrappings, those with slots many times over."""
    draw = random.Random(0)
    return [(filled(one, slots, draw), filled(two, slots, draw)) for one, two in wrappings for _ in range(40 if "{" in one + two else 1)]


def is_one(question: str) -> bool:
    """Say whether an entry is one question and no tale."""
    return not re.search(r"\?\s+\S", question) and len(question.split()) <= _LONGEST_QUESTION


def read_questions(folder: Path) -> list[tuple[str, str]]:
    """Return writer and question of every entry in ``folder``."""
    entries = (entry for path in sorted(folder.glob("*.yaml")) for entry in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
    return [(str(entry.get("writer", "")), normalise(str(entry["question"])).strip()) for entry in entries]


def folded_words(text: str) -> list[str]:
    return [fold(word) for word in WORD.findall(text)]


def in_folds(sources: Sources, count: int, seed: int) -> Iterator[tuple[Sources, Sources]]:
    """Yield each of ``count`` parts of the sources and the rest; the spellings of one text stay together."""
    draw = random.Random(seed)
    number: dict[str, int] = {}

    def fold_of(text: str) -> int:
        return number.setdefault(" ".join(folded_words(text)) or text, draw.randrange(count))

    for at in range(count):
        yield (
            *(
                Sources(
                    [question for question in sources.questions if (fold_of(question) == at) == inside],
                    [pair for pair in sources.wrappings if (fold_of(pair[0] + pair[1]) == at) == inside],
                    [pair for pair in sources.smalltalk if (fold_of(pair[1]) == at) == inside],
                    sources.slots,
                )
                for inside in (True, False)
            ),
        )  # type: ignore[misc]


def parted(sources: Sources, writers: Sequence[tuple[str, str]], seed: int) -> tuple[Sources, Sources]:
    """Keep a fifth out: of wrappings and small talk (spellings of one text stay together), and of the writers of questions."""
    draw = random.Random(seed)

    def is_kept(text: str, memory: dict[str, bool]) -> bool:
        return memory.setdefault(" ".join(folded_words(text)) or text, draw.random() < 0.2)

    wraps: dict[str, bool] = {}
    talk: dict[str, bool] = {}
    names = sorted({writer for writer, _ in writers})
    held = set(draw.sample(names, len(names) // 5))
    is_out = {question: writer in held for writer, question in writers}
    return tuple(  # type: ignore[return-value]
        Sources(
            [question for question in sources.questions if is_out[question] == out],
            [pair for pair in sources.wrappings if is_kept(pair[0] + pair[1], wraps) == out],
            [pair for pair in sources.smalltalk if is_kept(pair[1], talk) == out],
            sources.slots,
        )
        for out in (False, True)
    )
