"""Where search nodes serve the library, whatever publishes it cuts it for them: the pieces go with the index, or stay with it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import settings
from bot.cli import run
from bot.index_options import shards_of
from ingest.options import Options
from ingest.pieces import pieces_of
from ingest.pipeline import ingest
from ingest.shared_corpus import go_back
from rag.errors import SettingError, StoreChanged, TracuuError
from rag.index import cutting
from rag.index.following import Follower, look_at
from rag.index.published import newest, published
from tests.ingest.office import CANTEEN, PARKING

CUT = Options(encoder="off", shards=2)


@pytest.fixture
def home(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/11.txt").write_text(PARKING, encoding="utf-8")
    return tmp_path


def ingested(home: Path, text: str = PARKING):
    (home / "corpus/11.txt").write_text(text, encoding="utf-8")
    return ingest(home / "corpus", home / "data", CUT)


def pieces_in_use(home: Path) -> set[str]:
    """The whole indexes that the pieces in use are of."""
    folders = sorted(pieces_of(home / "data").glob("[0-9h]*"))
    assert [folder.name for folder in folders] == ["0", "1", "head"]
    return {published(folder)[0] for folder in folders}


def test_what_is_published_is_cut_as_well(home):
    first = ingested(home)
    whole = newest(home / "data").id

    again = ingested(home)

    assert pieces_in_use(home) == {f"{whole}-2"}
    assert f"{home / 'data/cut'}" in first.to_copy and "chép 0, 1 trước, head sau" in first.to_copy
    assert (again.published, again.to_copy) == (False, "")


def test_what_is_taken_back_is_taken_back_in_pieces_too(home):
    ingested(home)
    before = pieces_in_use(home)
    ingested(home, CANTEEN)
    after = pieces_in_use(home)

    info, to_copy = go_back(home / "data", CUT, lambda line: None)

    assert before.isdisjoint(after)
    assert pieces_in_use(home) == before == {f"{info.id}-2"}
    assert "head sau" in to_copy


def test_where_it_cannot_be_cut_everything_stays_as_it_was(home, monkeypatch):
    ingested(home)
    whole, pieces = newest(home / "data").id, pieces_in_use(home)

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cutting, "_write_head", full)
    with pytest.raises(TracuuError, match="No space left"):
        ingested(home, CANTEEN)

    assert newest(home / "data").id == whole
    assert pieces_in_use(home) == pieces
    assert [path.name for path in home.glob("data/cut/*/snapshots/*")] == [*pieces] * 3


def test_what_is_not_published_after_all_is_not_in_pieces_either(home):
    # given a store that another machine publishes to while this one is about to
    ingested(home)
    pieces = pieces_in_use(home)
    (home / "other").mkdir()
    (home / "other/12.txt").write_text(CANTEEN, encoding="utf-8")
    store = str(home / "kho")

    def overtaken(line: str) -> None:
        if line == "Công bố lên kho chung":
            ingest(home / "other", home / "others", Options(encoder="off", store=store))

    (home / "corpus/11.txt").write_text(PARKING.replace("2.000", "3.000"), encoding="utf-8")
    with pytest.raises(StoreChanged):
        ingest(home / "corpus", home / "data", replace(CUT, store=store), progress=overtaken)

    assert pieces_in_use(home) == pieces


def test_a_machine_with_the_head_does_not_fetch_the_whole(home):
    # given a machine with the head, and the store that has the whole
    store, there = str(home / "kho"), home / "there"
    shared = replace(CUT, store=store)
    ingest(home / "corpus", home / "data", shared)
    shutil.copytree(pieces_of(home / "data") / "head", there)
    follower = Follower(store, there, lambda: "")

    trouble, told = follower.look(), look_at(store, there)
    (home / "corpus/11.txt").write_text(CANTEEN, encoding="utf-8")
    ingest(home / "corpus", home / "data", shared)
    behind = follower.look(), look_at(store, there)

    assert published(there) == published(pieces_of(home / "data") / "head")[1:]
    assert (trouble, told[1]) == ("", True)
    assert (behind[0], behind[1][1]) == ("", False)
    assert "TRACUU_DATA/cut/head" in behind[1][0]


def test_vectors_on_a_server_are_refused_before_anything_is_read(home):
    with pytest.raises(SettingError, match="TRACUU_CHROMA"):
        ingest(home / "corpus", home / "data", replace(CUT, chroma="http://127.0.0.1:9"))


def test_an_admin_is_told_what_to_copy_and_what_is_not_there_yet(home, monkeypatch, capsys):
    for name in [name for name in settings.os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in {
        "DATA": home / "data",
        "CORPUS": home / "corpus",
        "ENCODER": "off",
        "NODE_KEY": "khóa",
        "SEARCH_NODES": "http://127.0.0.1:9,http://127.0.0.1:9|http://127.0.0.1:9",  # where nobody listens
    }.items():
        monkeypatch.setenv(settings.PREFIX + name, str(value))

    assert run(["ingest"]) == 0
    told = capsys.readouterr().out
    assert run(["status"]) == 0
    status = capsys.readouterr().out

    assert f"Đã chia chỉ mục thành 2 phần ở {home / 'data/cut'}" in told
    assert "2 trong 2 phần của bản này chưa có ở máy tìm kiếm nào" in status


def test_what_an_office_has_of_its_own_is_not_cut():
    nodes = {"search_nodes": "http://a:9001,http://b:9001", "node_key": "khóa"}

    assert shards_of(settings.made(nodes)) == 2
    assert shards_of(settings.made(nodes | {"office_name": "ha-giang"})) == 0
