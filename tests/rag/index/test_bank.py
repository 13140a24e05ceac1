"""The bank of questions as an index: likeness, what is learnt, publishing, damage."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rag.finding.encoder import open_encoder
from rag.index.bank import BankEntry, BankIndex, places_of
from rag.index.bank_publishing import BankPart, BankReader, build_bank, build_later_part, use_bank

NUMBER = "2607/SGDĐT-GDPT"
ENTRIES = [
    BankEntry("bao giờ nộp báo cáo sơ kết học kì 1?", NUMBER, ("IV.2-2",), writer="an"),
    BankEntry("hạn gửi báo cáo sơ kết là ngày nào", NUMBER, ("IV.2-2",), writer="binh"),
    BankEntry("gọi ai khi vướng về thống kê giáo dục?", NUMBER, ("IV(3)",), writer="an"),
    BankEntry("lương của người làm thống kê là bao nhiêu?", NUMBER, (), writer="binh"),
]


@pytest.fixture
def publish(tmp_path, diacritics):
    def run(*groups, encoder=None):
        parts = [BankPart(f"{at} {[entry.question for entry in group]}", lambda group=group: group) for at, group in enumerate(groups)]
        use_bank(tmp_path, build_bank(tmp_path, parts, diacritics, encoder))
        return BankReader(tmp_path)

    return run


def test_a_question_is_most_like_the_one_that_asks_the_same(publish):
    (bank,) = publish(ENTRIES).get()

    likeness = bank.likeness("bao cao so ket nop bao gio".split())

    assert int(np.argmax(likeness)) == 0
    assert likeness[0] > likeness[1] > likeness[2]
    assert bank.likeness("bao gio nop bao cao so ket hoc ki 1".split())[0] == pytest.approx(1.0, abs=1e-3)


def test_words_without_marks_and_short_forms_are_kept_alike(publish):
    (bank,) = publish([BankEntry("bao gio nop bc so ket hk1", NUMBER, ("IV.2-2",))]).get()

    assert bank.likeness("bao gio nop bao cao so ket hoc ki 1".split())[0] == pytest.approx(1.0, abs=1e-3)


def test_nothing_in_common_is_no_likeness(publish):
    (bank,) = publish(ENTRIES).get()

    assert bank.likeness([]).tolist() == [0.0] * 4
    assert bank.likeness(["zzz"]).tolist() == [0.0] * 4


def test_all_questions_together_teach_the_place(publish):
    (bank,) = publish(ENTRIES, encoder=open_encoder(None)).get()
    words = "bao cao so ket hoc ki 1".split()
    vector = open_encoder(None).encode_queries([" ".join(words)])[0]

    worth = dict(zip(bank.places, (bank.sketch(words, vector) @ bank.learnt)[0], strict=True))

    assert bank.places == places_of(ENTRIES) == [f"{NUMBER}|IV.2-2", f"{NUMBER}|IV(3)", f"{NUMBER}|"]
    assert max(worth, key=worth.get) == f"{NUMBER}|IV.2-2"


def test_a_follow_up_is_kept_with_the_questions_before_it(publish):
    follow_up = BankEntry("thế còn cuối năm?", NUMBER, ("IV.2-2",), after=("hạn nộp báo cáo sơ kết?",))
    (bank,) = publish([follow_up]).get()

    assert bank.entries == [follow_up]
    assert bank.tokens[0][:2] == ["han", "nop"]
    assert bank.tokens[0][-2:] == ["cuoi", "nam"]


def test_what_was_taught_later_is_found_without_touching_the_rest(publish, tmp_path, diacritics):
    reader = publish(ENTRIES, [])
    before = reader.get()
    stamp = {path: path.stat().st_mtime_ns for path in before[0].folder.iterdir()}

    use_bank(
        tmp_path, build_later_part(tmp_path, [BankEntry("wifi trường yếu thì báo ai", NUMBER, ("IV(2)",), "taught")], diacritics, None)
    )
    after = reader.get()

    assert after is not before
    assert after[1].likeness("wifi truong yeu".split())[0] > 0.6
    assert {path: path.stat().st_mtime_ns for path in after[0].folder.iterdir()} == stamp


def test_publishing_the_same_again_changes_nothing(publish):
    reader = publish(ENTRIES)
    first = reader.get()

    assert publish(ENTRIES).get()[0].folder == first[0].folder
    assert reader.get() is first


@pytest.mark.parametrize("harm", ["cut", "gone", "rubbish"])
def test_a_damaged_bank_is_left_out_and_said(publish, harm, caplog):
    reader = publish(ENTRIES)
    file = reader.get()[0].folder / "entries.json"

    if harm == "cut":
        file.write_bytes(file.read_bytes()[:40])
    elif harm == "gone":
        file.unlink()
    else:
        file.write_text(json.dumps({"entries": 3}).ljust(file.stat().st_size))
    again = BankReader(file.parents[2])

    assert again.get() == ()
    assert "tracuu ingest" in again.warning
    assert "ngân hàng câu hỏi" in caplog.text


def test_a_damaged_bank_is_made_anew(publish):
    reader = publish(ENTRIES)
    (reader.get()[0].folder / "rows.npy").write_bytes(b"")

    assert len(publish(ENTRIES).get()[0]) == len(ENTRIES)


def test_a_reader_without_a_bank_has_none(tmp_path):
    assert BankReader(tmp_path).get() == ()


def test_what_fails_while_building_leaves_the_old_bank(publish, tmp_path, diacritics):
    reader = publish(ENTRIES)
    old = reader.get()

    def fails():
        raise OSError("đĩa đầy")

    with pytest.raises(OSError, match="đĩa đầy"):
        use_bank(tmp_path, build_bank(tmp_path, [BankPart("another", fails)], diacritics, None))

    assert reader.get() is old


def test_an_index_opened_from_a_folder_that_is_none_is_an_error(tmp_path):
    with pytest.raises(OSError, match=r"entries\.json"):
        BankIndex.open(tmp_path)
