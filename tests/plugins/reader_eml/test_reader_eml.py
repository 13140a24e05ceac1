"""Run with the package installed: ``pip install -e . && pytest``."""

from __future__ import annotations

import pytest

from ingest.readers import read_file
from rag.errors import ReadError

LETTER = "Subject: Bảng giá\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nPhí gửi xe là 2.000 đồng.\n"


def test_the_text_of_a_letter_is_its_page(tmp_path):
    (tmp_path / "a.eml").write_text(LETTER.format(kind="plain"), "utf-8")

    reading = read_file(tmp_path / "a.eml")

    assert [page.text.strip() for page in reading.pages] == ["Phí gửi xe là 2.000 đồng."]
    assert reading.meta == {"title": "Bảng giá"}


def test_a_letter_without_text_is_refused(tmp_path):
    (tmp_path / "a.eml").write_text(LETTER.format(kind="html"), "utf-8")

    with pytest.raises(ReadError, match="thư không có phần chữ"):
        read_file(tmp_path / "a.eml")
