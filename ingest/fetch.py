"""Downloads documents from official sites: HTTPS, allowed hosts, one at a time, within limits, going on where it broke off."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import httpx

from ingest.filenames import cut
from ingest.readers import by_suffix, media_types
from ingest.readers.beginnings import SIGNED, sign_of
from rag.errors import ReadError
from rag.language.text import strip_marks

_AGENT = "TraCuu/0.1 (tra cuu van ban giao duc)"
_UNTYPED = ("", "application/octet-stream", "binary/octet-stream", "application/force-download", "application/download")
_ENCODINGS = ("identity", "gzip", "deflate")
"""How a file may come: at most packed once, so that no small piece unpacks to more than memory holds."""
_REDIRECTS = 5
_TRIES = 3
_SECONDS = 900.0  # for one file, all tries together, however slowly it comes
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_INCOMPLETE = (20, 21)  # what OpenSSL calls a chain that does not reach a root
_LONGEST = 120  # bytes of a name, without its ending
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_GOES_ON = "Chạy lại lệnh thì phần đã tải được tiếp nối."


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be downloaded: from which hosts (``*.gov.vn``), how many bytes at most, how long to pause (seconds).

    ``authorities``: a PEM file of certificates that are trusted beside the usual roots. ``loopback`` also allows this machine and plain
    HTTP from it, for tests.
    """

    hosts: tuple[str, ...]
    largest: int
    pause: float
    authorities: Path | None = None
    loopback: bool = False


def allow(url: str, rules: Rules) -> httpx.URL:
    """Return the address, if it may be downloaded from. Raises ``ReadError``."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise ReadError(f"Không tải được {url}: địa chỉ viết sai.") from error
    if rules.loopback and parsed.host in _LOOPBACK:
        return parsed
    host = parsed.raw_host.decode("ascii", errors="replace").lower()
    if not _HOST.fullmatch(host) or parsed.userinfo or "\\" in url:
        raise ReadError(f"Không tải {url}: địa chỉ viết sai.")
    if parsed.scheme != "https" or parsed.port not in (None, 443):
        raise ReadError(f"Không tải {url}: chỉ tải qua https.")
    if not any(fnmatchcase(host, pattern.lower()) for pattern in rules.hosts):
        raise ReadError(f"Không tải {url}: máy chủ {host} không có trong TRACUU_FETCH_HOSTS ({', '.join(rules.hosts)}).")
    return parsed


def download(url: str, folder: Path, rules: Rules, progress: Callable[[str], None], *, name: str = "") -> Path:
    """Download a file and return it; ``name`` is what it shall be called, without its ending.

    Below ``folder`` each address has a folder of its own, so that none replaces the file of another. What came before the line
    broke is kept, and the rest is asked for, now or the next time. Raises ``ReadError`` (not allowed, too big, no document, no
    answer) and ``OSError``.
    """
    allow(url, rules)
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / sha256(url.encode()).hexdigest()[:16]
    part = _Part(folder / f".{own.name}.part")

    async def in_time() -> Path:
        async with asyncio.timeout(_SECONDS):
            return await _tried(url, part, rules, progress, own, name)

    try:
        return asyncio.run(in_time())
    except TimeoutError:
        raise ReadError(f"Không tải được {url}: quá {_SECONDS:.0f} giây. {_GOES_ON}") from None


async def _tried(url: str, part: _Part, rules: Rules, progress: Callable[[str], None], folder: Path, name: str) -> Path:
    reason = ""
    for attempt in range(_TRIES):
        if attempt:
            await asyncio.sleep(rules.pause)
        try:
            return await _attempt(url, part, rules, progress, folder, name)
        except httpx.HTTPError as error:
            if distrusted := _certificate_error(error):
                raise ReadError(f"Không tải được {url}: {_why_distrusted(distrusted)}") from error
            reason = str(error) or type(error).__name__
    raise ReadError(f"Không tải được {url}: {reason}. {_GOES_ON}")


def _certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause


def _why_distrusted(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code not in _INCOMPLETE:
        return f"chứng thư của máy chủ không đáng tin ({error.verify_message}); hãy báo cho nơi quản lý trang ấy."
    return (
        "máy chủ không gửi đủ chuỗi chứng thư, nên không kiểm tra được đó có đúng là máy chủ ấy không. "
        "Mở trang bằng trình duyệt, bấm ổ khóa, xuất chứng thư của nhà cấp (chứng thư trung gian) ra tệp PEM, "
        "rồi đặt TRACUU_FETCH_CA bằng tệp ấy; không có cách tắt kiểm tra."
    )


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


async def _attempt(url: str, part: _Part, rules: Rules, progress: Callable[[str], None], folder: Path, name: str) -> Path:
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    if part.size and part.validator:
        headers |= {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    async with _answer(url, headers, rules) as response:
        if response.status_code == 416:  # the part is not the beginning of what is there now
            part.forget()
            raise httpx.RemoteProtocolError("tệp trên máy chủ đã đổi")
        if response.status_code not in (200, 206):
            raise ReadError(f"Không tải được {url}: máy chủ trả lời {response.status_code}.")
        if response.headers.get("content-encoding", "identity").lower() not in ("", *_ENCODINGS):
            raise ReadError(f"Không tải {url}: máy chủ gửi tệp nén nhiều lớp, hoặc theo cách không đọc được.")
        suffix = _suffix(url, response)
        goes_on = response.status_code == 206 and response.headers.get("content-range", "").startswith(f"bytes {part.size}-")
        if not goes_on:
            part.forget()
            if response.status_code == 206:
                raise httpx.RemoteProtocolError("máy chủ gửi một đoạn không được hỏi")
        part.remember(response)
        await _receive(url, response, part, rules, progress)
    _check_beginning(url, part, suffix)
    target = folder / f"{_safe(name or _named(url, response))}{suffix}"
    folder.mkdir(exist_ok=True)
    part.path.replace(target)
    part.forget()
    return target


@asynccontextmanager
async def _answer(url: str, headers: dict[str, str], rules: Rules) -> AsyncIterator[httpx.Response]:
    """Ask, and follow redirects as far as each of them is allowed."""
    async with httpx.AsyncClient(timeout=30.0, follow_redirects=False, headers=headers, verify=_trusted(rules)) as client:
        address = allow(url, rules)
        for _ in range(_REDIRECTS):
            async with client.stream("GET", address) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                address = allow(str(address.join(response.headers["location"])), rules)
        raise ReadError(f"Không tải được {url}: chuyển hướng quá {_REDIRECTS} lần.")


def _trusted(rules: Rules) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if rules.authorities:
        try:
            context.load_verify_locations(rules.authorities)
        except (OSError, ssl.SSLError) as error:
            raise ReadError(f"Không đọc được chứng thư ở {rules.authorities} (TRACUU_FETCH_CA); cần một tệp PEM.") from error
    return context


async def _receive(url: str, response: httpx.Response, part: _Part, rules: Rules, progress: Callable[[str], None]) -> None:
    total = part.size
    too_big = ReadError(f"Không tải {url}: tệp lớn hơn {rules.largest // 1_000_000} MB (TRACUU_FETCH_MEGABYTES).")
    expected = int(response.headers["content-length"]) + total if response.headers.get("content-length", "").isdigit() else 0
    if expected > rules.largest:
        raise too_big
    with part.path.open("ab") as file:
        async for chunk in response.aiter_bytes():
            total += len(chunk)
            if total > rules.largest:
                part.forget()
                raise too_big
            file.write(chunk)
    progress(f"Đã tải {total / 1e6:.1f} MB từ {url}")


def _suffix(url: str, response: httpx.Response) -> str:
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if found := media_types().get(kind):
        return found
    suffix = Path(_disposition(response) or unquote(httpx.URL(url).path)).suffix.lower()
    if kind in _UNTYPED and suffix in by_suffix():
        return suffix
    raise ReadError(f"Không tải {url}: loại tệp “{kind or suffix}” không đọc được.")


def _check_beginning(url: str, part: _Part, suffix: str) -> None:
    with part.path.open("rb") as file:
        beginning = file.read(1024).lstrip()
    if suffix in SIGNED and sign_of(beginning) != suffix:
        part.forget()
        raise ReadError(f"Không tải được {url}: máy chủ nói là {suffix} nhưng nội dung không phải.")


def _named(url: str, response: httpx.Response) -> str:
    """Return the name that the server says, else that of the address with what is asked there (``tai-ve?id=1``)."""
    address = httpx.URL(url)
    if said := Path(_disposition(response)).stem:
        return said
    asked = unquote(address.query.decode("ascii", errors="replace"))
    return "-".join(filter(None, [Path(unquote(address.path)).stem or address.host, asked]))


def _disposition(response: httpx.Response) -> str:
    message = Message()
    message["content-disposition"] = response.headers.get("content-disposition", "")
    return Path(message.get_filename() or "").name


def _safe(name: str) -> str:
    """Return a file name of letters, digits, dots and dashes (``13/2023/NĐ-CP`` → ``13-2023-ND-CP``)."""
    return cut(re.sub(r"[^\w.]+", "-", strip_marks(name)).strip("-."), _LONGEST) or "van-ban"
