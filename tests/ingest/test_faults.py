"""What goes wrong in an office: killed processes, full disks, folders that cannot be written, bad files, two admins."""

from __future__ import annotations

import ctypes
import gzip
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from ingest import parsed, parsing
from ingest.limited import SharedChild
from ingest.options import Options
from ingest.pipeline import ingest
from ingest.readers import read_file
from rag.assistant import Assistant
from rag.errors import ReadError, ReadStopped, TracuuError
from rag.index.manifest import problems
from rag.index.published import verify
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import CANTEEN, PARKING, ROOT, Office, article, circular

BICYCLE = "phí gửi xe đạp là bao nhiêu"
KILLS = 20  # "make bench-damage" does hundreds


def answers(office: Office) -> str:
    """What the index in use says of the fee; every file of it is checked first."""
    snapshot = SnapshotReader(office.data).get()
    assert problems(snapshot.info, checksums=True) == []
    assert snapshot.warning == ""
    return Assistant(office.data).ask(BICYCLE).text


def small_office(folder, files: int = 2) -> Office:
    """An indexed office of a few documents."""
    made = Office(folder)
    made.write("11.txt", PARKING)
    for number in range(1, files):
        tasks = (f"Việc {n}: Việc thứ {n} của trường." for n in range(8))
        made.write(f"v{number}.txt", circular(f"{number}/2023/TT-BGDĐT", *tasks, title="quy định về trực nhật"))
    ingest(made.corpus, made.data)
    return made


def kill_at_random(office: Office, chance: random.Random, longest: float, times: int) -> int:
    """Kill that many ingests, each with something new to publish, at moments spread over its work; return how many ended before."""
    ended = 0
    for turn in range(times):
        office.write("11.txt", PARKING.replace("một ngày", f"một ngày, lần {turn}"))
        builder = office.start("ingest")
        time.sleep((turn + chance.random()) / times * longest)
        ended += builder.poll() is not None
        os.killpg(builder.pid, signal.SIGKILL) if builder.poll() is None else None
        builder.communicate()
        # then an index answers, the old one or the new one, and all of it is whole
        assert "2.000 đồng" in answers(office)
    return ended


def test_an_ingest_killed_at_any_moment_loses_no_answer(tmp_path):
    offices = [small_office(tmp_path / str(number), files=6) for number in range(2)]
    offices[0].write("11.txt", PARKING + "\nĐiều 3. Thêm\n\nThêm.\n")
    started = time.monotonic()
    assert offices[0].run("ingest").returncode == 0
    longest = (time.monotonic() - started) * 1.2

    with ThreadPoolExecutor(2) as pool:
        chances = (random.Random(seed) for seed in (7, 8))
        ended = sum(pool.map(kill_at_random, offices, chances, [longest] * 2, [KILLS // 2] * 2))

    assert ended < KILLS / 2
    for office in offices:
        # and the next ingest finds neither lock nor leftovers in its way
        office.write("11.txt", PARKING.replace("2.000", "3.000"))
        assert office.run("ingest").returncode == 0
        assert "3.000 đồng" in answers(office)
        assert verify(office.data) == []
        assert len(list((office.data / "snapshots").iterdir())) == 2
        assert [path.name for path in office.corpus.iterdir() if path.name.startswith(".")] == []


def test_an_add_killed_at_any_moment_leaves_whole_files(tmp_path):
    office = small_office(tmp_path / "office", files=3)
    chance = random.Random(9)
    new = tmp_path / "11-mới.txt"
    for turn in range(8):
        new.write_text(PARKING.replace("một ngày", f"một ngày, lần {turn}"), encoding="utf-8")
        builder = office.start("add", new, "--yes")
        time.sleep(chance.uniform(0.3, 1.0))
        os.killpg(builder.pid, signal.SIGKILL) if builder.poll() is None else None
        builder.communicate()
        # then the old index or the new one answers, and the document lies in the corpus, whole
        assert "2.000 đồng" in answers(office)
        found = [path.read_text(encoding="utf-8") for path in office.corpus.glob("11*.txt")]
        assert found
        assert all("Điều 2. Miễn thu" in text for text in found)
    assert office.run("add", new, "--yes").returncode == 0
    assert "lần 7" in SnapshotReader(office.data).get().store.section("11/2024/TT-BGDĐT", "Điều 1").text


@pytest.mark.parametrize("largest", [200, 20_000, 100_000])
def test_a_full_disk_is_told_and_the_old_index_answers(tmp_path, largest):
    office = small_office(tmp_path)
    before = office.current
    lines = [article("5/2020/QH14", number, "Việc", f"Trường làm việc thứ {number} của năm học. " * 20) for number in range(300)]
    (tmp_path / "luật.jsonl").write_text("".join(lines), encoding="utf-8")

    # when no file may grow beyond a limit, which fails as a full disk does
    for verb in ("ingest", "add"):
        result = office.run(verb, tmp_path / "luật.jsonl", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)))

        assert result.returncode == 2
        assert "Không lập được chỉ mục mới" in result.stderr.splitlines()[-1]
        assert "dung lượng đĩa" in result.stderr
        assert "Traceback" not in result.stderr
        assert office.current == before
        assert "2.000 đồng" in answers(office)
        assert sorted(path.name for path in office.corpus.iterdir()) == ["11.txt", "v1.txt"]
    # and with room again everything goes in
    assert office.run("ingest", tmp_path / "luật.jsonl").returncode == 0


def _bound_by_permissions() -> None:
    """Give up root's right to write where the permissions say no."""
    if os.geteuid() == 0:
        drop_from_bounding_set, dac_override = 24, 1
        ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)


@pytest.mark.parametrize("closed", ["corpus", "data"])
def test_a_folder_that_may_not_be_written_is_told_and_changes_nothing(tmp_path, closed):
    office = small_office(tmp_path / "office")
    before = office.current
    (tmp_path / "12.txt").write_text(CANTEEN, encoding="utf-8")
    folders = [office.corpus] if closed == "corpus" else [office.data, office.data / "parsed", office.data / "snapshots"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        result = office.run("add", tmp_path / "12.txt", "--yes", preexec_fn=_bound_by_permissions)
    finally:
        for folder in folders:
            folder.chmod(0o755)

    assert result.returncode == 2
    assert "quyền ghi" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr
    assert sorted(path.name for path in office.corpus.iterdir()) == ["11.txt", "v1.txt"]
    assert office.current == before
    assert "2.000 đồng" in answers(office)


# --- bad files ---


def _pdf(*objects: bytes, trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n" + trailer + b"\n%%EOF\n"


def _catalog(pages: bytes) -> bytes:
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", pages)


def _zip(path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)


_WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
_LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + _WORD % b"<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
_NOISE = random.Random(1).randbytes(5000)
MALFORMED: dict[str, bytes] = {
    "rỗng.pdf": b"",
    "rỗng.txt": b"",
    "rỗng.docx": b"",
    "rỗng.html": b"",
    "trắng.txt": b" \n\t\r\n \n",
    "trắng.md": b"\n\n",
    "nhiễu.pdf": _NOISE,
    "nhiễu.docx": _NOISE,
    "rỗng.doc": b"",
    "nhiễu.png": _NOISE,
    "nhiễu.jpg": _NOISE,
    "nhiễu.txt": _NOISE,
    "số không.txt": bytes(4000),
    "đầu rồi thôi.pdf": b"%PDF-1.7\n",
    "không trang.pdf": _catalog(b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "vòng.pdf": _catalog(b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "đếm sai.pdf": _catalog(b"<< /Type /Pages /Kids [9 0 R] /Count 10000 >>"),
    "mật khẩu.pdf": _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /O (" + b"a" * 32 + b") /U (" + b"b" * 32 + b") /P -4 >>",
        trailer=b"<< /Root 1 0 R /Encrypt 3 0 R /ID [(a) (a)] >>",
    ),
    "tự trỏ.pdf": _pdf(b"1 0 R"),
    "bom.pdf": _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"[" * 20_000),
    "cụt.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00",
    "cụt.jsonl": b'{"document": "1/2020/QH14", "article": "1"',
    "thiếu.jsonl": b'{"document": "1/2020/QH14"}\n',
    "mảng.jsonl": b"[1, 2]\n",
    "sâu.jsonl": b"[" * 100_000,
    "nhiễu.jsonl": _NOISE,
    "cụt.jsonl.gz": gzip.compress(b'{"document": "1/2020/QH14", "article": "1", "text": "a"}\n' * 99)[:50],
    "không nén.jsonl.gz": b'{"document": "1/2020/QH14", "article": "1", "text": "a"}\n',
    "khai báo sai.md": b"---\nnumber: [\n---\nA\n",
    "không thân.docx": b"",
    "cười.docx": b"",
    "đường dẫn lạ.docx": b"",
}


@pytest.fixture
def malformed(tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    for name, content in MALFORMED.items():
        (folder / name).write_bytes(content)
    _zip(folder / "không thân.docx", a_xml=b"<a/>")
    _zip(folder / "cười.docx", word__document_xml=_LAUGHS)
    with zipfile.ZipFile(folder / "đường dẫn lạ.docx", "w") as archive:
        archive.writestr("../../thoát.txt", "thoát")
    return folder


def test_malformed_files_are_named_with_a_reason_and_the_others_go_in(tmp_path, malformed):
    office = small_office(tmp_path / "office")
    office.write("12.txt", CANTEEN)
    for file in malformed.iterdir():
        shutil.copy(file, office.corpus)

    result = office.run("ingest")

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    skipped = dict(line.strip().removeprefix("- ").split(": ", 1) for line in result.stdout.splitlines() if line.strip().startswith("- "))
    assert len(MALFORMED) >= 30
    assert set(MALFORMED) - set(skipped) == set()
    assert all(len(reason) > 5 for reason in skipped.values())
    assert not any("lỗi trong chương trình" in reason for reason in skipped.values())
    assert "2.000 đồng" in answers(office)
    assert SnapshotReader(office.data).get().store.document("12/2024/TT-BGDĐT").present
    # and once known to be bad they cost nothing
    assert "Đọc " not in office.run("ingest").stderr


# --- two admins ---


def test_the_second_admin_waits_and_is_told_for_whom(tmp_path):
    office = small_office(tmp_path / "office")
    lock = tmp_path / "hold.py"
    lock.write_text(
        "import sys\nfrom pathlib import Path\nfrom rag.index.publishing import building\n"
        "with building(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.readline()\n"
    )
    first = subprocess.Popen(
        [sys.executable, lock, office.data],
        env=office.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert first.stdout.readline() == "held\n"
    office.write("12.txt", CANTEEN)

    second = office.start("ingest")
    told = second.stderr.readline()
    first.communicate("\n")
    out, _ = second.communicate(timeout=60)

    assert f"đang được lập bởi tiến trình {first.pid} trên máy" in told
    assert second.returncode == 0
    assert "Đã nạp xong" in out


def test_of_two_admins_at_once_neither_loses_a_document(tmp_path):
    office = small_office(tmp_path / "office")
    adders = []
    for number in range(4):
        file = tmp_path / f"{number}-2022.txt"
        file.write_text(circular(f"{number + 1}/2022/TT-BGDĐT", f"Việc: Việc thứ {number}."), encoding="utf-8")
        adders.append(office.start("add", file, "--yes"))

    codes = [(adder.communicate(timeout=120), adder.returncode)[1] for adder in adders]

    store = SnapshotReader(office.data).get().store
    assert codes == [0, 0, 0, 0]
    assert all(store.document(f"{number + 1}/2022/TT-BGDĐT").present for number in range(4))
    assert "2.000 đồng" in answers(office)


# --- readers that end, and what was read before ---


def _stopped_reader(monkeypatch, name):
    """Let the reader of one file be killed, as it is where memory runs out."""
    read = parsed.parse_in_child

    def reading(path, *asked, **more):
        if path.name == name:
            raise ReadStopped(f"Không đọc được {name}: bộ đọc đã dừng.")
        return read(path, *asked, **more)

    monkeypatch.setattr(parsed, "parse_in_child", reading)
    monkeypatch.setattr(parsed, "_STOPPED", {})
    monkeypatch.setattr(parsed, "reading_version", lambda: "sau khi nâng cấp")


def test_a_document_whose_reader_is_killed_is_answered_as_before_and_read_the_next_time(tmp_path, monkeypatch):
    office = small_office(tmp_path)
    with monkeypatch.context() as upgrade:
        _stopped_reader(upgrade, "11.txt")
        office.write("11.txt", PARKING.replace("2.000", "3.000"))
        report = ingest(office.corpus, office.data)

    assert [name for name, _ in report.skipped] == ["11.txt"]
    assert "vẫn trả lời theo bản đã đọc trước đó" in report.skipped[0][1]
    assert "tracuu remove 11.txt" in report.skipped[0][1]
    assert "2.000 đồng" in answers(office)
    # and the next time it is read
    assert ingest(office.corpus, office.data).skipped == []
    assert "3.000 đồng" in answers(office)


def test_a_file_that_takes_too_long_is_given_up_with_a_remedy(tmp_path, monkeypatch):
    # given a reader that never says a word
    (tmp_path / "lâu.txt").write_text(PARKING, encoding="utf-8")
    (tmp_path / "silent_reader.py").write_text("import time\n\ntime.sleep(3600)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(parsing, "_SHARED", SharedChild("silent_reader"))
    monkeypatch.setattr(parsing, "PATIENCE", 0.5)
    # when the file is read, then it is given up
    with pytest.raises(ReadStopped, match=r"^Không đọc được lâu\.txt: quá .* hãy mở tệp, lưu lại hoặc chia nhỏ rồi thêm lại\.$"):
        parsed.parse(tmp_path / "lâu.txt", {}, tmp_path / "data")
    # and nothing half-made is left
    assert not list((tmp_path / "data" / "parsed").glob(".*"))


def test_a_paragraph_without_end_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "dài.txt").write_text(PARKING + "1." * 30_000, encoding="utf-8")
    with pytest.raises(ReadError, match=r"^Không đọc được dài\.txt: có một đoạn dài hơn 20 nghìn chữ"):
        parsed.parse(tmp_path / "dài.txt", {}, tmp_path / "data")


def test_a_document_that_is_answered_is_not_lost_with_what_was_read_of_it(tmp_path, monkeypatch):
    office = small_office(tmp_path)
    before = office.current
    shutil.rmtree(office.data / "parsed")
    with monkeypatch.context() as upgrade:
        _stopped_reader(upgrade, "11.txt")
        with pytest.raises(TracuuError, match=r"11/2024/TT-BGDĐT đang được trả lời nhưng tệp 11\.txt không đọc được.*--force"):
            ingest(office.corpus, office.data)
        assert office.current == before
        # and where the admin wants it so, it goes
        ingest(office.corpus, office.data, Options(force=True))
        assert not SnapshotReader(office.data).get().store.document("11/2024/TT-BGDĐT")


def test_what_is_kept_of_files_counts_as_absent_where_it_is_not_whole(tmp_path):
    office = small_office(tmp_path, files=4)
    kept = office.data / "parsed"
    cut, flipped, folder, closed = sorted(kept.glob("*.sqlite"))
    os.truncate(cut, cut.stat().st_size // 2)
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 4
    flipped.write_bytes(content)
    folder.unlink()
    (folder / "x").mkdir(parents=True)
    closed.unlink()
    closed.symlink_to(tmp_path / "none")
    (kept / "files.json").write_text("[")
    office.write("12.txt", CANTEEN)

    report = ingest(office.corpus, office.data)

    assert (report.documents, report.skipped) == (5, [])
    assert "2.000 đồng" in answers(office)


BOMBS = {
    "bí danh.md": "---\na: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghij")) + "---\nA\n",
    "số dài.md": f"---\nnumber: {'1' * 20_000}\n---\nA\n",
    "ngày sai.md": "---\nissued: 2025-13-45\n---\nA\n",
    "trang.md": f"<!-- page {'9' * 20_000} -->\nA\n",
    "khai báo dài.md": "---\n" + "a: 1\n" * 50_000 + "---\nA\n",
    "chữ số.txt": "1234567890" * 200_000,
    "lồng.html": "<div>" * 50_000 + "a",
    "bài.html": "<article>a" * 2000,
    "mục.html": f"<ol start={'9' * 6000}>" + "<li>a</li>" * 20_000 + "</ol>",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_text_that_means_harm_is_read_or_refused_in_a_moment(tmp_path, name):
    (tmp_path / name).write_text(BOMBS[name], encoding="utf-8")
    try:
        read_file(tmp_path / name, silence=20)  # thirty times what it takes
    except ReadStopped as error:
        raise AssertionError(name) from error
    except ReadError as error:
        assert name in str(error)


def test_readers_and_what_they_run_end_with_their_parent(tmp_path):
    # given a process whose reader of texts waits, and whose reader of a picture has a program of its own at work
    (tmp_path / "a.txt").write_text("Nội dung.", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "tesseract"
    program.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && echo vie && exit\necho $$ $PPID > {tmp_path}/at\nexec sleep 100\n')
    program.chmod(0o755)
    Image.effect_noise((1700, 2300), 50).convert("RGB").save(tmp_path / "b.png")
    script = "import sys\nfrom pathlib import Path\nfrom ingest.readers import read_file\nfor name in sys.argv[1:]: read_file(Path(name))\n"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    parent = subprocess.Popen([sys.executable, "-c", script, tmp_path / "a.txt", tmp_path / "b.png"], env=environment)
    while not (tmp_path / "at").exists() or not (tmp_path / "at").read_text().strip():
        assert parent.poll() is None
        time.sleep(0.05)
    running = [int(number) for number in (tmp_path / "at").read_text().split()]
    running += [int(number) for number in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()]

    parent.kill()
    parent.wait()

    assert len(set(running)) == 3
    for _ in range(600):
        if not any(_is_running(number) for number in running):
            break
        time.sleep(0.05)
    assert [number for number in running if _is_running(number)] == []


def _is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
