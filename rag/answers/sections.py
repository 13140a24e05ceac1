"""A provision asked for by its place: ``Điều 5 khoản 2``, ``mục IV.2``, ``phụ lục 1``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answers.base import MOST, Finding, Reply, quote_of
from rag.answers.focus import asks_for_list
from rag.answers.leading import findings_of, leads_said, led
from rag.choosing.evidence import Words, share
from rag.documents import Document, Provision
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.tables import readable
from rag.language.text import fold
from rag.question.understanding import Question

_SHOWN = 3000
_MEANT = 0.5
_NEAR = 0.1  # of the question
_LETTERHEAD = re.compile(r"^(?:cong hoa xa hoi chu nghia viet nam|doc lap - tu do - hanh phuc|so:.*|.*\.{3}.*)$")  # of a form


def section_path(question: Question) -> str:
    """Return the section path that the question names, empty when none."""
    return question.mentions.path


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
    parts = [part for part in below(searcher, provision) if part.heading]
    scored = [(share(rest, [(1.0, Words(part.heading))], searcher.weights), part) for part in parts]
    own = share(rest, [(1.0, Words(provision.heading))], searcher.weights)
    best, part = max(scored, key=lambda pair: pair[0], default=(0.0, provision))
    return part if best >= _MEANT and best > own else provision


def show(searcher: Searcher, provision: Provision) -> Reply:
    """Return a provision with all that stands under it, as lines."""
    lines = [_line(provision)] if provision.text or provision.heading else []
    findings = [Finding("", provision, quote_of(provision))]
    for child in below(searcher, provision):
        line = _line(child)
        if sum(map(len, lines)) + len(line) > _SHOWN:
            lines.append("…")
            break
        lines.append(line)
        findings.append(Finding("", child, quote_of(child)))
    return Reply("\n".join(lines), tuple(findings), kind="section")


def show_asked(searcher: Searcher, question: Question, provision: Provision, near: Sequence[Candidate] = ()) -> Reply:
    """Return a provision with what stands under it: all where a list is asked for or it is short, else what is asked.

    What is asked are the candidates ``near``, the likeliest first, or what holds most of the question.
    """
    whole, under = show(searcher, provision), [child for child in below(searcher, provision) if child.text]
    if asks_for_list(question) or len(whole.text) <= MOST or len(under) < 2:
        return whole
    chosen = _asked_for(searcher, question, [*([provision] if provision.text else []), *under], near)
    leads = leads_said(searcher.store, question, chosen[0], chosen[0].text)
    lines = [_line(child) for child in (provision, *under) if child in chosen]
    text = led(leads, "\n".join(lines) if len(chosen) > 1 else readable(chosen[0].text))
    return Reply(text, (*(Finding("", child, quote_of(child)) for child in chosen), *findings_of(leads)), kind=question.kind)


def _asked_for(searcher: Searcher, question: Question, parts: list[Provision], near: Sequence[Candidate]) -> list[Provision]:
    worth = {part.id: share(question.terms, [(1.0, Words(part.whole_text))], searcher.weights) for part in parts}
    by_id = {part.id: part for part in parts}
    likely = [by_id[candidate.provision.id] for candidate in near if candidate.provision.id in by_id]
    ranked = likely or sorted(parts, key=lambda part: -worth[part.id])
    chosen = ranked[:1]
    for part in ranked[1:]:
        as_good = bool(likely) or worth[part.id] >= worth[chosen[0].id] - _NEAR
        if as_good and sum(len(one.text) for one in (*chosen, part)) <= MOST:
            chosen.append(part)
    return chosen


def below(searcher: Searcher, provision: Provision) -> list[Provision]:
    """Return what stands under a provision at any depth, in order, without the inline items."""
    result: list[Provision] = []
    for child in searcher.store.children(provision.id):
        if not child.inline:
            result += [child, *below(searcher, child)]
    return result


def _without_letterhead(text: str) -> str:
    lines = text.split("\n")
    forms = any(_LETTERHEAD.match(fold(line)) and "cong hoa" in fold(line) for line in lines)
    return "\n".join(line for line in lines if not _LETTERHEAD.match(fold(line))) if forms else text


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
    text = readable(_without_letterhead(provision.text))
    body = f"{provision.heading}\n{text}".strip() if provision.heading and text else provision.heading or text
    return f"{lead}{body}"
