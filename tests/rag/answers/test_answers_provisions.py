"""The sentence that answers, the whole list where one is asked for."""

import pytest

from tests.rag.conftest import cited, misquotes, unsourced


@pytest.mark.parametrize(
    ("question", "facts", "section"),
    [
        ("Tối thiểu bao nhiêu phần trăm đơn vị được kiểm tra?", ["30%"], "III.6"),
        ("bao nhieu % khoan thu khong dung tien mat", ["100%"], "II.3-4"),
        ("Chuyển đổi số giáo dục có mấy trụ cột, là những gì?", ["(1)", "(2)", "(3)", "nguồn nhân lực số"], "I.3"),
        (
            "Năm nội dung kỹ năng số cơ bản cho học sinh gồm những gì?",
            ["dịch vụ công trực tuyến", "Mua sắm trực tuyến", "Thanh toán trực tuyến", "Tự bảo vệ mình", "nền tảng số khác"],
            "II.1-7",
        ),
        ("Ba nhóm dịch vụ công trực tuyến gồm những gì?", ["Chuyển trường", "Hỗ trợ ăn trưa", "Hỗ trợ học tập"], "II.3-1"),
        ("Các khoản thu gồm những gì?", ["học phí", "bảo hiểm y tế", "Tự nguyện"], "II.3-4"),
        ("Ai chịu trách nhiệm về tính chính xác của báo cáo dữ liệu?", ["Thủ trưởng đơn vị"], "II.2(4)"),
        ("Trường phải thành lập tổ gì để làm chuyển đổi số?", ["hội đồng/tổ công tác"], "III.1-2"),
        ("Hai trường sáp nhập thì làm thế nào trên hệ thống?", ["bộ phận Thống kê giáo dục", "kỹ thuật Viettel"], "PL4.3"),
        ("Máy tính của trường cần phần mềm gì để phòng chống virus?", ["có bản quyền"], "III.5-1"),
        ("truong phai dam bao ket noi internet the nao", ["cáp quang Internet"], "III.4-1"),
    ],
)
def test_tasks_figures_lists_and_procedures(directive, question, facts, section):
    answer = directive.ask(question)

    assert answer.status == "answered"
    assert not [fact for fact in facts if fact not in answer.text]
    assert section in cited(answer)
    assert misquotes(directive, answer) == []
    assert unsourced(directive, answer) == []


@pytest.mark.parametrize(
    ("question", "fact", "document", "section"),
    [
        ("Học sinh vào lớp 6 bao nhiêu tuổi?", "11 tuổi", "43/2019/QH14", "Điều 28.1.b"),
        ("Mua bán dữ liệu cá nhân bị phạt tối đa bao nhiêu?", "10 lần khoản thu", "91/2025/QH15", "Điều 8.3"),
        ("Dữ liệu cá nhân nhạy cảm là gì?", "quyền riêng tư", "13/2023/NĐ-CP", "Điều 2.4"),
    ],
)
def test_laws(laws, question, fact, document, section):
    answer = laws.ask(question)

    assert fact in answer.text
    assert (document, section) in [(citation.document, citation.section) for citation in answer.citations]
    assert misquotes(laws, answer) == []


@pytest.mark.parametrize(
    ("question", "fact", "section"),
    [
        ("Mật khẩu tối thiểu bao nhiêu ký tự?", "12 ký tự", "II.4-2"),
        ("Lỗi mã DS-02 xử lý thế nào?", "gộp hồ sơ", "PL2.III.2"),
        ("Nhập sai mật khẩu mấy lần thì bị khóa?", "05 lần", "PL2.I.3"),
        ("Dữ liệu sống là gì?", "03 ngày làm việc", "I.2-3"),
        ("Có được in học bạ giấy cho lớp 1 không?", "không in học bạ giấy", "II.2.a-2"),
    ],
)
def test_another_directive_works_the_same_way(example_assistant, question, fact, section):
    answer = example_assistant.ask(question)

    assert fact in answer.text
    assert section in cited(answer)
    assert misquotes(example_assistant, answer) == []


@pytest.mark.parametrize(
    "question",
    [
        "Trường phải xây bể bơi không?",
        "Giáo viên có được nghỉ phép mấy ngày?",
        "Học sinh mặc đồng phục thế nào?",
        "Cách nấu phở bò?",
    ],
)
def test_what_stands_nowhere_is_refused(directive, question):
    assert directive.ask(question).status in ("offered", "not_found")
