"""The lists: deadlines, people to call, software procedures, documents; paged by buttons that hold no more than a page number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import records
from bot.telegram import texts
from bot.telegram.answers import button_label, validity
from bot.telegram.html import Run, bold, italic, pages, plain
from bot.telegram.mailbox import Place
from bot.telegram.turn import Buttons, Turn
from rag.answers.base import vietnamese_date
from rag.documents import Deadline, Document
from rag.language.text import squeeze

_ON_A_PAGE = 5
_SHORT = 240
_LINKS = 4
_NOT_IN_FORCE = ("amended", "replaced", "expired", "not_yet")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list; where it has a place, a numbered button leads there (``data`` begins with what it does)."""

    text: Sequence[Run]
    place: Place | None = None
    leads: str = "t"


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list; ``more`` are buttons of its own under every page."""

    title: str
    items: list[Item]
    empty: str
    more: Buttons


def show(turn: Turn, name: str, page: int = 0) -> None:
    """Show a page of the list called ``name`` (pages past the end: the last one)."""
    listing = LISTS[name](turn)
    last = max(0, (len(listing.items) - 1) // _ON_A_PAGE)
    page = min(max(page, 0), last)
    items = listing.items[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE]
    text: list[Run] = [bold(listing.title)]
    if last:
        text.append(plain(f" (trang {page + 1}/{last + 1})"))
    if not items:
        text.append(plain(f"\n{listing.empty}"))
    leads, places = [], []
    for number, item in enumerate(items, page * _ON_A_PAGE + 1):
        text += [plain(f"\n\n{number}. "), *item.text]
        if item.place:
            leads.append((str(number), f"{item.leads}:{item.place.key}:0"))
            places.append(item.place)
    turn.show(pages(text)[0], [leads, _turning(name, page, last), *listing.more], places)


def _turning(name: str, page: int, last: int) -> list[tuple[str, str]]:
    before = [("◀ Trước", f"l:{name}:{page - 1}")] if page else []
    after = [("Sau ▶", f"l:{name}:{page + 1}")] if page < last else []
    return before + after


def _deadlines(turn: Turn) -> Listing:
    role = turn.person.role
    searcher, today = turn.desk.assistant.shelf(), turn.desk.clock.today()
    found = records.deadlines(searcher, today, role)
    items = [Item(due_line(due), Place(due.provision.document, due.provision.section)) for due in found]
    if role is None:
        return Listing("Thời hạn", items, "Các văn bản đang có không ghi thời hạn nào.", [[("Chỉ xem hạn của đơn vị tôi", "i:?")]])
    empty = f"Các văn bản đang có không ghi hạn nào riêng cho {role.who}."
    return Listing(f"Thời hạn của {role.who}", items, empty, [[("Xem mọi thời hạn", "l:moihan:0")]])


def _all_deadlines(turn: Turn) -> Listing:
    found = records.deadlines(turn.desk.assistant.shelf(), turn.desk.clock.today())
    items = [Item(due_line(due), Place(due.provision.document, due.provision.section)) for due in found]
    return Listing("Mọi thời hạn", items, "Các văn bản đang có không ghi thời hạn nào.", [])


def due_line(due: records.Due) -> list[Run]:
    """Return a deadline as people read it: the day first, what, who to whom, the source; a passed one says so."""
    deadline = due.deadline
    left = records.days_left(due.days) if due.days >= 0 else "đã qua"
    mark = "🔴" if due.days < 0 else "🟡" if due.days <= 7 else "🟢"
    return [
        plain(f"{mark} "),
        bold(vietnamese_date(deadline.date)),
        plain(f" ({left}): {_short(deadline.what)}{_parties(deadline)}"),
        italic(f"\n— {due.label}"),
    ]


def _parties(deadline: Deadline) -> str:
    said = _short(records.parties(deadline))
    return f"\n{said}" if said else ""


def _short(text: str) -> str:
    flat = squeeze(text).rstrip(" :,")
    flat = flat[:1].upper() + flat[1:]
    return flat if len(flat) <= _SHORT else flat[:_SHORT].rsplit(" ", 1)[0] + " …"


def _contacts(turn: Turn) -> Listing:
    items = []
    for listed in records.contacts(turn.desk.assistant.shelf()):
        contact = listed.contact
        lead = contact.name or contact.role or contact.email
        role = f"\n{contact.role}" if contact.role and contact.role != lead else ""
        ways = [f"{contact.channel or 'Điện thoại'}: {contact.phone}"] if contact.phone else []
        ways += [f"Email: {contact.email}"] if contact.email and contact.email != lead else []
        told = "".join(f"\n{way[:1].upper()}{way[1:]}" for way in ways)
        items.append(
            Item(
                [bold(lead), plain(role + told), italic(f"\n— {listed.label}")], Place(listed.provision.document, listed.provision.section)
            )
        )
    return Listing("Đầu mối liên hệ", items, "Các văn bản đang có không ghi đầu mối nào.", [])


def _procedures(turn: Turn) -> Listing:
    items = []
    for listed in records.procedures(turn.desk.assistant.shelf()):
        links = "".join(f"\n🔗 {address}" for address in listed.addresses[:_LINKS])
        text = [plain(_short(listed.provision.text) + links), italic(f"\n— {listed.label}")]
        items.append(Item(text, Place(listed.provision.document, listed.provision.section)))
    return Listing("Hướng dẫn trên phần mềm", items, "Các văn bản đang có không ghi hướng dẫn phần mềm nào.", [])


def _documents(turn: Turn) -> Listing:
    items = [
        Item(document_line(listed), Place(listed.document.number, ""), "v")
        for listed in records.documents(turn.desk.assistant.shelf(), turn.desk.clock.today())
    ]
    return Listing("Văn bản", items, "Chưa có văn bản nào.", [])


def document_line(listed: records.ListedDocument) -> list[Run]:
    """Return a document's name, date, title, whether its text is here and, where it is not in force, that."""
    document = listed.document
    state = "✅ có toàn văn" if document.present else "📎 mới được nhắc tới"
    if listed.validity in _NOT_IN_FORCE:
        state += f" · {validity(listed.validity)}"
    return [
        bold(document.name),
        plain(f"{_issued(document)}\n{_short(document.title)}\n{state}" if document.title else f"{_issued(document)}\n{state}"),
    ]


def _issued(document: Document) -> str:
    day = f" ngày {vietnamese_date(document.issued)}" if document.issued else ""
    return f"{day} của {document.issuer}" if document.issuer else day


def show_document(turn: Turn, number: str) -> None:
    """Show a document: what is known of it, where to read it, or where it is named."""
    searcher = turn.desk.assistant.searcher()
    known = [listed for listed in records.documents(searcher, turn.desk.clock.today()) if listed.document.number == number]
    if not known:
        turn.toast(texts.GONE, alert=True)
        return
    turn.toast()
    text = document_line(known[0])
    back = [("◀ Danh sách", "l:vanban:0")]
    if known[0].document.present:
        place = Place(number, "")
        turn.show(pages(text)[0], [[("Xem nguyên văn", f"t:{place.key}:0")], back], [place])
        return
    places, rows = [], []
    named = records.named_in(searcher, known[0].document)[:5]
    if named:
        text.append(plain("\n\nĐược nêu ở:"))
    for _, where in named:
        place = Place(where.provision.document, where.provision.section)
        text.append(italic(f"\n— {where.label}"))
        rows.append([(button_label(where.label), f"t:{place.key}:0")])
        places.append(place)
    turn.show(pages(text)[0], [*rows, back], places)


LISTS: dict[str, Callable[[Turn], Listing]] = {
    "han": _deadlines,
    "moihan": _all_deadlines,
    "lienhe": _contacts,
    "quytrinh": _procedures,
    "vanban": _documents,
}
