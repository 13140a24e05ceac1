"""Deadlines: who owes what to whom by when, once or again and again."""

from __future__ import annotations

import pytest

from ingest.deadlines import find_deadlines
from ingest.deadlines.training import Marked, examples_of
from ingest.deadlines.years import each_day
from rag.documents import Deadline, Document, Provision, ProvisionKind


def deadlines_in(text: str, *headings: str, kind: ProvisionKind = "bullet") -> list[Deadline]:
    return find_deadlines(Provision(0, "1/X", "IV.2-2", kind, "", "", text, 1, headings=headings))


def test_two_reports_in_one_sentence():
    found = deadlines_in(
        "Phòng Giáo dục phổ thông: Báo cáo Bộ GDĐT về việc triển khai: Báo cáo sơ kết học kì 1 trước ngày 30/01/2026, "
        "Báo cáo tổng kết năm học trước ngày 30/6/2026."
    )
    assert [(d.what, d.who, d.to, d.date) for d in found] == [
        ("Báo cáo sơ kết học kì 1", "Phòng Giáo dục phổ thông", "Bộ GDĐT", "2026-01-30"),
        ("Báo cáo tổng kết năm học", "Phòng Giáo dục phổ thông", "Bộ GDĐT", "2026-06-30"),
    ]


def test_the_heading_says_who_where_the_sentence_does_not():
    found = deadlines_in("Định kỳ báo cáo Sở GDĐT kết quả trước ngày 10/01/2026.", "TỔ CHỨC THỰC HIỆN", "UBND cấp xã, trường có cấp THPT")
    dated = next(d for d in found if d.date)
    assert (dated.who, dated.to, dated.date) == ("UBND cấp xã, trường có cấp THPT", "Sở GDĐT", "2026-01-10")


@pytest.mark.parametrize(
    ("text", "when", "date"),
    [
        ("Hoàn thành chậm nhất ngày 25 tháng 10 năm 2025.", "chậm nhất ngày 25 tháng 10 năm 2025", "2025-10-25"),
        ("Hoàn thành trước 17h00 ngày 05/11/2025.", "trước 17h00 ngày 05/11/2025", "2025-11-05"),
        ("Khóa dữ liệu từ ngày 21/11/2025 đến ngày 28/11/2025.", "từ ngày 21/11/2025 đến ngày 28/11/2025", "2025-11-28"),
        ("Nhận sản phẩm đến hết ngày 28 tháng 02 năm 2026.", "đến hết ngày 28 tháng 02 năm 2026", "2026-02-28"),
    ],
)
def test_dates_with_a_cue(text, when, date):
    (found,) = deadlines_in(text)
    assert (found.when, found.date, found.recurrence) == (when, date, "")


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("Báo cáo Sở định kỳ hằng quý.", "định kỳ hằng quý"),
        ("Công bố tỷ lệ vào ngày 20 hằng tháng.", "vào ngày 20 hằng tháng"),
        (
            "Trả lời trong thời hạn 02 ngày làm việc kể từ khi nhận được đề nghị.",
            "trong thời hạn 02 ngày làm việc kể từ khi nhận được đề nghị",
        ),
        ("Báo cáo trong vòng 02 giờ.", "trong vòng 02 giờ"),
    ],
)
def test_terms_and_recurrences_have_no_date(text, recurrence):
    (found,) = deadlines_in(text)
    assert (found.recurrence, found.date) == (recurrence, "")


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Quyết định số 131/QĐ-TTg ngày 25/01/2022 của Thủ tướng Chính phủ.",
        "Tổ chức Ngày hội vào buổi sáng.",
        "Cập nhật dữ liệu đầy đủ, kịp thời.",
    ],
)
def test_the_date_of_a_document_is_no_deadline(text):
    assert deadlines_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Tổ chức dạy học trực tuyến để trở thành hoạt động thiết yếu, hằng ngày đối với mỗi nhà giáo.",
        "Đảm bảo nguồn kinh phí hằng năm cho hoạt động ứng dụng công nghệ thông tin.",
        "Con của người đang hưởng trợ cấp hàng tháng được cộng 1,0 điểm.",
        "Thông qua báo cáo tài chính hằng năm.",
        "Mỗi học kỳ phụ có ít nhất 5 tuần học và 1 tuần thi.",
    ],
)
def test_how_often_or_how_much_is_no_return_of_a_duty(text):
    assert deadlines_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Các trường triển khai phần mềm (từ ngày 01/10/2025) và gửi danh sách về Phòng GDPT.",
        "Thực hiện Kế hoạch này (ban hành ngày 05/9/2025), các trường gửi danh sách về Sở.",
        "Từ ngày 01/7/2025, các trường sử dụng chữ ký số để ký học bạ.",
        "Thông tư này có hiệu lực thi hành kể từ ngày 11 tháng 3 năm 2025.",
        "Mức lương cơ sở là 2.340.000 đồng/tháng áp dụng từ ngày 01/7/2024.",
        "Giấy chứng nhận có giá trị 02 năm kể từ ngày cấp.",
        "Báo cáo kết quả, số liệu tính đến ngày 31/5/2026.",
        "Kỳ thi được tổ chức từ ngày 10/6/2026 đến ngày 12/6/2026.",
        "Hội nghị tổ chức lúc 8h00 ngày 15/10/2025 tại Hội trường A.",
    ],
)
def test_starts_terms_data_and_events_are_no_deadlines(text):
    assert deadlines_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hồ sơ gồm: 06 ảnh cỡ 3x4, chụp trong vòng 6 tháng trở lại đây; bản sao học bạ.",
        "Chứng chỉ ngoại ngữ có thời hạn không quá 02 (hai) năm.",
        "Nếu trong thời hạn 30 ngày không có phản hồi thì hồ sơ được coi là hợp lệ.",
        "Văn bằng cấp trước ngày 01/01/2020 có giá trị như văn bằng cấp sau ngày đó.",
        "Trường nào chưa nộp báo cáo trước ngày 10/01/2026 sẽ bị trừ điểm thi đua.",
        "Giáo dục tiểu học được thực hiện trong 05 năm học.",
        "Có chứng chỉ ngoại ngữ quốc tế không quá 02 năm kể từ ngày được cấp chứng chỉ đến ngày 01/4/2025.",
    ],
)
def test_conditions_are_no_deadlines(text):
    assert deadlines_in(text) == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Nhận hồ sơ từ 03/9/2025 đến 04/9/2025.", "2025-09-04"),
        ("Hoàn thành việc đánh giá trong tháng 12/2025.", "2025-12-31"),
        ("Hạn cuối nộp hồ sơ: 17h00 ngày 30/11/2025.", "2025-11-30"),
        ("Gửi báo cáo về Sở GDĐT (trước ngày 10/01/2026).", "2026-01-10"),
        ("Báo cáo số liệu tính đến ngày 31/5/2026, gửi về Sở trước ngày 10/6/2026.", "2026-06-10"),
        ("Sinh viên nộp chứng chỉ trước ngày 10/10/2024 được xét miễn học.", "2024-10-10"),
    ],
)
def test_the_last_day_of_a_window_a_month_a_bracket(text, date):
    (found,) = deadlines_in(text)
    assert found.date == date


def test_a_time_alone_is_of_what_the_heading_names():
    (found,) = deadlines_in(
        "Thời gian: Từ 07h30, thứ Tư, ngày 03/9/2025 đến 17h00, thứ Năm, ngày 04/9/2025 (vào thời gian nhập học).",
        "Thời gian và địa điểm tiếp nhận hồ sơ đăng ký ở nội trú",
    )
    assert found.what.startswith("Thời gian và địa điểm tiếp nhận hồ sơ đăng ký ở nội trú")
    assert found.date == "2025-09-04"


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo sơ kết và báo cáo tổng kết gửi về Sở lần lượt trước ngày 10/01/2026 và ngày 10/6/2026.",
        "Các trường cập nhật dữ liệu trước ngày 30/9/2025 theo hướng dẫn của Sở, trừ trường hợp được gia hạn.",
        "Việc cung cấp dữ liệu được thực hiện trong 72 giờ sau khi có yêu cầu, trừ trường hợp luật có quy định khác.",
        "Gửi kế hoạch về Sở chậm nhất ngày 15/10/2025 để tổng hợp, báo cáo UBND tỉnh trước ngày 30/10/2025.",
    ],
)
def test_a_clause_whose_parts_cannot_be_told_apart_stays_whole(text):
    found = deadlines_in(text)
    assert found
    assert all(deadline.what in text and deadline.when in deadline.what for deadline in found)


def test_two_duties_of_one_actor_each_have_their_day():
    found = deadlines_in("Các trường gửi danh sách về Sở trước ngày 10/10/2025 và hoàn thành việc nhập dữ liệu trước ngày 20/10/2025.")
    assert [(d.what, d.who, d.to, d.date) for d in found] == [
        ("Các trường gửi danh sách về Sở", "Các trường", "Sở", "2025-10-10"),
        ("hoàn thành việc nhập dữ liệu", "Các trường", "", "2025-10-20"),
    ]


def test_who_is_asked_and_who_is_passed_through():
    (found,) = deadlines_in("Đề nghị các trường báo cáo kết quả về Sở GDĐT (qua Phòng GDPT) trước ngày 15/12/2025.")
    assert (found.who, found.to) == ("các trường", "Sở GDĐT")


def test_what_a_condition_names_does_not_act():
    (found,) = deadlines_in(
        "Trên cơ sở kế hoạch do Sở GDĐT ban hành, nhà trường xây dựng kế hoạch và báo cáo Phòng Văn hóa - Xã hội trước ngày 31/7/2026."
    )
    assert (found.who, found.to) == ("nhà trường", "Phòng Văn hóa - Xã hội")


def test_actors_named_in_a_row_are_one_clause_with_their_verb():
    (found,) = deadlines_in("Trước ngày 15 tháng 12 hằng năm, Ủy ban nhân dân tỉnh; cơ sở đào tạo gửi báo cáo đến Bộ Giáo dục và Đào tạo.")
    assert found.what == "Ủy ban nhân dân tỉnh; cơ sở đào tạo gửi báo cáo đến Bộ Giáo dục và Đào tạo"
    assert (found.who, found.to, found.date) == ("Ủy ban nhân dân tỉnh; cơ sở đào tạo", "Bộ Giáo dục và Đào tạo", "")


def test_a_row_with_a_semicolon_is_one_deadline():
    (found,) = deadlines_in(
        "| TT | Nội dung công tác | Đơn vị chủ trì | Đơn vị tham gia | Thời gian thực hiện |\n|---|---|---|---|---|\n"
        "| 1 | Thành lập Ban Chỉ đạo | Sở GDĐT | Các đơn vị liên quan; Các trường | Hoàn thành chậm nhất ngày 10/4/2026 |"
    )
    assert (found.what, found.who, found.date) == ("Thành lập Ban Chỉ đạo", "Sở GDĐT", "2026-04-10")


def test_lines_with_titles_are_of_the_task_above_them():
    (found,) = deadlines_in(
        "Ban hành danh mục sản phẩm.\nCơ quan thực hiện: Bộ Công an chủ trì, phối hợp với các bộ.\n"
        "Thời gian hoàn thành: Trong tháng 01 năm 2022."
    )
    assert (found.what, found.who, found.date) == ("Ban hành danh mục sản phẩm", "Bộ Công an", "2022-01-31")


@pytest.mark.parametrize(("cell", "date"), [("6/2025", "2025-06-30"), ("Quý II/2025", "2025-06-30"), ("2025", "2025-12-31")])
def test_a_month_or_a_year_in_a_row_lasts_to_its_end(cell, date):
    (found,) = deadlines_in(
        f"| TT | Tên nhiệm vụ | Cơ quan chủ trì | Thời gian hoàn thành |\n|---|---|---|---|\n| 1 | Xây dựng Đề án | Bộ A | {cell} |"
    )
    assert (found.when, found.date) == (cell, date)


def test_rows_of_a_timetable_are_no_deadlines():
    assert deadlines_in("| Ngày | Buổi | Môn thi | Giờ bắt đầu |\n|---|---|---|---|\n| 24/6/2026 | Sáng | Ngữ văn | 07 giờ 35 |") == []
    assert deadlines_in("| Thời gian | Nội dung |\n|---|---|\n| 09/02/2026-22/02/2026 | Nghỉ Tết nguyên đán |") == []


def test_a_lone_verb_takes_the_clause_before_it_along():
    (found,) = deadlines_in("Thứ tự: (3) cơ sở vật chất, thiết bị dạy học: hoàn thành chậm nhất ngày 20/11/2025.")
    assert (found.what, found.who) == ("cơ sở vật chất, thiết bị dạy học: hoàn thành", "")


def test_lines_of_a_sublist():
    found = deadlines_in(
        "Khóa ba kỳ:\n+ Kỳ đầu năm: từ ngày 21/11/2025 đến ngày 28/11/2025;\n+ Kỳ cuối năm: từ ngày 01/6/2026 đến ngày 08/6/2026;"
    )
    assert [(d.what, d.date) for d in found] == [("Kỳ đầu năm", "2025-11-28"), ("Kỳ cuối năm", "2026-06-08")]


def test_rows_of_a_table():
    found = deadlines_in(
        "| TT | Việc | Đơn vị thực hiện | Thời hạn |\n|---|---|---|---|\n| 1 | Đăng ký chứng thư số | Nhà trường | 07/11/2025 |\n"
        "| 2 | Báo cáo an toàn thông tin | Trung tâm | Hằng quý |\n| 3 | Khác | Sở | Chưa định |"
    )
    assert [(d.what, d.who, d.date, d.recurrence) for d in found] == [
        ("Đăng ký chứng thư số", "Nhà trường", "2025-11-07", ""),
        ("Báo cáo an toàn thông tin", "Trung tâm", "", "Hằng quý"),
    ]
    assert found[0].quote == "| 1 | Đăng ký chứng thư số | Nhà trường | 07/11/2025 |"


def test_a_signature_holds_none():
    assert deadlines_in("Hoàn thành trước ngày 10/01/2026.", kind="signature") == []


def test_of_a_head_only_what_has_to_be_done_by_then():
    head = (
        "Hà Tân, ngày 02 tháng 10 năm 2025\nCăn cứ Quyết định số 2/QĐ-SGD ngày 05/9/2025;\nĐề nghị gửi báo cáo về Sở trước ngày 15/10/2025."
    )
    assert [d.date for d in deadlines_in(head, kind="head")] == ["2025-10-15"]


def test_the_titles_of_columns_tell_the_first_day_from_the_last():
    table = (
        "| Việc | Từ ngày | Đến ngày |\n|---|---|---|\n| Nộp hồ sơ trực tuyến | 02/6/2025 | 17h00 ngày 08/6/2025 |\n"
        "| Nghỉ Tết | 09/02/2026 | 22/02/2026 |"
    )
    assert [(d.what, d.date) for d in deadlines_in(table)] == [("Nộp hồ sơ trực tuyến", "2025-06-08")]


def test_a_cell_of_words_tells_as_any_text():
    table = (
        "| Đối tượng | Quy định |\n|---|---|\n| Học viên | Học viên nộp đề cương về khoa trước ngày 20/11/2025; bảo vệ tại hội trường A |"
    )
    (found,) = deadlines_in(table)
    assert (found.what, found.date) == ("Học viên nộp đề cương về khoa", "2025-11-20")


def test_a_time_alone_behind_a_semicolon_is_of_what_stands_before_it():
    found = deadlines_in("Sinh viên hoãn thi nộp đơn tại khoa; hạn cuối 17h00 ngày 26/12/2025.")
    assert [(d.what, d.date) for d in found] == [("Sinh viên hoãn thi nộp đơn tại khoa", "2025-12-26")]


def test_no_amount_is_cut():
    (found,) = deadlines_in("Phúc khảo: 50.000 đồng/bài, nộp đơn trước ngày 20/01/2026.")
    assert found.what.endswith("50.000 đồng/bài, nộp đơn")


@pytest.mark.parametrize(
    ("when", "kind", "title", "day"),
    [
        ("trước ngày 15/12", "Công văn", "Về việc rà soát năm học 2025-2026", "2025-12-15"),
        ("chậm nhất ngày 20 tháng 01", "Thông báo", "Về việc kiểm tra", "2026-01-20"),
        ("trước ngày 10/9", "Công văn", "Về việc rà soát", ""),
        ("trước ngày 15/12 hằng năm", "Công văn", "Về việc rà soát", ""),
        ("trước ngày 15/12", "Kế hoạch", "Phát triển giáo dục giai đoạn 2025-2030", ""),
        ("trước ngày 15/12", "Quy chế", "Quy chế làm việc", ""),
        ("trước ngày 15/12", "Hướng dẫn", "Công tác thi đua năm học 2025-2026", "2025-12-15"),
        ("trước ngày 15/12", "Kế hoạch", "Kiểm tra định kỳ học kỳ I năm học 2025-2026", "2025-12-15"),
        ("trước ngày 15/12", "Hướng dẫn", "Công tác thi đua", ""),
        ("trước ngày 15/12", "Hướng dẫn", "Công tác thi đua từ năm học 2025-2026", ""),
        ("trước ngày 15/12", "Hướng dẫn", "Công tác thi đua tháng 11 năm 2025", "2025-12-15"),
        ("trước ngày 15/12", "Hướng dẫn", "Thực hiện Nghị định số 24/2025/NĐ-CP ngày 21 tháng 02 năm 2025 của Chính phủ", ""),
        ("trước ngày 15/12", "Kế hoạch", "Thực hiện Quy chế ban hành ngày 05 tháng 3 năm 2025", ""),
        ("trước ngày 15/12", "Kế hoạch", "Thực hiện Quy chế tháng 11/2025", ""),
        ("từ ngày 28/12 đến ngày 03/01", "Công văn", "Về việc thu hồ sơ", "2026-01-03"),
        ("từ ngày 28/12/2026 đến ngày 03/01", "Công văn", "Về việc thu hồ sơ", "2027-01-03"),
        ("trong 05 ngày kể từ ngày 15/12", "Công văn", "Về việc rà soát", ""),
        ("15/12", "Thông báo", "Về việc kiểm tra", "2025-12-15"),
        ("10/12 - 15/12", "Thông báo", "Về việc kiểm tra", "2025-12-15"),
        ("31/11", "Thông báo", "Về việc kiểm tra", ""),
    ],
)
def test_the_year_of_a_day_without_one(when, kind, title, day):
    told = Deadline("Nộp báo cáo", "", "", when, "", when, 0, f"Nộp báo cáo {when}.")
    (dated,) = each_day(told, Document("5/X", kind=kind, title=title, issued="2025-09-12"))
    assert dated.date == day


def test_quotes_stand_verbatim_in_the_text():
    text = "Một. Hoàn thành trước ngày 10/01/2026; gửi Sở chậm nhất ngày 15/01/2026."
    assert all(found.quote in text for found in deadlines_in(text))


@pytest.mark.parametrize(
    ("text", "headings", "date"),
    [
        ("Phụ huynh gửi lại phiếu cho giáo viên chủ nhiệm chậm nhất thứ Hai, ngày 13/10/2025.", (), "2025-10-13"),
        ("Sinh viên ký túc xá đăng ký ở lại hè với Ban quản lý trước ngày 15/6/2026.", (), "2026-06-15"),
        ("Thời gian: từ 8h00 ngày 20/4/2026 đến 11h30 ngày 24/4/2026.", ("Thời gian và địa điểm thu hồ sơ",), "2026-04-24"),
        ("Kế toán trường nộp bảng đối chiếu công nợ, hạn chót 17 giờ 00 ngày 12/12/2025.", (), "2025-12-12"),
        ("| Việc | Người làm | Hạn |\n|---|---|---|\n| Nộp giáo án; ký duyệt | Tổ trưởng | 15/9/2025 |", (), "2025-09-15"),
    ],
)
def test_duties_of_other_offices(text, headings, date):
    assert [found.date for found in deadlines_in(text, *headings)] == [date]


@pytest.mark.parametrize(
    "text",
    [
        "Nhà trường đã nộp báo cáo trước ngày 10/9/2025 và được khen.",
        "Giấy khám sức khỏe do bệnh viện cấp trong vòng 06 tháng.",
        "Người dự tuyển có chứng chỉ cấp trước ngày 01/7/2025.",
        "| Ngày | Hoạt động | Lớp |\n|---|---|---|\n| 15/11/2025 | Tham quan bảo tàng | Khối 10 |",
        "Thời gian đào tạo: 02 năm, kể từ ngày nhập học.",
    ],
)
def test_conditions_events_and_what_is_done_are_none(text):
    assert deadlines_in(text) == []


def test_the_parent_says_what_its_list_is_of():
    parent = Provision(0, "1/X", "1.c", "point", "", "", "Thời hạn nộp hồ sơ:", 1)
    child = Provision(1, "1/X", "1.c-1", "bullet", "", "", "Khen thưởng thường xuyên: trước ngày 15/7/2026;", 1, parent=0)
    (found,) = find_deadlines(child, parent)
    assert found.date == "2026-07-15"


def test_marked_documents_are_learnt_from():
    marked = Marked("Hà Tân 1", "1. Nộp hồ sơ trước ngày 15/9/2025.\n2. Khai giảng ngày 05/9/2025.", ((11, 31),))
    examples, unseen = examples_of(marked)
    assert [example.due for example in examples] == [True, False]
    assert unseen == 0
