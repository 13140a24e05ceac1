"""Replies of language models against real provisions: none that is false may pass, hardly one that is true may fail."""

from __future__ import annotations

import pytest

from rag.documents import Contact, Deadline
from rag.slots.facts import facts_in, missing
from rag.slots.numerals import spelled_out
from rag.verification.checker import Source, verify
from tests.rag.forgeries import forgeries, with_invention
from tests.rag.reply_lists import provisions_of, reply_list, sources_of_sections

REPORT = Source("Phòng A báo cáo Sở trước ngày 10/01/2026; tối thiểu 30% số trường được kiểm tra.", "Công văn số 15/SGDĐT-GDPT của Sở GDĐT")


@pytest.fixture(scope="module")
def sources(directive, example_assistant):
    """The provisions that a row of the reply lists is about, as sources."""
    of = provisions_of({2607: directive.searcher(), 1422: example_assistant.searcher()})
    return lambda row: [numbered.source for numbered in of(row)]


def test_true_replies_pass(sources):
    rows = reply_list("true")

    failed = [f"{row['id']}: {checked.fault}" for row in rows if not (checked := verify(row["reply"], sources(row))).passed]

    assert len(rows) >= 80
    assert len(failed) <= 0.03 * len(rows), failed


def test_no_false_reply_passes(sources):
    rows = reply_list("false")

    passed = [f"{row['id']}: {row['reply']}" for row in rows if verify(row["reply"], sources(row)).passed]

    assert not passed


FIGURES = ("wrong_value", "wrong_cite", "negation", "bound")


def test_replies_of_a_language_model_keep_the_level_that_was_reached(sources):
    """What does not reach 100 % is a limit that docs/measured.md names: what stands to what, told with the provision's own words."""
    rows = [(row, verify(row["reply"], sources(row)).passed) for row in reply_list("fresh")]

    true = {split: [passed for row, passed in rows if row["kind"] == "true" and row["split"] == split] for split in ("tune", "report")}
    false = [(row, passed) for row, passed in rows if row["kind"] != "true"]
    wrong = [row["id"] for row, passed in false if passed and row["kind"] in FIGURES]

    assert sum(true["tune"]) >= 0.93 * len(true["tune"])
    assert all(true["report"])
    assert len(wrong) <= 0.03 * sum(row["kind"] in FIGURES for row, _ in false), wrong
    assert sum(passed for _, passed in false) <= 0.14 * len(false)


def test_no_true_reply_made_false_passes(sources):
    forged = [
        (kind, reply, sources(row))
        for number, row in enumerate(reply_list("true")[::2])
        for kind, reply in (*forgeries(row["reply"]), with_invention(row["reply"], number))
    ]

    passed = [f"{kind}: {reply}" for kind, reply, given in forged if verify(reply, given).passed]

    assert len(forged) >= 120
    assert not passed


def test_of_a_reply_that_still_comes_only_verified_sentences_are_sound(sources):
    for row in reply_list("false"):
        given = sources(row)
        for end in range(10, len(row["reply"]), 15):
            sound = verify(row["reply"][:end], given, whole=False).sound
            assert not sound or verify(sound, given, whole=False).fault == ""


def test_a_denial_behind_a_number_is_no_part_of_it():
    given = [Source("Học sinh vào học lớp mười phải có bằng tốt nghiệp trung học cơ sở.", "")]

    assert verify("Học sinh vào lớp mười phải có bằng tốt nghiệp trung học cơ sở [1].", given).passed
    assert not verify("Học sinh vào lớp mười không phải có bằng tốt nghiệp trung học cơ sở [1].", given).passed


RULES = Source(
    "Nhà trường phải báo cáo Sở GDĐT trong vòng 72 giờ kể từ khi phát hiện. Tối thiểu 30% số đơn vị trực thuộc được kiểm tra. "
    "Tập thể đạt mức độ 3 trở lên được xét khen thưởng. Hiệu trưởng nộp báo cáo trước ngày 10/01/2026. Mỗi trường gửi 02 sản phẩm. "
    "Biểu mẫu tại https://a.edu.vn/Bieu-Mau. Báo cáo bộ phận thống kê; sau đó liên hệ kỹ thuật viên và cập nhật phần mềm.",
    "Công văn số 15/SGDĐT-GDPT của Sở GDĐT",
)


@pytest.mark.parametrize(
    "said",
    [
        "Nhà trường phải báo cáo Sở GDĐT trong vòng 72 giờ kể từ khi phát hiện.",
        "Nhà trường báo cáo Sở GDĐT trong 72 giờ kể từ khi phát hiện.",
        "Tối thiểu 30% số đơn vị trực thuộc được kiểm tra.",
        "Tập thể đạt mức độ 3 trở lên được xét khen thưởng.",
        "Hiệu trưởng nộp báo cáo trước ngày 10/01/2026.",
        "Bạn có thể xem biểu mẫu tại https://A.edu.vn/Bieu-Mau.",
        "Báo cáo bộ phận thống kê, sau đó liên hệ kỹ thuật viên.",
    ],
)
def test_what_a_source_says_passes(said):
    assert verify(f"{said[:-1]} [1].", [RULES]).fault == ""


@pytest.mark.parametrize(
    "said",
    [
        "Nhà trường phải báo cáo Sở GDĐT sau 72 giờ kể từ khi phát hiện.",
        "Nhà trường phải báo cáo Sở GDĐT sớm nhất 72 giờ kể từ khi phát hiện.",
        "Nhà trường phải báo cáo Sở GDĐT trong vòng 72 giờ trước khi phát hiện.",
        "Một nửa số đơn vị trực thuộc được kiểm tra.",
        "Toàn bộ số đơn vị trực thuộc được kiểm tra.",
        "Cao nhất 30% số đơn vị trực thuộc được kiểm tra.",
        "Phần lớn tập thể đạt mức độ 3 trở lên được xét khen thưởng.",
        "Tập thể đạt mức độ 3 trở xuống được xét khen thưởng.",
        "Hiệu trưởng nộp báo cáo vào ngày 10/01/2026.",
        "Hiệu trưởng nộp báo cáo sớm nhất ngày 10/01/2026.",
        "Mỗi trường gửi gấp đôi 02 sản phẩm.",
        "Nhà trường có thể báo cáo Sở GDĐT trong vòng 72 giờ kể từ khi phát hiện.",
        "Nhà trường được miễn báo cáo Sở GDĐT trong vòng 72 giờ kể từ khi phát hiện.",
        "Nhà trường khỏi phải báo cáo Sở GDĐT trong vòng 72 giờ kể từ khi phát hiện.",
        "Nhà trường một mình báo cáo Sở GDĐT trong vòng 72 giờ kể từ khi phát hiện.",
        "Hiệu trưởng tùy ý nộp báo cáo trước ngày 10/01/2026.",
        "Sở GDĐT phải báo cáo nhà trường trong vòng 72 giờ kể từ khi phát hiện.",
        "Nhà trường phải báo cáo Bộ GDĐT trong vòng 72 giờ kể từ khi phát hiện.",
        "Biểu mẫu tại https://a.edu.vn/bieu-mau.",
        "Liên hệ kỹ thuật viên và cập nhật phần mềm, sau đó báo cáo bộ phận thống kê.",
    ],
)
def test_what_a_source_says_otherwise_is_stopped(said):
    assert verify(f"{said[:-1]} [1].", [RULES]).fault


SHARED = "Báo cáo học kì 1 về chuyển đổi số trước ngày 12/01/2026; liên hệ bà An, điện thoại 0912 000 111 (học bạ số)"
OWED = Source(
    f"{SHARED}; ông Bình, điện thoại 0912 000 222 (thống kê giáo dục).",
    "Trường tiểu học báo cáo Phòng Văn hóa - Xã hội; Sở GDĐT, Bộ GDĐT, hiệu trưởng",
    (
        Deadline("Báo cáo học kì 1", "Trường tiểu học", "Phòng Văn hóa - Xã hội", "trước ngày 12/01/2026", "2026-01-12", "", 1, ""),
        Contact("An", "học bạ số", "0912 000 111", "điện thoại", "", 1, ""),
        Contact("Bình", "thống kê giáo dục", "0912 000 222", "điện thoại", "", 1, ""),
    ),
)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("Trường tiểu học báo cáo Phòng Văn hóa - Xã hội trước ngày 12/01/2026", True),
        ("Sở GDĐT báo cáo Phòng Văn hóa - Xã hội trước ngày 12/01/2026", False),
        ("Trường tiểu học báo cáo Bộ GDĐT trước ngày 12/01/2026", False),
        ("Về học bạ số, liên hệ bà An, điện thoại 0912 000 111", True),
        ("Về thống kê giáo dục, liên hệ bà An, điện thoại 0912 000 111", False),
        ("Về học bạ số và thống kê giáo dục, liên hệ điện thoại 0912 000 111", False),
    ],
)
def test_dates_and_phones_are_held_to_their_records(said, stands):
    assert (verify(f"{said} [1].", [OWED]).fault == "") == stands


def test_the_sources_of_an_answer_bring_their_records(directive):
    (numbered,) = sources_of_sections(directive.searcher(), "2607/SGDĐT-GDPT", ["IV.2-2"])

    assert {(record.to, record.date) for record in numbered.source.records} == {("Sở GDĐT", "2026-01-10"), ("Sở GDĐT", "2026-06-10")}


def test_the_fault_names_what_is_wrong():
    assert "15/01/2026" in verify("Phòng A báo cáo Sở trước ngày 15/01/2026 [1].", [REPORT]).fault
    assert "[2]" in verify("Phòng A báo cáo Sở trước ngày 10/01/2026 [2].", [REPORT]).fault


def test_readers_see_no_markdown_and_where_links_lead():
    given = [Source("Truy cập https://a.edu.vn để nộp báo cáo.", "")]

    assert verify("**Nộp báo cáo** tại [https://a.edu.vn](https://a.edu.vn) [1].", given).text == "Nộp báo cáo tại https://a.edu.vn [1]."
    assert not verify("Nộp báo cáo tại [https://a.edu.vn](https://b.edu.vn) [1].", given).passed


@pytest.mark.parametrize("thought", ["<think>Hạn là 31/12/2099?</think>", "<think>không dứt"])
def test_what_a_model_thinks_aloud_is_not_shown(thought):
    assert "think" not in verify(f"{thought} Phòng A báo cáo Sở trước ngày 10/01/2026 [1].", [REPORT]).text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ngày 10 tháng 1 năm 2026", "10/01/2026"),
        ("ngày mười tháng giêng năm hai nghìn không trăm hai mươi sáu", "10-1-2026"),
        ("ba mươi phần trăm", "30%"),
        ("0917792140", "0917.792.140"),
        ("17 giờ", "17h00"),
        ("350 nghìn đồng", "350.000 đồng"),
        ("lớp 1, 2 và 3", "lớp 1, lớp 2, lớp 3"),
        ("học kỳ I", "học kì 1"),
        ("Thông tư 9/2021", "Thông tư số 09/2021/TT-BGDĐT"),
        ("WWW.a.edu.vn/", "https://a.edu.vn"),
        ("ngày 10 tháng 1", "10/01/2026"),
    ],
)
def test_a_fact_is_the_same_however_it_is_written(said, written):
    assert facts_in(said)
    assert missing(facts_in(said), facts_in(written)) == []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("10/01/2026", "ngày 10 tháng 10 hằng năm"),
        ("05 tháng", "05 ngày"),
        ("30 đơn vị", "30%"),
        ("lớp 4", "lớp 1, 2 và 3"),
        ("Thông tư 19/2021", "Thông tư số 09/2021/TT-BGDĐT"),
        ("https://a.edu.vn.example.com", "https://a.edu.vn"),
    ],
)
def test_facts_that_look_alike_are_not_the_same(said, written):
    assert missing(facts_in(said), facts_in(written))


@pytest.mark.parametrize(
    "text", ["năm học", "hằng năm", "thứ ba", "cả hai", "một phó hiệu trưởng", "không gian", "90 ngày một lần", "vào lớp không phải thi"]
)
def test_words_that_only_look_like_numbers_stay(text):
    assert spelled_out(text) == text
