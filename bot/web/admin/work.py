"""Does one job of the admin page, in a process of its own: what ``tracuu add``, ``edit``, ``remove`` and ``ingest`` do."""

from __future__ import annotations

import contextlib
import io
import logging
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import settings
from bot.web.admin.jobs import Job, Jobs
from bot.web.logs import log_to_stderr
from ingest import additions
from ingest.additions import Addition
from ingest.cli import options
from ingest.cli_corpus import print_outcome
from ingest.given import Given
from ingest.pipeline import ingest
from ingest.printing import doubts_of, facts_of, print_report
from rag.errors import TracuuError

Say = Callable[[str], None]


def do(jobs: Jobs, id: str) -> None:
    """Do the job and note what came of it."""
    job = jobs.get(id)
    assert job is not None
    jobs.took_up(id)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            result = _WORK[job.kind](job, lambda line: jobs.say(id, line))
    except TracuuError as error:
        jobs.end(id, "failed", {"text": str(error)})
    except Exception as error:
        logging.exception("job %s", job.kind)
        jobs.end(id, "failed", {"text": f"Lỗi trong chương trình ({type(error).__name__}). Chỉ mục đang dùng giữ nguyên."})
    else:
        jobs.end(id, "done", result | {"text": printed.getvalue().strip()})


def _check(job: Job, say: Say) -> dict[str, Any]:
    """Read the files as they would be added; returns what was guessed of a single document."""
    seen: list[Addition] = []

    def note(addition: Addition) -> Given:
        seen.append(addition)
        return {}

    chosen = settings.load()
    files = [(Path(path), dict[str, str]()) for path in job.asked["files"]]
    outcome = additions.add(chosen.corpus, chosen.data, files, note, options(False), say, dry_run=True)
    print_outcome(outcome)
    problems = [f"{addition.path.name}: {problem}" for addition in outcome.additions for problem in _problems(addition)]
    single = len(files) == 1 and len(outcome.additions) == 1 and len(outcome.additions[0].documents) == 1
    document = outcome.additions[0].documents[0] if single else None
    guessed = facts_of(document) if document else {}
    doubtful = [name for name, value in guessed.items() if document and value in {doubt.reading for doubt in document.doubts}]
    return {"guessed": guessed, "doubtful": doubtful, "problems": problems, "same": all(addition.same for addition in outcome.additions)}


def _problems(addition: Addition) -> list[str]:
    return [*(sentence for document in addition.documents for sentence in doubts_of(document)), *addition.parsed.problems]


def _add(job: Job, say: Say) -> dict[str, Any]:
    chosen = settings.load()
    files = [(Path(path), dict(job.asked["given"])) for path in job.asked["files"]]
    print_outcome(additions.add(chosen.corpus, chosen.data, files, lambda addition: {}, options(job.asked["force"]), say))
    for path, _ in files:
        shutil.rmtree(path.parent, ignore_errors=True)
    return {}


def _remove(job: Job, say: Say) -> dict[str, Any]:
    chosen = settings.load()
    outcome = additions.remove(chosen.corpus, chosen.data, job.asked["number"], options(False), say)
    print_outcome(outcome)
    return {}


def _edit(job: Job, say: Say) -> dict[str, Any]:
    chosen = settings.load()
    print_outcome(additions.edit(chosen.corpus, chosen.data, job.asked["number"], dict(job.asked["said"]), options(False), say))
    return {}


def _ingest(job: Job, say: Say) -> dict[str, Any]:
    chosen = settings.load()
    print_report(ingest(chosen.corpus, chosen.data, options(job.asked["force"]), progress=say))
    return {}


_WORK: dict[str, Callable[[Job, Say], dict[str, Any]]] = {"check": _check, "add": _add, "remove": _remove, "edit": _edit, "ingest": _ingest}


def main() -> None:
    """Do the job that the command line names."""
    log_to_stderr()
    jobs = Jobs(settings.load().data)
    do(jobs, sys.argv[1])
    jobs.close()


if __name__ == "__main__":
    main()
