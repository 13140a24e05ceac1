"""What is new: documents put in, changed and taken out are told in plain words, by their own records."""

from __future__ import annotations

import shutil
import time
from xml.etree import ElementTree

import pytest

from bot.web.news import kept_news, news_of
from ingest.options import Options
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.index.published import published
from rag.index.publishing import rollback
from tests.bot.web.site import Site

NAME = "1422-SGDDT-CNTT.md"
LETTER = """UBND TỈNH BÌNH SƠN
SỞ GIÁO DỤC VÀ ĐÀO TẠO

Số: 77/SGDĐT-VP

Bình Sơn, ngày 20 tháng 10 năm 2025

V/v báo cáo thư viện

Kính gửi: Các trường trung học phổ thông

1. Các trường trung học phổ thông gửi báo cáo thư viện về Sở GDĐT trước ngày 15/12/2025.
"""


class Library:
    """A corpus with its index, changed step by step."""

    def __init__(self, folder, first):
        self.corpus, self.data = folder / "corpus", folder / "data"
        self.corpus.mkdir()
        shutil.copy(first, self.corpus / NAME)
        self.index()

    def index(self):
        ingest(self.corpus, self.data, Options(encoder="off", force=True))

    def edit(self, before, after):
        file = self.corpus / NAME
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")
        self.index()

    def news(self):
        return news_of(self.data, Assistant(self.data).shelf().snapshot)


@pytest.fixture
def library(repo, tmp_path):
    return Library(tmp_path, repo / "tests/data" / NAME)


def told(news):
    """The changes of the index in use, as (heading, lines)."""
    return {change.title: change.lines for change in news.issues[0].changes}


def test_what_came_changed_and_went_is_told_until_an_admin_goes_back(library):
    first = library.news()
    assert (first.state, first.issues, first.present) == ("first", (), 1)

    library.edit("báo cáo học kỳ I trước ngày 19/01/2026", "báo cáo học kỳ I trước ngày 23/01/2026")
    moved = library.news()
    (title,) = (title for title in told(moved) if title.startswith("Thời hạn đổi"))
    assert told(moved)[title][0] == "Trước ngày 19/01/2026 → trước ngày 23/01/2026"
    assert moved.issues[0].changes[0].kind == "deadline"
    assert any(title.startswith("Văn bản thay đổi: 1422/") for title in told(moved))

    time.sleep(1.1)  # moments are told in seconds
    (library.corpus / "77.md").write_text(LETTER, encoding="utf-8")
    library.edit("0203 3825 516", "0203 3825 999")
    came = library.news()
    titles = list(told(came))
    assert "Thêm văn bản 77/SGDĐT-VP" in titles
    assert any(title.startswith("Thời hạn mới: ") for title in titles)
    (called,) = (title for title in titles if title.startswith("Đầu mối đổi: "))
    assert "Số máy: 0203 3825 516 → 0203 3825 999" in told(came)[called]
    assert came.issues[1].id == moved.id, "what the index before brought is still told, as earlier"

    time.sleep(1.1)  # moments are told in seconds
    rollback(library.data)
    back = library.news()
    assert back.id == moved.id
    assert back.withdrawn == came.created
    assert not any("77/SGDĐT-VP" in title for title in told(back)), "what was taken back is no news"


def test_what_was_compared_is_kept_and_a_missing_index_before_is_survived(library):
    (library.corpus / "77.md").write_text(LETTER, encoding="utf-8")
    library.index()
    snapshot = Assistant(library.data).shelf().snapshot
    assert kept_news(library.data, snapshot) is None
    made = library.news()
    assert kept_news(library.data, snapshot) == made

    (kept,) = (library.data / "web/news").glob("*.json")
    kept.write_text('{"id": "', encoding="utf-8")
    assert library.news() == made, "damage is mended by comparing again"
    kept.unlink()
    shutil.rmtree(library.data / "snapshots" / published(library.data)[1])
    alone = library.news()

    assert (alone.state, alone.issues) == ("unreadable", ())


def test_news_are_a_page_by_role_and_a_feed_without_people(repo, library):
    (library.corpus / "77.md").write_text(LETTER, encoding="utf-8")
    library.edit("0203 3825 516", "0203 3825 999")
    site = Site(repo, library.data, library.corpus)
    try:
        school, commune = (site.http.get("/moi", params={"vai-tro": role}).text for role in ("thpt", "xa"))
        feed = site.http.get("/moi.xml")
        again = site.http.get("/moi.xml")
    finally:
        assert site.stop() == 0

    assert "báo cáo thư viện" in school.lower()
    assert "Gửi báo cáo thư viện" not in commune
    assert "0203 3825 999" in school
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(feed.text)
    (entry,) = root.findall(f"{atom}entry")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert [root.find(atom + name).text for name in ("id", "updated")]
    assert entry.find(f"{atom}id").text.startswith("urn:uuid:")
    assert all(link.get("href").startswith(site.base) for link in root.iter(f"{atom}link"))
    assert all(link.get("href").startswith(site.base) for link in root.iter("{http://www.w3.org/1999/xhtml}a"))
    assert "0203" not in feed.text
    assert again.content == feed.content
