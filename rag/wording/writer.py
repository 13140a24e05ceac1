"""The optional language model: it may choose the words of an answer, never its facts.

``Writer.write`` yields what readers may see so far, sentence by sentence, each held to its source (``rag.verification``).
A reply that fails is asked for once more with the fault named, then dropped. Whatever goes wrong with the model, the reader
has the extractive answer already, and no error.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

from rag.documents import Answer, Wording
from rag.errors import TracuuError
from rag.finding.search import Searcher
from rag.language.text import squeeze
from rag.question.understanding import Question
from rag.storage import State
from rag.verification.checker import Checker, Verified
from rag.wording.ledger import Ledger, Limits
from rag.wording.model import Model, ModelFailed
from rag.wording.model_calls import Calls
from rag.wording.prompt import NO_ANSWER, VERSION, Asked, Message, Sends, again, messages, pick, rewrite
from rag.wording.rewritten_question import LONGEST, keeps_to
from rag.wording.sources import Numbered, sources_of

_LOG = logging.getLogger(__name__)
_CITED_END = re.compile(r"\][.,;:!]?(?=\s)")
_NUMBER = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_REWRITE_SECONDS = 10.0  # the first call of a process loads LangChain meanwhile
_LONGEST_PICK = 20  # characters, blanks around the number and all
_PICK_TOKENS = 5


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """How the model is used; ``seconds`` is the most that a reader waits, both tries together."""

    model: str
    url: str | None = None
    seconds: float = 20.0
    limits: Limits = field(default_factory=Limits)
    cache_days: int = 30
    sends: Sends = "conversation"
    rewrites: bool = False


class Writer:
    """Writes the wording of answers. Safe to use from several threads."""

    def __init__(self, options: WriterOptions, state: State, clock: Callable[[], date] = date.today) -> None:
        """``clock`` says which day its cost counts on. Nothing heavy is imported yet.

        Raises ``SettingError`` for a model that cannot be used.
        """
        self._options = options
        self._model = Model(options.model, options.url, options.seconds)
        self._ledger = Ledger(state, options.limits, options.cache_days, clock)
        self._calls = Calls(self._model, self._ledger)

    @property
    def rewrites(self) -> bool:
        """Whether follow-up questions may be written out by the model."""
        return self._options.rewrites and self._options.sends == "conversation"

    @property
    def picks(self) -> bool:
        """Whether the model may be asked which of the offered provisions is meant: the question has to be sent for that."""
        return self._options.sends != "documents"

    def limit(self) -> float:
        """Return until when (``time.monotonic``) somebody waits who begins to wait now, whatever is asked of the model for them."""
        return time.monotonic() + self._options.seconds

    def word(self, searcher: Searcher, answer: Answer, question: Question, topic: str, until: float) -> Iterator[Wording | None]:
        """Yield the wording of an answer as ``write`` does; ``topic`` is what the conversation was about before."""
        return self.write(Asked(question.text, topic, answer.text, tuple(sources_of(searcher, answer, question))), until)

    def write(self, asked: Asked, until: float | None = None) -> Iterator[Wording | None]:
        """Yield the wording as far as it is verified, growing; ``None`` takes back what was yielded. The last one holds.

        It ends at ``until`` (``time.monotonic``) at the latest, by itself at the limit of who begins to wait now.
        """
        try:
            yield from self._write(asked, self.limit() if until is None else until)
        except TimeoutError:  # of the check
            _LOG.warning("Mô hình ngôn ngữ viết quá chậm hoặc quá dài; giữ câu trả lời trích nguồn.")
            yield None
        except ModelFailed as error:
            _LOG.warning("Mô hình ngôn ngữ không trả lời được (%s); giữ câu trả lời trích nguồn.", error)
            yield None
        except TracuuError as error:
            _LOG.warning("Không dùng được sổ của mô hình ngôn ngữ (%s); giữ câu trả lời trích nguồn.", error)
            yield None

    def _write(self, asked: Asked, until: float) -> Iterator[Wording | None]:
        first = messages(asked, self._options.sends)
        key = self._key(first)
        kept = self._ledger.kept(key)
        if kept is not None and (checked := _checker(asked, until).verify(kept)).passed:
            yield self._wording(checked.text, asked)
            return
        reply, checked = yield from self._try(first, asked, until)
        if not checked.passed and reply.strip() and NO_ANSWER not in reply:
            _LOG.info("Bản viết của mô hình không qua kiểm tra: %s", checked.fault)
            yield None
            reply, checked = yield from self._try(again(first, reply, checked.fault), asked, until)
        if checked.passed:
            self._ledger.keep(key, reply)
            self._ledger.count("shown")
            yield self._wording(checked.text, asked)
        else:
            _LOG.info("Bỏ bản viết của mô hình: %s", checked.fault)
            self._ledger.count("dropped")
            yield None

    def _try(self, sent: list[Message], asked: Asked, until: float) -> Generator[Wording, None, tuple[str, Verified]]:
        """Yield the verified beginning of one reply as it grows; return the reply and what it is worth."""
        reply, seen, shown = "", 0, ""
        checker = _checker(asked, until)
        with closing(self._calls.make(sent, until)) as pieces:
            for piece in pieces:
                begin = max(seen, len(reply) - 2)  # a citation may end in the piece before
                reply += piece
                end = max((match.end() for match in _CITED_END.finditer(reply, begin)), default=seen)
                if end == seen:
                    continue
                seen = end
                checked = checker.verify(reply[:end], whole=False)
                if checked.fault:
                    return reply, checked  # what comes after it is no use
                if checked.sound != shown:
                    shown = checked.sound
                    yield self._wording(shown, asked)
        return reply, checker.verify(reply)

    def _key(self, sent: list[Message]) -> str:
        content = "\n".join((f"{VERSION} {self._model.provider} {self._model.name} {self._options.url}", *(text for _, text in sent)))
        return hashlib.sha256(content.encode()).hexdigest()

    def _wording(self, text: str, asked: Asked) -> Wording:
        """Number the citations in the order in which the text has them."""
        order: dict[int, int] = {}

        def renumbered(match: re.Match[str]) -> str:
            numbers = [int(number) for number in re.findall(r"\d+", match.group(1))]
            return "".join(f"[{order.setdefault(number, len(order) + 1)}]" for number in numbers)

        text = _NUMBER.sub(renumbered, text)
        return Wording(text, tuple(asked.sources[number - 1].citation for number in order), self._model.name)

    def rewrite(self, question: str, topic: str, until: float) -> str:
        """Return a follow-up question written out, empty where the model has none that keeps to the words of the two."""
        soon = min(until, time.monotonic() + _REWRITE_SECONDS)
        try:
            written = squeeze(self._short(rewrite(question, topic), soon, LONGEST)).strip("“”\"' ")
        except (ModelFailed, TracuuError) as error:
            _LOG.warning("Mô hình ngôn ngữ không viết lại được câu hỏi (%s).", error)
            return ""
        if not keeps_to(written, question, topic):
            _LOG.info("Bỏ câu hỏi viết lại (%d ký tự): thêm hoặc bớt điều được hỏi.", len(written))
            return ""
        _LOG.info("Câu hỏi %d ký tự được viết lại thành %d ký tự.", len(question), len(written))
        return written

    def pick(self, question: str, topic: str, offered: Sequence[Numbered], until: float) -> int:
        """Return the number (from 1) of the offered provision that the model takes to answer a question; 0 where it names none.

        Anything but one of the numbers counts as none, and so does a model that fails.
        """
        sent = pick(question, topic if self._options.sends == "conversation" else "", offered)
        try:
            reply = self._short(sent, until, _LONGEST_PICK, _PICK_TOKENS)
        except (ModelFailed, TracuuError) as error:
            _LOG.warning("Mô hình ngôn ngữ không chọn được mục (%s).", error)
            return 0
        numbers = [str(number) for number in range(1, len(offered) + 1)]
        return int(reply) if reply.strip() in numbers else 0

    def _short(self, sent: Sequence[Message], until: float, longest: int, *expected: int) -> str:
        """Return a reply; of one that is too long, what makes it so."""
        reply = ""
        with closing(self._calls.make(sent, until, *expected)) as pieces:
            for piece in pieces:
                reply += piece
                if len(reply) > longest:
                    break
        return reply


def _checker(asked: Asked, until: float) -> Checker:
    return Checker([numbered.source for numbered in asked.sources], until)
