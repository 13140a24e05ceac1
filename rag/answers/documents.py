"""What a document is: its number, kind, issuer, date and title; which document is about something."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import NAMED_ONLY_NOTE, Finding, Reply, bullet_list, quote_of, sentence_case, sentence_with
from rag.documents import Document, Provision, Reference
from rag.evidence import Words, share
from rag.mentions import NumberMention
from rag.numbers import DATE, KINDS, iso_date, parse_number, same_number
from rag.question import Question, Term
from rag.search import Candidate, Searcher
from rag.text import fold, fold_tokens, sentences, syllables

_ENOUGH = 0.6
_ALL_BUT = 0.85
_HALF = 0.5
_NEAR_BEST = 0.08
_NEAR_IN_LIST = 0.25
_MOST = 12
_SEVERAL = re.compile(r"\b(?:nhung|cac|liet ke|danh sach|danh muc|toan bo|tat ca|ke ten)\b")
_ABOUT_IT = frozenset(
    [
        "ban",
        "hanh",
        "ki",
        "noi",
        "dung",
        "ve",
        "quyet",
        "dinh",
        "thong",
        "tu",
        "ke",
        "hoach",
        "nghi",
        "nghi",
        "luat",
        "cong",
        "van",
        "de",
        "an",
        "trich",
        "yeu",
        "ten",
        "so",
        "cua",
        "co",
        "quan",
        "nguoi",
        "phe",
        "duyet",
        "quy",
        "qui",
        "dinh",
        "thay",
        "the",
        "hieu",
        "luc",
        "phu",
        "luc",
        "toan",
        "van",
        "thoi",
        "diem",
        "chinh",
        "thuc",
        "do",
        "ghi",
        "van",
        "ban",
        "muc",
        "dich",
        "chu",
        "truong",
        "nam",
        "hoc",
        "don",
        "vi",
        "cap",
    ]
)
_ABOUT_LOADED = frozenset(["ban", "hanh", "ki", "noi", "dung", "hieu", "luc", "so", "ten", "trich", "yeu", "ngay", "ra"])
_DETAIL_KINDS = ("figure", "procedure", "contact", "address", "list")
_RELATION = re.compile(r"\b(?:sua doi|thay the|bo sung|bai bo|trien khai|thuc hien|huong dan|dieu chinh|can cu|cu the hoa)\b")
_SIGNER = re.compile(r"\b(?:ai|nguoi nao|nguoi|do ai|dong chi nao) (?:da )?ki\b|\bki (?:boi|ban hanh|so|ten)\b|\bnguoi ki\b|\bki\b")
_WHO_IS = re.compile(r"\bla ai$|^ai la\b|\bla nhung ai\b")
_WHO_SIGNED = re.compile(r"\b(?:ai|nguoi nao|dong chi nao|ong nao|ba nao|do ai)\b.*\bki\b|\bnguoi ki\b|\bki (?:boi|ten)\b")
_PERSON = re.compile(r"Thủ tướng|Bộ trưởng|Chủ tịch|Giám đốc|Thứ trưởng")
_RECIPIENTS = re.compile(
    r"\bkinh gui\b|\bnoi nhan\b|\bgui (?:cho |den |toi )?(?:nhung )?(?:ai|don vi nao|noi nao|co quan nao)\b(?=.*\b(?:cong van|van ban)\b|$)"
    r"|\b(?:cong van|van ban)\b.*\bgui (?:cho |den |toi )?(?:nhung )?(?:ai|don vi nao|noi nao|co quan nao)\b"
)
_THIS = re.compile(r"\b(?:cong van|van ban|huong dan|ke hoach|quyet dinh)(?: chi dao| huong dan)? nay\b")
_ABOUT = re.compile(r"\b(?:ban hanh|ki|ve viec|hieu luc|trich yeu|so hieu|so may|so bao nhieu|ai ban hanh|co quan nao)\b")
_SPAN = re.compile(r"\b(?:giai doan|tam nhin|den nam|nam nao|nam bao nhieu)\b")
_CONFIRM = re.compile(
    r"\b(?:phai|dung|co dung) (?:khong|chua|vay|k|roi)\b|\bco phai\b| (?:a|ha|nhi|u)(?: .{0,15})?$|\bma nhi\b|\b(?:ban hanh|ki)\b.*\b(?:khong|chua)\b"
)
_EFFECT = re.compile(r"\bhieu luc\b")


def resolve(searcher: Searcher, question: Question) -> list[Document]:
    """Return the known documents that the question's numbers mean, each once; several where a number is ambiguous."""
    found: dict[str, Document] = {}
    for mention in question.mentions.numbers:
        fitting = [document for document in searcher.documents.values() if _fits(mention, document)]
        for document in _by_issuer(fitting, question) or fitting:
            found[document.number] = document
    if not question.mentions.numbers:
        found |= _by_title(searcher, question) or _this_one(searcher, question)
    return list(found.values())


def _by_title(searcher: Searcher, question: Question) -> dict[str, Document]:
    """``Luật Giáo dục``: a law called by its name instead of its number."""
    asked = f" {question.said} "
    found = {}
    for document in searcher.documents.values():
        title = " ".join(fold_tokens(syllables(document.title))).removeprefix("ve ")
        kind = " ".join(fold_tokens(syllables(document.kind)))
        name = title if title.startswith(kind) else f"{kind} {title}"
        if kind in ("luat", "bo luat") and title and f" {name} " in asked:
            found[document.number] = document
    longest = max((len(document.title) for document in found.values()), default=0)
    return {number: document for number, document in found.items() if len(document.title) == longest}


def _this_one(searcher: Searcher, question: Question) -> dict[str, Document]:
    """``công văn này ban hành ngày nào``: the directive that all else hangs on."""
    if not _THIS.search(question.folded) or not _ABOUT.search(question.folded) or len(question.terms) > 4:
        return {}
    loaded = [
        document
        for document in searcher.documents.values()
        if document.present and fold(document.kind) not in ("luat", "bo luat", "nghi dinh")
    ]
    root = max(loaded, key=lambda document: (document.issued, document.number), default=None)
    return {root.number: root} if root else {}


def without_titles(question: Question, documents: list[Document]) -> Question:
    """Drop the law's own name and year from the topic: what is asked is the rest."""
    if not documents or question.mentions.numbers:
        return question
    terms = list(question.terms)
    for document in documents:
        terms = _without_run(terms, fold_tokens(syllables(document.title)))
        number = parse_number(document.number)
        years = {document.issued[:4], number.year if number else ""}
        terms = [term for term in terms if term.folded not in years and term.folded != fold(document.kind)]
    return replace(question, terms=tuple(terms)) if terms else question


def _without_run(terms: list[Term], name: list[str]) -> list[Term]:
    """Drop the first run of terms that is the name of a law (its first word, ``luật`` or ``về``, may be missing)."""
    for run in (name, name[1:]):
        for start in range(len(terms) - len(run) + 1):
            if run and [term.folded for term in terms[start : start + len(run)]] == run:
                return terms[:start] + terms[start + len(run) :]
    return terms


def _fits(mention: NumberMention, document: Document) -> bool:
    number = parse_number(document.number)
    if number is None or number.serial != mention.serial:
        return False
    if mention.symbol:
        return set(mention.symbol) <= set(number.symbol) and mention.year in ("", number.year)
    years = {number.year, document.issued[:4]} - {""}
    if mention.year and mention.year not in years:
        return False
    codes = {code for code, kind in KINDS.items() if fold(kind) == fold(document.kind)} | set(number.symbol)
    if fold(document.kind) == "cong van" or not codes & set(KINDS):
        codes.add("cv")
    if fold(document.kind) in ("luat", "bo luat"):
        codes.add("l")
    return not mention.kind or mention.kind in codes


def _by_issuer(documents: list[Document], question: Question) -> list[Document]:
    """``nghị quyết 71 của Chính phủ`` is not the one of the Bộ Chính trị."""
    if len(documents) < 2:
        return documents
    asked = " " + question.folded + " "
    return [document for document in documents if document.issuer and " ".join(fold_tokens(syllables(document.issuer)))[:14] in asked]


def answer_document(searcher: Searcher, question: Question, documents: list[Document]) -> Reply | None:
    """Return what is known of the documents that the question names, or ``None`` where it asks for more than that."""
    if related := _related(searcher, question, documents):
        return _statements(searcher, related, question)
    rest = tuple(
        term
        for term in question.terms
        if term.folded not in _ABOUT_IT and not term.light and not re.fullmatch(r"(?:19|20)\d\d", term.folded)
    )
    stated = []
    for document in documents:
        references = searcher.references(document.number)
        if not _is_answered_by(searcher, question, rest, document, references):
            continue
        stated.append(document)
    return _statements(searcher, stated, question) if stated else None


def _is_answered_by(
    searcher: Searcher, question: Question, rest: tuple[Term, ...], document: Document, references: list[tuple[Reference, Provision]]
) -> bool:
    if _WHO_IS.search(question.folded) and not document.present and not _SIGNER.search(question.folded):
        return False
    if _WHO_SIGNED.search(question.folded) and not document.present and not _PERSON.match(document.issuer):
        return False  # who issued it is known, not who signed it
    if document.present:
        if question.kind in _DETAIL_KINDS and not _ABOUT.search(question.said):
            return False
        if question.kind == "document" and _RELATION.search(question.said):
            return False  # its own text says what it replaces
        rest = tuple(term for term in question.terms if term.folded not in _ABOUT_LOADED and not term.light)
        references = []
    texts = [document.title, document.issuer, document.kind, *(reference.quote for reference, _ in references)]
    zones = [(1.0, Words(text)) for text in texts if text]
    zones += [(0.9, Words(sentence_with(provision, reference.quote))) for reference, provision in references]
    enough = _ALL_BUT if document.present else _HALF
    covered = share(rest, zones, searcher.weights)
    if rest and covered < enough and not _supposes(question, document.present):
        return False
    asks_detail = (
        question.kind in _DETAIL_KINDS
        and not _SPAN.search(question.folded)
        and not re.search(r"\b(?:ve|noi) (?:viec )?gi\b|\bla gi\b", question.folded)
    )
    return (
        not (asks_detail and rest)
        and not (question.kind == "figure" and not _SPAN.search(question.folded))
        and not (_EFFECT.search(question.folded) and not document.effective)
    )


def _supposes(question: Question, present: bool) -> bool:
    """``QĐ 131 do Bộ trưởng ký phải không?`` is answered by what the document is."""
    if not present:
        return bool(_CONFIRM.search(question.said))
    return "yesno" in question.kinds and bool(re.search(r"\bban hanh\b|\bki\b", question.folded))


def _related(searcher: Searcher, question: Question, documents: list[Document]) -> list[Document]:
    """``kế hoạch nào sửa đổi KH 34``: other documents in whose title the named one stands."""
    # "kế hoạch nào sửa đổi KH 34" asks for another one, "KH 157 sửa đổi kế hoạch nào" for what it says itself
    asks_other = question.kind == "document" and re.search(rf"\b(?:nao|gi)\b.*{_RELATION.pattern}", question.said)
    passive = re.search(
        r"\b(?:bi|duoc) (?:sua doi|thay the|bo sung|bai bo|cu the hoa|trien khai)|sua doi chua|thay the chua", question.folded
    )
    if not (asks_other or passive):
        return []
    found = []
    for document in documents:
        for other in searcher.documents.values():
            if other.number != document.number and _names(other.title, document.number):
                found.append(other)
    return found


def _names(title: str, number: str) -> bool:
    words = title.split()
    return any(same_number(word.strip(" ,;.()"), number) for word in words)


def _statements(searcher: Searcher, documents: list[Document], question: Question) -> Reply:
    lines: list[str] = []
    findings: list[Finding] = []
    notes: list[str] = []
    rest = tuple(term for term in question.terms if term.folded not in _ABOUT_IT)
    for document in documents:
        made = _loaded(searcher, document, question) if document.present else _named(searcher, document, rest)
        lines += [finding.text for finding in made[:1]] if not document.present else [finding.text for finding in made]
        findings += made
        if not document.present:
            notes.append(NAMED_ONLY_NOTE.format(label=f"{document.kind} {document.number}".strip()))
    lead = bullet_list(list(dict.fromkeys(lines)))
    return Reply(lead, tuple(findings), tuple(notes), "document", numbers=tuple(document.number for document in documents))


def _named(searcher: Searcher, document: Document, rest: tuple[Term, ...] = ()) -> list[Finding]:
    """Where a document that is not loaded is named; the fullest statement first."""
    references = sorted(searcher.references(document.number), key=lambda pair: (-bool(pair[0].issued), -len(pair[0].quote)))
    if not references:
        return []
    reference, _ = references[0]
    text = sentence_case(reference.quote)
    if document.issuer and fold(document.issuer.split(" tỉnh")[0]) not in fold(text):
        text += f" ({document.issuer})"
    findings = [_finding(text, reference, provision) for reference, provision in references[:3]]
    if rest and share(rest, [(1.0, Words(text))], searcher.weights) < _ENOUGH:
        # what is asked stands not in the statement itself, but in the sentence around it
        worth, around = max((share(rest, [(1.0, Words(s))], searcher.weights), s) for s in _around(references))
        if worth >= _ENOUGH:
            return [replace(findings[0], text=around), *findings[1:]]
    return findings


def _around(references: list[tuple[Reference, Provision]]) -> list[str]:
    return [sentence_with(provision, reference.quote) for reference, provision in references]


def _finding(text: str, reference: Reference, provision: Provision) -> Finding:
    note = next((index for index, note in enumerate(provision.footnotes) if reference.quote in note.text), -1)
    if note >= 0:
        return Finding(text, provision, provision.footnotes[note].text, note)
    return Finding(text, provision, reference.quote if reference.quote in provision.text else quote_of(provision))


def _loaded(searcher: Searcher, document: Document, question: Question) -> list[Finding]:
    """What a loaded document is: from its head, its signature where that is asked."""
    provisions = searcher.store.of_document(document.number)
    head = next((provision for provision in provisions if provision.kind == "head"), provisions[0])
    day = next((found.group() for found in DATE.finditer(head.text) if iso_date(found) == document.issued), "")
    parts = [f"{document.kind} số {document.number}".strip(), day, f"của {document.issuer}" if document.issuer else ""]
    text = f"{' '.join(part for part in parts if part)}: {document.title}" if document.title else " ".join(parts)
    findings = [Finding(sentence_case(text), head, _head_quote(head, document, day))]
    if document.effective and _EFFECT.search(question.folded):
        findings = _effect(provisions, document) or findings
    signature = next((provision for provision in provisions if provision.kind == "signature"), None)
    if signature and _SIGNER.search(question.folded):
        lines = [line for line in signature.text.splitlines() if not line.startswith(("-", "Nơi nhận"))]
        findings.insert(0, Finding("; ".join(lines), signature, "\n".join(lines)))
    return findings


def _effect(provisions: list[Provision], document: Document) -> list[Finding]:
    """Where a document says from when it is in force."""
    for provision in provisions:
        for start, end in sentences(provision.text):
            sentence = provision.text[start:end]
            if "hiệu lực" in sentence and any(iso_date(found) == document.effective for found in DATE.finditer(sentence)):
                return [Finding(f"{document.kind} {document.number}: {sentence}", provision, sentence)]
    return []


def _head_quote(head: Provision, document: Document, day: str) -> str:
    """The lines of the head that say what the document is."""
    lines = head.text.splitlines()
    number = parse_number(document.number)
    serial = number.serial if number else document.number
    last = max(
        (index for index, line in enumerate(lines) if (day and day in line) or serial in line or line[:40] in document.title), default=0
    )
    about = [index for index, line in enumerate(lines) if document.title and fold(document.title[:40]) in fold(line)]
    return "\n".join(lines[: max([last, *about]) + 1]) if head.kind == "head" else quote_of(head)


def answer_which(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Reply | None:
    """Return the document(s) that are about what the question says, or ``None``."""
    by_id = {candidate.provision.id: candidate.provision for candidate in candidates}
    numbers = {reference.number for reference in searcher.store.records_of(by_id, Reference)} | {p.document for p in by_id.values()}
    wanted = _wanted_kinds(question)
    must = question.must
    rest = tuple(term for term in question.terms if term.folded not in ("thong", "tu", "quyet", "van", "cong") or term.typed)
    scored = []
    for number in numbers:
        document = searcher.documents.get(number)
        if document is None or (wanted and fold(document.kind) not in wanted):
            continue
        zones = [(1.0, Words(document.title)), (0.9, Words(f"{document.kind} {document.issuer}"))]
        zones += [(0.9, Words(reference.quote)) for reference, _ in searcher.references(number)[:3]]
        zones += [(0.8, Words(sentence_with(provision, reference.quote))) for reference, provision in searcher.references(number)[:3]]
        own = zones[:2] + [(0.9, Words(reference.quote)) for reference, _ in searcher.references(number)[:3]]
        if not must or share(must, own, searcher.weights) >= _ENOUGH:
            bonus = share(must, own, searcher.weights) if must else 0.0
            scored.append((share(rest, zones, searcher.weights) + bonus, document))
    best = max((score for score, _ in scored), default=0.0)
    near = _NEAR_IN_LIST if _SEVERAL.search(question.said) else _NEAR_BEST
    chosen = [document for score, document in scored if score >= max(_ENOUGH, best - near)]
    chosen.sort(key=lambda document: -next(score for score, other in scored if other is document))
    return _statements(searcher, chosen[:_MOST], question) if chosen else None


def answer_recipients(searcher: Searcher, question: Question, loaded: list[Document]) -> Reply | None:
    """Return to whom a letter is addressed (``Kính gửi``, ``Nơi nhận``) where that is asked, or ``None``."""
    asked = _RECIPIENTS.search(question.said)
    if not asked or question.kind not in ("list", "who", "general", "place") or len(question.terms) > 5:
        return None
    documents = loaded or [document for document in searcher.documents.values() if document.present]
    wanted = "signature" if "noi nhan" in asked.group() else "head"
    for document in documents:
        provision = next((p for p in searcher.store.of_document(document.number) if p.kind == wanted), None)
        text = _addressed(provision) if provision else ""
        if provision and text:
            return Reply(text, (Finding(text, provision, text),), kind="list", numbers=(document.number,))
    return None


def _addressed(provision: Provision) -> str:
    found = re.search(r"^(?:Kính gửi|Nơi nhận)\s*:?.*(?:\n\s*[-–+•].*)*", provision.text, re.MULTILINE)
    return found.group() if found else ""


def _wanted_kinds(question: Question) -> set[str]:
    kinds = {"thong tu", "quyet dinh", "ke hoach", "nghi quyet", "nghi dinh", "cong van", "chi thi", "luat"}
    return {
        kind
        for kind in kinds
        if re.search(
            rf"\b{kind} (?:so )?(?:nao|gi|may|bao nhieu)\b|\b(?:nhung|cac) {kind}\b|^{kind} (?:ve|quy dinh|huong dan|ban hanh|phe duyet)\b",
            question.said,
        )
    }
