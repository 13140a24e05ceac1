"""Everything else: the sentence that answers, the whole list where one is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answers.base import MOST, QUOTE_LIMIT, Finding, Reply, bullet_list, quote_of
from rag.answers.focus import asks_for_list, focused
from rag.answers.leading import findings_of, leads_said, led
from rag.answers.premises import verdict, whose_it_really_is
from rag.answers.sections import show, show_asked
from rag.answers.statements import lines_of_signers, statements
from rag.answers.tables import cells_asked_for
from rag.choosing.evidence import SEVERAL, TOLD_IN_NOTES, Words, rows_as_good, share, strength
from rag.documents import FRAME, Provision
from rag.finding.choice import Candidate
from rag.finding.holdings import ADDRESSED
from rag.finding.search import Searcher
from rag.language.numbers import DOCUMENT_NUMBER
from rag.language.tables import Row, readable
from rag.question.items import nth_item
from rag.question.understanding import Question

_ITEM_SHARE = 0.58  # of the words that tell the items of an enumeration apart, in one of them
_NOTE_SHARE = 0.5  # of the question, in a footnote that spells out a list
_NOTE_ADDS = 0.1  # of the question, which a footnote has and the text has not
_OTHERS = 2
_BESIDE_OWN = 900  # of what speaks of a part of its own article (``khoản 1 Điều này``), which is not to be understood alone
_OF_ITS_OWN = re.compile(r"\bkhoản \d+ (?:và khoản \d+ )?Điều này\b")
_BESIDE = 450  # characters of what is said beside something else, with it
_ALL_OF_IT = 700
_LOOKED_AT, _MOST_OF_THEM = 4, 3  # candidates
_HOLDERS = ("article", "clause")
_WHOM = ("who", "place", "list")
_ANNOUNCED = re.compile(r"gồm(?: có)?\s*:|như sau\s*:|sau đây\s*:|gồm\b|:\s*(?:\(1\)|\(i\)|a\))", re.IGNORECASE)
_TELLS_OR_ANNOUNCES = re.compile(rf"{SEVERAL}|{_ANNOUNCED.pattern}", re.IGNORECASE)


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
        return show_asked(searcher, question, best.provision)
    focus = _numbered_item(searcher, question, best.provision) or focus
    if focus is not None and question.kind != "list":
        return _with_others(searcher, question, near, _item_reply(searcher, question, focus))
    if question.kind == "list" and (listed := _list(searcher, question, best)):
        return listed
    return _with_others(searcher, question, near, _sentence(searcher, question, best))


def _head(searcher: Searcher, question: Question, best: Candidate) -> Reply:
    """What a letter is, and the sentence of its head that is meant: whom it is to, what it is based on."""
    addressed = ADDRESSED.search(best.provision.text)
    if addressed and question.kind in _WHOM and "gui" in question.folded:
        return Reply(addressed.group(), (Finding(addressed.group(), best.provision, addressed.group()),), kind="list")
    known = statements(searcher, [searcher.documents[best.provision.document]], question)
    said = _sentence(searcher, question, best)
    if said.text in known.text:
        return known
    return replace(known, text=f"{known.text}\n{said.text}", findings=(*known.findings, *said.findings))


def whole_list(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Provision | None:
    """Return what the likeliest stand under, where most of them stand side by side; the question asks for a list or for a number."""
    parent = candidates[0].provision.parent if candidates else None
    if parent is None:
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
    number = nth_item(question)
    return searcher.store.section(provision.document, f"{provision.section}({number})") if number else None


def _item_reply(searcher: Searcher, question: Question, item: Provision) -> Reply:
    leads = leads_said(searcher.store, question, item, item.text)
    text = led(leads, item.text)
    text = verdict(searcher, question, text) + text
    return Reply(text, (Finding(item.text, item, item.text), *findings_of(leads)), kind=question.kind)


def _with_others(searcher: Searcher, question: Question, near: list[Candidate], reply: Reply) -> Reply:
    """What is as likely meant comes along, as far as it can be read: duties may stand in more than one provision."""
    said = [reply]
    most = _BESIDE_OWN if _OF_ITS_OWN.search(reply.text) else _BESIDE
    for candidate in near[1 : 1 + _OTHERS]:
        other = _sentence(searcher, question, candidate) if candidate.provision.text and candidate.provision.kind not in FRAME else None
        if other and other.text not in reply.text and sum(len(one.text) for one in (*said, other)) <= most:
            said.append(other)
    if len(said) == 1:
        return reply
    lines = [f"- {one.text.removeprefix('- ')}" for one in said]
    return replace(reply, text="\n".join(lines), findings=tuple(finding for one in said for finding in one.findings))


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
        return show_asked(searcher, question, provision)
    if sentence.note >= 0:
        noted = (
            sentence.text
            if question.kind in TOLD_IN_NOTES or asks_for_list(question)
            else focused(question, sentence.text, -1, searcher.weights)
        )
        return Reply(noted, (Finding(noted, provision, sentence.text, sentence.note),), kind=question.kind)
    if rows := rows_as_good(question, best.passage, sentence, searcher.weights):
        return _rows(searcher, question, provision, rows)
    if (
        provision.kind != "head"
        and provision.text.rstrip().endswith(":")
        and (below := show_asked(searcher, question, provision)).text != provision.text
    ):
        return below
    item = None if asks_for_list(question) else _item(searcher, question, provision)
    chosen = item or provision
    text = item.text if item else _said(searcher, question, provision, sentence.start)
    leads = leads_said(searcher.store, question, chosen, text)
    quote = chosen.text if len(chosen.text) <= QUOTE_LIMIT else quote_of(chosen, sentence)
    notes = _notes(searcher, question, provision)
    lead = verdict(searcher, question, led(leads, text)) + led(leads, "\n".join([text, *(finding.text for finding in notes)]))
    return Reply(lead, (Finding(text, chosen, quote), *notes, *findings_of(leads)), kind=question.kind)


def _rows(searcher: Searcher, question: Question, provision: Provision, rows: Sequence[Row]) -> Reply:
    """The row of a table that is meant; where nothing tells it from others, these too, as far as they can be read."""
    said = [cells_asked_for(question, row) for row in rows]
    kept = [text for at, text in enumerate(said) if sum(map(len, said[: at + 1])) <= MOST]
    if len(kept) < 2:
        kept = [said[0] if len(said[0]) <= MOST else focused(question, said[0], -1, searcher.weights)]
    text = bullet_list([*kept, "…"] if len(kept) < len(said) else kept)
    return Reply(
        text,
        tuple(Finding(one, provision, provision.text[row.since : row.end]) for one, row in zip(kept, rows, strict=False)),
        kind=question.kind,
    )


def _said(searcher: Searcher, question: Question, provision: Provision, best: int) -> str:
    """What of a provision's text answers: all of a list that is asked for, else the sentence, and whose duty it is."""
    if asks_for_list(question) and provision.kind != "head":
        return _as_list(searcher, provision)
    if provision.kind == "signature":
        return _signed(question, provision.text)
    text = focused(question, provision.text, best, searcher.weights)
    percents = [percent.replace(" ", "") for percent in question.mentions.percents]
    cut_away = any(percent in provision.text.replace(" ", "") and percent not in text.replace(" ", "") for percent in percents)
    text = provision.text if cut_away else text
    actor = searcher.passage(provision).actor
    return readable(text if not actor or actor in text else f"{actor}: {text}")


def _signed(question: Question, text: str) -> str:
    """Who signed, without those to whom it goes, unless these are asked for."""
    signed = lines_of_signers(text)
    return text if "nhan" in question.folded or not signed else "\n".join(signed)


def _as_list(searcher: Searcher, provision: Provision) -> str:
    """A text with its inline items one below the other."""
    text = readable(provision.text)
    for item in searcher.store.children(provision.id):
        if item.inline:
            text = text.replace(item.text, f"\n- {item.text}", 1)
    return re.sub(r"[ \t]+\n", "\n", text)


def _notes(searcher: Searcher, question: Question, provision: Provision) -> list[Finding]:
    """The footnotes that spell out a list, or that hold words of the question which the text itself lacks."""
    fitting: list[Finding] = []
    own = share(question.terms, [(1.0, Words(provision.text))], searcher.weights)
    for index, note in enumerate(provision.footnotes):
        words = Words(note.text)
        numbered = question.kind == "document" and DOCUMENT_NUMBER.search(note.text)
        spelt_out = question.kind == "list" and _TELLS_OR_ANNOUNCES.search(note.text)
        listed = spelt_out and share(question.terms, [(1.0, words)], searcher.weights) >= _NOTE_SHARE
        added = share(question.terms, [(1.0, Words(provision.text)), (1.0, words)], searcher.weights) - own
        if listed or numbered or added >= _NOTE_ADDS:
            said = note.text if listed else focused(question, note.text, -1, searcher.weights)
            fitting.append(Finding(said, provision, note.text, index))
    return fitting


def _item(searcher: Searcher, question: Question, provision: Provision) -> Provision | None:
    """The inline item that alone holds what the question is about."""
    items = [child for child in searcher.store.children(provision.id) if child.inline]
    if not items:
        return None
    words = [Words(item.text) for item in items]
    telling = [term for term in question.terms if 0 < sum(strength(term, w) > 0 for w in words) < len(items)]
    scored = [(share(telling, [(1.0, w)], searcher.weights), item) for w, item in zip(words, items, strict=True)] if telling else []
    scored.sort(key=lambda pair: -pair[0])
    if scored and scored[0][0] >= _ITEM_SHARE and (len(scored) < 2 or scored[0][0] - scored[1][0] > 0.15):
        whole = share(question.terms, [(1.0, Words(provision.text))], searcher.weights)
        alone = share(question.terms, [(1.0, Words(scored[0][1].text)), (0.7, Words(" ".join(provision.headings)))], searcher.weights)
        return scored[0][1] if alone >= whole - 0.25 else None
    return None
