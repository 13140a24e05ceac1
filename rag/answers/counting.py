"""How many: documents that are named somewhere, parts of a document; and which of those documents is the newest."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.answers.base import Finding, Reply, first_words, quote_of, sentence_case
from rag.answers.outcomes import NotMine, Outcome, Reason, Refused
from rag.answers.sections import below, section_path
from rag.answers.statements import WHO_SIGNED, statements
from rag.answers.verdicts import RIGHT
from rag.documents import HEAD, Document, Provision, Reference
from rag.finding.search import Searcher
from rag.language.kinds import EVERYDAY, any_of, typed
from rag.language.numbers import number_key
from rag.language.series import LETTERS, of_roman
from rag.language.text import fold, fold_tokens, syllables
from rag.question.closed import topic_beside
from rag.question.understanding import Question

_WORDS = "counting_words.txt"
_KINDS = any_of(*typed(*EVERYDAY, "Văn bản"))
_HOW_MANY = re.compile(rf"\b(?:bao nhieu|may) ({_KINDS})\b")
_NEWEST = re.compile(r"\b(?:moi|gan|gan day|muon) nhat\b")
_KIND = re.compile(rf"\b({_KINDS})\b")
_PARTS = {"chuong": "chapter", "dieu": "article", "khoan": "clause", "diem": "point", "phu luc": "annex"}
_PART_ASKED = re.compile(
    r"\b(?:bao nhieu|may) (chuong|dieu(?! kien)|khoan|diem|muc|phan(?! tram)|phu luc|gach dau dong|y|hanh vi|nhiem vu|giai phap|nhom"
    r"|noi dung)\b"
)
_SUPPOSED = re.compile(r"\b(?:co phai (?:la )?(\d{1,3})|(\d{1,3}) (?:\w+ )?(?:dung|phai) (?:khong|chu|vay))\b")
_OPENING = re.compile(r"\b(?:phan )?mo dau\b")
_MOST = 12
_OWN_NOUNS = ("hanh vi", "nhiem vu", "giai phap", "nhom", "noi dung", "y")  # what is so called has to stand in the heading
_FILLING = ("mot", "so", "cac", "nhung")
_MOSTLY = 0.6  # of a heading's words
_WORDY = 2  # words that a heading has to share with the question


@dataclass(frozen=True, slots=True)
class _Named:
    """A document and where it is named."""

    document: Document
    reference: Reference
    provision: Provision


def answer_count(searcher: Searcher, question: Question, documents: list[Document]) -> Outcome:
    """Return how many documents or parts there are, each listed, or which document is the newest."""
    loaded = documents or [document for document in searcher.documents.values() if document.present]
    if len(loaded) != 1 or not loaded[0].present:
        return NotMine()  # of which document is not said
    document = loaded[0]
    if (asked := _HOW_MANY.search(question.said)) and (place := _scope(searcher, question, document)):
        return _documents(searcher, question, document, place, asked.group(1)) or NotMine()
    if _NEWEST.search(question.folded) and _KIND.search(question.said) and (place := _scope(searcher, question, document)):
        return _newest(searcher, question, document, place) or NotMine()
    nouns = list(dict.fromkeys(_PART_ASKED.findall(question.said)))
    counted = _each(nouns, [_parts(searcher, question, document, noun, named=bool(documents)) for noun in nouns])
    if not isinstance(counted, Reply) or not WHO_SIGNED.search(question.folded):
        return counted
    signed = statements(searcher, [document], question)
    return replace(counted, text=f"{counted.text}\n{signed.text}", findings=(*counted.findings, *signed.findings))


def _each(nouns: list[str], counted: list[Outcome]) -> Outcome:
    """What is asked to be counted, one below the other; of what cannot be counted for sure, that it cannot."""
    replies = [one for one in counted if isinstance(one, Reply)]
    if not replies:
        return next((one for one in counted if isinstance(one, Refused)), NotMine())
    texts = [one.text if isinstance(one, Reply) else _uncounted(noun).told for noun, one in zip(nouns, counted, strict=True)]
    return Reply("\n".join(texts), tuple(finding for reply in replies for finding in reply.findings), kind="list")


def _uncounted(noun: str) -> Refused:
    return Refused(Reason.UNCOUNTED, _SPELT.get(noun, "mục"))


@dataclass(frozen=True, slots=True)
class _Place:
    """What is counted in: the provisions, and how they are called."""

    provisions: list[Provision]
    name: str


def _scope(searcher: Searcher, question: Question, document: Document) -> _Place | None:
    """The place or the document that the question names; ``None`` where it asks about a matter too, or the place is not there."""
    if topic_beside(question, _WORDS) or document.read_as == "ocr":
        return None
    called = document.name
    path = HEAD if _OPENING.search(question.folded) else section_path(question)
    if not path:
        return _Place(searcher.store.of_document(document.number), called)
    provision = searcher.store.section(document.number, path)
    if provision is None:
        return None
    return _Place([provision, *below(searcher, provision)], f"{provision.label} của {called}")


def _named(searcher: Searcher, document: Document, place: _Place, kind: str) -> list[_Named]:
    """The documents that are named there, each once, in reading order."""
    by_id = {provision.id: provision for provision in place.provisions}
    found: dict[str, _Named] = {}
    for reference in searcher.store.records_of(by_id, Reference):
        known = searcher.documents.get(reference.number)
        if known is None or number_key(known.number) == number_key(document.number):
            continue
        if kind == "van ban" or fold(known.kind) == kind:
            found.setdefault(number_key(known.number), _Named(known, reference, by_id[reference.provision]))
    return sorted(found.values(), key=lambda named: list(by_id).index(named.provision.id))


def _of_issuer(question: Question, named: list[_Named], everybody: list[_Named]) -> tuple[list[_Named], str]:
    """Those of the office that the question names (``thông tư của Bộ GDĐT``), and how that is called."""
    issuers = {_spelt(one.document.issuer): one.document.issuer for one in everybody if one.document.issuer}
    asked = max((issuer for issuer in issuers if f" cua {issuer}" in f" {question.said}"), key=len, default="")
    return ([one for one in named if _spelt(one.document.issuer) == asked], f" của {issuers[asked]}") if asked else (named, "")


def _spelt(name: str) -> str:
    return " ".join(fold_tokens(syllables(name)))


def _documents(searcher: Searcher, question: Question, document: Document, place: _Place, kind: str) -> Reply | None:
    everybody = _named(searcher, document, place, "van ban")
    of_kind = _named(searcher, document, place, kind)
    named, whose = _of_issuer(question, of_kind, everybody)
    spelt = next((one.document.kind.lower() for one in of_kind), "văn bản") if kind != "van ban" else "văn bản"
    if not named:
        if not of_kind:
            return None
        others = ", ".join(one.document.name for one in of_kind[:_MOST])
        lead = f"{sentence_case(place.name)} không nêu {spelt} nào{whose}; {spelt} được nêu là {others}."
        return Reply(lead, tuple(_finding(one, lead) for one in of_kind[:_MOST]), kind="document")
    lines = [f"- {one.document.name} ({one.provision.label})" for one in named[:_MOST]]
    lines += [f"… và {len(named) - _MOST} {spelt} khác."] if len(named) > _MOST else []
    lead = f"{_judged(question, len(named))}{sentence_case(place.name)} nêu {len(named)} {spelt}{whose}:"
    findings = tuple(_finding(one, line) for one, line in zip(named, lines, strict=False))
    return Reply("\n".join([lead, *lines]), findings, kind="list", numbers=tuple(one.document.number for one in named[:_MOST]))


def _newest(searcher: Searcher, question: Question, document: Document, place: _Place) -> Reply | None:
    asked = _KIND.search(question.said)
    named = _named(searcher, document, place, asked.group(1) if asked else "van ban")
    dated = [one for one in _of_issuer(question, named, named)[0] if one.document.issued or one.reference.issued]
    if not dated:
        return None
    day = max(one.document.issued or one.reference.issued for one in dated)
    newest = [one for one in dated if (one.document.issued or one.reference.issued) == day]
    lines = [f"{one.reference.quote} ({one.provision.label})" for one in newest[:_MOST]]
    lead = f"Mới nhất theo ngày ban hành, trong {len(dated)} văn bản có ghi ngày mà {place.name} nêu: "
    findings = tuple(_finding(one, line) for one, line in zip(newest, lines, strict=False))
    return Reply(lead + "; ".join(lines), findings, kind="document", numbers=tuple(one.document.number for one in newest))


def _finding(named: _Named, text: str) -> Finding:
    in_text = named.reference.quote in named.provision.text
    return Finding(text, named.provision, named.reference.quote if in_text else quote_of(named.provision))


def _judged(question: Question, count: int) -> str:
    """A number that the question supposes is confirmed or corrected."""
    found = _SUPPOSED.search(question.folded)
    supposed = int(found.group(1) or found.group(2)) if found else 0
    return "" if not supposed else f"{RIGHT} " if supposed == count else f"Không phải {supposed}. "


def _parts(searcher: Searcher, question: Question, document: Document, noun: str, *, named: bool) -> Outcome:
    """The parts of the document, or what stands below the place or heading that the question names."""
    kind = _PARTS.get(noun, "")
    path, called = section_path(question), document.name
    titled = frozenset(fold_tokens(syllables(document.title)))
    if path:
        whole = _under(searcher, question, searcher.store.section(document.number, path), noun)
    elif topic := topic_beside(question, _WORDS, titled if named else frozenset()):
        own = frozenset(noun.split()) if noun in _OWN_NOUNS else frozenset()
        whole = _headed(searcher, document, frozenset(term.folded for term in topic) | own, frozenset(question.said.split()))
    elif kind in ("chapter", "article", "annex") or noun == "phan":
        wanted = ("part",) if noun == "phan" else (kind,)
        tops = [one for one in searcher.store.of_document(document.number) if one.kind in wanted and _is_own(one, noun)]
        return _told(question, called, noun, tops)
    else:
        return NotMine()
    if whole is None:
        return NotMine()
    parts = _children(searcher, whole, kind)
    return _told(question, f"{whole.label} của {called}", noun, parts, whole)


def _under(searcher: Searcher, question: Question, place: Provision | None, noun: str) -> Provision | None:
    """The place that is named, or what is headed below it as the question says (``phần kết quả thực hiện ở phụ lục 2``)."""
    topic = frozenset(term.folded for term in topic_beside(question, _WORDS)) - {
        *noun.split(),
        *re.split(r"\W+", section_path(question).lower()),
    }
    if place is None or not topic:
        return place
    headed = [one for one in below(searcher, place) if topic <= set(fold_tokens(syllables(one.heading)))]
    return headed[0] if headed else None


def _is_own(provision: Provision, noun: str) -> bool:
    """Whether a part is one of the document itself and not of an annex to it."""
    return noun == "phu luc" or not provision.section.startswith("PL")


def _children(searcher: Searcher, whole: Provision, kind: str) -> list[Provision]:
    children = searcher.store.children(whole.id)
    if kind:
        return [child for child in children if child.kind == kind]
    own = [child for child in children if not child.inline]
    kinds = {child.kind for child in own}
    return (own or children) if len(kinds) <= 1 else []


def _headed(searcher: Searcher, document: Document, words: frozenset[str], said: frozenset[str]) -> Provision | None:
    """The provision whose heading has all the topic ``words`` and little that is not ``said``."""
    found: list[tuple[int, Provision]] = []
    for provision in searcher.store.of_document(document.number):
        heading = [word for word in fold_tokens(syllables(provision.heading)) if word not in _FILLING]
        if len(words) >= _WORDY and words <= set(heading) and len(said.intersection(heading)) >= _MOSTLY * len(heading):
            found.append((len(heading), provision))
    found.sort(key=lambda pair: pair[0])
    return found[0][1] if found and (len(found) == 1 or found[0][0] < found[1][0]) else None


def _told(question: Question, name: str, noun: str, parts: list[Provision], whole: Provision | None = None) -> Outcome:
    """How many parts there are; they are not counted where their numbering has gaps, as one may have been lost in reading."""
    if not parts or not _is_whole(parts):
        return _uncounted(noun) if noun in _PARTS else NotMine()
    spelt = _SPELT.get(noun, "mục")
    lead = f"{_judged(question, len(parts))}{sentence_case(name)} có {len(parts)} {spelt}"
    if len(parts) > _MOST:  # too many to list: the first and the last
        ends = [parts[0], parts[-1]]
        lead = f"{lead}: từ {ends[0].label} đến {ends[1].label}."
        return Reply(lead, tuple(Finding("", part, quote_of(part)) for part in ends), kind="list")
    lead, lines = f"{lead}:", [f"- {_line(part)}" for part in parts]
    shown = [*([whole] if whole is not None and whole.heading else []), *parts]
    return Reply("\n".join([lead, *lines]), tuple(Finding("", part, quote_of(part)) for part in shown), kind="list")


_SPELT = {
    "chuong": "chương", "dieu": "điều", "khoan": "khoản", "diem": "điểm", "phan": "phần", "phu luc": "phụ lục", "hanh vi": "khoản",
    "gach dau dong": "gạch đầu dòng", "y": "ý",
}  # fmt: skip


def _line(part: Provision) -> str:
    words = re.sub(r"^(?:\(\d+\)|[a-zđ]\))\s*", "", first_words(part))
    return f"{sentence_case(part.label)}: {words}"


def _is_whole(parts: list[Provision]) -> bool:
    """Whether the parts are numbered from the first on without a gap; of those without numbers that is not known to be wrong."""
    places = [_place(part.section) for part in parts]
    return places == list(range(1, len(parts) + 1))


def _place(section: str) -> int:
    """The number of a part among those beside it: ``Điều 5`` → 5, ``II`` → 2, ``Điều 5.2.c`` → 3, ``I.2-4`` → 4."""
    last = re.split(r"[ .(-]", section.rstrip(")").removesuffix("-"))[-1].removeprefix("PL")
    if last.isdecimal():
        return int(last)
    if last and set(last) <= set("IVX"):
        return of_roman(last)
    letters = LETTERS if last.islower() else LETTERS.upper()
    return letters.find(last) + 1 if len(last) == 1 else 0
