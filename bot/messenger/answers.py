"""Answer → what a chat shows: the fact with its dates in bold, the document's words in a quote, the source, the notes, buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.emphasis import MOST, emphasised, end_of_lead
from bot.messenger import texts
from bot.messenger.desk import Buttons
from bot.messenger.mailbox import Place
from bot.messenger.runs import Run, bold, italic, plain, quote, words_in
from bot.offers import sentence_of, shortened
from bot.render import VALIDITY_WORDS, WORDING_TITLE, source_line
from rag.documents import Answer, Citation, Wording
from rag.language.text import squeeze

_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_QUOTES = 4
_SOURCES = 4
_BUTTON = 60
_WORDS, _FEW_WORDS = 400, 160  # characters of a provision that is offered
_BRIEF = 700  # characters that a brief answer is to have
_LEAST_QUOTE = 160  # characters; of less nobody can judge what it says


class Content(NamedTuple):
    """What a message shows, the buttons under it, and the places that these lead to."""

    text: list[Run]
    buttons: Buttons
    places: list[Place]


def shown(answer: Answer, id: str, headings: Sequence[str] = (), *, is_brief: bool = False) -> Content:
    """Return what shows an answer; ``id`` is what votes are kept under.

    ``headings`` say what each of the provisions offered is about. Where it ``is_brief``, one provision is quoted, no further than
    it takes; the sources and notes are always all there.
    """
    if answer.status == "chat":
        return Content([plain(answer.text)], [], [])
    if answer.status == "not_found":
        return _refusal(answer, id)
    if answer.status == "offered":
        return _offer(answer, id, headings, _FEW_WORDS if is_brief else _WORDS)
    text = _brief(answer) if is_brief else [*_fact(answer, answer.citations), *_sources(answer.citations), *_notes(answer.notes)]
    places = _places(answer.citations)
    labels = ["Xem nguyên văn", *(f"Xem nguồn {number}" for number in range(2, len(places) + 1))]
    reading = [(label, f"t:{place.key}:0:{id}") for label, place in zip(labels, places, strict=True)]
    buttons = [[reading[0], ("Câu liên quan", f"r:{places[0].key}:{id}")], reading[1:], votes(id)]
    return Content(text, buttons, places)


def worded(wording: Wording) -> tuple[list[Run], Buttons]:
    """Return the text of a language model's wording, marked as such, with its sources, and the button that takes it away."""
    text = [italic(WORDING_TITLE.format(model=wording.model)), plain(f"\n{wording.text}\n")]
    sources = [italic(f"\n[{number}] {citation.label}") for number, citation in enumerate(wording.citations, 1)]
    return text + sources, [[(texts.HIDE, "h")]]


def votes(id: str) -> list[tuple[str, str]]:
    """Return the buttons that rate an answer."""
    return [("👍", f"u:{id}"), ("👎", f"d:{id}")]


def _to_the_admin(id: str) -> list[tuple[str, str]]:
    return [(texts.SEND_TO_ADMIN, f"s:{id}")]


def _offer(answer: Answer, id: str, headings: Sequence[str], words: int) -> Content:
    text: list[Run] = [plain(sentence_of(answer.text))]
    places = [Place(citation.document, citation.section) for citation in answer.citations]
    for number, citation in enumerate(answer.citations, 1):
        heading = headings[number - 1] if headings else ""
        about = "" if squeeze(citation.quote).startswith(heading.removesuffix("…")) else f"{heading}\n"
        text += [plain(f"\n\n{number}. "), italic(source_line(citation).removeprefix("— ")), plain(f"\n{about}")]
        text.append(quote(f"“{shortened(citation.quote, words)}”"))
    numbered = list(enumerate(places, 1))
    reading = [(f"Xem mục {number}", f"t:{place.key}:0:{id}") for number, place in numbered]
    meant = [(f"Đúng: mục {number}", f"p:{id}:{place.key}") for number, place in numbered]
    return Content([*text, *_notes(answer.notes)], [reading, meant, _to_the_admin(id), votes(id)], places)


def _refusal(answer: Answer, id: str) -> Content:
    text = [plain(answer.text), *_notes(answer.notes)]
    places = [Place(related.document, related.section) for related in answer.related]
    if places:
        text.append(plain("\n\nNội dung gần nhất trong các văn bản:"))
    for number, related in enumerate(answer.related, 1):
        text += [
            plain(f"\n{number}. {related.title}\n" if related.title else f"\n{number}. "),
            italic(f"— {related.label}" if related.title else related.label),
        ]
    reading = [(f"Xem mục {number}", f"t:{place.key}:0:{id}") for number, place in enumerate(places, 1)]
    return Content(text, [reading, _to_the_admin(id), votes(id)], places)


def _brief(answer: Answer) -> list[Run]:
    """The answer with the first provision's words, cut where none of its lines count on them."""
    first, end = answer.citations[0], [*_sources(answer.citations, quotes=0), *_notes(answer.notes)]
    if len(answer.text) <= _BRIEF and squeeze(first.quote) in squeeze(answer.text):
        return [*_fact(answer, ()), *end]
    fact = _fact(answer, answer.citations[:1])
    room = max(_BRIEF - len(words_in([*fact, *end])), _LEAST_QUOTE)
    is_one_line = sum(bool(line.strip()) for line in answer.text.split("\n")) <= 1
    return [*fact, plain("\n\n"), quote(f"“{shortened(first.quote, room) if is_one_line else first.quote}”"), *end]


def _fact(answer: Answer, quoted: Sequence[Citation]) -> list[Run]:
    """The answer's lines, as long as they are short, with all dates in one form; what the quotes say again in full is not said twice."""
    quotes = [squeeze(citation.quote) for citation in quoted]
    result: list[Run] = []
    room = MOST
    for number, line in enumerate(line for line in answer.text.split("\n") if line.strip()):
        line = re.sub(r"^- ", "• ", re.sub(r"^(\d\. )- ", r"\1", line))
        line = line if _quoted(line, quotes) else _DAY.sub(lambda day: f"{int(day[1]):02}/{int(day[2]):02}/{day[3]}", line)
        start = "\n" if number else ""
        if number == 0 or (line.startswith("• ") and len(line) <= room):
            head = line[: end_of_lead(line)]
            result += [bold(text) if stands_out else plain(text) for text, stands_out in emphasised(start + head, lead=True)]
            room -= len(head)
            if len(head) < len(line):
                result.append(plain(" …" if _quoted(line, quotes) else line[len(head) :]))
        elif not _quoted(line, quotes):
            result.append(plain(start + line))
    return result


def _quoted(line: str, quotes: list[str]) -> bool:
    return any(squeeze(line.removeprefix("• ")) in said for said in quotes)


def _sources(citations: tuple[Citation, ...], quotes: int = _QUOTES) -> list[Run]:
    result: list[Run] = []
    numbered = len({place.key for place in _places(citations)}) > 1
    keys = [place.key for place in _places(citations)]
    for count, citation in enumerate(citations):
        key = Place(citation.document, citation.section).key
        number = f"({keys.index(key) + 1}) " if numbered and key in keys else ""
        result.append(plain("\n\n" if count < quotes else "\n"))
        if count < quotes:
            result += [quote(f"“{citation.quote}”"), plain("\n")]
        result.append(italic(f"{number}{source_line(citation)}"))
    return result


def _places(citations: tuple[Citation, ...]) -> list[Place]:
    return list(dict.fromkeys(Place(citation.document, citation.section) for citation in citations))[:_SOURCES]


def _notes(notes: tuple[str, ...]) -> list[Run]:
    return [plain(f"\n\n⚠️ {note}") for note in notes]


def button_label(text: str) -> str:
    """Return a text short enough for a button."""
    flat = squeeze(text)
    return flat if len(flat) <= _BUTTON else flat[: _BUTTON - 1].rsplit(" ", 1)[0] + "…"


def validity(word: str) -> str:
    """Return the Vietnamese for a validity."""
    return VALIDITY_WORDS[word]  # type: ignore[index]
