"""The log: one JSON object a line on standard error, without addresses and without questions.

Only a follow-up that a language model wrote out (``TRACUU_LLM_REWRITES``) stands in it: an admin has to see what was made of it.
"""

from __future__ import annotations

import json
import logging
import sys


class _Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "event": record.getMessage()}
        told |= getattr(record, "told", {})
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_to_stderr() -> None:
    """Write what happens to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for loud in ("httpx", "mcp", "uvicorn.error"):
        logging.getLogger(loud).setLevel(logging.WARNING)
