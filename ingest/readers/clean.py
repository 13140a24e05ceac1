"""Text clean-up on the way in, the same for every format."""

from __future__ import annotations

import re

from rag.language.text import normalise

_MORE_LOOKALIKES = str.maketrans(
    {
        "ƣ": "ư",  # old Times fonts put ư where Unicode has the letter gha
        "Ƣ": "Ư",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "\ufffe": "-",  # what PDFium says for a hyphen at the end of a line
        "\x02": "-",
        "\uf0b7": "•",  # bullets of the Symbol and Wingdings fonts
        "\uf0a7": "•",
        "\uf0d8": "•",
        "\uf0fc": "•",
        "\uf02d": "-",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x0b": "\n",
        "\x0c": "\n",
    }
)
_CYRILLIC = str.maketrans("аеорсхуАВЕКМНОРСТХУ", "aeopcxyABEKMHOPCTXY")
_RUSSIAN = re.compile(r"[а-яА-Я]")
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]")


def clean(text: str) -> str:
    """Return ``text`` in NFC with look-alike letters mapped, without invisible characters; lines stay lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_MORE_LOOKALIKES)
    text = normalise(text)
    return _WORD.sub(_to_latin, text) if _RUSSIAN.search(text) else text


def clean_line(text: str) -> str:
    """Return ``text`` cleaned, on one line, every run of blanks as one."""
    return " ".join(clean(text).split())


def _to_latin(found: re.Match[str]) -> str:
    """A Cyrillic letter inside a Latin word is a slip of the typist; a Russian word is not."""
    word = found.group()
    return word.translate(_CYRILLIC) if _RUSSIAN.search(word) and _LATIN.search(word) else word
