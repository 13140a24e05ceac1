"""People and desks to call, systems with their addresses."""

from __future__ import annotations

import pytest

from ingest.contacts import find_contacts
from ingest.systems import find_systems
from rag.documents import Footnote, Provision


def provision(text: str, *notes: str) -> Provision:
    footnotes = tuple(Footnote(str(at), note, 1) for at, note in enumerate(notes, 1))
    return Provision(0, "1/X", "IV", "closing", "", "", text, 1, footnotes=footnotes)


class TestContacts:
    def test_two_phones_with_nothing_but_a_blank_between_them(self):
        found = find_contacts(provision("| Họ và tên | Điện thoại |\n|---|---|\n| Lò Văn Tám | 0982 111 049 0349 222 820 |"))
        assert [one.phone for one in found] == ["0982 111 049", "0349 222 820"]

    def test_a_landline_in_short_groups(self):
        (found,) = find_contacts(provision("Liên hệ Phòng Đào tạo: (0225) 3 744 111"))
        assert found.phone == "(0225) 3 744 111"

    def test_a_list_of_people(self):
        found = find_contacts(
            provision(
                "Vướng mắc liên hệ: (1) Đồng chí Cao Văn An, điện thoại 0972.523.518 (Lĩnh vực chuyển đổi số); "
                "(2) Bà Lò Thị Mây, chuyên viên Phòng Quản lý chất lượng, điện thoại 0987 112 004, "
                "thư điện tử maylt@binhson.edu.vn (học bạ số)."
            )
        )
        assert [(c.name, c.role, c.phone, c.channel, c.email) for c in found] == [
            ("Cao Văn An", "Lĩnh vực chuyển đổi số", "0972.523.518", "điện thoại", ""),
            ("Lò Thị Mây", "chuyên viên Phòng Quản lý chất lượng; học bạ số", "0987 112 004", "điện thoại", "maylt@binhson.edu.vn"),
        ]
        assert found[1].quote.startswith("(2) Bà Lò Thị Mây")

    @pytest.mark.parametrize(
        ("text", "name", "phone"),
        [
            ("Liên hệ Tổng đài hỗ trợ kỹ thuật 1900 6644, từ 7h30.", "Tổng đài hỗ trợ kỹ thuật", "1900 6644"),
            ("Báo tổ ứng cứu sự cố của Sở qua số 0912345678 trong 02 giờ.", "tổ ứng cứu sự cố của Sở", "0912345678"),
            ("Báo ngay cho bộ phận quản trị chứng thư số qua số 0203 3825 511.", "bộ phận quản trị chứng thư số", "0203 3825 511"),
        ],
    )
    def test_desks(self, text, name, phone):
        (found,) = find_contacts(provision(text))
        assert (found.name, found.phone) == (name, phone)

    def test_a_footnote_and_its_channel(self):
        (found,) = find_contacts(provision("Liên hệ bộ phận kỹ thuật.", "Liên hệ đồng chí Vũ Thế Quý - Zalo: 0983.691.800"))
        assert (found.name, found.phone, found.channel) == ("Vũ Thế Quý", "0983.691.800", "Zalo")

    def test_an_address_alone(self):
        (found,) = find_contacts(provision("Gửi về hộp thư attt@binhson.edu.vn trước ngày 31/10/2025."))
        assert (found.email, found.phone) == ("attt@binhson.edu.vn", "")

    @pytest.mark.parametrize(
        ("text", "name", "role", "phones"),
        [
            (
                "+ Phạm Văn Cường – Chuyên viên - Phòng Công tác sinh viên - SĐT: 0982.000.717",
                "Phạm Văn Cường", "Chuyên viên - Phòng Công tác sinh viên", ["0982.000.717"],
            ),
            (
                "Phòng Khảo thí, 12 đường Lê Lai, phường Phú Hòa; email: khaothi@minhlinh.edu.vn; "
                "điện thoại: (0251).3868001 và (0251).3623002.",
                "Phòng Khảo thí", "", ["(0251).3868001", "(0251).3623002"],
            ),
            ("Phòng Công tác sinh viên - SĐT: 0982.000.717", "Phòng Công tác sinh viên", "", ["0982.000.717"]),
            (
                "Liên hệ cô Trần Thu Hà, thư ký khoa, số 02203 867 123 máy lẻ 105.",
                "Trần Thu Hà", "thư ký khoa; máy lẻ 105", ["02203 867 123"],
            ),
            ("Trung tâm Ngoại ngữ\nĐiện thoại: 024 3868 1234", "Trung tâm Ngoại ngữ", "", ["024 3868 1234"]),
        ],
    )  # fmt: skip
    def test_whose_phones_they_are(self, text, name, role, phones):
        found = find_contacts(provision(text))
        assert [(c.name, c.role, c.phone) for c in found] == [(name, role, phone) for phone in phones]

    def test_several_people_in_a_sentence(self):
        found = find_contacts(provision("Hỏi thầy Đỗ Minh (0912 000 111) hoặc cô Lê Thu Trang, điện thoại 0913 000 222."))
        assert [(c.name, c.phone) for c in found] == [("Đỗ Minh", "0912 000 111"), ("Lê Thu Trang", "0913 000 222")]

    def test_a_table_of_people(self):
        found = find_contacts(
            provision(
                "| STT | Họ và tên | Chức vụ | Điện thoại | Email |\n|---|---|---|---|---|\n"
                "| 1 | Lò Thị Mây | Phó phòng | 0987.112.004 | may@hatan.edu.vn |\n| 2 | Vi Văn Sơn | Văn thư | 0912.345.678 | |"
            )
        )
        assert [(c.name, c.role, c.phone, c.email) for c in found] == [
            ("Lò Thị Mây", "Phó phòng", "0987.112.004", "may@hatan.edu.vn"), ("Vi Văn Sơn", "Văn thư", "0912.345.678", ""),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "text", ["Điện thoại: 0123.45.67.89.", "Số 0251386800.", "Email: daotao@phuhoa.ed1", "Email: daotao(Qptit.edu.vn"]
    )
    def test_what_cannot_be_reached_is_not_recorded(self, text):
        assert find_contacts(provision(text)) == []

    def test_dates_numbers_and_codes_are_no_phones(self):
        assert find_contacts(provision("Ngày 10/01/2026, 350.000 đồng, Thông tư 42/2021/TT-BGDĐT, mã DS-01, năm 2025-2026.")) == []


class TestSystems:
    @pytest.mark.parametrize(
        ("text", "name", "address"),
        [
            (
                "Sử dụng thống nhất Hệ thống quản lý dữ liệu giáo dục tỉnh tại địa chỉ https://dulieu.binhson.edu.vn.",
                "Hệ thống quản lý dữ liệu giáo dục tỉnh", "https://dulieu.binhson.edu.vn",
            ),
            (
                "Kho học liệu số dùng chung của tỉnh đặt tại https://hoclieu.binhson.edu.vn; mỗi tổ đóng góp.",
                "Kho học liệu số dùng chung của tỉnh", "https://hoclieu.binhson.edu.vn",
            ),
            ("Cập nhật trên phần mềm cơ sở dữ liệu ngành (https://csdl.moet.gov.vn).", "phần mềm cơ sở dữ liệu ngành", "https://csdl.moet.gov.vn"),
            ("Khai tại địa chỉ: https://forms.gle/9nTH9YRf", "", "https://forms.gle/9nTH9YRf"),
        ],
    )  # fmt: skip
    def test_name_and_address(self, text, name, address):
        (found,) = find_systems(provision(text))
        assert (found.name, found.address) == (name, address)

    def test_each_address_has_its_own_system(self):
        found = find_systems(
            provision("Đồng bộ từ phần mềm trường học (https://qlth.x.edu.vn) sang cơ sở dữ liệu ngành (https://csdl.x.gov.vn).")
        )
        assert [(system.name, system.address) for system in found] == [
            ("phần mềm trường học", "https://qlth.x.edu.vn"), ("cơ sở dữ liệu ngành", "https://csdl.x.gov.vn"),
        ]  # fmt: skip

    def test_purpose_and_quote(self):
        (found,) = find_systems(provision("Phân công lãnh đạo, cập nhật thông tin cán bộ phụ trách tại địa chỉ: https://forms.gle/abc"))
        assert found.purpose == "cập nhật thông tin cán bộ phụ trách"
        assert found.quote.endswith("https://forms.gle/abc")

    @pytest.mark.parametrize("text", ["Gửi về (2'phuhoa.edu.vn", "Xem tại https:/phuhoa.edu.vn", "Xem tại http://phuhoa..vn"])
    def test_what_is_left_of_a_misread_address_is_none(self, text):
        assert find_systems(provision(text)) == []
