"""What was read in the questions of the bank, kept for the next time: what the documents know is all that changes between two builds."""

from __future__ import annotations

from pathlib import Path

from rag.disk import keep_json, kept_json
from rag.question.understanding import Reading


class Readings:
    """The readings of questions by their text, from ``file`` where that has them; of a file that is not whole nothing is taken.

    ``code`` says what reads: what another one has read is not taken.
    """

    def __init__(self, file: Path, code: str) -> None:
        self._file = file
        self._code = code
        kept = kept_json(file)
        self._kept: dict[str, list[list[str]]] = kept["readings"] if kept.get("code") == code else {}
        self._used: dict[str, Reading] = {}

    def of(self, text: str) -> Reading:
        """Return what is read in a question."""
        if text not in self._used:
            self._used[text] = Reading(*self._kept[text]) if text in self._kept else Reading.of(text)
        return self._used[text]

    def keep(self) -> None:
        """Keep those that were asked for, and only those. Raises ``OSError``."""
        if self._used.keys() != self._kept.keys():
            keep_json(self._file, {"code": self._code, "readings": self._used})
