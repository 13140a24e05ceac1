"""A LangChain chat model behind a time limit: text as it comes, or one error for all that can go wrong.

LangChain takes seconds to load, so it is imported when the first question needs it, never before.
"""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rag.errors import SettingError
from rag.wording.prompt import Message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_LONGEST = 6000  # characters: a reply that goes on is babble
_MOST_BYTES = 4_000_000  # of a whole response, what is no text counted too
_MOST_TOKENS = 1200
_PROVIDERS = {"openai": "langchain_openai", "ollama": "langchain_ollama"}
_FINISH = ("finish_reason", "done_reason", "stop_reason")
_OTHERS = ("anthropic", "azure_openai", "azure_ai", "google_genai", "google_vertexai", "mistralai", "groq", "deepseek", "xai", "bedrock")
_FIXED_TEMPERATURE = re.compile(r"(?:o\d|gpt-5)")  # these refuse any other than their own


TIME_IS_UP = "quá thời gian chờ"


class ModelFailed(Exception):
    """The model gave no whole reply: down, slow, refused, out of quota, cut off, babbling. The message says which."""


@dataclass(slots=True)
class Usage:
    """Tokens of one call; estimated (three characters a token) until the model says."""

    tokens_in: int
    tokens_out: int = 0


@dataclass(frozen=True)
class _End:
    error: Exception | None = None


class Model:
    """One chat model, opened at the first call. Safe to use from several threads."""

    def __init__(self, name: str, url: str | None, seconds: float) -> None:
        """``name`` is ``provider:model`` of LangChain's ``init_chat_model``. Raises ``SettingError`` for one that cannot be used."""
        self.provider, self.name = _parsed(name, url)
        self._url = url
        self._seconds = seconds
        self._lock = threading.Lock()
        self._opened: BaseChatModel | None = None
        self._reading = threading.local()  # in each thread that reads: whether its reader has stopped

    def stream(self, messages: Sequence[Message], until: float, usage: Usage) -> Iterator[str]:
        """Yield the text of a reply as it comes, until ``until`` (``time.monotonic``); ``usage`` is brought up to date.

        Raises ``ModelFailed``. Whoever stops early stops the model too.
        """
        pieces: queue.SimpleQueue[str | Usage | _End] = queue.SimpleQueue()
        stopped = threading.Event()
        threading.Thread(target=self._read, args=(messages, pieces, stopped), daemon=True, name="llm").start()
        length = 0
        try:
            while not isinstance(piece := _next(pieces, until), _End):
                if isinstance(piece, Usage):
                    usage.tokens_in, usage.tokens_out = piece.tokens_in, piece.tokens_out
                    continue
                length += len(piece)
                usage.tokens_out = max(usage.tokens_out, length // 3)
                if length > _LONGEST:
                    raise ModelFailed("trả lời dài không dứt")
                yield piece
            if piece.error is not None:
                raise ModelFailed(f"{type(piece.error).__name__}: {str(piece.error)[:200]}") from piece.error
        finally:
            stopped.set()

    def _read(self, messages: Sequence[Message], pieces: queue.SimpleQueue[str | Usage | _End], stopped: threading.Event) -> None:
        """Read the model's stream into ``pieces``, in a thread of its own: a call that hangs holds up nobody."""
        self._reading.stopped = stopped
        try:
            from langsmith import tracing_context

            with tracing_context(enabled=False):  # nothing goes to a third party, whatever the environment says
                finish = ""
                for chunk in self._model().stream(list(messages)):
                    if stopped.is_set():
                        return
                    finish = next((str(chunk.response_metadata[key]) for key in _FINISH if chunk.response_metadata.get(key)), finish)
                    if chunk.usage_metadata:
                        pieces.put(Usage(chunk.usage_metadata["input_tokens"], chunk.usage_metadata["output_tokens"]))
                    pieces.put(str(chunk.text))
            whole = finish not in ("length", "max_tokens") and (finish or self.provider not in _PROVIDERS)
            pieces.put(_End(None if whole else ConnectionError("trả lời bị cắt giữa chừng")))
        except Exception as error:  # handed to the reader, who says what it was
            pieces.put(_End(error))

    def _model(self) -> BaseChatModel:
        with self._lock:
            if self._opened is None:
                from langchain.chat_models import init_chat_model

                self._opened = init_chat_model(self.name, model_provider=self.provider, **self._options())
            return self._opened

    def _options(self) -> dict[str, Any]:
        temperature: dict[str, Any] = {} if _FIXED_TEMPERATURE.match(self.name) else {"temperature": 0}
        if self.provider == "ollama":
            server = {"base_url": self._url} if self._url else {}
            client = {"timeout": self._seconds}
            hooks = {"event_hooks": {"response": [self._watch]}}
            return {"num_predict": _MOST_TOKENS, "client_kwargs": client, "sync_client_kwargs": hooks, **temperature, **server}
        options: dict[str, Any] = {"timeout": self._seconds, "max_retries": 0, "max_tokens": _MOST_TOKENS, **temperature}
        if self._url:
            options["base_url"] = self._url
        if self.provider == "openai":
            options |= {"stream_usage": True, "use_responses_api": False}
            if not os.environ.get("OPENAI_API_KEY"):
                options["api_key"] = "none"  # a server of one's own asks for no key
            if not os.environ.get("OPENAI_PROXY"):  # LangChain makes a client of its own for that
                from openai import DefaultHttpxClient

                options["http_client"] = DefaultHttpxClient(event_hooks={"response": [self._watch]})
        return options

    def _watch(self, response: Any) -> None:  # noqa: ANN401 (of httpx, by whichever name a library has it)
        """Have a response end when nobody reads it any more, also where what comes is no text: libraries skip that in silence."""
        stopped, parts = self._reading.stopped, response.iter_raw
        response.iter_raw = lambda size=None: _read_on(parts(size), stopped)


def _next(pieces: queue.SimpleQueue[str | Usage | _End], until: float) -> str | Usage | _End:
    try:
        if (left := until - time.monotonic()) <= 0:  # also of a flood, where there is always a next one
            raise ModelFailed(TIME_IS_UP)
        return pieces.get(timeout=left)
    except queue.Empty:
        raise ModelFailed(TIME_IS_UP) from None


def _read_on(parts: Iterator[bytes], stopped: threading.Event) -> Iterator[bytes]:
    length = 0
    for part in parts:
        length += len(part)
        if stopped.is_set() or length > _MOST_BYTES:
            raise ConnectionAbortedError("trả lời dài không dứt")
        yield part


def _parsed(name: str, url: str | None) -> tuple[str, str]:
    """``ollama:qwen3:8b`` → provider and model; with an address alone the provider is an OpenAI-compatible server."""
    provider, colon, model = name.strip().partition(":")
    if not colon or (url and provider not in (*_PROVIDERS, *_OTHERS)):
        provider, model = "openai", name.strip()
    package = _PROVIDERS.get(provider, f"langchain_{provider}".replace("langchain_azure_openai", "langchain_openai"))
    if not model or not re.fullmatch(r"[a-z_]+", provider) or provider not in (*_PROVIDERS, *_OTHERS):
        raise SettingError(f"Biến TRACUU_LLM đang là “{name}”: cần nhà_cung_cấp:tên_mô_hình, như openai:gpt-4o-mini hoặc ollama:qwen3:8b.")
    if find_spec(package) is None:
        raise SettingError(
            f"Mô hình “{name}” cần thư viện {package.replace('_', '-')}. Hãy chạy: .venv/bin/pip install {package.replace('_', '-')}"
        )
    own_server = url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    if provider == "openai" and not own_server and not os.environ.get("OPENAI_API_KEY"):
        raise SettingError("Đã đặt TRACUU_LLM nhưng thiếu khóa: hãy đặt OPENAI_API_KEY, hoặc TRACUU_LLM_URL nếu dùng máy chủ riêng.")
    return provider, model
