"""Snapshots: published, read, damaged, rolled back, and their builders killed, starved and doubled."""

import errno
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.documents import Deadline
from rag.errors import IndexBusy, IndexChanged, IndexDamaged, IndexMissing, TracuuError
from rag.index import manifest
from rag.index.manifest import Unread
from rag.index.native import native
from rag.index.published import list_snapshots, verify
from rag.index.publishing import publish, rollback
from rag.index.snapshot import Snapshot, SnapshotReader
from tests.rag.index.index_builder import NUMBER, SyllableEncoder, contents, mark_of


class Failing(SyllableEncoder):
    """An encoder that meets a fault."""

    def encode_passages(self, texts):
        raise ZeroDivisionError


ROOT = Path(__file__).resolve().parents[3]
BUILDER = Path(__file__).with_name("index_builder.py")


def start(*command, **options):
    """Start a Python process of this project, in a group of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        **options,
    )


def folders(data):
    return sorted(path.name for path in (data / "snapshots").iterdir())


def damage_by_truncation(file):
    os.truncate(file, file.stat().st_size // 2)


def damage_by_noise(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def test_what_is_published_can_be_read(tmp_path):
    lines = []
    info = publish(tmp_path, contents("một"), progress=lines.append)
    snapshot = SnapshotReader(tmp_path).get()
    assert mark_of(snapshot) == "một"
    assert snapshot.info == info
    assert info.counts == {"documents": 1, "provisions": 3, "records": 1, "entries": 3, "vectors": 0}
    assert (info.encoder, snapshot.near, snapshot.warning) == ("", None, "")
    assert snapshot.store.records(Deadline)[0].date == "2027-01-10"
    assert info.size > 0
    assert lines


def test_a_model_that_was_not_published_is_a_key_error(tmp_path):
    publish(tmp_path, contents("một"))
    with pytest.raises(KeyError):
        SnapshotReader(tmp_path).get().model("khác")


def test_with_an_encoder_texts_near_the_question_are_found(tmp_path):
    encoder = SyllableEncoder()
    assert publish(tmp_path, contents("một", 40), encoder).encoder == "syllables"
    snapshot = SnapshotReader(tmp_path).get()
    assert snapshot.near is not None
    asked = encoder.encode_queries(["Công văn một Việc thứ 17 Hạn nộp báo cáo một đợt 17"])[0]
    assert snapshot.near.search(asked, 1)[0][0] == 17
    assert verify(tmp_path) == []


def test_an_empty_collection_can_be_published(tmp_path):
    publish(tmp_path, contents("rỗng", 0), SyllableEncoder())
    snapshot = SnapshotReader(tmp_path).get()
    assert snapshot.lexical.search({"bao_cao": 1.0}, {}, 5) == []
    assert snapshot.near is None


def test_no_index_says_what_to_run(tmp_path):
    for ask in (SnapshotReader(tmp_path).get, lambda: rollback(tmp_path), lambda: verify(tmp_path)):
        with pytest.raises(IndexMissing, match=r"^Chưa có chỉ mục\. Hãy chạy: tracuu ingest$"):
            ask()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_the_next_snapshot_and_the_old_one_keeps_working(tmp_path):
    encoder = SyllableEncoder()
    publish(tmp_path, contents("một"), encoder)
    reader = SnapshotReader(tmp_path)
    old = reader.get()
    assert reader.get() is old
    # when another one is published
    publish(tmp_path, contents("hai"), encoder)
    # then the next question gets it, and who still holds the old one is not disturbed
    assert mark_of(reader.get()) == "hai"
    assert mark_of(old) == "một"


def test_a_reader_in_another_process_sees_the_next_snapshot(tmp_path):
    publish(tmp_path, contents("một"))
    script = (
        f"import sys; sys.path.insert(0, {str(BUILDER.parent)!r})\n"
        "from pathlib import Path\nfrom index_builder import mark_of\nfrom rag.index.snapshot import SnapshotReader\n"
        "reader = SnapshotReader(Path(sys.argv[1]))\n"
        "for line in sys.stdin:\n    print(mark_of(reader.get()), flush=True)\n"
    )
    child = start("-c", script, tmp_path, stdin=subprocess.PIPE)
    seen = []
    for mark in ("hai", "ba", "bốn"):
        print("hỏi", file=child.stdin, flush=True)
        seen.append(child.stdout.readline().strip())
        publish(tmp_path, contents(mark))
    print("hỏi", file=child.stdin, flush=True)
    seen.append(child.stdout.readline().strip())
    child.communicate(timeout=20)
    assert seen == ["một", "hai", "ba", "bốn"]


def test_only_the_newest_two_are_kept(tmp_path):
    ids = [publish(tmp_path, contents(mark)).id for mark in ("một", "hai", "ba")]
    assert folders(tmp_path) == sorted(ids[1:])
    assert [info.id for info in list_snapshots(tmp_path)] == [ids[2], ids[1]]


def test_rollback_brings_the_previous_one_back_once(tmp_path):
    first = publish(tmp_path, contents("một"))
    publish(tmp_path, contents("hai"))
    reader = SnapshotReader(tmp_path)
    assert mark_of(reader.get()) == "hai"
    assert rollback(tmp_path).id == first.id
    assert mark_of(reader.get()) == "một"
    with pytest.raises(TracuuError, match="Không còn bản chỉ mục nào trước"):
        rollback(tmp_path)
    # and what is published next leaves "một" to go back to, not the one that was given up
    publish(tmp_path, contents("ba"))
    rollback(tmp_path)
    assert mark_of(reader.get()) == "một"


def test_rollback_of_an_index_that_is_no_longer_in_use_is_refused(tmp_path):
    first, second = (publish(tmp_path, contents(mark)) for mark in ("một", "hai"))

    with pytest.raises(IndexChanged):
        rollback(tmp_path, now=first.id)

    assert SnapshotReader(tmp_path).get().info.id == second.id
    assert rollback(tmp_path, now=second.id).id == first.id


def test_rollback_to_a_damaged_snapshot_is_refused(tmp_path):
    first = publish(tmp_path, contents("một"))
    publish(tmp_path, contents("hai"))
    (first.path / "store.sqlite").unlink()
    with pytest.raises(IndexDamaged):
        rollback(tmp_path)
    assert mark_of(SnapshotReader(tmp_path).get()) == "hai"


@pytest.fixture(scope="module")
def two_published(tmp_path_factory):
    data = tmp_path_factory.mktemp("two") / "data"
    for mark in ("cũ", "mới"):
        publish(data, contents(mark, 30), SyllableEncoder())
    return data


@pytest.mark.parametrize("damage", [damage_by_truncation, damage_by_noise, Path.unlink])
@pytest.mark.parametrize("pattern", ["store.sqlite", "lexical/*.idx", "lexical/meta.json", "vectors/vectors.npy", "models/*"])
def test_a_damaged_snapshot_is_told_and_the_previous_one_answers(two_published, tmp_path, damage, pattern):
    # given a newest snapshot with one bad file
    data = shutil.copytree(two_published, tmp_path / "data")
    newest = list_snapshots(data)[0]
    file = next(newest.path.glob(pattern))
    damage(file)
    # when a question comes, then the previous one answers and says so
    snapshot = SnapshotReader(data).get()
    assert mark_of(snapshot) == "cũ"
    assert file.name in snapshot.warning
    assert "tracuu ingest" in snapshot.warning
    # and the check names the file
    assert [line for line in verify(data) if file.name in line]


def test_any_flipped_bit_in_any_file_is_found(two_published, tmp_path):
    data = shutil.copytree(two_published, tmp_path / "data")
    newest, chance = list_snapshots(data)[0], random.Random(3)
    assert verify(data) == []

    def found():
        try:
            return manifest.problems(manifest.read_manifest(newest.path), checksums=True)
        except IndexDamaged as error:
            return [str(error)]

    files = [path for path in newest.path.rglob("*") if path.is_file() and path.name != "checked.json" and path.stat().st_size]
    for file in files:
        whole = file.read_bytes()
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(7)
        file.write_bytes(content)
        assert [line for line in found() if file.name in line and not isinstance(line, Unread)], file
        file.write_bytes(whole)
    assert found() == []


def test_a_snapshot_of_any_size_is_read_in_full_where_it_was_written_to(two_published, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.index.snapshot._CHECKSUMS_UP_TO", 0)
    data = shutil.copytree(two_published, tmp_path / "data")
    assert mark_of(SnapshotReader(data).get()) == "mới"
    newest = list_snapshots(data)[0]
    read = []
    checksum = manifest.checksum
    monkeypatch.setattr("rag.index.manifest.checksum", lambda file: read.append(file.name) or checksum(file))
    # nothing is read again that was found whole
    assert mark_of(SnapshotReader(data).get()) == "mới"
    assert read == []
    # when a file is written to, whatever time it then bears
    file = newest.path / "tokens/tokens.npy"
    before = file.stat()
    damage_by_noise(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    snapshot = SnapshotReader(data).get()
    assert (mark_of(snapshot), read[0]) == ("cũ", "tokens.npy")
    assert "tokens.npy" in snapshot.warning


def test_a_snapshot_that_is_damaged_while_in_use_gives_way_to_the_one_before(two_published, tmp_path):
    data = shutil.copytree(two_published, tmp_path / "data")
    reader = SnapshotReader(data)
    snapshot = reader.get()
    assert not reader.look_again(snapshot, ValueError("a fault of the program"))
    damage_by_noise(snapshot.info.path / "store.sqlite")
    assert reader.look_again(snapshot, ValueError("whatever the damage led to"))
    assert mark_of(reader.get()) == "cũ"
    assert "store.sqlite" in reader.get().warning


def test_a_file_that_the_machine_cannot_read_is_not_taken_for_damage(two_published, tmp_path, monkeypatch):
    data = shutil.copytree(two_published, tmp_path / "data")
    file_digest = hashlib.file_digest

    def failing(file, algorithm):
        if file.name.endswith("store.sqlite"):
            raise OSError(errno.EIO, "Input/output error")
        return file_digest(file, algorithm)

    monkeypatch.setattr(hashlib, "file_digest", failing)
    found = verify(data)
    assert all(isinstance(line, Unread) and "Input/output error" in line for line in found)
    assert len(found) == 2


def without_handles(monkeypatch, name):
    """A machine that cannot open one of the files."""
    file_digest = hashlib.file_digest

    def failing(file, algorithm):
        if file.name.endswith(name):
            raise OSError(errno.EMFILE, "Too many open files")
        return file_digest(file, algorithm)

    monkeypatch.setattr(hashlib, "file_digest", failing)


def test_a_snapshot_that_cannot_be_looked_at_stays_in_use(two_published, tmp_path, monkeypatch):
    data = shutil.copytree(two_published, tmp_path / "data")
    reader = SnapshotReader(data)
    snapshot = reader.get()

    with monkeypatch.context() as patch:
        without_handles(patch, "store.sqlite")
        assert not reader.look_again(snapshot, ValueError("a fault of the program"))

    assert reader.get() is snapshot
    assert not reader.look_again(snapshot, ValueError("a fault of the program"))


def test_a_snapshot_that_could_not_be_opened_is_opened_once_it_can_be(two_published, tmp_path, monkeypatch):
    data = shutil.copytree(two_published, tmp_path / "data")
    newest = list_snapshots(data)[0]
    (newest.path / "checked.json").unlink()  # so that it is read in full when it is opened
    reader = SnapshotReader(data)
    monkeypatch.setattr("rag.index.snapshot._PAUSE_OF_UNREAD", 0.0)

    with monkeypatch.context() as patch:
        without_handles(patch, f"{newest.id}/store.sqlite")
        assert mark_of(reader.get()) == "cũ"

    assert mark_of(reader.get()) == "mới"


def as_before(snapshot, *, shelf):
    """Turn a snapshot into one of the release before: vectors kept by Chroma, and those of a shelf once more, by themselves."""
    vectors, near = snapshot / "vectors", snapshot / "near"
    vectors.rename(near) if shelf else shutil.rmtree(vectors)
    vectors.mkdir()
    (vectors / "chroma.sqlite3").write_bytes(b"rows that nobody reads any more")
    content = json.loads((snapshot / "manifest.json").read_text()) | {"format": 3}
    names = sorted(file.relative_to(snapshot).as_posix() for file in snapshot.rglob("*.*") if file.is_file())
    content["files"] = {name: content["files"].get(name.replace("near", "vectors"), [1, "a sum of rows"]) for name in names[:-1]}
    content["files"].pop("manifest.json", None)
    content["files"].pop("checked.json", None)
    content.pop("seal")
    (snapshot / "manifest.json").write_text(json.dumps(content))


@pytest.mark.parametrize("shelf", [True, False])
def test_an_index_of_the_release_before_goes_on_answering(tmp_path, shelf):
    # given an index that an older program made, of a shelf or of a library
    newest = publish(tmp_path, contents("một", 30), SyllableEncoder())
    asked = SyllableEncoder().encode_queries(["Hạn nộp báo cáo một đợt 17"])[0]
    before = SnapshotReader(tmp_path).get().nearest(asked, 3)
    as_before(newest.path, shelf=shelf)
    # when it is asked, then it answers, by the words alone where its vectors are of no use any more, and says what to do
    snapshot = SnapshotReader(tmp_path).get()
    assert mark_of(snapshot) == "một"
    assert snapshot.nearest(asked, 3) == (before if shelf else [])
    assert ("Hãy chạy: tracuu ingest" in snapshot.warning) == (not shelf)
    assert verify(tmp_path) == []


def test_a_panic_of_a_native_library_is_an_error_like_any_other():
    class Panic(BaseException):
        """What pyo3 raises."""

    with pytest.raises(OSError, match="tantivy: index out of bounds"), native("tantivy"):
        raise Panic("index out of bounds")
    with pytest.raises(KeyboardInterrupt), native("tantivy"):
        raise KeyboardInterrupt


def test_a_pointer_that_lost_its_names_costs_no_snapshot(tmp_path):
    publish(tmp_path, contents("một"))
    (tmp_path / "current").write_text("")
    with pytest.raises(ZeroDivisionError):
        publish(tmp_path, contents("hai"), Failing())
    assert len(folders(tmp_path)) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 0}'])
def test_a_damaged_manifest_is_a_damaged_snapshot(tmp_path, content):
    publish(tmp_path, contents("cũ"))
    newest = publish(tmp_path, contents("mới"))
    (newest.path / "manifest.json").write_text(content)
    snapshot = SnapshotReader(tmp_path).get()
    assert mark_of(snapshot) == "cũ"
    assert newest.id in snapshot.warning
    assert len(verify(tmp_path)) == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"khong-co\n"])
def test_an_index_that_cannot_be_opened_says_what_to_run_and_is_repaired_by_it(tmp_path, content):
    publish(tmp_path, contents("một"))
    reader = SnapshotReader(tmp_path)
    assert mark_of(reader.get()) == "một"
    (tmp_path / "current").write_bytes(content)
    with pytest.raises(IndexDamaged, match="Hãy chạy: tracuu ingest"):
        reader.get()
    publish(tmp_path, contents("hai"))
    assert mark_of(reader.get()) == "hai"


def test_an_index_deleted_under_a_running_reader_is_missed(tmp_path):
    publish(tmp_path / "data", contents("một"))
    reader = SnapshotReader(tmp_path / "data")
    reader.get()
    shutil.rmtree(tmp_path / "data")
    with pytest.raises(IndexMissing):
        reader.get()


def test_a_builder_killed_at_any_moment_disturbs_nobody(tmp_path):
    publish(tmp_path, contents("một"))
    reader = SnapshotReader(tmp_path)
    chance = random.Random(7)
    answered = []
    for step, pause in (
        ("Ghi", 0.02),
        ("Lập", 0.1),
        ("Tính vector 1024", 0.05),
        ("Tính vector 1024", 0.5),
        ("Kiểm", 0.01),
    ):
        # when a builder is killed somewhere in a step
        builder = start(BUILDER, tmp_path, "hai", 2000, "--vectors")
        while not builder.stdout.readline().startswith(step):
            assert builder.poll() is None
        time.sleep(chance.uniform(0, pause))
        os.killpg(builder.pid, signal.SIGKILL)
        builder.communicate()
        # then one snapshot answers, the old one or the new one, and all its parts agree
        answered.append(mark_of(reader.get()))
        assert reader.get().warning == ""
        assert verify(tmp_path) == []
        # and the next builder finds neither lock nor leftovers in its way
        publish(tmp_path, contents("một"), keep=1)
        assert len(folders(tmp_path)) == 1
    assert answered[:3] == ["một", "một", "một"]
    assert set(answered) <= {"một", "hai"}


@pytest.mark.parametrize("largest_file", [500, 100_000])
def test_a_full_disk_is_told_and_the_old_snapshot_answers(tmp_path, largest_file):
    publish(tmp_path, contents("một"))
    before = folders(tmp_path)
    # when a builder may write no file beyond a limit, which fails as a full disk does
    builder = start(BUILDER, tmp_path, "hai", 2000, "--largest-file", largest_file, stderr=subprocess.DEVNULL)
    output = builder.communicate(timeout=60)[0]
    # then it says so in one line, leaves nothing behind, and the old one is in use
    assert builder.returncode == 2
    assert output.splitlines()[-1].startswith(f"TracuuError Không lập được chỉ mục mới trong {tmp_path}")
    assert "dung lượng đĩa" in output
    assert folders(tmp_path) == before
    assert mark_of(SnapshotReader(tmp_path).get()) == "một"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "data").write_text("một tệp, không phải thư mục")
    with pytest.raises(TracuuError, match="Không lập được chỉ mục mới"):
        publish(tmp_path / "data", contents("một"))


def test_an_encoder_that_fails_leaves_nothing_behind(tmp_path):
    class Broken(SyllableEncoder):
        def encode_passages(self, texts):
            raise RuntimeError("hết bộ nhớ")

    publish(tmp_path, contents("một"))
    before = folders(tmp_path)
    with pytest.raises(RuntimeError, match="hết bộ nhớ"):
        publish(tmp_path, contents("hai"), Broken())
    assert folders(tmp_path) == before
    assert mark_of(SnapshotReader(tmp_path).get()) == "một"


def test_a_second_builder_is_told_who_is_at_work_or_waits(tmp_path):
    # given a builder at work in another process
    first = start(BUILDER, tmp_path, "một", 2000, "--vectors")
    first.stdout.readline()
    # when a second one starts, then it is told by whom the index is being built
    with pytest.raises(IndexBusy, match=f"tiến trình {first.pid} trên máy"):
        publish(tmp_path, contents("hai"))
    # and when it may wait, both are published, one after the other
    publish(tmp_path, contents("hai"), wait=60)
    first.communicate(timeout=20)
    assert first.returncode == 0
    assert [mark_of(Snapshot.open(info.path)) for info in list_snapshots(tmp_path)] == ["hai", "một"]
    assert not (tmp_path / "builder.json").exists()


def test_opening_to_search_words_imports_nothing_heavy(tmp_path):
    publish(tmp_path, contents("một"), SyllableEncoder())
    script = (
        "import sys\nfrom pathlib import Path\nfrom rag.index.snapshot import SnapshotReader\n"
        "snapshot = SnapshotReader(Path(sys.argv[1])).get()\n"
        "assert snapshot.lexical.search({'bao_cao': 1.0}, {}, 3)\n"
        f"assert snapshot.store.section({NUMBER!r}, 'I.1')\n"
        "print(sorted({'chromadb', 'torch', 'sentence_transformers'} & set(sys.modules)))\n"
    )
    child = start("-c", script, tmp_path)
    assert child.communicate(timeout=20)[0].strip() == "[]"
