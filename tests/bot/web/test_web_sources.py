"""The file of a document is the one that it was read from."""

from __future__ import annotations

import pytest

from bot import settings
from bot.web.sources import file_of
from rag.disk import checksum
from rag.documents import Document


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRACUU_CORPUS", str(tmp_path / "corpus"))
    return settings.of_service()


def test_a_file_that_changed_since_it_was_read_is_not_given_out(chosen):
    file = chosen.corpus / "cv.pdf"
    chosen.corpus.mkdir()
    file.write_bytes(b"one")
    document = Document("1/A", source="cv.pdf", checksum=checksum(file))
    assert file_of(chosen, document) == file

    file.write_bytes(b"another")

    assert file_of(chosen, document) is None


def test_of_two_files_of_one_name_each_document_has_its_own(chosen):
    files = [chosen.corpus / folder / "cv.pdf" for folder in "ab"]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_text(str(file))

    assert [file_of(chosen, Document("1/A", source="cv.pdf", checksum=checksum(file))) for file in files] == files
