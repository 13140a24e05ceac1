"""The lists: deadlines, people to call, software procedures, documents; paged by buttons that hold no more than a page number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import records
from bot.calendar import Feed, calendar, calendar_name
from bot.messenger import texts
from bot.messenger.answers import button_label, validity
from bot.messenger.desk import Buttons
from bot.messenger.exchange import Exchange
from bot.messenger.mailbox import Place
from bot.messenger.runs import Run, Text, bold, code, italic, plain
from rag.answers.base import vietnamese_date
from rag.documents import CAUTIONED, Contact, Deadline, Document
from rag.language.numbers import DIALLED, digits
from rag.language.text import squeeze

_ON_A_PAGE = 5
_SHORT = 240
_LINKS = 4


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


def show(exchange: Exchange, name: str, page: int = 0) -> None:
    """Show a page of the list called ``name`` (pages past the end: the last one)."""
    listing = LISTS[name](exchange)
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
    exchange.show(_page(exchange, text), [leads, _turning(name, page, last), *listing.more], places)


def _page(exchange: Exchange, text: Sequence[Run]) -> Text:
    return exchange.desk.voice.pieces(text)[0]


def _turning(name: str, page: int, last: int) -> list[tuple[str, str]]:
    before = [("◀ Trước", f"l:{name}:{page - 1}")] if page else []
    after = [("Sau ▶", f"l:{name}:{page + 1}")] if page < last else []
    return before + after


def _deadlines(exchange: Exchange) -> Listing:
    role = exchange.person.role
    searcher, today = exchange.desk.service.in_use.shelf(), exchange.desk.service.clock.today()
    found = records.deadlines(searcher, today, role)
    items = [Item(due_line(due), place_of(due)) for due in found]
    calendar = _calendar_button(exchange, found, "own")
    if role is None:
        own = [[("Chỉ xem hạn của đơn vị tôi", "i:?")]] if exchange.is_private else []
        return Listing("Thời hạn", items, "Các văn bản đang có không ghi thời hạn nào.", [*own, *calendar])
    empty = f"Các văn bản đang có không ghi hạn nào riêng cho {role.who}."
    return Listing(f"Thời hạn của {role.who}", items, empty, [[("Xem mọi thời hạn", "l:moihan:0")], *calendar])


def _all_deadlines(exchange: Exchange) -> Listing:
    found = records.deadlines(exchange.desk.service.in_use.shelf(), exchange.desk.service.clock.today())
    items = [Item(due_line(due), place_of(due)) for due in found]
    return Listing("Mọi thời hạn", items, "Các văn bản đang có không ghi thời hạn nào.", _calendar_button(exchange, found, "all"))


def _calendar_button(exchange: Exchange, found: list[records.Due], whose: str) -> Buttons:
    return [[(texts.TO_CALENDAR, f"k:{whose}")]] if found and exchange.sends_files else []


def send_calendar(exchange: Exchange, *, is_own: bool) -> None:
    """Send the deadlines listed as a file that calendars take."""
    role = exchange.person.role if is_own else None
    searcher = exchange.desk.service.in_use.shelf()
    found = records.deadlines(searcher, exchange.desk.service.clock.today(), role)
    if not found or not exchange.sends_files:
        exchange.toast(texts.NO_CALENDAR, alert=True)
        return
    exchange.toast()
    read = datetime.fromisoformat(searcher.snapshot.info.created).astimezone(UTC)
    content = calendar(found, Feed(calendar_name(role), "", exchange.desk.service.settings.timezone, read), {})
    exchange.send_file(f"thoi-han-{role.key}.ics" if role else "thoi-han.ics", content, texts.CALENDAR)


def place_of(due: records.Due) -> Place:
    """Return where a deadline stands."""
    return Place(due.provision.document, due.provision.section)


def due_line(due: records.Due) -> list[Run]:
    """Return a deadline as people read it: the day first, what, who to whom, the source; a passed one says so."""
    deadline = due.deadline
    left = records.days_left(due.days) if due.days >= 0 else "đã qua"
    mark = "🔴" if due.days < 0 else "🟡" if due.days <= 7 else "🟢"
    return [
        plain(f"{mark} "),
        bold(due.day),
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


def _contacts(exchange: Exchange) -> Listing:
    items = []
    for listed in records.contacts(exchange.desk.service.in_use.shelf()):
        contact = listed.contact
        lead = contact.name or contact.role or (contact.channel or "Đầu mối").capitalize()
        role = f"\n{contact.role}" if contact.role and contact.role != lead else ""
        place = Place(listed.provision.document, listed.provision.section)
        items.append(Item([bold(lead), plain(role), *_ways(contact), italic(f"\n— {listed.label}")], place))
    return Listing("Đầu mối liên hệ", items, "Các văn bản đang có không ghi đầu mối nào.", [])


def _ways(contact: Contact) -> list[Run]:
    """How to reach somebody: the phone as the source writes it and as every phone dials it, the mail address to be copied."""
    ways: list[Run] = []
    if contact.phone:
        channel = contact.channel or "Điện thoại"
        dialled = dialled_abroad(contact.phone)
        ways.append(plain(f"\n{channel[:1].upper()}{channel[1:]}: {contact.phone}{f' (gọi: {dialled})' if dialled else ''}"))
    if contact.email:
        ways += [plain("\nEmail: "), code(contact.email)]
    return ways


def dialled_abroad(phone: str) -> str:
    """Return a Vietnamese number as chats recognise it to be called (``+842033825187``); empty where it is none, or written so already."""
    number = digits(phone)
    return f"+84{number[1:]}" if not phone.startswith("+") and number.startswith("0") and len(number) in DIALLED else ""


def _procedures(exchange: Exchange) -> Listing:
    items = []
    for listed in records.procedures(exchange.desk.service.in_use.shelf()):
        links = "".join(f"\n🔗 {address}" for address in listed.addresses[:_LINKS])
        text = [plain(_short(listed.provision.text) + links), italic(f"\n— {listed.label}")]
        items.append(Item(text, Place(listed.provision.document, listed.provision.section)))
    return Listing("Hướng dẫn trên phần mềm", items, "Các văn bản đang có không ghi hướng dẫn phần mềm nào.", [])


def _documents(exchange: Exchange) -> Listing:
    found = records.documents(exchange.desk.service.in_use.shelf(), exchange.desk.service.clock.today())
    items = [Item(document_line(listed), Place(listed.document.number, ""), "v") for listed in found]
    whole = sum(listed.document.present for listed in found)
    title = f"Văn bản: {whole} có toàn văn, {len(found) - whole} mới được nhắc tới" if found else "Văn bản"
    return Listing(title, items, "Chưa có văn bản nào.", [])


def document_line(listed: records.ListedDocument) -> list[Run]:
    """Return a document's name, date, title, whether its text is here and, where it is not in force, that."""
    document = listed.document
    state = "✅ có toàn văn" if document.present else "📎 mới được nhắc tới"
    if listed.validity in CAUTIONED:
        state += f" · {validity(listed.validity)}"
    return [
        bold(document.name),
        plain(f"{_issued(document)}\n{_short(document.title)}\n{state}" if document.title else f"{_issued(document)}\n{state}"),
    ]


def _issued(document: Document) -> str:
    day = f" ngày {vietnamese_date(document.issued)}" if document.issued else ""
    return f"{day} của {document.issuer}" if document.issuer else day


def show_document(exchange: Exchange, number: str) -> None:
    """Show a document: what is known of it, where to read it, or where it is named."""
    searcher = exchange.desk.service.in_use.searcher()
    known = [listed for listed in records.documents(searcher, exchange.desk.service.clock.today()) if listed.document.number == number]
    if not known:
        exchange.toast(texts.GONE, alert=True)
        return
    exchange.toast()
    text = document_line(known[0])
    back = [("◀ Danh sách", "l:vanban:0")]
    if known[0].document.present:
        place = Place(number, "")
        exchange.show(_page(exchange, text), [[("Xem nguyên văn", f"t:{place.key}:0")], back], [place])
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
    exchange.show(_page(exchange, text), [*rows, back], places)


LISTS: dict[str, Callable[[Exchange], Listing]] = {
    "han": _deadlines,
    "moihan": _all_deadlines,
    "lienhe": _contacts,
    "quytrinh": _procedures,
    "vanban": _documents,
}
