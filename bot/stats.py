"""``tracuu stats``: what was asked in all channels, what could not be answered, what people think of it, how fast it was."""

from __future__ import annotations

import csv
import statistics
import sys
import time
from collections import Counter
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.csv_cells import harmless
from bot.journal import OPEN, Aside, Entry, Journal, Suggestion
from bot.loading import load_settings
from bot.people import ROLES
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from bot.zalo.quota import NAME, Quota

KINDS = {
    "deadline": "thời hạn",
    "contact": "đầu mối liên hệ",
    "address": "địa chỉ, phần mềm",
    "document": "văn bản",
    "section": "một mục, một điều",
    "definition": "khái niệm",
    "figure": "số liệu",
    "list": "liệt kê",
    "procedure": "cách làm, quy trình",
    "who": "ai, đơn vị nào",
    "place": "ở đâu",
    "frequency": "bao lâu một lần",
    "yesno": "có hay không",
    "general": "nội dung khác",
    "offered": "chưa chắc",
    "not_found": "không trả lời được",
    "chat": "chào hỏi",
}
OUTCOMES = {"answered": "Trả lời được", "offered": "Chưa chắc", "not_found": "Không trả lời được"}
"""What may come of a question, as people read it."""
_DAY = 86_400
_MOST = 10  # topics
_ENOUGH = 20  # of which a percentage says something
_COLUMNS = (
    "thời gian",
    "kênh",
    "người hỏi (mã)",
    "loại",
    "kết quả",
    "mili giây",
    "đã trích",
    "đánh giá",
    "lý do",
    "vai trò",
    "chủ đề",
    "gửi quản trị viên",
    "câu hỏi bị từ chối hoặc chưa chắc",
)

stats = VietnameseTyper()


@stats.command("stats")
def show(
    days: Annotated[int, typer.Option("--days", min=1, metavar="SỐ", help="Của bao nhiêu ngày gần đây.")] = 30,
    as_csv: Annotated[bool, typer.Option("--csv", help="In từng câu hỏi thành một dòng CSV, mở được bằng bảng tính.")] = False,
) -> None:
    """Thống kê câu hỏi: theo loại, câu bị từ chối hoặc chưa chắc, đánh giá, thời gian trả lời."""
    chosen = load_settings()
    journal = Journal(chosen.state)
    since = time.time() - days * _DAY
    zone = ZoneInfo(chosen.timezone)
    if as_csv:
        _write_csv(journal.entries(since), zone)
    else:
        _print(journal.entries(since), journal.suggestions(since), days, zone)
        _print_unread(journal.aside(since))
        _print_quota(chosen, zone)


def _print_unread(aside: list[Aside]) -> None:
    """What channels brought that nobody could read: of it, only the kind of the fault is known."""
    total = sum(each.times for each in aside)
    lines = [f"{each.channel}, {each.cause}: {each.times}" for each in aside]
    _print_list(open_console(), f"Tin đến không đọc được ({total}):", lines)


def failed(entry: Entry) -> bool:
    """Say whether a question got no answer that stood."""
    return entry.status in OPEN or entry.vote == "down"


def part_of(some: int, of: int) -> str:
    """Return a share in words: as a percentage only where there is enough of it."""
    counted = f"{some} trên {of} câu"
    return f"{100 * some / of:.0f} % ({counted})" if of >= _ENOUGH else counted


def _print(entries: list[Entry], suggestions: list[Suggestion], days: int, zone: ZoneInfo) -> None:
    console = open_console()
    people = len({entry.who for entry in entries})
    console.print(f"{days} ngày qua: {len(entries)} câu hỏi của {people} người", style="bold")
    if not entries and not suggestions:
        return
    _print_shares(console, [entry for entry in entries if entry.status != "chat"])
    _print_kinds(console, entries)
    times = sorted(entry.seconds * 1000 for entry in entries)
    if len(times) > 1:
        console.print(f"Thời gian trả lời: trung vị {statistics.median(times):.0f} ms, p95 {statistics.quantiles(times, n=20)[-1]:.0f} ms")
    votes = Counter(entry.vote for entry in entries)
    console.print(f"Đánh giá: {votes['up']} 👍, {votes['down']} 👎")
    disliked = [entry for entry in entries if entry.vote == "down"]
    _print_list(
        console,
        "Câu trả lời bị chê:",
        [f"{_when(e.asked, zone)} {e.cited or e.question}: {e.reason or '(không ghi lý do)'}" for e in disliked],
    )
    _print_open(console, "Câu bị từ chối", [entry for entry in entries if entry.status == "not_found"])
    _print_open(console, "Câu chưa chắc, chỉ nêu chỗ gần nhất", [entry for entry in entries if entry.status == "offered"])
    sent = [entry for entry in entries if entry.sent]
    _print_list(
        console,
        "Câu người hỏi gửi quản trị viên:",
        [f"{_when(e.sent, zone)} {e.question or e.cited}: {e.note or '(không lời nhắn)'}" for e in sent],
    )
    _print_list(console, "Góp ý:", [f"{_when(each.sent, zone)} {each.words}" for each in suggestions])


def _print_quota(chosen: settings.Settings, zone: ZoneInfo) -> None:
    """How many messages of Zalo's month are used, which cost money or end; where there is a channel of Zalo's."""
    if not chosen.state.has(NAME):
        return
    for channel, name, limit in (("zalo", "Zalo", chosen.zalo_monthly), ("zalo_oa", "Zalo OA", chosen.zalo_oa_monthly)):
        quota = Quota(chosen.state, channel, limit, zone)
        now = time.time()
        if used := quota.used(now):
            most = quota.limit(now)
            open_console().print(f"Tin {name} tháng này: {used}" + (f" trên {most}" if most else ""))
        quota.close()


def _print_shares(console: Console, asked: list[Entry]) -> None:
    """How it went, and the topics and roles that asked most, each with the share that failed."""
    for status, name in OUTCOMES.items():
        console.print(f"{name}: {part_of(sum(entry.status == status for entry in asked), len(asked))}")
    _print_parts(console, "Chủ đề hỏi nhiều nhất, và bao nhiêu câu chưa được việc:", [(entry.topic, entry) for entry in asked])
    roles = [(ROLES[entry.role].name, entry) for entry in asked if entry.role in ROLES]
    _print_parts(console, "Người hỏi theo vai trò, và bao nhiêu câu chưa được việc:", roles)


def _print_parts(console: Console, title: str, named: list[tuple[str, Entry]]) -> None:
    counted = Counter(name for name, _ in named if name)
    bad = Counter(name for name, entry in named if failed(entry))
    _print_list(console, title, [f"{name}: {part_of(bad[name], count)}" for name, count in counted.most_common(_MOST)])


def _print_kinds(console: Console, entries: list[Entry]) -> None:
    table = Table()
    table.add_column("Loại câu hỏi")
    table.add_column("Số câu", justify="right")
    table.add_column("👍", justify="right")
    table.add_column("👎", justify="right")
    for kind, count in Counter(entry.kind for entry in entries).most_common():
        votes = Counter(entry.vote for entry in entries if entry.kind == kind)
        table.add_row(KINDS.get(kind, kind), str(count), str(votes["up"]), str(votes["down"]))
    console.print(table)


def _print_open(console: Console, title: str, entries: list[Entry]) -> None:
    asked = Counter(" ".join(entry.question.split()) for entry in entries)
    why = {" ".join(entry.question.split()): entry.why for entry in entries}
    times = {question: f" ({count} lần)" if count > 1 else "" for question, count in asked.most_common()}
    lines = [f"{question}{often}" + (f": {why[question]}" if why[question] else "") for question, often in times.items()]
    _print_list(console, f"{title} ({asked.total()}):", lines)


def _print_list(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print(title, style="bold")
        for line in lines:
            console.print(f"  - {line}", soft_wrap=True)


def _write_csv(entries: list[Entry], zone: ZoneInfo) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for entry in entries:
        row: list[object] = [_when(entry.asked, zone), entry.channel, entry.who, KINDS.get(entry.kind, entry.kind), entry.status]
        row += [round(entry.seconds * 1000), entry.cited, entry.vote, entry.reason, entry.role, entry.topic]
        row += [" ".join(filter(None, (_when(entry.sent, zone), entry.note))) if entry.sent else "", entry.question]
        writer.writerow([harmless(value) for value in row])


def _when(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%d %H:%M")
