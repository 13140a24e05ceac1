"""Reading on from an answer: the whole provision and its neighbours, page by page, and what is related to it."""

from __future__ import annotations

from bot.reading import Unit, related_to, topic_of, unit_at
from bot.render import VALIDITY_WORDS
from bot.telegram import texts
from bot.telegram.answers import button_label
from bot.telegram.html import LIMIT, Run, bold, italic, messages, plain, units
from bot.telegram.mailbox import Place
from bot.telegram.turn import Turn
from rag.documents import Provision
from rag.finding.search import Searcher
from rag.language.text import squeeze

_SNIPPET = 160
_LAST = -1
_COUNTER = 20  # characters for (1/3) and the line between
_ENDED = ("replaced", "expired", "amended", "not_yet")


def show_text(turn: Turn, key: str, page: int, in_place: bool, words: str = "") -> bool:
    """Show a page of the provision that a button leads to, below the answer or in the place of the page before.

    ``words`` go on top of the screen; ``False`` where the provision is not there any more, which is said instead.
    """
    place = turn.desk.mailbox.place(key)
    if place is None:
        turn.toast(texts.STALE, alert=True)
        return False
    unit = unit_at(turn.desk.assistant.searcher().store, place.document, place.section)
    if unit is None:
        turn.toast(texts.GONE, alert=True)
        return False
    turn.toast(words)
    parts = text_pages(turn.desk.assistant.searcher(), unit, turn.desk.clock.today().isoformat())
    page = len(parts) - 1 if page == _LAST else min(max(page, 0), len(parts) - 1)
    places = [_place(provision) for provision in (unit.before, unit.provision, unit.after) if provision]
    here = _place(unit.provision).key
    row = []
    if page > 0:
        row.append(("◀ Trước", f"g:{here}:{page - 1}"))
    elif unit.before:
        row.append(("◀ Trước", f"g:{_place(unit.before).key}:{_LAST}"))
    if page < len(parts) - 1:
        row.append(("Sau ▶", f"g:{here}:{page + 1}"))
    elif unit.after:
        row.append(("Sau ▶", f"g:{_place(unit.after).key}:0"))
    say = turn.show if in_place else turn.put_page
    say(parts[page], [row], places)
    return True


def text_pages(searcher: Searcher, unit: Unit, today: str = "") -> list[str]:
    """Return the pages of a unit as HTML, each below the name of the place."""
    provision = unit.provision
    heading = " › ".join(squeeze(heading) for heading in provision.headings)
    document = searcher.documents.get(provision.document)
    caution = f"\n⚠️ Văn bản {VALIDITY_WORDS[document.validity]}" if document and document.validity in _ENDED else ""
    readings = "; ".join(dict.fromkeys(doubt.reading for doubt in provision.doubts))
    doubts = f"\n⚠️ Chỗ khó đọc trong bản quét ({readings}): hãy đối chiếu với bản gốc." if readings else ""
    under = f"\n{heading}" if heading else ""
    head = "\n".join(messages([bold(searcher.label(provision)), italic(f"{under}{caution}{doubts}")]))
    parts = messages([plain(unit.text)], max(LIMIT - units(head) - _COUNTER, LIMIT // 4)) or [""]
    if len(parts) == 1:
        return [f"{head}\n\n{parts[0]}".strip()]
    return [f"{head} ({number}/{len(parts)})\n\n{part}" for number, part in enumerate(parts, 1)]


async def show_related(turn: Turn, key: str) -> None:
    """Show the provisions nearest to the one that answered, each with a button to read it."""
    place = turn.desk.mailbox.place(key)
    if place is None:
        turn.toast(texts.STALE, alert=True)
        return
    searcher = turn.desk.assistant.searcher()
    provision = searcher.store.section(place.document, place.section)
    if provision is None:
        turn.toast(texts.GONE, alert=True)
        return
    turn.toast()
    found = related_to(searcher, provision, await turn.desk.workers.search(topic_of(provision), 12))
    text: list[Run] = [bold("Nội dung liên quan") if found else plain(texts.NO_RELATED)]
    rows, places = [], []
    for number, hit in enumerate(found, 1):
        text += [plain(f"\n\n{number}. {_snippet(hit.text)}"), italic(f"\n— {hit.label}")]
        near = Place(hit.document, hit.section)
        rows.append([(button_label(f"{number}. {_snippet(hit.text)}"), f"t:{near.key}:0")])
        places.append(near)
    turn.say(text, rows, places)


def _place(provision: Provision) -> Place:
    return Place(provision.document, provision.section)


def _snippet(text: str) -> str:
    flat = squeeze(text).lstrip("-–+ ")
    return flat if len(flat) <= _SNIPPET else flat[:_SNIPPET].rsplit(" ", 1)[0] + " …"
