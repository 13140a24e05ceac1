"""How many pages a document has (``Công văn 2607 dài bao nhiêu trang?``): an example of a kind of answer from a package."""

from __future__ import annotations

import re

from rag.answers.base import Finding, Reply
from rag.answers.kind import Inquiry, Needs
from rag.answers.outcomes import NotMine, Outcome

_ASKED = re.compile(r"\b(?:bao nhieu|may) trang\b")


class Pages:
    """Looked up in what is known of the one document that the question names."""

    needs = Needs.QUESTION

    def applies(self, inquiry: Inquiry) -> bool:
        return len(inquiry.loaded) == 1 and bool(_ASKED.search(inquiry.question.folded))

    def answer(self, inquiry: Inquiry) -> Outcome:
        document = inquiry.loaded[0]
        head = inquiry.searcher.store.head(document.number)
        if head is None or not document.pages:
            return NotMine()
        said = f"{document.name} có {document.pages} trang."
        return Reply(said, (Finding(said, head, head.text.splitlines()[0]),), kind="figure")
