"""Markdown and text files, in any of the encodings in which Vietnamese circulates."""

from __future__ import annotations

import codecs
import datetime
import re
import unicodedata
from pathlib import Path

import yaml

from ingest.readers.aligned_tables import with_aligned_tables, with_ruled_tables
from ingest.readers.clean import clean
from ingest.readers.contract import Page, Reading
from ingest.readers.layout import is_marker, join_lines
from ingest.readers.legacy import modernise, western_share
from ingest.readers.text_layer import judge
from ingest.readers.text_tables import with_tables
from rag.documents import ReadAs
from rag.errors import ReadError

_LARGEST = 50_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_MOST_DECLARED = 100_000  # characters before the text; the parser of YAML takes its time
_MARGIN = 8
"""Letters by which wrapped lines may be shorter than the longest, besides the word that had no room."""
_PAGE_MARK = re.compile(r"^<!--[ \t]*page[ \t]+(\d{1,6})[ \t]*-->[ \t]*$", re.M | re.I)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{}~])")
_RULE = re.compile(r"[ \t]*-(?:[ \t]*-){2,}[ \t]*")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_TAG = re.compile(r"</?(?:div|p|span|strong|em|b|i|u|sup|sub|center|font)\b[^<>]*>", re.I)
_NOTHING_IN_BOLD = re.compile(r"(?<!\*)\*{4}(?!\*)")
_EMPHASIS = (
    re.compile(r"(?<!\\)(\*{1,3})(?=\S)([^*\n]+)(?<=\S)\1(?!\w)"),
    re.compile(r"(?<![\w\\])(_{1,3})(?=[^\W_])((?:[^_\n]|(?<=\w)_(?=\w))+)(?<=\S)\1(?!\w)"),
)
_FENCE = re.compile(r"[ \t]*:{3,}[^\n:]*:*[ \t]*")
_ATTRIBUTES = re.compile(r"\[([^\[\]\n]+)\]\{[.#][^{}\n]*\}")
_HEADING_ATTRIBUTES = re.compile(r"(?<=\S)[ \t]+\{[.#][^{}\n]*\}$")
_HARD_BREAK = re.compile(r"(?<!\\)\\$")
_DASH = re.compile(r"(?<=[\w)] )--(?= [\w(])")


class _Declared(yaml.SafeLoader):
    """Facts about a document, without references from one to another: a few of these can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)


def read_markdown(path: Path) -> Reading:
    """Read Markdown: front matter goes to ``meta``, ``<!-- page N -->`` begins a page, headings stay ``#`` lines."""
    text, problems = _decode(path)
    meta: dict[str, object] = {}
    if found := _FRONT_MATTER.match(text):
        meta = _front_matter(path, found.group(1))
        text = text[found.end() :]
    marked = bool(meta) or bool(_PAGE_MARK.search(text))
    return Reading(_pages(_without_markup(text), "transcription" if marked else "text"), meta, problems)


def read_text(path: Path) -> Reading:
    """Read a text file; lines wrapped at a fixed width are joined into paragraphs."""
    text, problems = _decode(path)
    read_as: ReadAs = "transcription" if _PAGE_MARK.search(text) else "text"
    lines = with_tables(with_aligned_tables(with_ruled_tables(text.split("\n"))))
    return Reading(_pages(_unwrap("\n".join(lines)), read_as), {}, problems)


def decode(data: bytes) -> tuple[str, str]:
    """Return (text, legacy encoding or ``""``) of bytes in UTF-8, UTF-16, Windows-1258, TCVN3 or VNI.

    Raises ValueError with a Vietnamese reason when the text cannot be made out.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace"), ""
    head = data[:4000]
    if head.count(0) > len(head) / 5:
        little = head[1::2].count(0) >= head[::2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be", errors="replace"), ""
    if b"\0" in head:
        raise ValueError("không phải tệp văn bản")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        windows = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
        if judge(windows).good:
            return windows, ""
        text = data.decode("latin-1")
    text, legacy = modernise(text)
    if not legacy and western_share(text) >= 0.05 and judge(text).valid < 0.75:
        raise ValueError("chữ trong tệp dùng bảng mã lạ; hãy lưu lại tệp bằng Unicode (UTF-8)")
    return text, legacy


def _decode(path: Path) -> tuple[str, tuple[str, ...]]:
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise ReadError(f"Không đọc được {path.name}: tệp văn bản lớn hơn {_LARGEST // 1_000_000} MB.")
    try:
        text, legacy = decode(data)
    except ValueError as error:
        raise ReadError(f"Không đọc được {path.name}: {error}.") from error
    text = clean(text)
    if not text.strip():
        raise ReadError(f"Không đọc được {path.name}: tệp không có chữ nào.")
    problems = []
    if legacy:
        problems.append(f"Chữ theo bảng mã cũ {legacy} đã được đổi sang Unicode; hãy soát lại chữ in hoa.")
    elif (quality := judge(text)).words >= 20 and quality.strong < 0.05:
        problems.append("Văn bản không có dấu tiếng Việt.")
    return text, tuple(problems)


def _front_matter(path: Path, text: str) -> dict[str, object]:
    if len(text) > _MOST_DECLARED:
        raise ReadError(f"Không đọc được {path.name}: phần khai báo giữa hai dòng --- quá dài.")
    try:
        found = yaml.load(text, _Declared)
    except (yaml.YAMLError, ValueError) as error:  # a day that is none, a number of a thousand digits
        raise ReadError(f"Không đọc được {path.name}: phần khai báo giữa hai dòng --- sai cú pháp YAML.") from error
    if not isinstance(found, dict):
        return {}
    return {str(k): v.isoformat() if isinstance(v, datetime.date) else v for k, v in found.items()}


def _without_markup(text: str) -> str:
    """Drop comments, emphasis, layout tags and rules; a word is worth more than its weight."""
    lines = [line for line in _TAG.sub("", _without_comments(text)).split("\n") if not _FENCE.fullmatch(line)]
    lines = [line for line in with_ruled_tables(lines) if not _RULE.fullmatch(line)]
    plain = "\n".join(_plain(_BREAK.sub("\n", line)) for line in with_tables(lines))
    return re.sub(r"\n{3,}", "\n\n", plain)


def _plain(line: str) -> str:
    line = _HARD_BREAK.sub("", _ATTRIBUTES.sub(r"\1", _HEADING_ATTRIBUTES.sub("", _NOTHING_IN_BOLD.sub("", line))))
    line = _DASH.sub("–", line)
    for emphasis in _EMPHASIS:
        line = emphasis.sub(r"\2", line)
    return _ESCAPED.sub(r"\1", line).rstrip()


def _without_comments(text: str) -> str:
    """Leave of the comments only those that say where a page begins."""
    before, *pieces = text.split("<!--")
    kept = [before]
    for piece in pieces:
        comment, closed, rest = piece.partition("-->")
        kept.append(rest if closed and not _PAGE_MARK.match(f"<!--{comment}-->") else f"<!--{piece}")
    return "".join(kept)


def _pages(text: str, read_as: ReadAs) -> tuple[Page, ...]:
    pieces = _PAGE_MARK.split(text)
    before, marked = pieces[0], list(zip(pieces[1::2], pieces[2::2], strict=True))
    if not marked:
        return (Page(0, before.strip(), read_as),)
    pages = [Page(1, before.strip(), read_as)] if before.strip() else []
    for number, body in marked:
        continues = bool(pages) and not re.match(r"\n[ \t]*(?:\n|\Z)", body)
        pages.append(Page(int(number), body.strip("\n"), read_as, continues=continues and bool(body.strip())))
    return tuple(pages)


def _unwrap(text: str) -> str:
    """Join lines that an editor wrapped at a fixed width; text with one paragraph a line stays as it is."""
    lines = text.split("\n")
    lengths = sorted(len(line) for line in lines if line.strip()) or [0]
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if not 50 <= width <= 130 or lengths[-1] > 1.3 * width:
        return "\n".join(line.strip() for line in lines)
    mostly = sum(length > 0.8 * width for length in lengths) >= 0.4 * len(lengths)
    groups: list[list[str]] = []
    for above, line in zip(["", *lines], lines, strict=False):
        is_text = bool(line.strip()) and not line[0].isspace() and "|" not in (line[0], above[:1])
        is_full = len(above) > 0.75 * width or (len(above) > 0.5 * width and len(f"{above} {line.split(' ')[0]}") > width)
        if is_full and is_text and not is_marker(line) and groups and (mostly or _goes_on(above, line, width)):
            groups[-1].append(line.strip())
        else:
            groups.append([line.strip()])
    return "\n".join(join_lines(group) for group in groups)


def _goes_on(above: str, line: str, width: int) -> bool:
    """Whether a sentence goes on from one line to the next: its next word had no room, and it had not ended."""
    first = line.split()[0]
    if above.isupper() or (len(above) + len(first) < width - _MARGIN and not first[0].islower()):
        return False
    return first[0].islower() or not above.rstrip().endswith((".", ":", ";", "!", "?")) or not first[0].isupper()
