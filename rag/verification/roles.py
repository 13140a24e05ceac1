"""Who does something to whom: ``A báo cáo B`` must not become ``B báo cáo A``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.slots.parties import NAMES, PHRASES, REPORTS, VERBS, Deed, Party, pairs, parties
from rag.slots.polarity import MODALS
from rag.slots.source import Source
from rag.slots.tokens import Token, exact, facts_of, parts, places, says, words_of

_ANYWHERE = 1000
_NEAR = 8  # words between an actor and its verb
_BODIES = [exact(word) for word in ("phòng", "sở", "bộ", "cục", "vụ", "ban", "tổ", "trung", "hội")]
_WORDS_OF_WHEN = 4  # words that say when
_PLURALS = [exact(word) for word in ("các", "những", "mọi")]
_LONGEST_LEAD = 25
_AGENT = 2
_ALIKE = 2
_OPENS = 2
_BEFORE = frozenset(exact("các những mọi mỗi tất cả do riêng"))
_APART = frozenset(exact("qua của tại thuộc"))
_PREDICATE = 8  # words
_LEAST = 3
_MOSTLY = 0.7


def fault_of_roles(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return actors that the claim turns round (Vietnamese), empty when there are none."""
    known = {pair for source in sources for pair in _of_source(source)}
    for first, verb, second in pairs(row, _NEAR):
        if (second, verb, first) in known and (first, verb, second) not in known:
            return f"trong nguồn, {second} {verb} {first}, không phải ngược lại"
    return (
        _fault_of_doer(row, sources)
        or _fault_of_agent(row, sources)
        or _fault_of_recipient(row, sources)
        or _fault_of_subject(row, sources)
    )


def _fault_of_recipient(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """What is reported, sent or handed in goes to whom a source says, and to nobody else."""
    known = [party for source in sources for other in source.all_rows for party in _receiving(other)]
    recipients = any(party.role == "recipient" for party in known)
    for party in _receiving(row):
        if recipients and party.role == "recipient" and party.name not in {other.name for other in known}:
            return f"trong nguồn, nơi nhận không phải là “{' '.join(map(str, row[party.start : party.end]))}”"
    return ""


def _receiving(row: Sequence[Token]) -> list[Party]:
    """Who stands behind a verb of reporting and is not named as another's, or as one on the way (``qua phòng``)."""
    first = next((end for _, end in places(row, REPORTS)), len(row))
    return [party for party in parties(row) if party.start >= first and row[party.start - 1] not in _APART]


def _fault_of_subject(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Who does something is who does it in the sentence of the source that says the same."""
    for clause in parts(row, ";."):
        for party in parties(clause):
            if not _opens(party, clause) or says(clause[party.end : party.end + _PREDICATE], ("được", "bị")):
                continue  # nobody who acts, or somebody to whom something is done
            said = _content(clause[party.end :])[:_PREDICATE]
            known = _subjects(said, sources)
            if len(said) >= _LEAST and known and party.name not in known:
                return f"trong nguồn, việc này không phải của “{' '.join(map(str, clause[party.start : party.end]))}”"
            break
    return ""


def _subjects(said: Sequence[str], sources: Sequence[Source]) -> set[str]:
    """Who acts where the sources say most of these words; empty where they do not say, or nowhere clearly."""
    clauses = [(source, clause) for source in sources for other in source.rows for clause in parts(other, ";.")]
    shares = [len(set(said) & set(_content(clause))) for _, clause in clauses]
    most = max(shares, default=0)
    if most < max(_LEAST, _MOSTLY * len(set(said))):
        return set()
    known: set[str] = set()
    for (source, clause), share in zip(clauses, shares, strict=True):
        if share < most:
            continue
        own = parties(clause)
        if not any(_opens(party, clause) and not set(words_of(clause[: party.start])) - _BEFORE for party in own):
            return set()
        around = [party for other in (*source.context_rows[1:], source.lead) for party in parties(other)]
        known |= {party.name for party in (*own, *around) if party.role == "actor"}
    return known


def _opens(party: Party, clause: Sequence[Token]) -> bool:
    return party.role == "actor" and (party.start <= _OPENS or clause[party.start - 1] == "do")


def _content(row: Sequence[Token]) -> list[str]:
    return [word for word in words_of(row) if word not in MODALS]


@lru_cache(maxsize=512)
def _of_source(source: Source) -> frozenset[Deed]:
    """A heading says who acts in all that stands below it."""
    whole = [*(token for row in source.context_rows[1:] for token in row), *source.lead]
    return frozenset(pair for row in source.rows for pair in pairs([*whole, *row], _ANYWHERE))


def _fault_of_doer(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """``Phòng A: báo cáo Bộ …`` is Phòng A's task: no other may open the sentence that does not name Phòng A."""
    if len(sources) != 1 or not (lead := sources[0].lead) or len(lead) > _LONGEST_LEAD or lead[:1] not in _BODIES:
        return ""
    opening = next((clause for clause in parts(row, ",") if len(words_of(clause)) > _WORDS_OF_WHEN or not facts_of(clause)), row)
    opening = opening[1:] if opening[:1] in _PLURALS else opening
    actor = next((opening[start:end] for start, end in places(opening, PHRASES) if start == 0), ())
    if not actor or not NAMES[tuple(actor)] or NAMES[tuple(actor)] in VERBS:
        return ""
    name = " ".join(map(str, words_of(opening)[:2] if list(actor) in _BODIES else actor))
    known = list(actor) not in _BODIES or f" {name} " in sources[0].sequence  # else it is "Phòng" alone, before a verb
    named = not known or says(row, (" ".join(words_of(lead)[:2]),)) or says(lead, (name,))
    return "" if named else f"trong nguồn, việc này là của {' '.join(words_of(lead))}"


def _fault_of_agent(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """``do A chi trả``: the clause of the source that says the same, and by whom, must say by A."""
    clauses = [set(words_of(clause)) for source in sources for other in source.rows for clause in parts(other) if "do" in clause]
    for clause in parts(row):
        if "do" not in clause:
            continue
        at = list(clause).index("do") + 1
        agent = set(words_of(clause[at : at + _AGENT]))
        rest = set(words_of(clause)) - agent - {"do"}
        nearest = max(clauses, key=lambda other: len(rest & other), default=set())
        if agent and len(rest & nearest) >= _ALIKE and not agent & nearest:
            return "trong nguồn, việc này do bên khác làm"
    return ""
