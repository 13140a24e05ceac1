"""The published bank: which parts are made anew, which are swept, and what a reader does about damage while it is in use."""

from __future__ import annotations

import json

import pytest

from rag.index import bank_publishing as module
from rag.index.bank import BankEntry, BankIndex
from rag.index.bank_publishing import BankPart, BankReader, bank_in_use, build_bank, build_later_part, use_bank, verify_bank, words_of
from rag.language.diacritics import Diacritics

NOTHING = Diacritics({}, {})
ENTRIES = [BankEntry("bao giờ nộp báo cáo", "1/CV", ("I.1",)), BankEntry("gọi ai", "1/CV", ())]
OTHERS = [BankEntry("wifi yếu báo ai", "1/CV", ("II",), "taught")]


def build(data, *groups, read=None, **options):
    def reading(group):
        if read is not None:
            read.append(len(group))
        return group

    parts = [BankPart(str(group), lambda group=group: reading(group)) for group in groups]
    return build_bank(data, parts, NOTHING, None, **options)


@pytest.fixture
def data(tmp_path):
    use_bank(tmp_path, build(tmp_path, ENTRIES, OTHERS))
    return tmp_path


def test_only_the_parts_that_changed_are_read(data):
    read = []

    assert build(data, ENTRIES, OTHERS, read=read) == bank_in_use(data)
    assert read == []
    assert build(data, ENTRIES, OTHERS[:0], read=read)[0] == bank_in_use(data)[0]
    assert read == [0]


def test_what_is_made_of_a_question_differently_is_made_anew_and_so_is_what_weighs_by_another_first_part(data, monkeypatch):
    before = bank_in_use(data)

    assert build(data, OTHERS, OTHERS)[1] != build(data, ENTRIES, OTHERS)[1] == before[1]
    monkeypatch.setattr(module, "_FORMAT", module._FORMAT + 1)
    assert not set(build(data, ENTRIES, OTHERS)) & set(before)


def test_a_bank_is_finished_once_for_all_its_parts_and_not_again_where_it_is_in_use(data):
    finished = []

    def finish(folder, parts):
        finished.append((folder.name, [len(part) for part in parts]))

    build(data, ENTRIES, OTHERS, finish=finish)
    names = build(data, ENTRIES, OTHERS[:0], finish=finish)

    assert finished == [(names[0], [2, 0])]


def test_parts_in_no_use_go_one_change_after_the_last_in_which_they_were(data):
    first = bank_in_use(data)
    folders = lambda: {path.name for path in (data / "bank").iterdir() if path.is_dir()}  # noqa: E731

    use_bank(data, second := build(data, ENTRIES))
    assert folders() == {*first, *second}  # somebody may just be opening it
    use_bank(data, third := build(data, OTHERS))
    assert folders() == {*second, *third}


def test_damage_to_a_bank_in_use_is_met_when_one_looks_again_and_is_met_once(data, caplog):
    reader = BankReader(data)
    (whole, other), (name, _) = reader.get(), bank_in_use(data)
    assert not reader.look_again()
    file = data / "bank" / name / "rows.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    assert reader.get() == (whole, other)  # nobody has looked
    assert reader.look_again()
    (left,) = reader.get()
    assert left.entries == other.entries
    assert "tracuu ingest" in reader.warning
    assert "rows.npy" in caplog.text
    assert not reader.look_again()
    assert len(verify_bank(data)) == 1
    # and when it was made anew, under the same name, it is used again
    use_bank(data, build(data, ENTRIES, OTHERS))
    assert [len(part) for part in reader.get()] == [2, 1]
    assert (reader.warning, verify_bank(data)) == ("", [])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"khong-co\n"])
def test_a_pointer_that_names_nothing_is_an_empty_bank_and_costs_no_part(data, content):
    names = bank_in_use(data)
    (data / "bank" / "current").write_bytes(content)
    reader = BankReader(data)

    assert reader.get() == ()
    assert build(data, ENTRIES, OTHERS, read=(read := [])) == names
    assert read == []
    use_bank(data, names)
    assert [len(part) for part in reader.get()] == [2, 1]


def test_no_parts_are_put_to_use_where_there_never_was_a_bank(tmp_path):
    use_bank(tmp_path, build(tmp_path))

    assert bank_in_use(tmp_path) == []
    assert BankReader(tmp_path).get() == ()


def test_what_is_taught_before_there_is_a_bank_begins_one(tmp_path):
    use_bank(tmp_path, build_later_part(tmp_path, OTHERS, NOTHING, None))

    first, later = BankReader(tmp_path).get()
    assert (len(first), later.entries) == (0, OTHERS)
    assert later.likeness(["wifi"])[0] > 0


def test_a_word_that_only_the_later_part_has_is_the_rarest(data):
    first, later = BankReader(data).get()

    assert later.likeness(["wifi"])[0] > 0
    assert first.likeness(["wifi"]).max() < later.likeness(["wifi"])[0]
    assert later.rarity.max() == first.rarity.max()


def test_a_follow_up_is_read_with_the_last_two_questions_before_it():
    entry = BankEntry("còn hai", "1/CV", after=("một", "bốn", "ba"))

    assert words_of(entry, NOTHING) == ["bon", "ba", "con", "hai"]


def test_entries_of_an_unknown_kind_are_no_bank(tmp_path):
    BankIndex.build(tmp_path / "i", ENTRIES, [["bao"], ["goi"]])
    file = tmp_path / "i" / "entries.json"
    content = json.loads(file.read_text())
    content["entries"][0]["unknown"] = 1
    file.write_text(json.dumps(content))

    with pytest.raises(TypeError):
        BankIndex.open(tmp_path / "i")
