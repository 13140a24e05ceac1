"""People and desks to call, systems with their addresses."""

from __future__ import annotations

import pytest

from ingest.contacts import find_contacts, find_systems
from rag.documents import Footnote, Provision


def provision(text: str, *notes: str) -> Provision:
    footnotes = tuple(Footnote(str(at), note, 1) for at, note in enumerate(notes, 1))
    return Provision(0, "1/X", "IV", "closing", "", "", text, 1, footnotes=footnotes)


class TestContacts:
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
