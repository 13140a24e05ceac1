"""A reply that stands in none of the documents that a question names, all of which are there, is no reply to it."""

from __future__ import annotations

from rag.answers.base import Finding, Reply
from rag.answers.gates import is_elsewhere
from rag.documents import Document, Provision

HERE, OTHER, NAMED_ONLY = Document("1/A"), Document("2/B"), Document("3/C", present=False)


def reply(*documents: str) -> Reply:
    found = (Provision(at, document, "I", "section", "I", "", "", 1, None) for at, document in enumerate(documents))
    return Reply("a", tuple(Finding("a", provision) for provision in found))


def test_what_stands_in_one_of_the_documents_named_stands_there():
    assert not is_elsewhere(reply("1/A"), [HERE, OTHER])
    assert not is_elsewhere(reply("5/X", "2/B"), [HERE, OTHER])


def test_what_stands_in_none_of_them_is_elsewhere():
    assert is_elsewhere(reply("5/X"), [HERE])
    assert is_elsewhere(reply(), [HERE])


def test_of_documents_that_are_not_all_there_nothing_is_known_and_where_none_is_named_nothing_is_asked():
    assert not is_elsewhere(reply("5/X"), [HERE, NAMED_ONLY])
    assert not is_elsewhere(reply("5/X"), [])
