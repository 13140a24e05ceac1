"""A question's words written out: abbreviations, what a Telex keyboard left, the few English words of this field."""

from __future__ import annotations

import re

from rag.language.diacritics import Diacritics
from rag.language.lexicon import chat_abbreviations, english
from rag.language.telex import undo_telex
from rag.language.text import ROMAN_TERM, abbreviations, fold

_PRESCHOOL = frozenset(("truong cap bac gv hs vien tre lop so non tr trg bc sinh khoi").split())
JOINED = re.compile(r"(hk|kì|kỳ|ki|ky)(\d|i{1,2})|(tt|qđ|qd|kh|cv|nq|nđ|pl|lớp|lop)(\d{1,4})")


def written_out(raw: list[str], diacritics: Diacritics) -> list[str]:
    """Return words with abbreviations written out, Telex undone, the few English words of this field translated."""
    formal, chat, foreign = abbreviations(), chat_abbreviations(), english()
    count = sum(word.lower() in foreign for word in raw)
    is_english = count >= 3 and count * 2 > len(raw)
    result: list[str] = []
    for position, word in enumerate(raw):
        lower = word.lower()
        if lower == "ai":
            result.extend(_ai(word, raw, position))
        elif is_english and lower == "when" and position:
            result.append("khi")  # "what do we do when …" asks for no time
        elif is_english and lower in foreign:
            result.extend(foreign[lower].split())
        elif meant := _by_neighbours(word, raw, position) or chat.get(lower):
            result.extend(meant)
        elif lower in formal:
            result.extend(formal[lower].split())
        elif joined := JOINED.fullmatch(lower):
            short, number = (part for part in joined.groups() if part)
            result.extend([*written_out([short], diacritics), ROMAN_TERM.get(number, number)])
        else:
            undone = fold(undo_telex(word))
            result.append(undone if undone != fold(word) and not diacritics.knows(lower) and diacritics.knows(undone) else lower)
    return result


def _ai(word: str, raw: list[str], position: int) -> list[str]:
    """``AI`` is trí tuệ nhân tạo, ``ai`` is who: by case, else by the word before it."""
    before = fold(raw[position - 1]) if position else ""
    all_capitals = all(other.isupper() for other in raw if other.isalpha())
    named = before in {"dung", "cong", "cu", "luc", "hop", "tro", "ly", "li", "hoc", "day", "nghe", "ve", "voi", "boi", "canh", "so"}
    after = fold(raw[position + 1]) if position + 1 < len(raw) else ""
    asks = after in {
        "la",
        "phu",
        "chiu",
        "lam",
        "tao",
        "cap",
        "ky",
        "ki",
        "ban",
        "co",
        "lo",
        "duoc",
        "phai",
        "se",
        "quan",
        "theo",
        "day",
        "dung",
        "nop",
    }
    if (word == "AI" and not all_capitals) or (named and not asks and before not in {"ve", "voi", "so"}):
        return ["trí", "tuệ", "nhân", "tạo"]
    return ["ai"]


def _by_neighbours(word: str, raw: list[str], position: int) -> list[str] | None:
    """Short forms with two readings, told apart by their neighbour."""
    lower = word.lower()
    following = raw[position + 1].lower() if position + 1 < len(raw) else ""
    previous = fold(raw[position - 1]) if position else ""
    if lower == "a" and not following:
        return ["à"]  # "phải không ạ" or "phải không à": either way a question to be confirmed
    if lower in ("tt", "kh", "cv", "nq", "nđ", "nd") and not following.isdigit() and previous not in ("theo", "so", "cac"):
        if lower == "tt" and (previous == "la" or (word.isupper() and following in ("nào", "nao"))):
            return ["thông", "tư"]
        return {"tt": ["thông", "tin"], "nd": ["nội", "dung"], "nđ": ["nghị", "định"]}.get(lower)
    if lower in ("đc", "dc") and following[:1].isalpha() and raw[position + 1][:1].isupper():
        return ["đồng", "chí"]
    if lower in ("đc", "dc") and following in ("web", "link", "trang", "website", "truy"):
        return ["địa", "chỉ"]
    if lower == "th" and following in ("thcs", "cs", "pt", "nào") and previous not in ("cap", "truong"):
        return ["tiểu", "học"]
    if (
        lower == "bn"
        and position
        and (previous in ("on", "chao", "cho", "tks", "hi", "oi", "nhe") or raw[position - 1].lower() in ("tks", "thks"))
    ):
        return ["bạn"]
    if lower == "mn" and not word.isupper() and not following and previous not in _PRESCHOOL:
        return ["mọi", "người"]
    if lower == "k" and following.isdigit():
        return ["khóa"]
    return None
