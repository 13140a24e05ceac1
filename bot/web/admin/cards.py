"""What a check found of every uploaded file: what it was taken for, what to look at, what adding it would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.document_facts import RELATIONS, doubts_about, doubts_of, facts_of
from bot.settings import Settings
from bot.web.admin.preview import write_preview
from bot.web.plain_words import plainly
from ingest import signing
from ingest.additions import Addition
from ingest.source_files import Skipped
from ingest.trust import TrustRoots
from rag.documents import Document

_NAMED = 10  # numbers of documents written out


def cards(files: Sequence[str], additions: Sequence[Addition], skipped: Sequence[Skipped], chosen: Settings) -> list[dict[str, Any]]:
    """Return a card for every file, in order: that of an addition, or the reason why it cannot be added."""
    added = {str(addition.path): addition for addition in additions}
    reasons = iter(skipped)
    return [_card(added[file], chosen) if file in added else _refused(Path(file).name, next(reasons)[1], chosen) for file in files]


def told_of(found: Sequence[dict[str, Any]]) -> str:
    """Return in a sentence how the files stand."""
    counted = Counter("bad" if card["reason"] else "same" if card["same"] else "good" for card in found)
    parts = (
        (counted["good"], "thêm được"),
        (counted["same"], "đã có sẵn trong kho, không đổi"),
        (counted["bad"], "không thêm được"),
    )
    return f"Đã kiểm tra {len(found)} tệp: {', '.join(f'{count} tệp {words}' for count, words in parts if count)}."


def _refused(name: str, reason: str, chosen: Settings) -> dict[str, Any]:
    reason = plainly(reason, chosen.corpus, chosen.data)
    return {"name": name, "reason": f"{reason[:1].upper()}{reason[1:].rstrip('.')}.", "same": False}


def _card(addition: Addition, chosen: Settings) -> dict[str, Any]:
    one = addition.documents[0] if len(addition.documents) == 1 else None
    card: dict[str, Any] = {
        "name": addition.path.name,
        "reason": "",
        "same": addition.same,
        "replaces": addition.replaces.name if addition.replaces else "",
        "count": len(addition.documents),
        "problems": [plainly(problem, chosen.corpus, chosen.data) for problem in addition.parsed.problems],
    }
    if one is not None:
        write_preview(addition.path, list(addition.parsed.provisions()))
        card |= _facts(one, addition, chosen)
    return card


def _facts(document: Document, addition: Addition, chosen: Settings) -> dict[str, Any]:
    facts = facts_of(document)
    relations = {
        words: [relation.number for relation in addition.parsed.relations if relation.what == what and relation.number][:_NAMED]
        for what, words in RELATIONS.items()
    }
    roots, today = TrustRoots.load(chosen.trust_roots), chosen.clock.today()
    return {
        "number": document.number,
        "numbered": document.numbered,
        "facts": facts,
        "doubts": doubts_about(document, facts),
        "elsewhere": doubts_of(document, facts.values()),
        "relations": {words: numbers for words, numbers in relations.items() if numbers},
        "signatures": [[line.text, line.alarm] for line in signing.told(document.signatures, roots, today)],
        "read_as": document.read_as,
        "confidence": document.confidence,
        "pages": document.pages,
        "paged": addition.path.suffix.lower() == ".pdf",
    }
