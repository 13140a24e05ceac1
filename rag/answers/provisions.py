"""Everything else: the sentence that answers, the whole list where one is asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import Finding, Reply, quote_of, row_text
from rag.answers.premises import verdict, whose_it_really_is
from rag.answers.sections import show
from rag.answers.statements import statements
from rag.choosing.evidence import Words, share, strength
from rag.documents import Provision
from rag.finding.search import Candidate, Searcher
from rag.language.numbers import DOCUMENT_NUMBER, ORDINAL, ORDINALS
from rag.question.audience import audience_of
from rag.question.understanding import Question

ENOUGH = 0.58
_NOTE_SHARE = 0.5
_TELLING = 2.5
_OTHERS = 2
_ALL_OF_IT = 700
_LOOKED_AT, _MOST_OF_THEM = 4, 3  # candidates
_HOLDERS = ("article", "clause")
_ADDRESSED = re.compile(r"^Kính gửi\s*:?.*(?:\n\s*[-–+•].*)*", re.MULTILINE)
_WHOM = ("who", "place", "list")
_ANNOUNCED = re.compile(r"gồm(?: có)?\s*:|như sau\s*:|sau đây\s*:|gồm\b|:\s*(?:\(1\)|\(i\)|a\))", re.IGNORECASE)
_ENUMERATED = re.compile(rf"\([^()]*,[^()]*\)|:\s*[^:;]+;|{_ANNOUNCED.pattern}", re.IGNORECASE)


def answer_provision(searcher: Searcher, question: Question, near: list[Candidate], focus: Provision | None = None) -> Reply:
    """Return what the chosen provision says; ``near`` are the candidates as good as the first, which is the chosen one.

    ``focus`` is the inline item of it that is meant, where like questions agree on one.
    """
    best = near[0]
    if best.provision.kind == "head":
        return _head(searcher, question, best)
    if question.kind == "yesno" and (other := whose_it_really_is(searcher, question, near)):
        return _sentence(searcher, question, other)
    if best.provision.heading and (not best.provision.text or best.provision.kind == "annex"):
        return show(searcher, best.provision)
    focus = _numbered_item(searcher, question, best.provision) or focus
    if focus is not None and question.kind != "list":
        return _with_others(searcher, question, near, _item_reply(question, focus))
    if question.kind == "list" and (listed := _list(searcher, question, best)):
        return listed
    return _with_others(searcher, question, near, _sentence(searcher, question, best))


def _head(searcher: Searcher, question: Question, best: Candidate) -> Reply:
    """What a letter is, and the sentence of its head that is meant: whom it is to, what it is based on."""
    addressed = _ADDRESSED.search(best.provision.text)
    if addressed and question.kind in _WHOM and "gui" in question.folded:
        return Reply(addressed.group(), (Finding(addressed.group(), best.provision, addressed.group()),), kind="list")
    known = statements(searcher, [searcher.documents[best.provision.document]], question)
    said = _sentence(searcher, question, best)
    if said.text in known.text:
        return known
    return replace(known, text=f"{known.text}\n{said.text}", findings=(*known.findings, *said.findings))


def whole_list(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Provision | None:
    """What the likeliest stand under, where a list is asked for and most of them stand side by side."""
    parent = candidates[0].provision.parent if candidates else None
    if question.kind not in ("list", "figure", "procedure") or parent is None:
        return None
    beside = sum(candidate.provision.parent == parent for candidate in candidates[:_LOOKED_AT])
    above = searcher.store.provision(parent)
    if above.kind == "annex":
        return above if beside > 1 and not above.text else None
    return (
        above
        if question.kind == "list"
        and beside >= _MOST_OF_THEM
        and len(above.text) < _ALL_OF_IT
        and above.kind in _HOLDERS
        and _is_legal(above)
        else None
    )


def _is_legal(provision: Provision) -> bool:
    """A khoản of an act; a directive's ``mục`` holds duties of many, not one list."""
    return "Điều" in provision.section


def _numbered_item(searcher: Searcher, question: Question, provision: Provision) -> Provision | None:
    """``trụ cột thứ ba``: the inline item of that number."""
    found = ORDINAL.search(question.folded)
    number = ORDINALS.get(found.group(1), found.group(1)) if found and found.group(1) else ""
    return searcher.store.section(provision.document, f"{provision.section}({number})") if number else None


def _item_reply(question: Question, item: Provision) -> Reply:
    return Reply(verdict(question, item.text) + item.text, (Finding(item.text, item, item.text),), kind=question.kind)


def _with_others(searcher: Searcher, question: Question, near: list[Candidate], reply: Reply) -> Reply:
    """What is as likely meant comes along: duties may stand in more than one provision."""
    more = [_sentence(searcher, question, candidate) for candidate in near[1 : 1 + _OTHERS] if candidate.provision.text]
    if not more:
        return reply
    lines = [f"- {other.text}" for other in (reply, *more)]
    return replace(reply, text="\n".join(lines), findings=tuple(finding for other in (reply, *more) for finding in other.findings))


def _list(searcher: Searcher, question: Question, best: Candidate) -> Reply | None:
    provision = best.provision
    own = [child for child in searcher.store.children(provision.id) if not child.inline]
    if own and (not provision.text or provision.text.rstrip().endswith(":")):
        return show(searcher, provision)
    if not own and provision.text.rstrip().endswith(":"):
        return _announced(searcher, provision)
    return None


def _announced(searcher: Searcher, provision: Provision) -> Reply | None:
    """A bullet that announces the items after it (``… một số nhiệm vụ sau:`` then ``(1) …``)."""
    if provision.parent is None:
        return None
    siblings = searcher.store.children(provision.parent)
    items = [other for other in siblings if other.id > provision.id and other.kind == "item" and not other.inline]
    if not items:
        return None
    lines = [provision.text, *(f"({item.section.rsplit('(', 1)[-1]} {item.text}" for item in items)]
    findings = [Finding("", item, quote_of(item)) for item in (provision, *items)]
    return Reply("\n".join(lines), tuple(findings), kind="list")


def _sentence(searcher: Searcher, question: Question, best: Candidate) -> Reply:
    provision, sentence = best.provision, best.sentence
    if sentence is None:
        return show(searcher, provision)
    if sentence.note >= 0:
        return Reply(sentence.text, (Finding(sentence.text, provision, sentence.text, sentence.note),), kind=question.kind)
    if sentence.text.startswith("|"):
        row = row_text(provision, sentence.text)
        return Reply(row, (Finding(row, provision, sentence.text),), kind=question.kind)
    item = _item(searcher, question, provision) if question.kind != "list" else None
    if item is not None:
        text, chosen = item.text, item
    elif len(provision.text) <= _ALL_OF_IT or question.kind == "list":
        text, chosen = provision.text, provision
    else:
        text, chosen = _around(provision, sentence.start, sentence.end), provision
    if provision.text.rstrip().endswith(":") and (below := show(searcher, provision)).text != provision.text:
        return below
    findings = [Finding(text, chosen, text if len(text) <= _ALL_OF_IT else quote_of(chosen, sentence))]
    findings += _notes(searcher, question, provision)
    lead = verdict(question, text) + _whose(question, chosen) + "\n".join([text, *(finding.text for finding in findings[1:])])
    return Reply(lead, tuple(findings), kind=question.kind)


def _notes(searcher: Searcher, question: Question, provision: Provision) -> list[Finding]:
    """The footnotes that spell out a list, or that alone hold a word of the question."""
    own, fitting = Words(provision.text), []
    for index, note in enumerate(provision.footnotes):
        words = Words(note.text)
        spelt_out = question.kind == "list" and _ENUMERATED.search(note.text)
        if question.kind == "document" and DOCUMENT_NUMBER.search(note.text):
            fitting.append(Finding(note.text, provision, note.text, index))
            continue
        listed = spelt_out and share(question.terms, [(1.0, words)], searcher.weights) >= _NOTE_SHARE
        alone = any(
            not term.light and searcher.weights.of(term.folded) > _TELLING and strength(term, words) > 0.5 > strength(term, own)
            for term in question.terms
        )
        short = len(provision.text) + sum(len(other.text) for other in provision.footnotes) <= _ALL_OF_IT
        if listed or alone or short:
            fitting.append(Finding(note.text, provision, note.text, index))
    return fitting


def _whose(question: Question, provision: Provision) -> str:
    """Duties under ``2. Ủy ban nhân dân các xã, phường`` are theirs: who is asked for is named."""
    heading = provision.headings[-1] if provision.headings else ""
    asked = question.kind in ("who", "general", "procedure") and not heading.isupper() and len(heading) < 120
    return (
        f"{heading}: "
        if asked and provision.kind in ("bullet", "point") and ":" not in provision.text[:90] and audience_of(heading)
        else ""
    )


def _item(searcher: Searcher, question: Question, provision: Provision) -> Provision | None:
    """The inline item that alone holds what the question is about."""
    items = [child for child in searcher.store.children(provision.id) if child.inline]
    if not items:
        return None
    words = [Words(item.text) for item in items]
    telling = [term for term in question.terms if 0 < sum(strength(term, w) > 0 for w in words) < len(items)]
    scored = [(share(telling, [(1.0, w)], searcher.weights), item) for w, item in zip(words, items, strict=True)] if telling else []
    scored.sort(key=lambda pair: -pair[0])
    if scored and scored[0][0] >= ENOUGH and (len(scored) < 2 or scored[0][0] - scored[1][0] > 0.15):
        whole = share(question.terms, [(1.0, Words(provision.text))], searcher.weights)
        alone = share(question.terms, [(1.0, Words(scored[0][1].text)), (0.7, Words(" ".join(provision.headings)))], searcher.weights)
        return scored[0][1] if alone >= whole - 0.25 else None
    return None


def _around(provision: Provision, start: int, end: int) -> str:
    """The sentence, with the one that follows where it is short."""
    text = provision.text
    if end - start >= 300:
        return text[start:end]
    following = re.search(r"[.;](?=\s|$)", text[end + 1 :])
    longer = end + 1 + following.end() if following else len(text)
    return text[start : longer if longer - start <= _ALL_OF_IT else end]
