"""What is learnt of places: marked questions are read, and everyday words that look like a place are found."""

from __future__ import annotations

import pytest

from rag.training.places import Example, alike_in, everyday_examples, measure, read_examples


def test_a_marked_question_becomes_an_example_without_the_name(tmp_path):
    file = tmp_path / "places.tsv"
    file.write_text("# remark\na\tof\tSa Pa\tem dạy ở Sa Pa\nb\tbeside\tVinh\tanh Vinh hỏi hạn\n", encoding="utf-8")

    there, beside = read_examples(file, frozenset())

    assert (there.writer, there.of, beside.of) == ("a", True, False)
    assert "-1 o" in there.seen
    assert not any("sa pa" in name or name.endswith(" pa") for name in there.seen)


def test_a_place_that_does_not_stand_in_its_question_is_an_error(tmp_path):
    file = tmp_path / "places.tsv"
    file.write_text("a\tof\tVinh\tem dạy ở Sa Pa\n", encoding="utf-8")

    with pytest.raises(ValueError, match="Vinh"):
        list(read_examples(file, frozenset()))


def test_everyday_words_that_are_a_place_without_their_marks_are_found():
    assert [alike.key for alike in alike_in("báo cáo cần được gửi", well=False)] == [("can", "duoc")]
    assert [alike.key for alike in alike_in("vinh danh nhà giáo", well=True)] == [("vinh",)]
    assert not list(alike_in("em ở Cần Đước", well=True))


def test_only_those_like_a_province_are_learnt_from():
    examples = list(everyday_examples([("a", "đánh giá lại thế nào"), ("a", "cái gì cần được gửi")], frozenset()))

    assert [example.of for example in examples] == [False]
    assert "-1 danh" in examples[0].seen


def test_it_is_measured_on_writers_that_were_kept_out():
    seen = (("-1 o", True), ("-1 thay", False))
    marked = [Example(writer, frozenset([name]), of) for writer in "abcd" for name, of in seen for _ in range(9)]

    figures = measure(marked, [])

    assert (figures["of"], figures["beside"]) == (36, 36)
    assert figures["of: taken for beside"] == figures["beside: taken for sure"] == 0.0
