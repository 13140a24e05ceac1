"""A model's reply as claims: pieces of text, each with the provisions it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text import normalise, squeeze

CITED = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_END = re.compile(r"[.!?…](?:[”\"')]*)(?=\s+([^\s[]))")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_EMPHASIS = re.compile(r"(\*\*|__|`+|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[*•–][ \t]+", re.MULTILINE)
_THINKING = re.compile(r"<think>.*?</think>|<think>.*\Z", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:[-+]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of a reply with the numbers it cites; ``end`` is where it ends in the reply, ``lead`` opens a list."""

    text: str
    cites: tuple[int, ...]
    end: int
    lead: bool = False


def cleaned(reply: str) -> str:
    """Return a reply as readers see it: NFC, no invisible characters, no Markdown, no thinking aloud, link targets in sight."""
    text = _THINKING.sub("", normalise(reply))
    text = _MARKDOWN_LINK.sub(lambda found: _shown(found.group(1), found.group(2)), text)
    text = _BULLET.sub("- ", _HEADING.sub("", _EMPHASIS.sub("", text)))
    text = re.sub(r"([.!?])((?:\s*\[\d{1,3}\])+)", r"\2\1", text)  # the citation after the full stop belongs to what stands before
    return "\n".join(line.rstrip() for line in text.strip().split("\n") if line.strip())


def _shown(text: str, target: str) -> str:
    bare = re.sub(r"^https?://", "", target)
    return target if re.sub(r"^https?://", "", squeeze(text)).rstrip("/") == bare.rstrip("/") else f"{squeeze(text)} ({target})"


def claims(reply: str) -> list[Claim]:
    """Cut a cleaned reply into claims. A line that opens a list cites what the items below it cite."""
    found: list[Claim] = []
    start = 0
    for line in reply.split("\n"):
        found += _in_line(line, start)
        start += len(line) + 1
    return [
        Claim(claim.text, _cited_below(found[index + 1 :]), claim.end, lead=True) if _opens_list(claim) else claim
        for index, claim in enumerate(found)
    ]


def _opens_list(claim: Claim) -> bool:
    return not claim.cites and claim.text.endswith(":")


def _cited_below(below: list[Claim]) -> tuple[int, ...]:
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
        found += _in_sentence(line[begin:end], offset + begin)
    return found


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
        Claim(_ITEM.sub("", text).strip(" ,"), tuple(dict.fromkeys(numbers)), offset + end) for text, numbers, end in groups if text.strip()
    ]
