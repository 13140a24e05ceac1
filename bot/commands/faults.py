"""How a command says what went wrong: one line on standard error."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from rag.errors import AnswerFailed, TracuuError


def fail(message: str, code: int = 2) -> int:
    """Say it, and return the exit code."""
    print(" ".join(message.split()), file=sys.stderr)
    return code


def with_place(error: TracuuError) -> str:
    """Return what went wrong, with the place of its cause in the program where it was a fault of that."""
    return f"{error} ({place_of(error.__cause__)})" if isinstance(error, AnswerFailed) and error.__cause__ else str(error)


def place_of(error: BaseException) -> str:
    """Return the kind of an error, and where in the program it was raised."""
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" ở {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__}{where}"
