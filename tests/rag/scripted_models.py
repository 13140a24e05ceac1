"""A real OpenAI-compatible server that plays scripted models: true ones, liars, and every way to fail.

``ScriptedModels.start(script)`` answers each request with the next step of the script, the last one again and again. A
step is a text, a function from the request's messages to a text, or a ``Fault``, or ``Raw``.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROVISION = re.compile(r'<dieu_khoan so="(\d+)" nguon="[^"]*">\n(.*?)\n\n(.*?)\n</dieu_khoan>', re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """What goes wrong: an HTTP ``status``, or ``kind`` broken, cut, slow, endless, empty."""

    kind: str = ""
    status: int = 200
    text: str = ""


@dataclass(frozen=True)
class Raw:
    """What is written to the wire itself, until the event is set."""

    play: Callable[[BaseHTTPRequestHandler, threading.Event], None]


Step = str | Fault | Raw | Callable[[list[dict]], str]


def chunk(content: str | None, **more: object) -> str:
    """One chunk of a stream, as JSON."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": content} if content else {}, "finish_reason": None}
    choices = [] if "usage" in more else [choice | more]
    head = {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": choices}
    return json.dumps(head | ({"usage": more["usage"]} if "usage" in more else {}))


def truthful(messages: list[dict]) -> str:
    """What a careful model writes: the sentence of the first provision that the extract has most of, cited."""
    asked = messages[1]["content"]
    extract = set(re.search(r"<trich_nguon>(.*?)</trich_nguon>", asked, re.DOTALL)[1].lower().split())
    lines = []
    for number, _, text in PROVISION.findall(asked)[:2]:
        sentences = [s.strip(" -+;") for s in re.split(r"(?<=[.;])\s|\n", text) if len(s) > 30 and "|" not in s]
        if sentences:
            best = max(sentences, key=lambda s: len(extract & set(s.lower().split())))
            lines.append(f"Theo văn bản, {best.rstrip('.;/ ')} [{number}].")
    return "\n".join(lines) or "KHÔNG TRẢ LỜI ĐƯỢC"


UNCLEAR = "cái nớ lúc năm học tổng kết thì răng rứa ad"
"""Goes on from a question about the report at the end of a term; nothing is made of it."""
UNCLEAR_WRITTEN_OUT = "Báo cáo tổng kết năm học nộp ngày nào?"


def helpful(messages: list[dict]) -> str:
    """What a careful model writes, asked for a wording or to write out ``UNCLEAR``."""
    return UNCLEAR_WRITTEN_OUT if "<cau_hoi_truoc>" in messages[1]["content"] else truthful(messages)


class ScriptedModels:
    """The server; ``requests`` are the bodies that came in, ``keys`` their Authorization headers."""

    def __init__(self, *script: Step) -> None:
        self.script = list(script)
        self.requests: list[dict] = []
        self.keys: list[str | None] = []
        self._released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(body)
                server.keys.append(self.headers.get("Authorization"))
                step = server.script[min(len(server.requests), len(server.script)) - 1]
                with suppress(BrokenPipeError, ConnectionResetError):  # the reader may have heard enough
                    server._play(self, step, body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @classmethod
    @contextmanager
    def start(cls, *script: Step):
        models = cls(*script)
        thread = threading.Thread(target=models._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield models
        finally:
            models.release()
            models._server.shutdown()
            models._server.server_close()

    def hold(self) -> None:
        """Have the slow ones wait from now on."""
        self._released.clear()

    def release(self) -> None:
        """Let the slow ones go on."""
        self._released.set()

    def _play(self, handler: BaseHTTPRequestHandler, step: Step, body: dict) -> None:
        if isinstance(step, Raw):
            step.play(handler, self._released)
            return
        fault = step if isinstance(step, Fault) else None
        if fault and fault.status != 200:
            self._json(handler, fault.status, {"error": {"message": f"scripted {fault.status}", "type": "scripted"}})
            return
        text = fault.text if fault else step if isinstance(step, str) else step(body["messages"])
        if fault and fault.kind == "slow":
            self._released.wait(30)
        if body.get("stream"):
            self._stream(handler, text, fault)
        else:
            message = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
            self._json(handler, 200, {"id": "1", "object": "chat.completion", "model": "m", "choices": [message], "usage": usage})

    def _stream(self, handler: BaseHTTPRequestHandler, text: str, fault: Fault | None) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()

        def put(data: str) -> None:
            handler.wfile.write(f"data: {data}\n\n".encode())
            handler.wfile.flush()

        for piece in re.findall(r"\S+\s*", text):
            put(chunk(piece))
        match fault.kind if fault else "":
            case "broken":
                put('{"id": "1", "choices": [{"delta": {"content": "x')
            case "cut":
                handler.connection.close()
                return
            case "endless":
                while not self._released.is_set():
                    put(chunk("và cứ thế tiếp tục mãi không thôi "))
                    time.sleep(0.0005)
            case _:
                put(chunk(None, finish_reason="stop"))
                put(chunk(None, usage={"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}))
        put("[DONE]")

    @staticmethod
    def _json(handler: BaseHTTPRequestHandler, status: int, value: dict) -> None:
        data = json.dumps(value).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
