"""Buttons where there are none: each is taken by writing its key, which is a number, a word (``sau``) or a sign (👍)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.messenger.desk import Buttons
from bot.messenger.mailbox import Menu
from rag.language.text import fold

TAKES_AWAY = "h"
"""The data of the button that deletes a message, which Zalo cannot do."""
_ITEM = re.compile(r"(\d{1,2})(?:\. .*)?", re.DOTALL)  # a label that stands in the text already, under its number
_ENDS_IN_NUMBER = re.compile(r"(.*\S) (\d{1,2})")
_NUMBER = re.compile(r"(\d{1,2})[.)]?")
_ARROWS = str.maketrans("", "", "◀▶")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_TURNS = ("sau", "truoc")
_SIGNS = ("👍", "👎")
_LONG = 100  # characters of choices that still read well on one line
_BETWEEN = "\t"


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be chosen by writing its ``key``."""

    key: str
    label: str
    data: str

    @property
    def is_turn(self) -> bool:
        """Whether it turns a page."""
        return bool(self.label) and self.label != self.label.translate(_ARROWS)

    @property
    def is_sign(self) -> bool:
        """Whether it is a sign, such as a vote."""
        return not any(map(str.isalnum, self.label))


def options(buttons: Buttons, before: Sequence[Option] = ()) -> list[Option]:
    """Give each button its key; what stood there ``before`` keeps the one it had."""
    flat = [choice for row in buttons for choice in row if choice[1] != TAKES_AWAY]
    known = {(option.label, option.data): option.key for option in before}
    keys = [known.get(choice) or _own_key(choice[0]) for choice in flat]
    free = (str(number) for number in itertools.count(1) if str(number) not in keys)
    return [Option(key or next(free), label, data) for key, (label, data) in zip(keys, flat, strict=True)]


def _own_key(label: str) -> str:
    """Return the key that a label names itself; empty where any number will do."""
    if found := _ITEM.fullmatch(label):
        return found.group(1)
    bare = label.translate(_ARROWS).strip()
    return fold(bare) if bare != label else "" if any(map(str.isalnum, label)) else label


def told(given: Sequence[Option]) -> str:
    """Return what is to be written for what; empty where there is nothing to choose."""
    numbered = [option for option in given if option.key.isdigit() and not _ITEM.fullmatch(option.label)]
    items = ["số của mục để xem"] if any(_ITEM.fullmatch(option.label) for option in given) else []
    words = [f"“{option.label.translate(_ARROWS).strip().lower()}”" for option in given if option.is_turn]
    signs = [" hoặc ".join(option.key for option in given if option.is_sign)]
    many = [f"{keys}: {label}" for keys, label in _together(numbered)]
    rest = [part for part in (*items, *words, *signs) if part]
    if sum(map(len, many)) > _LONG:
        lines = [f"{option.key}. {option.label}" for option in numbered]
        return "\n".join(["Trả lời bằng số:", *lines, *([f"Hoặc {', '.join(rest)}"] if rest else [])])
    return f"Trả lời {', '.join(many + rest)}" if many or rest else ""


def _together(numbered: Sequence[Option]) -> list[tuple[str, str]]:
    """Return the keys and names of options, those that differ by a number only as one: ``1–3``, ``xem mục 1–3``."""
    made = []
    for _, group in groupby(numbered, lambda option: _stem(option.label)):
        same = list(group)
        name = same[0].label.replace(": ", " ")
        if len(same) > 1:
            made.append((f"{same[0].key}–{same[-1].key}", f"{_small(name)}–{_last(same[-1].label)}"))
        else:
            made.append((same[0].key, _small(name)))
    return made


def _stem(label: str) -> str:
    found = _ENDS_IN_NUMBER.fullmatch(label)
    return found.group(1) if found else label


def _last(label: str) -> str:
    return label.rsplit(" ", 1)[-1]


def _small(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def wanted(text: str) -> str:
    """Return the key that a message consists of; empty where it says anything else."""
    bare = _SKIN.sub("", text.strip())
    if found := _NUMBER.fullmatch(bare):
        return str(int(found.group(1)))
    if bare in _SIGNS:
        return bare
    return folded if (folded := fold(bare)) in _TURNS else ""


def labelled(text: str, among: Iterable[Option]) -> Option | None:
    """Return the option that a message names by its whole label."""
    said = fold(text).strip(" .")
    return next((option for option in among if said and fold(option.label.translate(_ARROWS)).strip() == said), None)


def chosen(key: str, among: Iterable[Option]) -> Option | None:
    """Return the option that a key stands for."""
    return next((option for option in among if option.key == key), None)


def kept(given: Sequence[Option], prompt: str = "") -> Menu:
    """Return options as the mailbox keeps them."""
    return Menu(tuple((f"{option.key}{_BETWEEN}{option.label}", option.data) for option in given), prompt)


def unkept(menu: Menu) -> list[Option]:
    """Return the options that the mailbox kept."""
    parted = [(label.partition(_BETWEEN), data) for label, data in menu.choices]
    return [Option(key, label, data) for (key, _, label), data in parted]


def after(said: Sequence[Option], before: Sequence[Option]) -> list[Option]:
    """Return what may be chosen when a message with some options was said: with the pages of a text, the rest stays; votes always do."""
    turns_only = all(option.is_turn for option in said)
    taken = {option.key for option in said}
    stays = [option for option in before if option.key not in taken and (option.is_sign or (turns_only and not option.is_turn))]
    return [*said, *stays]
