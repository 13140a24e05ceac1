"""Reading on from an answer: the whole provision and its neighbours, page by page, and what is related to it."""

from __future__ import annotations

from bot.messenger import texts
from bot.messenger.answers import button_label
from bot.messenger.desk import Voice
from bot.messenger.exchange import Exchange
from bot.messenger.mailbox import Place
from bot.messenger.runs import Run, Text, bold, italic, plain, words_in
from bot.reading import Unit, related_to, topic_of, unit_at
from bot.render import VALIDITY_WORDS
from rag.answers.doubts import doubt_notes
from rag.documents import CAUTIONED, Provision
from rag.finding.search import Searcher
from rag.language.text import squeeze

_SNIPPET = 160
_ENTRIES = 8  # headings on a page of contents
_LAST = -1
_SPARE = 60  # characters for (1/3), the line between, and the formatting


def show_text(exchange: Exchange, key: str, page: int, in_place: bool, words: str = "", id: str = "") -> bool:
    """Show a page of the provision that a button leads to, below the answer or in the place of the page before.

    ``words`` go on top of the screen, ``id`` is the answer that it was reached from; ``False`` where the provision is not
    there any more, which is said instead.
    """
    place = exchange.desk.mailbox.place(key)
    if place is None:
        exchange.toast(texts.STALE, alert=True)
        return False
    unit = unit_at(exchange.desk.service.in_use.searcher().store, place.document, place.section)
    if unit is None:
        exchange.toast(texts.GONE, alert=True)
        return False
    exchange.toast(words)
    parts = text_pages(exchange.desk.voice, exchange.desk.service.in_use.searcher(), unit)
    page = len(parts) - 1 if page == _LAST else min(max(page, 0), len(parts) - 1)
    places = [_place(provision) for provision in (unit.before, unit.provision, unit.after) if provision]
    here = _place(unit.provision).key
    behind = f":{id}" if id else ""
    row = []
    if page > 0:
        row.append(("◀ Trước", f"g:{here}:{page - 1}{behind}"))
    elif unit.before:
        row.append(("◀ Trước", f"g:{_place(unit.before).key}:{_LAST}{behind}"))
    if page < len(parts) - 1:
        row.append(("Sau ▶", f"g:{here}:{page + 1}{behind}"))
    elif unit.after:
        row.append(("Sau ▶", f"g:{_place(unit.after).key}:0{behind}"))
    say = exchange.show if in_place else exchange.put_page
    # Where choices are numbers, those of the answer above stay instead.
    ways = [("Mục lục", f"c:{here}:0{behind}"), *_back(id)] if exchange.desk.voice.has_buttons else []
    say(parts[page], [row, ways], places)
    return True


def _back(id: str) -> list[tuple[str, str]]:
    return [("◀ Về câu trả lời", f"b:{id}")] if id else []


def show_answer(exchange: Exchange, id: str) -> None:
    """Bring the answer back from which a text was reached."""
    kept = exchange.desk.mailbox.answers.find(exchange.chat, id)
    if kept is None:
        exchange.toast(texts.STALE, alert=True)
        return
    exchange.toast()
    if len(pages := exchange.desk.voice.pieces(kept.text)) == 1:
        exchange.show(pages[0], kept.buttons)
    else:
        exchange.say(kept.text, kept.buttons)


def show_contents(exchange: Exchange, key: str, page: int, id: str) -> None:
    """Show the headings of the document in which a place is, each with a button to read there."""
    place = exchange.desk.mailbox.place(key)
    searcher = exchange.desk.service.in_use.searcher()
    headed = contents(searcher, place.document) if place else []
    if place is None or not headed:
        exchange.toast(texts.GONE if place else texts.STALE, alert=True)
        return
    exchange.toast()
    behind = f":{id}" if id else ""
    last = (len(headed) - 1) // _ENTRIES
    page = min(max(page, 0), last)
    document = searcher.documents.get(place.document)
    text: list[Run] = [bold("Mục lục"), plain(f" · {document.name if document else place.document}")]
    text.append(plain(f" (trang {page + 1}/{last + 1})" if last else ""))
    leads, places = [], [place]
    for number, (provision, title) in enumerate(headed[page * _ENTRIES : (page + 1) * _ENTRIES], page * _ENTRIES + 1):
        text.append(plain(f"\n{number}) {title}"))
        leads.append((str(number), f"g:{_place(provision).key}:0{behind}"))
        places.append(_place(provision))
    turning = [("◀ Trước", f"c:{key}:{page - 1}{behind}")] if page else []
    turning += [("Sau ▶", f"c:{key}:{page + 1}{behind}")] if page < last else []
    reading = [("◀ Về đoạn đang đọc", f"g:{key}:0{behind}")]
    exchange.show(exchange.desk.voice.pieces(text)[0], [leads[:4], leads[4:], turning, [*reading, *_back(id)]], places)


def contents(searcher: Searcher, number: str) -> list[tuple[Provision, str]]:
    """Return the parts of a document that have a heading, in reading order; where none has, the parts that begin a text."""
    provisions = [provision for provision in searcher.store.of_document(number) if not provision.inline]
    headed = [provision for provision in provisions if provision.heading] or [each for each in provisions if each.text]
    return [(each, _snippet(f"{each.section}. {each.heading or each.text}")) for each in headed]


def text_pages(voice: Voice, searcher: Searcher, unit: Unit) -> list[Text]:
    """Return the pages of a unit, each below the name of the place."""
    provision = unit.provision
    heading = " › ".join(squeeze(heading) for heading in provision.headings)
    document = searcher.documents.get(provision.document)
    caution = f"\n⚠️ Văn bản {VALIDITY_WORDS[document.validity]}" if document and document.validity in CAUTIONED else ""
    doubts = "".join(f"\n⚠️ {note}" for note in doubt_notes(provision.doubts))
    under = f"\n{heading}" if heading else ""
    head = voice.pieces([bold(searcher.label(provision)), italic(f"{under}{caution}{doubts}")])[0]
    parts = voice.pieces([plain(unit.text)], len(words_in(head)) + _SPARE)
    if len(parts) <= 1:
        return [[*head, plain("\n\n"), *part] for part in parts] or [head]
    return [[*head, plain(f" ({number}/{len(parts)})\n\n"), *part] for number, part in enumerate(parts, 1)]


async def show_related(exchange: Exchange, key: str, id: str = "") -> None:
    """Show the provisions nearest to the one that answered, each with a button to read it."""
    place = exchange.desk.mailbox.place(key)
    if place is None:
        exchange.toast(texts.STALE, alert=True)
        return
    searcher = exchange.desk.service.in_use.searcher()
    provision = searcher.store.section(place.document, place.section)
    if provision is None:
        exchange.toast(texts.GONE, alert=True)
        return
    exchange.toast()
    found = related_to(searcher, provision, (await exchange.desk.service.search(topic_of(provision), 12)).hits)
    text: list[Run] = [bold("Nội dung liên quan") if found else plain(texts.NO_RELATED)]
    rows, places = [], []
    for number, hit in enumerate(found, 1):
        text += [plain(f"\n\n{number}. {_snippet(hit.text)}"), italic(f"\n— {hit.label}")]
        near = Place(hit.document, hit.section)
        rows.append([(button_label(f"{number}. {_snippet(hit.text)}"), f"t:{near.key}:0:{id}")])
        places.append(near)
    exchange.say(text, rows, places)


def _place(provision: Provision) -> Place:
    return Place(provision.document, provision.section)


def _snippet(text: str) -> str:
    flat = squeeze(text).lstrip("-–+ ")
    return flat if len(flat) <= _SNIPPET else flat[:_SNIPPET].rsplit(" ", 1)[0] + " …"
