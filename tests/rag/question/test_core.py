"""What a message asks, parted from what stands around it."""

import time

import pytest

from rag.question.core import core_of

DEADLINE = "hạn nộp báo cáo sơ kết học kì 1 là khi nào"


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Dạ em chào các thầy các cô ạ, cho em hỏi hạn nộp báo cáo sơ kết học kì 1 là khi nào", DEADLINE),
        ("Bác ơi cho cháu hỏi tí, hạn nộp báo cáo sơ kết học kì 1 là khi nào", DEADLINE),
        ("hạn nộp báo cáo sơ kết học kì 1 là khi nào, cháu cảm ơn các bác nhiều lắm", DEADLINE),
        ("Tôi là Phạm Văn Thắng, hiệu phó trường THCS Đông Mai. Ai phụ trách chuyển đổi số ở Sở?", "Ai phụ trách chuyển đổi số ở Sở?"),
        (
            "Hôm nay trời mưa to quá, mạng nhà em lại chập chờn. Trường mầm non có phải lập tổ chuyển đổi số không?",
            "Trường mầm non có phải lập tổ chuyển đổi số không?",
        ),
        (
            "Trường tiểu học có được thu tiền dạy thêm không? Sếp em đang đứng chờ, gấp lắm rồi ạ!",
            "Trường tiểu học có được thu tiền dạy thêm không?",
        ),
        ("da em chao anh chi, cho em hoi ai ky cong van 2607 a, em cam on", "ai ky cong van 2607 a"),
        ("GẤP QUÁ ANH CHỊ ƠI, HẠN NỘP BÁO CÁO SƠ KẾT HỌC KÌ 1 LÀ KHI NÀO", DEADLINE.upper()),
        ("😭😭 hạn nộp báo cáo sơ kết học kì 1 là khi nào 🙏🙏", DEADLINE),
        ("chào ad cho mình hỏi hạn nộp báo cáo sơ kết học kì 1 là khi nào", DEADLINE),
        (
            "Good morning team, when is the deadline for the first-semester report? Thanks a million",
            "when is the deadline for the first-semester report?",
        ),
    ],
)
def test_what_stands_around_a_question_is_left_out(message, question):
    core = core_of(message)

    assert core.questions == (question,)
    assert core.chat == ""


@pytest.mark.parametrize(
    "question",
    [
        "Trường em mới sáp nhập, xin tài khoản cơ sở dữ liệu ngành ở đâu?",
        "Con tôi học lớp 9 ở trường tư thục, có được miễn học phí không?",
        "giao vien hop dong day them ngoai nha truong thi phai bao cao ai",
        "Ai phụ trách thống kê giáo dục ở Sở?",
        "gửi cho ai",
        "When do schools send the year-end report?",
    ],
)
def test_a_question_with_its_own_circumstances_stays_whole(question):
    assert core_of(question).questions == (question,)


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        (
            "Hạn nộp báo cáo tổng kết là ngày nào? Ai phụ trách thống kê ở Sở?",
            ("Hạn nộp báo cáo tổng kết là ngày nào?", "Ai phụ trách thống kê ở Sở?"),
        ),
        (
            "Chào anh chị,\n1) Hạn nộp báo cáo tổng kết là ngày nào\n2) Trường mầm non có phải nộp không",
            ("Hạn nộp báo cáo tổng kết là ngày nào", "Trường mầm non có phải nộp không"),
        ),
    ],
)
def test_two_questions_are_found_as_two(message, questions):
    assert core_of(message).questions == questions


@pytest.mark.parametrize(
    ("message", "chat"),
    [
        ("chào buổi chiều cả nhà nhé", "hello"),
        ("dạ em cảm ơn anh chị rất nhiều ạ 🌹", "thanks"),
        ("tam biet ban nhe", "bye"),
        ("ok mình hiểu rồi nha", "ok"),
        ("bạn là ai vậy", "help"),
        ("BAN GIUP DUOC GI CHO TOI", "help"),
    ],
)
def test_small_talk_alone_asks_nothing(message, chat):
    core = core_of(message)

    assert core.questions == ()
    assert core.chat == chat


@pytest.mark.parametrize("message", ["0972 523 518", "https://csdl.moet.gov.vn/truong", "2607/SGDĐT-GDPT", "29/2024/TT-BGDĐT"])
def test_what_points_at_something_is_a_question_even_alone(message):
    assert core_of(message).questions == (message,)


@pytest.mark.parametrize("message", ["", "   \n "])
def test_nothing_is_neither_question_nor_small_talk(message):
    core = core_of(message)

    assert (core.questions, core.chat) == ((), "")


def test_every_piece_is_verbatim_and_a_long_message_takes_no_time():
    message = "Chào anh chị. " + f"{DEADLINE}? " * 300

    began = time.perf_counter()
    core = core_of(message)

    assert time.perf_counter() - began < 2
    assert core.questions
    assert all(question in message for question in core.questions)
