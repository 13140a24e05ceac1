"""Other offices of the same service: a question that names one is not answered from these documents, but told where to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.documents import Answer
from rag.language.office_names import named_in, spelt
from rag.language.text import canonical, folded_line
from rag.question.said import Said

_TOLD = "Câu hỏi nêu {whose}. Ở đây chỉ trả lời theo văn bản của {own} và văn bản chung của cả nước; {whose} có trang hỏi đáp riêng{where}."
_HERE = "đơn vị này"


@dataclass(frozen=True)
class Neighbour:
    """An office: what it is called, the place it is of (``tỉnh Quảng Ninh``), the address to ask it at; both may be empty."""

    title: str
    place: str = ""
    address: str = ""

    @cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """The exact words it is called by: the names in its title and of its place."""
        found = {one.name for text in (self.title, self.place) for one in named_in(text, whole=True) if one.name}
        return frozenset(tuple(canonical(word) for word in name) for name in found)


Neighbours = Callable[[], Sequence[Neighbour]]
"""The other offices as they are now."""


def nobody() -> Sequence[Neighbour]:
    """Return the neighbours of an office that is alone."""
    return ()


def told_of_neighbour(answer: Answer, texts: Iterable[Said], neighbours: Sequence[Neighbour], own: str) -> str:
    """Return what is said where one of ``texts`` names a neighbour and not the ``own`` place; empty where nobody else is meant.

    A name that is quoted in the answer is a matter of the own documents (``phối hợp với tỉnh …``).
    """
    here = Said.of(" ".join(spelt(own)), own)
    quoted = folded_line(" ".join(citation.quote for citation in answer.citations))
    for said in texts:
        for neighbour in neighbours:
            names = [name for name in neighbour.names if said.starts_of(name) and not here.starts_of(name)]
            if names and not any(folded_line(" ".join(name)) in quoted for name in names):
                where = f" ở {neighbour.address}" if neighbour.address else ""
                return _TOLD.format(whose=neighbour.title, own=own or _HERE, where=where)
    return ""
