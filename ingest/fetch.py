"""Downloads documents from official sites: HTTPS, allowed hosts, one at a time, within limits, going on where it broke off."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import httpx

from ingest.readers import SUFFIXES
from rag.errors import ReadError
from rag.language.text import strip_marks

_AGENT = "TraCuu/0.1 (tra cuu van ban giao duc)"
_TYPES = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
}
_UNTYPED = ("", "application/octet-stream", "binary/octet-stream", "application/force-download", "application/download")
_BEGINNINGS = {
    ".pdf": (b"%PDF",),
    ".docx": (b"PK",),
    ".doc": (b"\xd0\xcf\x11\xe0", b"{\\rtf"),
    ".png": (b"\x89PNG",),
    ".jpg": (b"\xff\xd8",),
}
_REDIRECTS = 5
_TRIES = 3
_SECONDS = 900.0  # for one file, however slowly it comes
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be downloaded: from which hosts (``*.gov.vn``), how many bytes at most, how long to pause (seconds).

    ``loopback`` also allows plain HTTP from this machine, for tests.
    """

    hosts: tuple[str, ...]
    largest: int
    pause: float
    loopback: bool = False


def allow(url: str, rules: Rules) -> httpx.URL:
    """Return the address, if it may be downloaded from. Raises ``ReadError``."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise ReadError(f"Không tải được {url}: địa chỉ viết sai.") from error
    if rules.loopback and parsed.host in _LOOPBACK:
        return parsed
    if parsed.scheme != "https" or parsed.port not in (None, 443):
        raise ReadError(f"Không tải {url}: chỉ tải qua https.")
    if not any(fnmatchcase(parsed.host.lower(), pattern.lower()) for pattern in rules.hosts):
        raise ReadError(f"Không tải {url}: máy chủ {parsed.host} không có trong TRACUU_FETCH_HOSTS ({', '.join(rules.hosts)}).")
    return parsed


def download(url: str, folder: Path, rules: Rules, progress: Callable[[str], None], *, name: str = "") -> Path:
    """Download a file into ``folder`` and return it; ``name`` is what it shall be called, without its ending.

    What came before the line broke is kept, and the rest is asked for, now or the next time. Raises ``ReadError``
    (not allowed, too big, no document, no answer) and ``OSError``.
    """
    allow(url, rules)
    folder.mkdir(parents=True, exist_ok=True)
    part = _Part(folder / f".{sha256(url.encode()).hexdigest()[:16]}.part")
    reason = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(rules.pause)
        try:
            return _attempt(url, part, rules, progress, folder, name)
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
    raise ReadError(f"Không tải được {url}: {reason}. Chạy lại lệnh thì phần đã tải được tiếp nối.")


@dataclass(frozen=True, slots=True)
class _Part:
    """The beginning of a file, and by what the server knows that it is still the same file."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def validator(self) -> str:
        try:
            return str(json.loads(self.path.with_suffix(".json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return ""

    def remember(self, response: httpx.Response) -> None:
        tag = response.headers.get("etag", "")
        known = tag if tag and not tag.startswith("W/") else response.headers.get("last-modified", "")
        if response.headers.get("content-encoding", "identity") != "identity":
            known = ""  # what comes is not what lies there byte for byte: no going on
        self.path.with_suffix(".json").write_text(json.dumps(known), encoding="utf-8")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.path.with_suffix(".json").unlink(missing_ok=True)


def _attempt(url: str, part: _Part, rules: Rules, progress: Callable[[str], None], folder: Path, name: str) -> Path:
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    if part.size and part.validator:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    with _answer(url, headers, rules) as response:
        if response.status_code == 416:  # the part is not the beginning of what is there now
            part.forget()
            raise httpx.RemoteProtocolError("tệp trên máy chủ đã đổi")
        if response.status_code not in (200, 206):
            raise ReadError(f"Không tải được {url}: máy chủ trả lời {response.status_code}.")
        suffix = _suffix(url, response)
        goes_on = response.status_code == 206 and response.headers.get("content-range", "").startswith(f"bytes {part.size}-")
        if not goes_on:
            part.forget()
            if response.status_code == 206:
                raise httpx.RemoteProtocolError("máy chủ gửi một đoạn không được hỏi")
        part.remember(response)
        _receive(url, response, part, rules, progress)
    _check_beginning(url, part, suffix)
    target = folder / f"{_safe(name or _named(url, response))}{suffix}"
    part.path.replace(target)
    part.forget()
    return target


@contextmanager
def _answer(url: str, headers: dict[str, str], rules: Rules) -> Iterator[httpx.Response]:
    """Ask, and follow redirects as far as each of them is allowed."""
    with httpx.Client(timeout=httpx.Timeout(30.0), follow_redirects=False, headers=headers) as client:
        address = allow(url, rules)
        for _ in range(_REDIRECTS):
            with client.stream("GET", address) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                address = allow(str(address.join(response.headers["location"])), rules)
        raise ReadError(f"Không tải được {url}: chuyển hướng quá {_REDIRECTS} lần.")


def _receive(url: str, response: httpx.Response, part: _Part, rules: Rules, progress: Callable[[str], None]) -> None:
    total = part.size
    too_big = ReadError(f"Không tải {url}: tệp lớn hơn {rules.largest // 1_000_000} MB (TRACUU_FETCH_MEGABYTES).")
    expected = int(response.headers["content-length"]) + total if response.headers.get("content-length", "").isdigit() else 0
    if expected > rules.largest:
        raise too_big
    limit = time.monotonic() + _SECONDS
    with part.path.open("ab") as file:
        for chunk in response.iter_bytes():
            total += len(chunk)
            if total > rules.largest:
                part.forget()
                raise too_big
            if time.monotonic() > limit:
                raise httpx.ReadTimeout(f"quá {_SECONDS:.0f} giây")
            file.write(chunk)
    progress(f"Đã tải {total / 1e6:.1f} MB từ {url}")


def _suffix(url: str, response: httpx.Response) -> str:
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in _TYPES:
        return _TYPES[kind]
    suffix = Path(_disposition(response) or unquote(httpx.URL(url).path)).suffix.lower()
    if kind in _UNTYPED and suffix in SUFFIXES:
        return suffix
    raise ReadError(f"Không tải {url}: loại tệp “{kind or suffix}” không đọc được.")


def _check_beginning(url: str, part: _Part, suffix: str) -> None:
    expected = _BEGINNINGS.get(suffix)
    with part.path.open("rb") as file:
        beginning = file.read(1024).lstrip()
    if expected and not beginning.startswith(expected):
        part.forget()
        raise ReadError(f"Không tải được {url}: máy chủ nói là {suffix} nhưng nội dung không phải.")


def _named(url: str, response: httpx.Response) -> str:
    path = Path(_disposition(response) or unquote(httpx.URL(url).path))
    return path.stem or httpx.URL(url).host


def _disposition(response: httpx.Response) -> str:
    message = Message()
    message["content-disposition"] = response.headers.get("content-disposition", "")
    return Path(message.get_filename() or "").name


def _safe(name: str) -> str:
    """Return a file name of letters, digits, dots and dashes (``13/2023/NĐ-CP`` → ``13-2023-ND-CP``)."""
    return re.sub(r"[^\w.]+", "-", strip_marks(name)).strip("-.")[:120] or "van-ban"
