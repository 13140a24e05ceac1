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

import pytest
from office import CANTEEN, PARKING, Office, article, circular

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.index.manifest import problems
from rag.index.snapshot import SnapshotReader, verify

BICYCLE = "phí gửi xe đạp là bao nhiêu"
KILLS = 50


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
    """Kill that many ingests, each with something new to publish; return how many got to an end before."""
    ended = 0
    for turn in range(times):
        office.write("11.txt", PARKING.replace("một ngày", f"một ngày, lần {turn}"))
        builder = office.start("ingest")
        time.sleep(chance.uniform(0, longest))
        ended += builder.poll() is not None
        os.killpg(builder.pid, signal.SIGKILL) if builder.poll() is None else None
        builder.communicate()
        # then an index answers, the old one or the new one, and all of it is whole
        assert "2.000 đồng" in answers(office)
    return ended


def test_an_ingest_killed_at_any_moment_loses_no_answer(tmp_path):
    offices = [small_office(tmp_path / str(number), files=12) for number in range(2)]
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
