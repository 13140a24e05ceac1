"""Does one job of the admin page, in a process of its own, that can be stopped: adds, edits, removes documents, indexes."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from bot.index_options import options
from bot.loading import load_settings
from bot.settings import Settings
from bot.web.admin import outcomes
from bot.web.admin.cards import cards, told_of
from bot.web.admin.jobs import STOPPED, Job, Jobs
from bot.web.admin.stages import stage_of
from bot.web.admin.uploads import discard
from bot.web.logs import log_to_stderr
from ingest import additions
from ingest.additions import NothingAdded, Outcome
from ingest.pipeline import ingest
from ingest.source_files import corpus_files, extra_files
from rag.errors import IndexDamaged, IndexMissing, TracuuError
from rag.index.published import published

Say = Callable[[str], None]
_ENDING = "Bản chỉ mục mới đã được dùng nên không dừng được nữa; đang làm nốt…"


class Stopped(BaseException):
    """The admin wants the work to stop; whatever was begun is undone on the way out."""


def do(jobs: Jobs, id: str, chosen: Settings) -> None:
    """Do the job and note what came of it."""
    job = jobs.get(id)
    assert job is not None
    files = [Path(file).name for file in job.asked.get("files", [])] or _files_of(chosen)

    def say(line: str) -> None:
        stage = stage_of(line, files)
        jobs.say(id, stage.line, stage.at, stage.total)

    try:
        _let_stop(jobs, id, chosen.data)
        result = _WORK[job.kind](job, chosen, say)
    except Stopped:
        _give_up(job, chosen)
        jobs.end(id, "stopped", {"told": STOPPED})
    except TracuuError as error:
        _give_up(job, chosen)
        jobs.end(id, "failed", outcomes.of_error(error, chosen))
    except Exception as error:
        logging.exception("job %s", job.kind)
        _give_up(job, chosen)
        told = f"Lỗi trong chương trình ({type(error).__name__}). Chỉ mục đang dùng giữ nguyên; hãy báo cho người trông coi máy chủ."
        jobs.end(id, "failed", {"told": told})
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        jobs.end(id, "done", result)


def _files_of(chosen: Settings) -> list[str]:
    return [path.name for path in (*corpus_files(chosen.corpus), *extra_files(chosen.data))]


def _let_stop(jobs: Jobs, id: str, data: Path) -> None:
    """Be stopped by a signal, as long as no new index is in use."""
    before = _published(data)

    def stop(number: int, frame: FrameType | None) -> None:
        if _published(data) != before:
            jobs.go_on(id, _ENDING)
        else:
            raise Stopped

    signal.signal(signal.SIGTERM, stop)


def _published(data: Path) -> list[str]:
    try:
        return published(data)
    except (IndexMissing, IndexDamaged):
        return []


def _give_up(job: Job, chosen: Settings) -> None:
    """Throw away what was uploaded for a check that came to nothing; what failed to be added can be tried again."""
    if job.kind == "check":
        discard(chosen.data, job.asked["files"])


def _check(job: Job, chosen: Settings, say: Say) -> dict[str, Any]:
    """Read the files as they would be added."""
    files = [(Path(path), dict[str, str]()) for path in job.asked["files"]]
    try:
        outcome = additions.add(chosen.corpus, chosen.data, files, lambda addition: {}, options(False), say, dry_run=True)
    except NothingAdded as error:
        outcome = Outcome(skipped=error.skipped)
    found = cards(job.asked["files"], outcome.additions, outcome.skipped, chosen)
    discard(chosen.data, [file for file, card in zip(job.asked["files"], found, strict=True) if card["reason"]])
    return {"cards": found, "told": told_of(found)}


def _add(job: Job, chosen: Settings, say: Say) -> dict[str, Any]:
    files = [(Path(path), dict(given)) for path, given in zip(job.asked["files"], job.asked["given"], strict=True)]
    outcome = additions.add(chosen.corpus, chosen.data, files, lambda addition: {}, options(bool(job.asked.get("force"))), say)
    discard(chosen.data, [*job.asked["files"], *job.asked["left_out"]])
    return outcomes.of_addition(outcome, chosen)


def _remove(job: Job, chosen: Settings, say: Say) -> dict[str, Any]:
    outcome = additions.remove(chosen.corpus, chosen.data, job.asked["number"], options(bool(job.asked.get("force"))), say)
    return outcomes.of_removal(job.asked["number"], outcome, chosen)


def _edit(job: Job, chosen: Settings, say: Say) -> dict[str, Any]:
    said = dict(job.asked["said"])
    outcome = additions.edit(chosen.corpus, chosen.data, job.asked["file"], said, options(bool(job.asked.get("force"))), say)
    return outcomes.of_edit(job.asked["number"], said, outcome, chosen)


def _ingest(job: Job, chosen: Settings, say: Say) -> dict[str, Any]:
    return outcomes.of_ingest(ingest(chosen.corpus, chosen.data, options(bool(job.asked.get("force"))), progress=say), chosen)


_WORK: dict[str, Callable[[Job, Settings, Say], dict[str, Any]]] = {
    "check": _check,
    "add": _add,
    "remove": _remove,
    "edit": _edit,
    "ingest": _ingest,
}


def main() -> None:
    """Do the job that the command line names."""
    log_to_stderr()
    chosen = load_settings()
    jobs = Jobs(chosen.data)
    with jobs.at_work(sys.argv[1]):
        do(jobs, sys.argv[1], chosen)
    jobs.close()


if __name__ == "__main__":
    main()
