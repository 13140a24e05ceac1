"""Answer -> what people read in a terminal, and the JSON that programs read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from bot.emphasis import emphasised
from bot.offers import offers_of, sentence_of
from rag.documents import CAUTIONED, Answer, Citation, Related, Validity, Wording

if TYPE_CHECKING:
    from bot.service import Found

VALIDITY_WORDS: dict[Validity, str] = {
    "in_force": "còn hiệu lực",
    "amended": "đã được sửa đổi, bổ sung một phần",
    "replaced": "đã được thay thế",
    "expired": "đã hết hiệu lực",
    "not_yet": "chưa có hiệu lực",
    "unknown": "chưa rõ hiệu lực",
}
WORDING_TITLE = "Diễn đạt bởi mô hình ngôn ngữ {model} (máy đã đối chiếu từng câu với nguồn; căn cứ vẫn là phần trích nguồn ở trên):"


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as the object that ``tracuu ask --json`` and the web API promise."""
    return {
        "question": answer.question,
        "status": answer.status,
        "answer": answer.text,
        "citations": [asdict(citation) for citation in answer.citations],
        "notes": list(answer.notes),
        "related": [asdict(related) for related in answer.related],
        "seconds": round(answer.seconds, 6),
        **({"wording": asdict(answer.wording)} if answer.wording else {}),
    }


def search_json(found: Found) -> dict[str, Any]:
    """Return what was found as the object that ``tracuu search --json``, the web API and MCP promise."""
    results = [
        {"document": hit.document, "section": hit.section, "page": hit.page, "score": round(float(hit.score), 4), "text": hit.text}
        for hit in found.hits
    ]
    return {"question": found.question, "results": results, "seconds": round(found.seconds, 6)}


def open_console() -> Console:
    """Return a console that prints text as it is, and does not fold lines and tables where there is no terminal."""
    console = Console(highlight=False, markup=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, emoji=False, width=10_000)


def print_answer(answer: Answer, console: Console) -> None:
    """Write an answer for people: the fact first (its dates bold), then each quote with its source, notes, provisions nearby."""
    if answer.status == "offered":
        _print_offers(answer, console)
    else:
        _print_fact(answer, console)
    for note in answer.notes:
        console.print()
        _put(console, f"Lưu ý: {note}", style="yellow")
    if answer.related:
        console.print()
        _put(console, "Nội dung gần nhất trong các văn bản:")
        for related in answer.related:
            _print_related(related, console)
    if answer.wording:
        _print_wording(answer.wording, console)


def _print_fact(answer: Answer, console: Console) -> None:
    for number, line in enumerate(answer.text.strip("\n").split("\n")):
        claims = answer.status == "answered"
        _put_pieces(console, emphasised(line, lead=number == 0) if claims else [(line, False)])
    sources: set[str] = set()
    for citation in answer.citations:
        quoted, source = _flat(citation.quote) not in _flat(answer.text), source_line(citation)
        if source in sources and not quoted:
            continue  # a title and what stands below it, both in the answer
        sources.add(source)
        console.print()
        if quoted:
            _put(console, f"“{citation.quote}”", indent="  ")
        _put(console, source, indent="  ", style="cyan")


def _print_offers(answer: Answer, console: Console) -> None:
    _put(console, sentence_of(answer.text))
    offers = offers_of(answer.text, [(citation.label, citation.quote) for citation in answer.citations])
    for number, (citation, offer) in enumerate(zip(answer.citations, offers, strict=True), 1):
        console.print()
        _put(console, f"{number}. {source_line(citation).removeprefix('— ')}", style="cyan")
        if offer.short:  # the title says something that the quote does not begin with
            _put(console, offer.title, indent="   ", style="bold")
        _put(console, f"“{citation.quote}”", indent="   ")


def _print_related(related: Related, console: Console) -> None:
    _put(console, f"- {related.title or related.label}", indent="  ")
    if related.title:
        _put(console, f"— {related.label}", indent="    ", style="cyan")


def print_as_it_comes(answers: Iterator[Answer], console: Console) -> None:
    """Write what ``Assistant.stream`` yields: the facts at once, a model's wording when it is whole."""
    shown = last = next(answers)
    print_answer(shown, console)
    for last in answers:
        if last.text != shown.text:  # the follow-up was understood after all, or the offer became an answer
            console.print()
            print_answer(replace(last, wording=None), console)
            shown = last
    if last.wording:
        _print_wording(last.wording, console)


def _print_wording(wording: Wording, console: Console) -> None:
    console.print()
    _put(console, WORDING_TITLE.format(model=wording.model), style="bold")
    _put(console, wording.text, indent="  ")
    for number, citation in enumerate(wording.citations, 1):
        _put(console, f"[{number}] {source_line(citation).removeprefix('— ')}", indent="  ", style="cyan")


def source_line(citation: Citation) -> str:
    """Return the line under a quote: where it stands, and what to be careful about."""
    cautions = [VALIDITY_WORDS[citation.validity]] if citation.validity in CAUTIONED else []
    if citation.doubtful:
        cautions.append("chỗ này chưa chắc chắn, cần đối chiếu bản gốc")
    return f"— {citation.label}" + (f" ({'; '.join(cautions)})" if cautions else "")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _put_pieces(console: Console, pieces: list[tuple[str, bool]]) -> None:
    text = Text.assemble(*((piece, "bold" if stands_out else "") for piece, stands_out in pieces))
    for line in text.wrap(console, max(console.width, 20)) if console.is_terminal else [text]:
        line.rstrip()
        console.print(line, soft_wrap=True)


def _put(console: Console, text: str, indent: str = "", style: str = "") -> None:
    """Print ``text``, wrapped to a terminal; in a pipe every line stays whole, so that ``grep`` finds it."""
    width = console.width if console.is_terminal else 0
    for line in text.split("\n"):
        for part in textwrap.wrap(line, max(width - len(indent), 20)) if width else [line]:
            console.print(Text(indent + part, style=style), soft_wrap=True)
