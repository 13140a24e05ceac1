"""What a document says of itself: its letterhead and its end, which are places only for questions about the document.

``Số: …``, ``Kính gửi …``, ``Nơi nhận …`` tell who wrote to whom and when. Words of a question that stand in the letterhead say
which document is meant, not what is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.documents import FRAME, Contact, Deadline, Document, Provision
from rag.index.store import Store
from rag.language.text import fold_tokens, syllables
from rag.question.understanding import Question

ABOUT_IT = frozenset(
    (
        "ban hanh ki noi dung ve quyet dinh thong tu ke hoach nghi nghi luat cong van de an trich yeu ten so cua "
        "co quan nguoi phe duyet quy qui dinh thay the hieu luc phu luc toan van thoi diem chinh thuc do ghi van "
        "ban muc dich chu truong nam hoc don vi cap"
    ).split()
)
_SENT = frozenset("kinh gui noi nhan".split())


class Letterheads:
    """The letterheads and ends of some documents."""

    def __init__(self, store: Store, documents: Iterable[Document]) -> None:
        self.says: dict[int, frozenset[str]] = {}
        """By the id of each head or end that holds nothing else: its words, with those of the head of its document."""
        self.about: dict[str, frozenset[str]] = {}
        """Of each document: the words of its letterhead, its title and its issuer."""
        self.words: dict[str, frozenset[str]] = {}
        """Of each document: all of its words."""
        for document in documents:
            self._read(store, document)

    def _read(self, store: Store, document: Document) -> None:
        provisions = store.of_document(document.number)
        self.words[document.number] = _words(*(one.whole_text for one in provisions), document.title, document.issuer)
        ends = [one for one in provisions if one.kind in FRAME]
        ids = [one.id for one in ends]
        holding = {one.provision for one in store.records_of(ids, Deadline)} | {one.provision for one in store.records_of(ids, Contact)}
        bare = [one for one in ends if one.id not in holding and not _holds_table(one)]
        heads = [one.text for one in bare if one.kind == "head"]
        self.about[document.number] = _words(document.title, document.issuer, document.number, *heads)
        for one in bare:
            self.says[one.id] = self.about[document.number] | _words(one.text)

    def unasked(self, question: Question) -> frozenset[int]:
        """Return the heads and ends that have nothing to do with what is asked."""
        asked = {term.folded for term in question.terms if not term.light} - ABOUT_IT - _SENT
        return frozenset(id_ for id_, words in self.says.items() if not asked <= words)


def _holds_table(provision: Provision) -> bool:
    return any(line.startswith("|") for line in provision.text.splitlines())


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold_tokens(syllables(text)))
