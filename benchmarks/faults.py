"""How long a reader waits whatever a model does wrong, and what it costs after that: ``make bench-faults``.

Every fault of ``tests/rag/model_faults.py`` is played to ``Assistant.stream``, to ``Wordings`` (the page, the API and Telegram) and to
the terminal's printing, each with a limit of one second.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console

from bot.render import print_as_it_comes
from bot.wordings import Wordings
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.choosing.chooser import Levels, shipped_chooser
from rag.question.conversation import Conversation
from rag.wording.writer import Writer, WriterOptions
from tests.rag.model_faults import FAULTS, TRUE
from tests.rag.scripted_models import ScriptedModels

REPO = Path(__file__).resolve().parent.parent
TODAY = date(2025, 11, 1)
LIMIT = 1.0
QUESTION = "Dữ liệu giáo viên, nhân viên phải nhập xong trước mấy giờ ngày nào?"


def main() -> None:
    """Print how long each channel waits for each fault, and what the process does in the second after the last one."""
    shipped_chooser().levels = Levels(answer=0.3, offer=0.1, answer_without_bank=0.3)
    with _opened() as (assistant, models):
        channels: dict[str, Callable[[], None]] = {
            "stream": lambda: _drain(assistant),
            "wordings": lambda: asyncio.run(_read(assistant)),
            "terminal": lambda: print_as_it_comes(assistant.stream(QUESTION), Console(file=io.StringIO())),
        }
        print(f"{'':46}" + "".join(f"{name:>10}" for name in channels) + f"{'sau đó':>10}")
        longest = dict.fromkeys(channels, 0.0)
        for fault, step in FAULTS.items():
            waited = {}
            for name, ask in channels.items():
                models.release()
                models.hold()
                models.requests.clear()
                models.script = [step]
                waited[name] = _timed(ask)
            longest = {name: max(longest[name], waited[name]) for name in channels}
            models.release()
            after = _busy()
            print(f"{fault:46}" + "".join(f"{seconds:10.2f}" for seconds in waited.values()) + f"{after:10.2f}")
        print(f"{'lâu nhất':46}" + "".join(f"{seconds:10.2f}" for seconds in longest.values()))
        print(f"giới hạn {LIMIT:.0f} giây; luồng đọc mô hình còn lại: {sum(thread.name == 'llm' for thread in threading.enumerate())}")


@contextmanager
def _opened() -> Iterator[tuple[Assistant, ScriptedModels]]:
    """An assistant over the made-up directive, whose model has loaded all that it needs, and the server that plays it."""
    with tempfile.TemporaryDirectory() as folder, ScriptedModels.start(TRUE) as models:
        corpus, data = Path(folder) / "corpus", Path(folder) / "data"
        corpus.mkdir()
        shutil.copy(REPO / "tests/data/1422-SGDDT-CNTT.md", corpus)
        ingest(corpus, data)
        patient = Writer(WriterOptions("openai:scripted", models.url, seconds=60.0), data)
        Assistant(data, today=TODAY, writer=patient).ask(QUESTION)
        hurried = Writer(WriterOptions("openai:scripted", models.url, seconds=LIMIT, cache_days=0), data)
        yield Assistant(data, today=TODAY, writer=hurried), models


def _drain(assistant: Assistant) -> None:
    for _ in assistant.stream(QUESTION):
        pass


async def _read(assistant: Assistant) -> None:
    given = assistant.ask(QUESTION, plain=True)
    wordings = Wordings(assistant, LIMIT)
    growing = wordings.begin(QUESTION, Conversation(), frozenset(), given)
    if growing is not None:
        await growing.last()
    wordings.close()


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _busy() -> float:
    """Seconds of processor time in the next half second, of the process that also plays the model, a second after it was let go."""
    time.sleep(LIMIT)
    before = time.process_time()
    time.sleep(LIMIT / 2)
    return time.process_time() - before


if __name__ == "__main__":
    main()
