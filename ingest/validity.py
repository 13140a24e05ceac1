"""Which documents are still in force: what the texts say of each other and of themselves, and what the catalog says.

The result does not depend on the day: ``replaced`` means "by ``validity_by``, from the day on which that takes effect",
``expired`` "from the day ``Judgement.expires``". What holds on a given day is for whoever answers to say (``rag.finding.in_force.on_day``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from rapidfuzz import fuzz

from ingest.vocabulary import SELF_NAMED
from rag.documents import Document, Provision, Validity
from rag.errors import ReadError
from rag.language.kinds import LAWS, any_of
from rag.language.numbers import DATE, clean_number, find_numbers, iso_date, number_key, same_number
from rag.language.text import fold, fold_tokens, syllables

What = Literal["replaces", "repeals", "amends", "expires"]

_ACT = f"(?:{any_of(*SELF_NAMED)})"
_REPLACE = re.compile(rf"(?:{_ACT} này\b[^.;]*?\b|^\W*|[.;]\s+)(?i:thay thế)\s+(?:cho\s+)?")
_REPEAL = re.compile(rf"(?:{_ACT} này\b[^.;]*?\b|^\W*(?:\d+\.\s*)?|[.;]\s+)(?i:bãi bỏ|hủy bỏ)\s+")
_AMEND = re.compile(r"(?:^\W*(?:(?i:về việc|v/v)\s+)?|luật\s+|[.;]\s+)(?i:sửa đổi(?:,| và)? bổ sung|sửa đổi|bổ sung)\s+", re.IGNORECASE)
_ENDS = re.compile(rf"\bhết hiệu lực(?: thi hành)?(?: kể)?(?: từ)?(?= ngày| khi|\s+{_ACT} này)", re.IGNORECASE)
_NAMED = rf"(?:(?:{any_of(*LAWS)})[^.;:“”]{{0,80}}?|{_ACT}[^.,;:“”]{{0,80}}?)"
_WHOLE = re.compile(rf"^[\s:,;]*(?:và\s+)?(?:(?:các|toàn bộ|những)\s+)?{_NAMED}\s*(?:số\s*:?\s*)?$")
_PART = re.compile(r"\b(?:điều|khoản|điểm|chương|mục|phụ lục|mẫu|biểu|cụm từ|một số|một phần|nội dung|quy định)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;:]|\bvà\b|\n")
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-ZĐÀ-Ỹ])|\n+")
_OWN_END = re.compile(
    rf"^\W*(?:\d+\.\s*)?{_ACT} này (?:có hiệu lực|được thực hiện|được áp dụng|có giá trị)(?: thi hành)?(?: kể)?(?: từ [^.;,]{{0,60}}?)?,?"
    r"\s(?:và\s)?đến(?: hết)?\s+(?=ngày\s*\d)"
    rf"|^\W*(?:\d+\.\s*)?{_ACT} này hết hiệu lực (?:thi hành )?(?:kể )?(?:từ|sau)\s+(?=ngày\s*\d)",
    re.IGNORECASE,
)
_WORTH_READING = re.compile(r"thay thế|bãi bỏ|hủy bỏ|hiệu lực|này được|có giá trị", re.IGNORECASE)
_SCHOOL_YEAR = re.compile(r"(20\d{2})\s*[-–]\s*(20\d{2})")
_SAME_TITLE = 92.0  # rapidfuzz ratio of two titles without their school years
_KEPT = ("in_force", "unknown")


@dataclass(frozen=True, slots=True)
class Relation:
    """What the document ``by`` says of another, or (``expires``, number empty) of itself.

    ``issued`` is the date that it gives the other document, ``day`` the day from which it is so; ISO or empty.
    """

    by: str
    what: What
    number: str
    issued: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A document's validity: which document did it (or empty), from which day it has none (ISO or empty).

    ``source``: where that is known from, when only the catalog says it (or empty).
    """

    validity: Validity
    by: str = ""
    expires: str = ""
    source: str = ""


def find_relations(documents: Iterable[Document], provisions: Sequence[Provision]) -> list[Relation]:
    """Return what the texts and titles of these documents say of other documents' validity, and of their own end."""
    found: list[Relation] = []
    for document in documents:
        found += _of_title(document)
    introduced: dict[int, What] = {}  # provisions whose children are a list of replaced documents
    for provision in provisions:
        what = introduced.get(provision.parent) if provision.parent is not None else None
        text = f"{provision.heading}\n{provision.text}"
        if provision.inline or not (what or _WORTH_READING.search(text)):
            continue
        for sentence in filter(None, _SENTENCE.split(text)):
            if opened := _opens_list(sentence):
                what = introduced[provision.id] = opened
            else:
                found += _of_sentence(provision.document, sentence, what)
    return list(dict.fromkeys(relation for relation in found if number_key(relation.by) != number_key(relation.number)))


def _of_title(document: Document) -> list[Relation]:
    match = _AMEND.search(document.title)
    return _run(document.number, "amends", document.title[match.end() :]) if match else []


def _opens_list(sentence: str) -> What | None:
    if not sentence.rstrip().endswith(":"):
        return None
    if re.search(r"hết hiệu lực|bãi bỏ", sentence, re.IGNORECASE):
        return "repeals" if re.search(r"bãi bỏ", sentence, re.IGNORECASE) else "replaces"
    return "replaces" if re.search(r"\bthay thế (?:các|những)", sentence, re.IGNORECASE) else None


def _of_sentence(by: str, sentence: str, listed: What | None) -> list[Relation]:
    found: list[Relation] = []
    for pattern, what in ((_REPLACE, "replaces"), (_REPEAL, "repeals")):
        if match := pattern.search(sentence):
            found += _run(by, cast(What, what), sentence[match.end() :])
    if match := _ENDS.search(sentence):
        day = DATE.match(sentence, match.end() + 1)
        found += _run(by, "replaces", sentence[: match.start()], day=iso_date(day) if day else "")
    if match := _OWN_END.search(sentence):
        day = DATE.match(sentence, match.end())
        found += [Relation(by, "expires", "", day=iso_date(day))] if day and iso_date(day) else []
    if listed and not found:
        found += _run(by, listed, re.sub(r"^\W*(?:[a-zđ]\)|\d+[.)]|-)\s*", "", sentence))
    return found


def _run(by: str, what: What, text: str, *, day: str = "") -> list[Relation]:
    """Read the documents listed in ``text``; where only a part of one is meant, it is amended.

    A number behind "đã được sửa đổi theo", or in another document's title, is not meant.
    """
    found: list[Relation] = []
    end = 0
    for number in find_numbers(text):
        before = text[end : number.start()]
        last = _SEPARATOR.split(before)[-1]
        if found and not _WHOLE.match(last) and not _PART.match(last.strip()):
            break
        given = re.match(r"\s*,?\s*(?=ngày)", text[number.end() :])
        written = DATE.match(text, number.end() + given.end()) if given else None
        end = written.end() if written else number.end()
        whole = _WHOLE.match(before) or (_WHOLE.match(last) and (found or not _PART.search(before)))
        found.append(Relation(by, what if whole else "amends", clean_number(number.group()), iso_date(written) if written else "", day))
    return found


def judgements(
    documents: Sequence[Document], relations: Iterable[Relation], entries: Mapping[str, Mapping[str, Any]]
) -> dict[str, Judgement]:
    """Return the validity of every document, loaded or named, by its number.

    ``entries`` are the catalog's, by document number, and win; only their ``in_force`` gives way to a document of a
    later date that says otherwise, as it was true when it was written. Raises ``ReadError`` for a validity that is
    none.
    """
    known = {number_key(document.number): document for document in documents}
    said: dict[str, list[Relation]] = {}
    for relation in [*relations, *_next_years(documents)]:
        target = known.get(number_key(relation.number or relation.by))
        if target and not (relation.issued and target.issued and relation.issued != target.issued):
            said.setdefault(target.number, []).append(relation)
    return {d.number: _judge(d, said.get(d.number, []), entries.get(d.number, {}), known) for d in documents}


def _judge(document: Document, said: list[Relation], entry: Mapping[str, Any], known: Mapping[str, Document]) -> Judgement:
    validity = cast(Validity, entry.get("validity") or "unknown")
    if validity not in get_args(Validity):
        raise ReadError(
            f"Không đọc được catalog.yaml: {document.number} có validity “{validity}”, không phải {', '.join(get_args(Validity))}."
        )
    given = Judgement(validity, str(entry.get("validity_by", "")), str(entry.get("expires", "")), str(entry.get("validity_source", "")))
    if validity not in _KEPT:
        confirmed = any(same_number(relation.by, given.by) for relation in said if relation.what != "amends" or validity == "amended")
        return replace(given, source="") if confirmed else given
    for whats, result in (
        (("replaces",), "replaced"), (("repeals",), "expired"), (("expires",), "expired"), (("amends",), "amended"),
    ):  # fmt: skip
        meant = [relation for relation in said if relation.what in whats]
        if meant:
            doer = max((known.get(number_key(relation.by)) for relation in meant), key=_when)
            chosen = next(r for r in meant if doer is None or number_key(r.by) == number_key(doer.number))
            if validity == "in_force" and doer and document.issued and _when(doer) < document.issued:
                continue
            by = "" if chosen.what == "expires" else (doer.number if doer else chosen.by)
            from_day = chosen.day or (doer.effective or doer.issued if doer and chosen.what != "expires" else "")
            return Judgement(cast(Validity, result), by, from_day if result != "amended" else given.expires)
    return given


def _when(document: Document | None) -> str:
    return (document.issued or document.effective) if document else ""


def _next_years(documents: Iterable[Document]) -> list[Relation]:
    """A directive of a later school year, of the same issuer and title, replaces the ones before."""
    yearly: dict[str, list[tuple[int, str, Document]]] = {}
    for document in documents:
        if year := _SCHOOL_YEAR.search(document.title):
            bare = fold(_SCHOOL_YEAR.sub("", document.title).strip(' .“”"'))
            bare = re.sub(r"^(?:v/v|ve viec|viec|huong dan)\s+", "", re.sub(r"^(?:v/v|ve viec|viec)\s+", "", bare))
            issuer = f"{document.kind.casefold()}|{' '.join(fold_tokens(syllables(document.issuer)))}"
            yearly.setdefault(issuer, []).append((int(year.group(1)), bare, document))
    found = []
    for group in yearly.values():
        for start, title, document in group:
            later = [(s, d) for s, t, d in group if s > start and fuzz.ratio(title, t) >= _SAME_TITLE]
            if later:
                found.append(Relation(min(later, key=lambda pair: pair[0])[1].number, "replaces", document.number))
    return found
