"""Whether what a question says of who, when, how much and whether is what a provision says of it.

``Đúng.`` and ``Không.`` are said only of what was read on both sides; what a text names others of is said to be unnamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.answers.base import Finding, Reply
from rag.answers.verdicts import NO, NOT_THE_DAY, RIGHT
from rag.documents import Provision
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.tables import rows_of
from rag.language.text import canonical, fold, normalise, words
from rag.question.audience import audience_of
from rag.question.understanding import Question
from rag.slots.bounds import NO_LATER, order_at
from rag.slots.facts import Fact
from rag.slots.named import Named, named, offices, tells_of, unnamed, unnamed_offices
from rag.slots.polarity import negations
from rag.slots.tokens import Row, exact, facts_of, says, tokens

SAYS = "Văn bản ghi: "
_UNNAMED = "Văn bản không nêu riêng {what} ở việc này. Chỗ gần nhất ghi:\n"
_DENIES = ("không cần", "không phải", "khỏi", "miễn", "không bắt buộc", "chưa cần", "đừng", "cấm")
_ENDS_IN = frozenset(exact("không chứ à hả nhỉ ha ạ sao vậy thế"))
_DAY = timedelta(days=1)
_LIMIT = ("hạn", "thời hạn", "hạn chót", "hạn cuối")
_WELL_ABOUT_IT = 0.5  # of the question, in what else names all that it names
_ABOUT_IT = 0.4  # of the question, in what names what it names
_NAMES_SAID = 3  # names of what is not named, in one sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its slots are read: its row without what only asks, and the words as people write them."""

    row: Row
    words: dict[str, str]

    @property
    def denies(self) -> bool:
        """Whether the question supposes that something need not or must not be."""
        return says(self.row, _DENIES) or bool(negations(self.row))

    @property
    def dates(self) -> list[tuple[Fact, str]]:
        """The days that it names, each with its order in time (``before``, ``after`` …, empty where it says none)."""
        found = [(at, token) for at, token in enumerate(self.row) if isinstance(token, Fact) and token.kind == "date"]
        return [(token, order_at(self.row, at)) for at, token in found if token.key[2]]

    def called(self, name: Iterable[str]) -> str:
        """Return exact words as they were typed or restored."""
        return " ".join(self.words.get(word, word) for word in name)


def asked(searcher: Searcher, question: Question) -> Asked:
    """Read a question's slots."""
    text = normalise(searcher.spoken(question.text))
    row = tokens(text)
    while row and (row[-1] in _ENDS_IN or row[-1] in ("?", ".", "!", ",")):
        row = row[:-1]
        if len(row) >= 1 and row[-1] in exact("đúng phải được có hay"):
            row = row[:-1]
    return Asked(row, {canonical(word): word for word in words(text)})


def missing(question: Asked, searcher: Searcher, provision: Provision, said: str = "") -> list[str]:
    """Return what a question names where a provision, or what it is ``said`` to say, names others of its kind alone."""
    around = searcher.passage(provision).around
    layers = [said, f"{provision.heading}\n{provision.text}", "\n".join(around[1:]), around[0]]
    layers.append(searcher.addressees.get(provision.document, ""))
    lacking = unnamed(question.row, [tokens(normalise(layer)) for layer in layers])
    return _said(question, lacking, all_around(searcher, provision), _own_name(searcher, provision))


def _own_name(searcher: Searcher, provision: Provision) -> frozenset[str]:
    """The folded words of whose document it is, and what about: these tell which document is meant."""
    document = searcher.documents[provision.document]
    return frozenset(fold(word) for word in words(f"{document.issuer} {document.title}"))


def all_around(searcher: Searcher, provision: Provision) -> Row:
    """Return a provision and all that it stands in, as one row."""
    return tokens(normalise("\n".join([provision.whole_text, *searcher.passage(provision).around])))


def _said(question: Asked, values: Sequence[Named], around: Row, own_name: frozenset[str]) -> list[str]:
    called = [value.called for value in values]
    strange = [name for name in unnamed_offices(question.row, around) if not own_name.issuperset(map(fold, name))]
    return list(dict.fromkeys([*called, *map(question.called, strange)]))


def kept_apart(searcher: Searcher, question: Question, reply: Reply) -> Reply:
    """Return a reply that says first what none of its provisions names, though the question does."""
    if reply.text.startswith(_UNNAMED.split("{")[0]):
        return reply
    supposed = asked(searcher, question)
    above = {finding.provision.parent for finding in reply.findings}  # a lead is read with what it leads to
    said = [finding for finding in reply.findings if finding.text and finding.provision.id not in above]
    lacking = dict.fromkeys(name for finding in said for name in missing(supposed, searcher, finding.provision, finding.text))
    return told_apart(reply, [name for name in lacking if not any(_names(searcher, finding, name) for finding in said)])


def _names(searcher: Searcher, finding: Finding, called: str) -> bool:
    """Whether what a provision says, all of it, has what is called so; of a row, the cell below that title (``Khối: 8, 9``)."""
    cells = [
        f"{title} {value}"
        for row in rows_of(finding.provision.text)
        if finding.quote.endswith(row.line)
        for title, cell in row.cells
        for value in words(cell)
    ]
    if fold(called) in map(fold, cells):
        return True
    asked_for = named(tokens(called)) or [Named("office", called, called)]
    provision = finding.provision
    row = tokens(
        normalise(f"{finding.text}\n{provision.whole_text}\n{searcher.passage(provision).lead}\n{chr(10).join(provision.headings)}")
    )
    narrow = [one for one in asked_for if any(map(str.isdigit, one.value))]  # "khối 12" is no other class of its level
    return any(tells_of(one, row) for one in narrow or asked_for)


def told_apart(reply: Reply, unnamed_: Sequence[str]) -> Reply:
    """Return a reply that says first what its provision does not name."""
    if not unnamed_:
        return reply
    text = reply.text.replace(SAYS, "")
    return replace(reply, text=_UNNAMED.format(what=", ".join(unnamed_[:_NAMES_SAID])) + text)


def agreeing_first(searcher: Searcher, question: Question, candidates: list[Candidate], near: float) -> list[Candidate]:
    """Put the first candidate that names what the question names before others that are hardly better (``near``, of their scores)."""
    supposed = asked(searcher, question)

    def lacks(candidate: Candidate) -> bool:
        said = candidate.sentence.text if candidate.sentence else ""
        return _is_of_others(question, candidate) or bool(missing(supposed, searcher, candidate.provision, said))

    if not candidates or not lacks(candidates[0]):
        return candidates
    first = candidates[0]
    likely = (
        other
        for other in candidates[1:]
        if other.score >= first.score - near or (other.score >= first.score - 2 * near and other.coverage >= max(first.coverage, _ABOUT_IT))
    )
    chosen = next((other for other in likely if not lacks(other)), first)
    return [chosen, *(rest for rest in candidates if rest is not chosen)]


def _is_of_others(question: Question, candidate: Candidate) -> bool:
    """Whether a provision says what somebody else does than whom the question names (``xã``, and it speaks of ``Phòng A: …``)."""
    whose = candidate.passage.actor or next(iter(reversed(candidate.provision.headings)), "")
    stated = audience_of(whose)
    return bool(question.audience and stated and not stated & question.audience)


def named_elsewhere(searcher: Searcher, question: Question, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the first other candidate that is about the question and names all that it names."""
    supposed = asked(searcher, question)
    about = (one for one in candidates[1:] if one.coverage >= _WELL_ABOUT_IT)
    return next((one for one in about if _all_named(searcher, supposed, one)), None)


def _all_named(searcher: Searcher, supposed: Asked, candidate: Candidate) -> bool:
    row = all_around(searcher, candidate.provision)
    wanted = [*named(supposed.row), *(Named("office", " ".join(name), "") for name in offices(supposed.row))]
    return bool(wanted) and all(tells_of(one, row) for one in wanted)


def day_verdict(question: Asked, when: str, day: str) -> str:
    """Say whether the one day that a question supposes is that of a deadline ``when`` (``day`` is ISO), in its order in time.

    Empty where that cannot be told: another order than ``before``, a denial, several days, a bare day where the source says ``before``
    (``hạn là ngày 10/01``: that day itself is too late), the other name of the same last day (``hạn là ngày 09/01``).
    """
    if len(question.dates) != 1 or question.denies or not day:
        return ""
    fact, order = question.dates[0]
    due = date.fromisoformat(day)
    same = _is_day(fact, due)
    own = tokens(normalise(when))
    stated = next((order_at(own, at) for at, token in enumerate(own) if token in facts_of(own)[-1:]), "")
    if stated not in NO_LATER:
        return ""
    if _is_day(fact, due - _DAY) and stated == "before" and order != "before":
        return ""
    if _is_day(fact, due + _DAY) and stated != "before" and order == "before":
        return ""
    if not order and (not same or (stated != "before" and says(question.row, _LIMIT))):
        order = stated  # "hạn là ngày …", or just another day
    if same and order == stated:
        return f"{RIGHT} "
    if same and order == "after":
        return f"{NO} {SAYS}"
    if not same and order in NO_LATER:
        return f"{NOT_THE_DAY} {SAYS}"
    return ""


def _is_day(fact: Fact, day: date) -> bool:
    """Whether a date that may leave out its year is a day."""
    return fact.key[1:] == (str(day.month), str(day.day)) and fact.key[0] in ("", str(day.year))
