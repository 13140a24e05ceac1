"""Readers that other packages bring: the example, installed and used, and such as are broken."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import sys

import pytest

from ingest.parsed import key_of
from ingest.readers import by_suffix, labels, media_types, read_file, registry
from rag.errors import ReadError, ReadStopped
from tests.ingest.office import PARKING, Office, circular
from tests.plugins.installing import install, run, write

LETTER = (
    "Subject: =?utf-8?q?G=E1=BB=ADi_xe?=\nMIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
)
POOL = circular("15/2024/TT-BGDĐT", "Giờ mở cửa: Bể bơi của trường mở cửa từ 16 giờ 15 phút.", title="quy định về bể bơi trường học")


@pytest.fixture(scope="module")
def eml(tmp_path_factory):
    """Where the example is installed."""
    return install(tmp_path_factory.mktemp("reader"), "reader_eml")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory, eml):
    """An office on a machine with the example, to which a circular came as a letter."""
    made = Office(tmp_path_factory.mktemp("mailed"))
    made.write("11.txt", PARKING)
    made.environment["PYTHONPATH"] += f"{os.pathsep}{eml}"
    (made.data.parent / "letter.eml").write_text(LETTER + POOL, "utf-8")
    return made


@pytest.fixture(scope="module")
def told(mailed, repo):
    """What the commands of the guide say: an exit code and words for each."""
    [commands] = re.findall(r"```sh\n(.*?)```", (repo / "docs/developers/readers.md").read_text("utf-8"), re.DOTALL)
    letter = str(mailed.data.parent / "letter.eml")
    lines = [line.replace("letter.eml", letter) for line in commands.splitlines() if line.startswith("tracuu ")]
    return run(mailed.environment, *(({}, shlex.split(line)[1:]) for line in lines))


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    """A folder of installed packages, for this process and its children; what is there is looked for anew."""
    folder = tmp_path / "installed"
    folder.mkdir()

    def use(place=folder):
        monkeypatch.syspath_prepend(place)
        monkeypatch.setenv("PYTHONPATH", f"{place}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        look()

    look()
    use.folder = folder
    yield use
    monkeypatch.undo()
    look()


def look():
    for known in (registry.readers, registry.by_suffix, registry.media_types, registry._code_of):
        known.cache_clear()
    sys.modules.pop("tracuu_abc", None)


def reader(read: str, suffixes: str = '(".abc",)', more: str = "") -> str:
    """The source of a reader whose ``read`` does this."""
    return (
        f"import os, time\nfrom ingest.readers import Page, Reading\n{more}\n"
        f"class abc:\n    label, suffixes, media_types = 'ABC', {suffixes}, {{}}\n    def read(path, context):\n        {read}\n"
    )


# --- the example ---


def test_the_guide_adds_a_letter_which_answers(told):
    (listed, plugins), (added, guessed), (asked, answer) = told

    assert (listed, added, asked) == (0, 0, 0), told
    assert "tracuu-reader-eml" in plugins
    assert "15/2024/TT-BGDĐT" in guessed
    assert "16 giờ 15 phút" in answer


def test_a_document_stays_when_its_reader_is_gone(told, mailed, repo):
    without = mailed.environment | {"PYTHONPATH": str(repo)}

    (read, report), (shown, text) = run(without, ({}, ["ingest"]), ({}, ["show", "15/2024/TT-BGDĐT"]))

    assert (read, "Máy này không còn gói nào có bộ đọc cho đuôi “.eml”: hãy cài lại gói ấy" in report) == (1, True)
    assert "sửa tệp" not in report
    assert (shown, "16 giờ 15 phút" in text) == (0, True)


def test_all_that_knows_endings_learns_of_the_example(on_path, eml):
    assert ".eml" not in by_suffix()

    on_path(eml)

    assert by_suffix()[".eml"].package == "tracuu-reader-eml"
    assert media_types()["message/rfc822"] == ".eml"
    assert labels().endswith("văn bản thuần hoặc thư điện tử (EML)")


def test_the_tests_of_the_example_pass(on_path, eml, repo, tmp_path):
    on_path(eml)

    tests = runpy.run_path(str(repo / "tests/plugins/reader_eml/test_reader_eml.py"))
    done = [test(tmp_path) for name, test in tests.items() if name.startswith("test_")]

    assert len(done) == 2


# --- broken readers ---


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        ("raise KeyError('nhan de')", r"bộ đọc abc của gói tracuu-abc có lỗi \(KeyError: 'nhan de'\)"),
        ("os._exit(0)", "bộ đọc đã dừng vì tệp hỏng"),
        ("time.sleep(60)", "quá 2 giây mà không đọc thêm được gì"),
    ],
)
def test_a_broken_reader_is_a_file_that_cannot_be_read(on_path, tmp_path, read, reason):
    write(on_path.folder, "tracuu-abc", "tracuu.readers", {"abc": "abc"}, reader(read))
    on_path()
    (tmp_path / "a.abc").write_bytes(b"%PDF-")

    with pytest.raises(ReadError, match=rf"\AKhông đọc được a\.abc: {reason}"):
        read_file(tmp_path / "a.abc", silence=2)


def test_what_ends_a_reader_is_tried_again_the_next_time(on_path, tmp_path):
    write(on_path.folder, "tracuu-abc", "tracuu.readers", {"abc": "abc"}, reader("os._exit(0)"))
    on_path()
    (tmp_path / "a.abc").write_bytes(b"a")

    with pytest.raises(ReadStopped):
        read_file(tmp_path / "a.abc")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (reader("return 1", suffixes='(".pdf", ".abc")'), "ValueError: đuôi .pdf đã có bộ đọc"),
        (reader("return 1", more="raise SystemExit('hết\\x1b[1m\\nrồi')"), "SystemExit: hết [1m rồi"),
        ("abc = 1", "TypeError: thiếu label, suffixes, media_types hoặc read"),
    ],
)
def test_a_reader_that_cannot_be_used_is_left_out_with_one_line(on_path, caplog, code, reason):
    write(on_path.folder, "tracuu-abc", "tracuu.readers", {"abc": "abc"}, code)
    on_path()

    assert ".abc" not in by_suffix()
    assert by_suffix()[".pdf"].package == ""
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("Bỏ qua phần mở rộng abc của gói tracuu-abc (tracuu.readers): ")
    assert reason in line


def test_a_changed_reader_reads_anew_what_it_has_read_and_nothing_else(on_path, tmp_path):
    # given a file for the reader, and one that is no business of it
    write(on_path.folder, "tracuu-abc", "tracuu.readers", {"abc": "abc"}, reader("return 1"))
    on_path()
    for name in ("a.abc", "a.txt"):
        (tmp_path / name).write_bytes(b"a")
    before = [key_of(tmp_path / name, {}) for name in ("a.abc", "a.txt")]

    # when its code changes
    with (on_path.folder / "tracuu_abc.py").open("a") as code:
        code.write("# better\n")
    registry._code_of.cache_clear()
    after = [key_of(tmp_path / name, {}) for name in ("a.abc", "a.txt")]

    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]
