"""A document or section as a model reads it: its words, what holds of it, and where to read on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, Field

from bot.render import VALIDITY_WORDS
from bot.web.listing import found_document, found_section, opening
from ingest.show import below, lines_of, mark_of
from rag.answers.doubts import doubt_notes
from rag.documents import CHANGED, Document, Provision, Validity
from rag.finding.search import Searcher
from rag.language.text import squeeze

_MOST = 40_000
"""Characters of text at once: what a model can take in beside everything else."""
_NAMED = 200  # sections that are listed at most
_TITLE = 120


class Below(BaseModel):
    """A section that can be read by itself."""

    section: str
    title: str


class Shown(BaseModel):
    """A document or section with its own words, never changed."""

    document: str = Field(description="Số hiệu. Its number.")
    section: str = Field(description="Mục; trống là cả văn bản. Empty: the whole document.")
    label: str = Field(description="Nguồn, để nêu cạnh mỗi phần trích. The source, to be named with every quote.")
    title: str
    page: int = Field(description="Trang bắt đầu; 0 là không rõ. Page on which it begins.")
    validity: Validity = Field(description="Hiệu lực hôm nay. What holds today.")
    notes: list[str] = Field(description="Lưu ý phải chuyển lại cho người đọc. To be passed on to the reader.")
    text: str = Field(description="Nguyên văn. Verbatim.")
    sections: list[Below] = Field(description="Các mục ngay bên dưới, đọc riêng được. Sections directly below.")


def shown(searcher: Searcher, today: date, number: str, section: str = "") -> Shown:
    """Return a document, or one of its sections with all below it. Raises ``Refused`` where there is none."""
    document = found_document(searcher, number)
    provisions = searcher.store.of_document(document.number)
    found = found_section(searcher, document.number, section) if section else None
    part = below(provisions, found.section, document.number) if found else provisions
    found = opening(found, part) if found else None
    text, notes = "\n".join(lines_of(part)), []
    if len(text) > _MOST:
        text = text[: text.rfind("\n", 0, _MOST) if "\n" in text[:_MOST] else _MOST]
        notes = ["Chỉ có phần đầu của nguyên văn; hãy đọc tiếp từng mục. Only the beginning: read the sections one by one."]
    validity = searcher.validity(document.number, today)
    return Shown(
        document=document.number,
        section=found.section if found else "",
        label=searcher.label(found) if found else document.name,
        title=" › ".join(map(squeeze, found.headings)) if found else document.title,
        page=found.page if found else 0,
        validity=validity,
        notes=[*_standing(document, validity), *_doubts(document, part, found is None), *notes],
        text=text,
        sections=_below(provisions, found),
    )


def written(read: Shown) -> str:
    """Return what is shown as a text of its own."""
    return "\n".join([read.label, read.title, f"Hiệu lực: {VALIDITY_WORDS[read.validity]}", *read.notes, "", read.text])


def _standing(document: Document, validity: Validity) -> list[str]:
    said = [f"Văn bản {document.number} chỉ được nhắc tới, chưa có toàn văn."] if not document.present else []
    if validity != "in_force":
        by = f" ({document.validity_by})" if document.validity_by and validity in CHANGED else ""
        said.append(f"Văn bản {VALIDITY_WORDS[validity]}{by}.")
    if document.validity_source:
        said.append(f"Hiệu lực: {document.validity_source}.")
    return said


def _doubts(document: Document, part: Sequence[Provision], whole: bool) -> list[str]:
    found = [doubt for provision in part for doubt in provision.doubts]
    return doubt_notes([*found, *document.doubts] if whole else found)


def _below(provisions: Sequence[Provision], found: Provision | None) -> list[Below]:
    parent = found.id if found else None
    children = [provision for provision in provisions if provision.parent == parent][:_NAMED]
    return [Below(section=child.section, title=_title(child)) for child in children]


def _title(provision: Provision) -> str:
    words = squeeze(f"{mark_of(provision)} {provision.heading or provision.text}")
    return words if len(words) <= _TITLE else f"{words[:_TITLE].rsplit(' ', 1)[0]} …"
