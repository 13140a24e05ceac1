"""What a reader of another package may be, give back and raise; no process is started for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest.bank_files import TAUGHT
from ingest.catalog import ADDED, CATALOG
from ingest.checks import CHECKS
from ingest.readers import Context, Page, Reading, isolate, registry
from ingest.readers.checking import checked
from ingest.source_files import COLLECTIONS
from rag.errors import ReadError
from rag.plugins import Plugin
from rag.signatures import Signature

PAGE = Page(1, "Điều 1. Phạm vi")
SIGNED = Signature("Nguyễn Văn A", time="2026-01-10T08:00:00+07:00", state="unchanged", expires="2027-01-10")
A_READER = SimpleNamespace(label="ABC", suffixes=(".abc",), media_types={"text/abc": ".abc"}, read=print)


# --- what it gives back ---


def test_what_the_contract_promises_passes_with_its_lines_cleaned():
    given = Reading(
        (PAGE, Page(2, "a\ud800b", "ocr", 0.5, True)),
        {"title": "Bảng\x1b[1m giá\ud800\n2026 ", "issued": date(2026, 1, 10), "number": None, "pages": 2},
        ("chưa đọc\ttệp a\ud800", " "),
        (SIGNED,),
    )

    found = checked(given)

    assert [page.text for page in found.pages] == ["Điều 1. Phạm vi", "a b"]
    assert found.meta == {"title": "Bảng [1m giá 2026", "issued": date(2026, 1, 10), "number": None, "pages": 2}
    assert found.problems == ("chưa đọc tệp a",)
    assert found.signatures == (SIGNED,)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("Điều 1", "trả về str, không phải Reading"),
        (Reading(PAGE), "pages phải là tuple"),
        (Reading((Page(1, b"a"),)), "có một trang không phải Page"),
        (Reading((Page("1", "a"),)), "có một trang không phải Page"),
        (Reading((Page(-5, "a"),)), "số trang phải từ 0 đến 100000"),
        (Reading((Page(10**5000, "a"),)), "số trang phải từ 0 đến 100000"),
        (Reading((replace(PAGE, continues="yes"),)), "trang 1: continues"),
        (Reading((replace(PAGE, confidence=80),)), "trang 1: read_as .* confidence từ 0 đến 1"),
        (Reading((replace(PAGE, confidence="1"),)), "trang 1: read_as .* confidence từ 0 đến 1"),
        (Reading((replace(PAGE, read_as="eml"),)), "trang 1: read_as"),
        (Reading((PAGE,), [("title", "a")]), "meta phải là dict"),
        (Reading((PAGE,), {1: "a"}), "meta phải là dict"),
        (Reading((PAGE,), {"title": ["a"]}), "meta: title phải là chữ, số hoặc ngày, không phải list"),
        (Reading((PAGE,), {"title": "a" * 200_000}), "meta: title dài 200000 chữ, quá 1000"),
        (Reading((PAGE,), {"number": 10**5000}), "Exceeds the limit"),
        (Reading((PAGE,), {"pages": "hai"}), "meta: pages phải là số trang"),
        (Reading((PAGE,), {}, "chưa đọc"), "problems phải là tuple, không phải str"),
        (Reading((PAGE,), {}, (1,)), "problems: phải là một dòng chữ"),
        (Reading((PAGE,), {}, ("a" * 1001,)), "problems dài 1001 chữ"),
        (Reading((PAGE,), {}, ("a",) * 1001), "problems có 1001 dòng"),
        (Reading((PAGE,), {}, (), ("Nguyễn Văn A",)), "signatures có str, không phải Signature"),
        (Reading((PAGE,), {}, (), (replace(SIGNED, signer=None),)), "chữ ký: signer phải là str"),
        (Reading((PAGE,), {}, (), (replace(SIGNED, state="good"),)), "chữ ký: state phải là một trong"),
        (Reading((PAGE,), {}, (), (replace(SIGNED, count=0),)), "chữ ký: count"),
        (Reading((PAGE,), {}, (), (replace(SIGNED, time="hôm qua"),)), "hôm qua"),
        (Reading((PAGE,), {}, (), (replace(SIGNED, certificates=(b"a",)),)), "chứng thư phải là base64"),
        (Reading((PAGE,), {}, (), (replace(SIGNED, authority=("AAAA",)),)), "x509"),
    ],
)
def test_anything_else_is_refused(given, reason):
    with pytest.raises((TypeError, ValueError), match=reason):
        checked(given)


# --- what it raises ---


def raising(error: BaseException) -> str:
    """What the admin reads where a reader of a package raises this."""

    def read(path: Path, context: Context) -> Reading:
        raise error

    plugin = Plugin("abc", SimpleNamespace(read=read), "tracuu_abc", "tracuu-abc", "1.0")
    with pytest.raises(ReadError) as told:
        isolate._read_by_package(plugin, Path("/x/a.abc"), Context(lambda done, pages: None))
    return str(told.value)


def test_a_reason_is_told_as_one_clean_line():
    assert raising(ReadError("Không đọc được a.abc: tệp\x1b[31m hỏng\nở dòng 2.")) == "Không đọc được a.abc: tệp [31m hỏng ở dòng 2."
    assert raising(ReadError("hỏng.")) == "Không đọc được a.abc: hỏng."
    assert len(raising(ReadError("a" * 9000))) < 400


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ReadError(""), "ReadError"),
        (ReadError("Không đọc được a.abc: "), "ReadError"),
        (OSError("ổ đĩa\x1b[1m\nlạ"), "OSError: ổ đĩa [1m lạ"),
        (RecursionError("sâu"), "RecursionError: sâu"),
        (MemoryError(), "MemoryError"),
        (SystemExit(3), "SystemExit: 3"),
    ],
)
def test_any_other_error_is_the_packages_fault(error, fault):
    assert raising(error) == f"Không đọc được a.abc: bộ đọc abc của gói tracuu-abc có lỗi ({fault})."


# --- what it is ---


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"label": ""}, "label phải là một dòng chữ"),
        ({"label": 3}, "label phải là một dòng chữ"),
        ({"label": "a\nb"}, "label phải là một dòng chữ"),
        ({"label": "a" * 61}, "label phải là một dòng chữ"),
        ({"suffixes": ()}, "suffixes phải là các đuôi"),
        ({"suffixes": ".abc"}, "suffixes phải là các đuôi"),
        ({"suffixes": (3,)}, "suffixes phải là các đuôi"),
        ({"suffixes": (".ABC",)}, "suffixes phải là các đuôi"),
        ({"suffixes": ("abc",)}, "suffixes phải là các đuôi"),
        ({"suffixes": (".tar.q5",)}, "suffixes phải là các đuôi tên viết thường, có một dấu chấm, ở đầu"),
        ({"suffixes": (".abc", ".yaml")}, "đuôi .yaml là của tệp mà chương trình tự dùng"),
        ({"media_types": ("text/abc",)}, "media_types phải là dict"),
        ({"media_types": {"text/x": ".x"}}, "media_types có đuôi .x không thuộc suffixes"),
        ({"read": None}, "thiếu label, suffixes, media_types hoặc read"),
    ],
)
def test_a_reader_that_is_none_is_refused(changed, reason):
    with pytest.raises((TypeError, ValueError), match=reason):
        registry._usable()(SimpleNamespace(**{**vars(A_READER), **changed}))


def test_a_reader_brings_endings_of_its_own():
    usable = registry._usable()

    assert usable(A_READER) is A_READER
    with pytest.raises(ValueError, match=r"đuôi \.abc đã có bộ đọc"):
        usable(A_READER)


def test_no_package_reads_the_files_that_the_program_keeps_beside_documents():
    ours = {Path(name).suffix for name in (CATALOG, ADDED, CHECKS, TAUGHT, *(f"a{ending}" for ending in COLLECTIONS))}

    assert ours <= set(registry._KEPT)
