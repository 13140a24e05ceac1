"""A model's reply as claims: pieces of text, each with the provisions it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, islice, takewhile

from rag.language.text import normalise, squeeze

CITED = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_END = re.compile(r"[.!?…](?:[”\"')]*)(?=\s+([^\s[]))")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_EMPHASIS = re.compile(r"(\*\*|__|`+|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[*•–][ \t]+", re.MULTILINE)
_THINKING = re.compile(r"<think>.*?</think>|<think>.*\Z", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:[-+]|\d{1,2}[.)])\s+")
_VERDICT_WORDS = frozenset("có không phải đúng sai chưa rồi vậy thế ạ dạ vâng hẳn bắt buộc được nhé ừ hoàn toàn thưa".split())
_JUDGING = ("không", "chưa", "vẫn")
_JUDGED = (["kịp"], ["phải"], ["đúng"], ["còn"], ["ạ"], ["sai"])  # "Không được cho mượn, …" says something itself
_VERDICT_END = re.compile(r"[.,:;!]+\s+(?=\S)")
LONGEST = 800
"""Characters of one claim: no sentence that anybody reads is longer, and looking at it takes its square in time."""
_MOST_CLAIMS = 60
_MOST_CITED = 12
_FEW_ALONE = 4
_FEW_WORDS = 5  # an opening of that many has said nothing yet that the sentence behind it does not say


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of a reply with the numbers it cites; ``end`` is where it ends in the reply.

    ``lead`` opens a list and cites what its items cite, ``item`` is one of a list.
    """

    text: str
    cites: tuple[int, ...]
    end: int
    lead: bool = False
    line: int = 0
    item: bool = False


def cleaned(reply: str) -> str:
    """Return a reply as readers see it: NFC, no invisible characters, no Markdown, no thinking aloud, link targets in sight."""
    text = _THINKING.sub("", normalise(reply))
    text = _MARKDOWN_LINK.sub(lambda found: _shown(found.group(1), found.group(2)), text)
    text = _BULLET.sub("- ", _HEADING.sub("", _EMPHASIS.sub("", text)))
    text = re.sub(r"([.!?])((?:\s*\[\d{1,3}\])+)", r"\2\1", text)  # the citation after the full stop belongs to what stands before
    return _without_verdict("\n".join(line.rstrip() for line in text.strip().split("\n") if line.strip()))


def _without_verdict(text: str) -> str:
    """``Không đúng, …``, ``Có ạ. …``, ``Không phải 10%. …``: an opening that only answers cannot be held to anything; it goes.

    So does a short sentence without a source before the one that says the same with it (``Trước ngày 10/01/2026. Đây là …``).
    """
    opening = _VERDICT_END.search(text)
    if opening is None or "[" in text[: opening.end()] or "\n" in text[: opening.end()]:
        return text
    said = [word.lower() for word in text[: opening.start()].split()] or [""]
    denied = [*dropwhile(_VERDICT_WORDS.__contains__, said)]
    verdict = len(denied) < len(said) and (not denied or denied[0][0].isdigit())
    mark, cited = opening.group()[0], CITED.search(text) is not None
    bare = mark in ".!" and cited
    denial = mark == "." and cited and said[:1] == ["không"]
    judges = mark in ",:" and cited and said[0] in _JUDGING and said[1:2] in _JUDGED  # "Không kịp, vì …", "Không phải KH 56, …"
    if (len(said) <= _FEW_WORDS and (verdict or bare)) or (len(said) <= 2 * _FEW_WORDS and (denial or judges)):
        rest = text[opening.end() :]
        return rest[0].upper() + rest[1:]
    return text


def _shown(text: str, target: str) -> str:
    bare = re.sub(r"^https?://", "", target)
    return target if re.sub(r"^https?://", "", squeeze(text)).rstrip("/") == bare.rstrip("/") else f"{squeeze(text)} ({target})"


def claims(reply: str) -> list[Claim]:
    """Cut a cleaned reply into claims. A line that opens a list cites what the items below it cite."""
    found: list[Claim] = []
    start = 0
    for number, line in enumerate(reply.split("\n")):
        item = bool(_ITEM.match(line))
        found += [replace(claim, line=number, item=item) for claim in _in_line(line, start)]
        start += len(line) + 1
    return [
        replace(claim, cites=_cited_below(islice(found, index + 1, None)), lead=True)
        if _opens_list(claim, found[index + 1 : index + 2])
        else claim
        for index, claim in enumerate(found)
    ]


def fault_of_babble(number: int, every: Sequence[Claim]) -> str:
    """Return why the claim at ``number`` is not looked at, nor what stands behind it: no end, or the same again (Vietnamese)."""
    claim = every[number]
    if len(claim.text) > LONGEST or number >= _MOST_CLAIMS or len(claim.cites) > _MOST_CITED:
        return "trả lời dài không dứt"
    said = len(claim.text.split()) > _FEW_ALONE and any(other.text == claim.text for other in every[:number])
    return "trả lời lặp lại" if said else ""


def items_below(claim: Claim, every: Sequence[Claim]) -> int:
    """Return how many items the list has that stands right below the line of a claim, 0 without one."""
    below = [other for other in every if other.line > claim.line]
    return 0 if claim.item else len({other.line for other in takewhile(lambda other: other.item, below)})


def items_behind(claim: Claim, every: Sequence[Claim]) -> int:
    """Return how many items stand behind the colon of a claim in its own line: ``hai ý: 1. … [2]; 2. … [3]``."""
    return sum(other.line == claim.line and other.end >= claim.end for other in every) if ":" in claim.text else 0


def _opens_list(claim: Claim, below: list[Claim]) -> bool:
    return not claim.cites and (claim.text.endswith(":") or (bool(below) and below[0].item and not claim.item))


def _cited_below(below: Iterable[Claim]) -> tuple[int, ...]:
    cited: list[int] = []
    for claim in below:
        if not claim.cites and cited:
            break
        cited += claim.cites
    return tuple(dict.fromkeys(cited))


def _in_line(line: str, offset: int) -> list[Claim]:
    ends = [match.end() for match in _END.finditer(line) if not match.group(1).islower()]
    starts = [0, *ends]
    pieces = [(begin, end) for begin, end in zip(starts, [*ends, len(line)], strict=True) if line[begin:end].strip()]
    found: list[Claim] = []
    for begin, end in pieces:
        if _ITEM.fullmatch(line[begin:end].strip() + " "):
            continue  # "1." before its item
        new = _in_sentence(line[begin:end], offset + begin)
        if found and new and _is_answer_alone(found[-1], new[0]):
            new[0] = replace(new[0], text=f"{found.pop().text} {new[0].text}")
        found += new
    return found


def _is_answer_alone(claim: Claim, behind: Claim) -> bool:
    """``Ngày 23/9/2025 [1]. Đây là Công văn … [1].``: what stands alone is of the thing that the sentence behind it names."""
    return len(re.findall(r"[^\W\d_]+", claim.text)) <= _FEW_ALONE and set(claim.cites) <= set(behind.cites)


def _in_sentence(sentence: str, offset: int) -> list[Claim]:
    """``A [1], còn B [2].`` is two claims; what follows the last citation belongs to it."""
    groups: list[tuple[str, list[int], int]] = []
    at = 0
    for match in CITED.finditer(sentence):
        text = sentence[at : match.start()]
        numbers = [int(number) for number in re.findall(r"\d+", match.group(1))]
        if groups and not re.search(r"\w", text):
            groups[-1][1].extend(numbers)
            groups[-1] = (groups[-1][0], groups[-1][1], match.end())
        else:
            groups.append((text, numbers, match.end()))
        at = match.end()
    rest = sentence[at:]
    if groups and re.search(r"\w", rest):
        text, numbers, _ = groups[-1]
        groups[-1] = (f"{text} {rest.strip()}", numbers, len(sentence))
    elif not groups:
        groups.append((rest, [], len(sentence)))
    else:
        groups[-1] = (*groups[-1][:2], len(sentence))
    return [
        Claim(_ITEM.sub("", text.lstrip(" ,;")).strip(" ,"), tuple(numbers), offset + end) for text, numbers, end in groups if text.strip()
    ]
