"""To whom a letter is addressed."""

from __future__ import annotations

import re

from rag.answers.base import Finding, Reply
from rag.documents import Document, Provision
from rag.finding.search import Searcher
from rag.question.understanding import Question

_RECIPIENTS = re.compile(
    r"\bkinh gui\b|\bnoi nhan\b|\bgui (?:cho |den |toi )?(?:nhung )?(?:ai|don vi nao|noi nao|co quan nao)\b(?=.*\b(?:cong van|van ban)\b|$)"
    r"|\b(?:cong van|van ban)\b.*\bgui (?:cho |den |toi )?(?:nhung )?(?:ai|don vi nao|noi nao|co quan nao)\b"
)


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
