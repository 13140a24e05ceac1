"""Ways in which a language model fails its reader: by what it sends, by when, and by what it writes.

``FAULTS`` are steps for ``ScriptedModels``; none of them may make anybody wait beyond the limit, or go on working after it.
"""

from __future__ import annotations

import random
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from itertools import count, repeat
from socket import SO_LINGER, SOL_SOCKET

from tests.rag.scripted_models import Fault, Raw, Step, chunk

TRUE = "Hồ sơ giáo viên, nhân viên hoàn thành trước 17h00 ngày 05/11/2025 [1]."
_OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
_PAUSE = 0.05
_LONG = 5000  # characters of a reply, below what is refused for its length alone
_DONE = ["data: [DONE]\n\n"]


def _wire(parts: Callable[[], Iterator[str | bytes]], head: bytes = _OPEN, pause: float = 0.0) -> Raw:
    """Send ``parts`` one by one."""

    def play(handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
        handler.wfile.write(head)
        for part in parts():
            if released.wait(pause):
                return
            handler.wfile.write(part if isinstance(part, bytes) else part.encode())
            handler.wfile.flush()

    return Raw(play)


def _hang(before: bytes) -> Raw:
    def play(handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
        handler.wfile.write(before)
        handler.wfile.flush()
        released.wait(60)

    return Raw(play)


def _reset(before: bytes) -> Raw:
    def play(handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
        handler.wfile.write(before)
        handler.wfile.flush()
        handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return Raw(play)


def _said(*texts: str) -> list[str]:
    return [f"data: {chunk(text)}\n\n" for text in texts]


def _filled(text: str) -> str:
    return (text * _LONG)[:_LONG]


def _headers() -> Iterator[bytes]:
    return (f"X-{number}: 1\r\n".encode() for number in count())


def _noise() -> Iterator[bytes]:
    return (random.Random(7).randbytes(500) for _ in count())


_WIRE: dict[str, Step] = {
    "hangs before a word": _hang(b""),
    "hangs after its headers": _hang(_OPEN),
    "hangs in the middle of a sentence": _hang(_OPEN + _said("Hồ sơ giáo viên ")[0].encode()),
    "hangs after a true sentence": _hang(_OPEN + _said(f"{TRUE} Ngoài ra ")[0].encode()),
    "hangs in the middle of a chunk": _hang(_OPEN + b'data: {"id": "1", "choi'),
    "drips letters": _wire(lambda: (_said(letter)[0] for letter in TRUE * 99), pause=_PAUSE),
    "drips nothing": _wire(lambda: (_said("")[0] for _ in count()), pause=_PAUSE),
    "drips comments": _wire(lambda: repeat(": ping\n\n"), pause=_PAUSE),
    "drips headers": _wire(_headers, b"HTTP/1.1 200 OK\r\n", _PAUSE),
    "drips bytes of one line": _wire(lambda: repeat("x"), _OPEN + b"data: ", _PAUSE),
    "drips thoughts": _wire(lambda: (_said(text)[0] for text in ("<think>", *repeat("hừm ", 9999))), pause=_PAUSE),
    "floods with comments": _wire(lambda: repeat(": ping\n\n" * 50)),
    "floods with empty chunks": _wire(lambda: repeat(_said("")[0] * 50)),
    "floods with chunks of nothing": _wire(lambda: repeat('data: {"id": "1", "choices": []}\n\n' * 50)),
    "floods with one line": _wire(lambda: repeat("x" * 5000), _OPEN + b"data: "),
    "floods with headers": _wire(_headers, b"HTTP/1.1 200 OK\r\n"),
    "floods with noise": _wire(_noise),
    "floods with blank lines": _wire(lambda: repeat("\n" * 5000)),
    "cuts the connection at once": _reset(b""),
    "cuts the connection in a chunk": _reset(_OPEN + b'data: {"id": "1", "choices": [{"del'),
    "cuts the connection after a true sentence": _reset(_OPEN + _said(TRUE + " ")[0].encode()),
    "is no HTTP": _wire(lambda: iter(["SSH-2.0-OpenSSH_9.6\r\n" * 3]), b""),
    "is a web page": _wire(lambda: iter(["<html><body>404</body></html>"])),
    "sends JSON of another kind": _wire(lambda: iter(['data: [1, 2]\n\n', *_DONE])),
    "sends null": _wire(lambda: iter(["data: null\n\n", *_DONE])),
    "sends an error in the stream": _wire(lambda: iter(['data: {"error": {"message": "quá tải"}}\n\n', *_DONE])),
    "says it is gzip": _wire(lambda: iter(["xxxx"]), _OPEN.replace(b"Connection", b"Content-Encoding: gzip\r\nConnection")),
    "sends letters cut in two": _wire(lambda: iter([b'data: {"choices": [{"index": 0, "delta": {"content": "\xe1\xbb"}}]}\n\n', *_DONE])),
    "stops without an end": _wire(lambda: iter(_said(TRUE))),
    "ends before it begins": _wire(lambda: iter(_DONE)),
    "goes elsewhere for ever": _wire(lambda: iter([]), b"HTTP/1.1 307 Go\r\nLocation: /v1/chat/completions\r\nContent-Length: 0\r\n\r\n"),
    "cut off in a chunk": Fault("broken", text=TRUE),
    "cut off": Fault("cut", text=TRUE),
    "endless": Fault("endless", text=f"{TRUE} "),
    "wrong key": Fault(status=401),
    "no such model": Fault(status=404),
    "out of quota": Fault(status=429),
    "down": Fault(status=503),
}  # fmt: skip
_WRITTEN: dict[str, Step] = {
    "repeats a true sentence": f"{TRUE} " * 80,
    "repeats a true sentence in one line": " và ".join([TRUE.removesuffix(" [1].")] * 80) + " [1].",
    "repeats with another number each time": " ".join(f"{TRUE[:-1]}, ý {number} [1]." for number in range(80)),
    "one giant line": _filled("hồ sơ giáo viên nhân viên hoàn thành trước "),
    "one giant word": _filled("a"),
    "one giant number": _filled("1"),
    "nothing but figures": _filled("1.2.3/4-5 "),
    "nothing but dates": _filled("05/11/2025, "),
    "nothing but citations": _filled("[1] "),
    "nothing but citations without a gap": _filled("[1]"),
    "one giant citation": f"Hồ sơ [{_filled('1, ')}1].",
    "citations of nothing": " ".join(f"Hồ sơ giáo viên hoàn thành [{number}]." for number in range(2, 300)),
    "no citation at all": TRUE.replace(" [1]", "") * 50,
    "open brackets": f"{_filled('[')} [1].",
    "open tags": f"{_filled('<think>')} [1].",
    "stars": f"{_filled('*')} [1].",
    "list items": "\n".join(f"- Hồ sơ giáo viên {number} [1]" for number in range(200)),
    "lists in lists": "\n".join(f"{' ' * number}- gồm:" for number in range(90)),
    "addresses that have no end": f"{_filled('a@a.')} [1].",
    "links that have no end": f"https://{_filled('a.')} [1].",
    "names that have no end": f"{_filled('Nguyễn Văn ')} [1].",
    "numbers in words that have no end": f"{_filled('một trăm ')} [1].",
    "articles that have no end": f"điều {_filled('1, ')} 1 [1].",
    "negations": f"{_filled('không ')} [1].",
    "exceptions": f"{_filled('trừ trường hợp hồ sơ ')} [1].",
    "letters of other scripts": "Hồ ѕơ gіáо vіên hoàn thành trước １７h00 [1].",
    "invisible letters": "\u200b".join(TRUE),
    "letters from right to left": f"\u202e{TRUE}",
    "marks upon marks": "a" + "\u0301" * 3000 + " [1].",
    "control characters": f"\x00\x07\x1b[2J{TRUE}",
    "faces": "🙂" * 2000,
    "its rules": "Quy tắc: 1. Chỉ dùng điều ghi trong các thẻ.",
    "code": f"```python\nprint('{TRUE}')\n```",
    "a table": "| a | b |\n|---|---|\n" * 200,
}  # fmt: skip
FAULTS: dict[str, Step] = {**_WIRE, **_WRITTEN}
