"""Vietnamese text as we match it: normalised, folded, cut into syllables and terms.

Two forms of every token are used side by side. The *exact* form keeps the diacritics but not the place of the tone
mark (``hoà`` = ``hòa``); the *folded* form has none (``han nop`` = ``hạn nộp``). Both treat ``kì`` and ``kỳ``,
``05`` and ``5``, ``CNTT`` and ``công nghệ thông tin`` alike. Bigrams stand in for a word segmenter.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

_LOOKALIKES = str.maketrans(
    {
        "ð": "đ",
        "Ð": "Đ",
        "Ɖ": "Đ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u00ad": None,
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
    }
)
_LOOKALIKE = re.compile(f"[{''.join(map(chr, _LOOKALIKES))}]")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")
_RUN_OF_WORDS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)*")
_CONSONANT_Y = re.compile(r"^((?:qu|[bcdđghklmnprstvx]|th|ch|kh|ph|nh|tr|gi)?)y$")
_BEFORE_NUMBERS = frozenset(base + tone for base in ("ki", "lop", "lôp", "lơp") for tone in ("", *_TONES))  # exact forms
ROMAN_TERM = {"i": "1", "ii": "2"}
_CLASSES = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


def normalise(text: str) -> str:
    """Return ``text`` in NFC, look-alike letters mapped to Vietnamese ones, without invisible and half characters."""
    if _LOOKALIKE.search(text):  # most texts have none, and looking is ten times as fast as translating
        text = text.translate(_LOOKALIKES)
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text))


class _Plain(dict[int, str]):
    """Each letter without its marks, looked at when it is met first: a text goes through this four times as fast."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        return plain


_PLAIN = _Plain({ord("đ"): "d", ord("Đ"): "D"})


def strip_marks(text: str) -> str:
    """Return ``text`` as typed without diacritics: case and punctuation stay (``Hạn nộp?`` → ``Han nop?``)."""
    if text.isascii():
        return text
    plain = text.translate(_PLAIN)
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics."""
    return strip_marks(text).lower()


def has_marks(text: str) -> bool:
    """Say whether ``text`` has any Vietnamese diacritic."""
    return strip_marks(text) != text


def words(text: str) -> list[str]:
    """Return the word tokens of ``text`` as written (``"Hạn nộp?"`` → ``["Hạn", "nộp"]``)."""
    return _WORD.findall(text)


@lru_cache(maxsize=65536)
def canonical(token: str) -> str:
    """Return the exact form of a token: lower case, tone mark last, ``kỳ`` as ``kì``, ``05`` as ``5``."""
    token = token.lower()
    if token.isdigit():
        return token.lstrip("0") or "0"
    decomposed = unicodedata.normalize("NFD", token)
    tone = "".join(c for c in decomposed if c in _TONES)
    base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    found = _CONSONANT_Y.match(base)
    if found and found.group(1):
        base = found.group(1) + "i"
    return base + tone


@lru_cache(maxsize=65536)
def folded(token: str) -> str:
    """Return the folded form of a token: its exact form without diacritics."""
    return fold(canonical(token))


def data_text(name: str) -> str:
    """Return a file in ``rag/data``."""
    return files("rag").joinpath("data", name).read_text(encoding="utf-8")


def data_lines(name: str) -> list[str]:
    """Return the lines of a file in ``rag/data`` that are neither empty nor remarks (``#``)."""
    return [line for line in data_text(name).splitlines() if line.strip() and not line.startswith("#")]


def data_phrases(name: str) -> list[str]:
    """Return the phrases of a file in ``rag/data``, which commas part."""
    return [phrase.strip() for line in data_lines(name) for phrase in line.split(",")]


def read_table(name: str) -> dict[str, str]:
    """Return a file in ``rag/data`` of two columns (TAB) as what is typed → what is meant."""
    pairs = (line.split("\t", 1) for line in data_lines(name))
    return {key.strip(): value.strip() for key, value in pairs}


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, str]:
    """Return the abbreviations of this field, lower case → words (``gddt`` → ``giáo dục và đào tạo``)."""
    return read_table("abbreviations.tsv")


def syllables(text: str) -> list[str]:
    """Return the exact tokens of a document's text; abbreviations in capitals are written out."""
    return _terms_of_school_year([token for word in words(text) for token in _tokens_of(word)])


@lru_cache(maxsize=131072)
def _tokens_of(word: str) -> tuple[str, ...]:
    long = abbreviations().get(word.lower()) if len(word) > 1 and word.isupper() else None
    return tuple(map(canonical, long.split() if long else [word]))


def _terms_of_school_year(tokens: list[str]) -> list[str]:
    """``học kì I`` is ``học kì 1``, ``lớp sáu`` is ``lớp 6``."""
    if _BEFORE_NUMBERS.isdisjoint(tokens):
        return tokens
    for index in range(1, len(tokens)):
        before = folded(tokens[index - 1])
        if before == "ki":
            tokens[index] = ROMAN_TERM.get(tokens[index], tokens[index])
        elif before == "lop" and not (folded(tokens[index]) == "nam" and tokens[index + 1 : index + 2] and _is_of_year(tokens[index + 1])):
            tokens[index] = _class_numbers(marked=tokens[index - 1] != "lop").get(tokens[index], tokens[index])
    return tokens


def _is_of_year(token: str) -> bool:
    """Whether ``năm`` before it says a year: ``năm học``, ``năm 2025``."""
    return token.isdigit() or folded(token) == "hoc"


@lru_cache(maxsize=2)
def _class_numbers(*, marked: bool) -> dict[str, str]:
    """The exact words for the numbers of classes, ``sáu`` but not ``sau``; where no marks are typed, the folded ones."""
    return {(canonical if marked else folded)(word): str(number) for number, word in enumerate(_CLASSES, 1)}


def fold_tokens(tokens: Sequence[str]) -> list[str]:
    """Return the folded forms of exact tokens."""
    return [folded(token) for token in tokens]


def folded_line(text: str) -> str:
    """Return the folded tokens of a text with a blank before and behind each: ``" han nop "`` stands in it where the words do."""
    return f" {' '.join(fold_tokens(syllables(text)))} "


def terms(tokens: Sequence[str]) -> list[str]:
    """Return unigrams and bigrams: ``["hạn", "nộp"]`` → ``["hạn", "nộp", "hạn_nộp"]``."""
    return [*tokens, *(f"{a}_{b}" for a, b in itertools.pairwise(tokens))]


_SENTENCE_END = re.compile(r"(?:[.!?…]|\./\.)[”\"')\]]*(?=\s|$)|;(?=\s)|\n+")
_FOLLOWING = re.compile(r"\s*(\S?)")
_LINE_OF_ITS_OWN = re.compile(r"\s*(?:$|[|\n+*•–-]|\(?(?:\d{1,2}|[a-zđ]|[ivx]+)[.)]\s)")
_NOT_AN_END = re.compile(r"(?:^|[\s(])(?:TP|Tp|tr|ThS|TS|PGS|GS|Ths|KT|TM|TL|TUQ|Q|P|v\.v|\d{1,2}|[IVX]+|[a-zđA-ZĐ])\.$")

_ABBREVIATED = 40  # characters before a full stop that show what it ends


@lru_cache(maxsize=16)  # ingestion looks for several things in a text, one after another
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) offsets of the sentences and semicolon clauses of ``text``, blanks trimmed."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SENTENCE_END.finditer(text):
        end = found.end()
        if found.group().startswith(".") and _stops_short(text, start, end):
            continue
        if found.group() == "\n" and _line_goes_on(text, end):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _stops_short(text: str, start: int, end: int) -> bool:
    """Whether the full stop before ``end`` ends no sentence; looks at its neighbours alone, as a text may be one long line."""
    following = _FOLLOWING.match(text, end)
    if not following or not following.group(1):
        return False
    return following.group(1).islower() or bool(_NOT_AN_END.search(text[max(start, end - _ABBREVIATED) : end]))


def _line_goes_on(text: str, at: int) -> bool:
    """Whether the line that begins at ``at`` goes on with the one before, which was broken where it had no more room."""
    before, after = text[text.rfind("\n", 0, at - 1) + 1 : at - 1].rstrip(), text[at : at + 1]
    if not before or before.startswith("|") or before[-1] in ".!?…;:" or _LINE_OF_ITS_OWN.match(text, at):
        return False
    return after.islower()


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if stripped := piece.strip():
        begin = start + piece.index(stripped[0])
        yield begin, begin + len(stripped)


def squeeze(text: str) -> str:
    """Return ``text`` with every run of white space as one blank."""
    return " ".join(text.split())


def names(text: str) -> Iterator[str]:
    """Yield the runs of at least two words with a capital; abbreviations are left to the words."""
    for run in _RUN_OF_WORDS.findall(text):
        current: list[str] = []
        for word in [*run.split(), ""]:
            if word and word[0].isupper() and not word.isupper():
                current.append(word)
                continue
            if len(current) > 1:
                yield " ".join(current)
            current = []
