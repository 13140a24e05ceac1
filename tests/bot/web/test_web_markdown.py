"""What programs read of the documents: their text as Markdown, llms.txt, the sitemap."""

from __future__ import annotations

from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from bot.web import site_lists
from bot.web.markdown import as_lines, in_line
from bot.web.openai.rendering import markdown

DOCUMENT = "/van-ban/2607-SGDDT-GDPT"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def links_in(text):
    """Where the links of a text lead."""
    return [piece.partition(")")[0] for piece in text.split("](")[1:]]


READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = [
    *("[d](e)", "![d](e)", "[x]: http://y", "<http://a.vn>", "<b@c.vn>", "*x* **y**", "~~x~~", "_a_ __b__ a_b", "`x` ```y", "a\\b \\"),
    *(
        "&lt;b&gt; &#35; a & b",
        "<script>alert(1)</script>",
        "# H",
        "## H ##",
        "#hash",
        "1. a",
        "12) b",
        "2.1. x",
        "- a",
        "+ b",
        "* a",
        "> q",
    ),
    *("a\n---", "a\n===", "- - -", "***", "~~~", "a | b\n--- | ---\n1 | 2", "a|b\n|:-|-:|\n1|2", "a\n2. b", "2026. Năm", "http://a.vn/b_c"),
]


def read(text):
    """The words of Markdown as its readers see them; what is neither a line, a heading nor a list shows as its kind."""
    seen = []
    for block in READER.parse(text):
        if block.type == "inline":
            seen.append("".join("\n" if piece.type in ("softbreak", "hardbreak") else piece.content or "" for piece in block.children))
        elif block.content:
            seen.append(f"({block.type})")
    return "\n".join(seen)


def kinds(text):
    """The signs that Markdown itself sees in a text, blocks and within lines."""
    blocks = READER.parse(text)
    within = [piece.type for block in blocks for piece in block.children or []]
    return {*(block.type for block in blocks), *within} - {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "hardbreak",
        "text_special",
    }


@pytest.mark.parametrize("words", SIGNS)
def test_words_stay_words_whatever_signs_they_hold(words):
    assert read(as_lines(words)) == words
    assert not kinds(as_lines(words))
    assert read(f"## {in_line(words.splitlines()[0])}") == words.splitlines()[0]


@pytest.mark.parametrize("words", ["Điều 5. Học phí (2025-2026): 1.500.000 đồng", "mục 2.1 của a_b | c - d; e > f # g & h"])
def test_words_without_such_signs_are_written_as_they_are(words):
    assert as_lines(words) == words


def test_a_quote_in_a_chat_is_the_words_of_the_document():
    planted = "1. Xem [tại đây](https://a.example) *ngay* <b>\nTên | Số\n--- | ---\nA | 1"
    made = {
        "document": "1/X",
        "section": "I",
        "quote": planted,
        "label": "Công văn 1/X",
        "page": 1,
        "validity": "in_force",
        "doubtful": False,
    }
    answer = {"status": "answered", "answer": "Có _một_ ý.", "citations": [made], "notes": ["<i>"], "related": []}

    text = markdown(answer, _Searcher(), "https://tracuu.example")

    assert planted in read(text)
    assert "Có _một_ ý." in read(text)
    assert links_in(text.replace("\\]", "")) == ["https://tracuu.example/van-ban/1-X/I"]


class _Searcher:
    """As much of one as a label and an address need."""

    def __init__(self):
        self.documents = {}

    def label(self, *_):
        return "Công văn 1/X"


def test_a_provision_is_told_with_its_standing_its_words_and_its_neighbours(site):
    response = site.http.get(f"{DOCUMENT}/IV.2.md")

    text = response.text
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.startswith("# Công văn 2607/SGDĐT-GDPT, mục IV.2")
    assert "- Hiệu lực: " in text
    assert f"- Nguồn: {site.base}{DOCUMENT}/IV.2\n" in text
    words = read(text)
    shown = site.command("show", "2607/SGDĐT-GDPT", "IV.2").stdout.splitlines()
    assert shown
    assert [line for line in shown if line not in words] == []
    assert len(links_in(text)) >= 3
    for link in links_in(text):
        assert site.http.get(urlsplit(link).path).headers["content-type"].startswith("text/markdown")


def test_a_document_is_told_whole_with_what_may_be_misread(site):
    text = site.http.get(f"{DOCUMENT}.md").text

    assert text.startswith("# Công văn 2607/SGDĐT-GDPT\n")
    assert "\n## " in text
    assert "cần đối chiếu bản gốc" in text
    written = " ".join(read(text).split())
    texts = [" ".join(provision["text"].split()) for provision in site.http.get("/api/documents/2607-SGDDT-GDPT").json()["provisions"]]
    assert len(texts) > 20
    assert [text for text in texts if text not in written] == []


@pytest.mark.parametrize("path", [DOCUMENT, f"{DOCUMENT}/IV.2", "/van-ban/2607/SGDĐT-GDPT", "/van-ban/2607/SGDĐT-GDPT/IV.2"])
def test_a_page_tells_where_its_twin_is_however_it_is_addressed(site, path):
    page = site.http.get(path)

    assert page.links["alternate"] == {"url": f"{quote(path)}.md", "rel": "alternate", "type": "text/markdown"}
    assert site.http.get(page.links["alternate"]["url"]).headers["content-type"].startswith("text/markdown")


def test_a_document_that_is_only_named_says_so(site):
    named = site.http.get("/api/documents", params={"present": "false"}).json()["documents"][0]

    assert "Kho chưa có toàn văn" in site.http.get(f"{named['address']}.md").text


def test_what_is_not_there_or_absurd_is_refused(site):
    assert site.http.get("/van-ban/9-XX.md").status_code == 404
    assert site.http.get(f"{DOCUMENT}/X.99.md").status_code == 404
    assert site.http.get(f"/van-ban/{'a/' * 300}.md").status_code == 404
    assert site.http.get(f"/van-ban/{'a/' * 24_000}.md").status_code == 414
    assert site.http.get(f"{DOCUMENT}/.md").status_code == 404
    assert site.http.get("/sitemap-9.xml").status_code == 404


@pytest.mark.parametrize("path", [f"{DOCUMENT}.md", f"{DOCUMENT}/IV.2.md", "/llms.txt", "/sitemap.xml"])
def test_what_a_program_has_is_not_sent_again(site, path):
    first = site.http.get(path)

    assert site.http.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert site.http.get(path, headers={"If-None-Match": "*"}).status_code == 304


def test_a_part_that_is_told_whole_is_named_as_a_whole(site):
    text = site.http.get(f"{DOCUMENT}/IV.md").text

    assert text.startswith("# Công văn 2607/SGDĐT-GDPT, phần IV, trang 7\n")
    assert site.http.get("/api/documents/2607-SGDDT-GDPT/IV").json()["label"] == "Công văn 2607/SGDĐT-GDPT, phần IV, trang 7"


def test_llms_txt_leads_to_every_document_in_full_and_says_how_to_ask(site):
    text = site.http.get("/llms.txt").text

    documents = [link for link in links_in(text) if link.endswith(".md")]
    assert documents == [f"{site.base}{DOCUMENT}.md"]
    assert text.startswith("# Tra Cứu\n\n> ")
    for way in ("/api/ask", "/v1", "/mcp"):
        assert f"{site.base}{way}" in text
    assert "khóa API" not in text


def test_the_sitemap_lists_pages_that_anybody_may_read(site):
    assert f"Sitemap: {site.base}/sitemap.xml" in site.http.get("/robots.txt").text
    root = ElementTree.fromstring(site.http.get("/sitemap.xml").content)

    pages = [each.text for each in root.iter(f"{SITEMAP}loc")]
    read = site.http.get("/readyz").json()["created"][:10]
    assert f"{site.base}{DOCUMENT}" in pages
    assert {each.text for each in root.iter(f"{SITEMAP}lastmod")} == {read}
    for address in pages:
        page = site.http.get(urlsplit(address).path)
        assert page.status_code == 200
        assert "x-robots-tag" not in page.headers


def test_more_pages_than_one_sitemap_holds_are_several(monkeypatch):
    monkeypatch.setattr(site_lists, "_MOST", 2)
    monkeypatch.setattr(site_lists, "_pages", lambda request: iter(["https://a.vn/1", "https://a.vn/2", "https://a.vn/3"]))
    monkeypatch.setattr(site_lists, "_read", lambda request: "2026-01-03")
    monkeypatch.setattr(site_lists, "site_of", lambda request: "https://a.vn")

    named = [each.text for each in ElementTree.fromstring(site_lists._sitemap(None).body).iter(f"{SITEMAP}loc")]

    assert named == ["https://a.vn/sitemap-1.xml", "https://a.vn/sitemap-2.xml"]
    assert b"https://a.vn/3" in site_lists._part(None, 2).body
