"""Opening an index, when several threads ask for it first."""

from __future__ import annotations

import threading

import pytest

from rag.assistant import Assistant
from rag.finding import shelves
from rag.finding.joined import Joined
from rag.finding.search import Searcher

THREADS = 8


def all_at_once(work):
    """Let eight threads do something at the same time, and return what each got."""
    barrier, found = threading.Barrier(THREADS), []

    def one():
        barrier.wait()
        found.append(work())

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == THREADS
    return found


@pytest.fixture
def opened(monkeypatch):
    """What was opened, by name; whoever opens waits a moment for others to do the same."""
    names: list[str] = []
    others = threading.Event()

    def slowly(name, real):
        def make(*given, **more):
            names.append(name)
            others.wait(0.05)
            return real(*given, **more)

        return make

    monkeypatch.setattr(shelves, "open_encoder", slowly("encoder", shelves.open_encoder))
    monkeypatch.setattr(shelves, "Searcher", slowly("searcher", Searcher))
    monkeypatch.setattr(shelves, "Joined", slowly("joined", Joined))
    return names


def test_eight_threads_open_an_index_and_its_encoder_once(example_index, opened):
    assistant = Assistant(example_index)

    found = all_at_once(assistant.searcher)

    assert len(set(map(id, found))) == 1
    assert sorted(opened) == ["encoder", "searcher"]


def test_eight_threads_open_the_shelf_once(example_index, opened):
    assistant = Assistant(example_index, encoder="off")

    assert len(set(map(id, all_at_once(assistant.shelf)))) == 1
    assert opened.count("searcher") == 1


def test_an_office_and_the_library_that_it_shares_are_opened_once(example_index, directive_index, opened):
    library = Assistant(directive_index, encoder="off")
    offices = [Assistant(example_index, encoder="off", library=library) for _ in range(2)]

    found = all_at_once(lambda: [office.searcher() for office in offices])

    assert len({id(searcher) for searchers in found for searcher in searchers}) == 2
    assert (opened.count("searcher"), opened.count("joined")) == (3, 2)
