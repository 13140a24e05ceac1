"""Everything else: the sentence that answers, the whole list where one is asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import Finding, Reply, quote_of, row_text
from rag.answers.fitting import ENUMERATED, definition_worth, fits_kind, is_more_than_a_word, preference
from rag.answers.premises import verdict, whose_it_really_is
from rag.answers.sections import show
from rag.choosing.evidence import Words, share, strength
from rag.documents import Provision
from rag.finding.search import Candidate, Searcher
from rag.question.audience import audience_of
from rag.question.understanding import Question

ENOUGH = 0.58
_TITLED = 0.7
_HEADING_SHARE = 0.35
_NOTE_SHARE = 0.5
_TELLING = 2.5
_NEAR_BEST = 0.08
_OTHERS = 2
_DUTIES = re.compile(r"\b(?:lam gi|nhiem vu|trach nhiem|yeu cau gi|can gi|lam nhung gi|viec gi|the nao|lam the nao|nhu the nao)\b")
_ALL_OF_IT = 700
_FORM = re.compile(r"\b(?:de cuong|mau|bieu mau|phu luc)\b")
RECIPIENTS = re.compile(r"\b(?:noi nhan|gui (?:nhung )?ai|gui cho|ki|nguoi ki)\b")


def answer_provision(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Reply | None:
    """Return the provision that answers, or ``None`` when none holds enough of the question."""
    signer = RECIPIENTS.search(question.folded)
    fitting = [
        candidate
        for candidate in candidates
        if candidate.coverage >= ENOUGH
        and is_more_than_a_word(question, candidate)
        and fits_kind(question, candidate)
        and (signer or candidate.provision.kind != "signature")
    ]
    if not fitting:
        other = whose_it_really_is(searcher, question, candidates) if question.kind == "yesno" else None
        return _sentence(searcher, question, other) if other else None
    best = max(fitting, key=lambda candidate: candidate.score + preference(question, candidate))
    if question.kind == "yesno" and (other := whose_it_really_is(searcher, question, candidates)):
        return _sentence(searcher, question, other)
    if definition_worth(question, best):
        return _sentence(searcher, question, best)
    if titled := _titled(searcher, question, fitting):
        return show(searcher, titled)
    if question.kind == "list" and (listed := _list(searcher, question, best)):
        return listed
    reply = _sentence(searcher, question, best)
    if _DUTIES.search(question.folded):
        return _with_others(searcher, question, best, fitting, reply)
    return reply


def _with_others(searcher: Searcher, question: Question, best: Candidate, fitting: list[Candidate], reply: Reply) -> Reply:
    """What somebody has to do may stand in more than one provision: those that fit as well come along."""
    least = best.score + preference(question, best) - _NEAR_BEST
    near = [other for other in fitting if other is not best and other.score + preference(question, other) >= least]
    more = [_sentence(searcher, question, candidate) for candidate in near[:_OTHERS]]
    if not more:
        return reply
    lines = [f"- {other.text}" for other in (reply, *more)]
    return replace(reply, text="\n".join(lines), findings=tuple(finding for other in (reply, *more) for finding in other.findings))


def _titled(searcher: Searcher, question: Question, fitting: list[Candidate]) -> Provision | None:
    """The annex, article or mục whose heading is what the question asks for: all that stands under it answers."""
    if question.kind not in ("list", "general", "procedure", "definition"):
        return None
    best, found = _TITLED, None
    for candidate in fitting:
        provision = candidate.provision
        if not provision.heading or not searcher.store.children(provision.id):
            continue
        heading = Words(provision.heading)
        asked = {term.folded for term in question.terms}
        if sum(token in asked for token in heading.sequence) < _HEADING_SHARE * len(heading.sequence):
            continue  # the heading is about more than the question
        if question.must and share(question.must, [(1.0, heading)], searcher.weights) < ENOUGH:
            continue
        worth = share(question.terms, [(1.0, heading)], searcher.weights)
        worth += 0.2 if provision.kind == "annex" and _FORM.search(question.folded) else 0.0
        if worth > best:
            best, found = worth, provision
    return found


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
        spelt_out = question.kind == "list" and ENUMERATED.search(note.text)
        listed = spelt_out and share(question.terms, [(1.0, words)], searcher.weights) >= _NOTE_SHARE
        alone = any(
            not term.light and searcher.weights.of(term.folded) > _TELLING and strength(term, words) > 0.5 > strength(term, own)
            for term in question.terms
        )
        if listed or alone:
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
