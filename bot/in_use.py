"""The index in use, for code that runs on an event loop: it never opens one there."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread

from rag.assistant import Assistant
from rag.errors import TracuuError
from rag.finding.search import Searcher


@dataclass(frozen=True, slots=True)
class _Opened:
    searcher: Searcher
    shelf: Searcher


class InUse:
    """What ``catch_up`` opened last, in a thread: until then nothing, and from then on the same until it is called again.

    Opening a large index takes seconds, in which nobody on the loop would be heard. ``searcher`` and ``shelf`` may be called on the
    loop; what ``catch_up`` puts there is put at once, so that no lock is needed.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._found: _Opened | TracuuError | None = None

    async def catch_up(self) -> None:
        """Have the newest index opened, where another one was published; where it cannot be, ``searcher`` and ``shelf`` say why."""
        self._found = await to_thread.run_sync(self._open)

    def searcher(self) -> Searcher:
        """Return what reads all there is. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        return self._now().searcher

    def shelf(self) -> Searcher:
        """Return what lists are made of. Raises as ``searcher``."""
        return self._now().shelf

    def _now(self) -> _Opened:
        assert self._found is not None, "catch_up comes first"
        if isinstance(self._found, TracuuError):
            raise self._found
        return self._found

    def _open(self) -> _Opened | TracuuError:
        try:
            opened = _Opened(self._assistant.searcher(), self._assistant.shelf())
            for searcher in (opened.searcher, opened.shelf):
                searcher.documents  # noqa: B018 (read here, and not where it is first asked for)
        except TracuuError as error:
            return error
        return opened
