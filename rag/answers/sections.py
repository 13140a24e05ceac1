"""A provision asked for by its place: ``Điều 5 khoản 2``, ``mục IV.2``, ``phụ lục 1``."""

from __future__ import annotations

from rag.answers.base import Finding, Reply, quote_of
from rag.choosing.evidence import Words, share
from rag.documents import Document, Provision
from rag.finding.search import Searcher
from rag.question.understanding import Question

_SHOWN = 3000
_MEANT = 0.5


def section_path(question: Question) -> str:
    """Return the section path that the question names, empty when none."""
    mentions = question.mentions
    annex = f"PL{mentions.annex}" if mentions.annex else ""
    place = mentions.article or mentions.section
    return ".".join(part for part in (annex, place) if part)


def answer_section(searcher: Searcher, question: Question, documents: list[Document]) -> Reply | None:
    """Return the text of the provision that the question names by its place, or ``None``."""
    path = section_path(question)
    if not path:
        return None
    found = [provision for document in documents if (provision := searcher.store.section(document.number, path))]
    if len(found) != 1:
        return None
    return show(searcher, _meant_part(searcher, question, found[0]))


def _meant_part(searcher: Searcher, question: Question, provision: Provision) -> Provision:
    """``văn bản của UBND tỉnh trong phụ lục 3``: the part of the annex whose heading says so, else all of it."""
    rest = tuple(term for term in question.terms if term.folded not in ("phu", "luc", "dieu", "khoan", "diem", "muc", "phan"))
    if not rest:
        return provision
    parts = [part for part in _below(searcher, provision) if part.heading]
    scored = [(share(rest, [(1.0, Words(part.heading))], searcher.weights), part) for part in parts]
    own = share(rest, [(1.0, Words(provision.heading))], searcher.weights)
    best, part = max(scored, key=lambda pair: pair[0], default=(0.0, provision))
    return part if best >= _MEANT and best > own else provision


def show(searcher: Searcher, provision: Provision) -> Reply:
    """Return a provision with all that stands under it, as lines."""
    lines = [_line(provision)] if provision.text or provision.heading else []
    findings = [Finding("", provision, quote_of(provision))]
    for child in _below(searcher, provision):
        line = _line(child)
        if sum(map(len, lines)) + len(line) > _SHOWN:
            lines.append("…")
            break
        lines.append(line)
        findings.append(Finding("", child, quote_of(child)))
    return Reply("\n".join(lines), tuple(findings), kind="section")


def _below(searcher: Searcher, provision: Provision) -> list[Provision]:
    result: list[Provision] = []
    for child in searcher.store.children(provision.id):
        if not child.inline:
            result += [child, *_below(searcher, child)]
    return result


def _line(provision: Provision) -> str:
    name = provision.section.rsplit(".", 1)[-1]
    mark = {
        "clause": f"{name}. ",
        "point": f"{name}) ",
        "bullet": "- ",
        "part": f"{name}. ",
        "section": f"{name}. ",
        "item": f"({provision.section.rsplit('(', 1)[-1]} ",
    }
    lead = mark.get(provision.kind, f"{provision.label}. " if provision.heading else "")
    if provision.kind == "item" and provision.text.startswith("("):
        lead = ""
    body = f"{provision.heading}\n{provision.text}".strip() if provision.heading and provision.text else provision.heading or provision.text
    return f"{lead}{body}"
