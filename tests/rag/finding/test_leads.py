"""A child never speaks without what it goes on from."""

import pytest

from rag.finding.leads import leads_of
from tests.rag.conftest import cited, misquotes


@pytest.mark.parametrize(
    ("question", "lead", "section"),
    [
        ("Hiệu trưởng có được hút thuốc trong trường không?", "Các hành vi bị nghiêm cấm", "Điều 22.4"),
        ("thông tin đã công khai đúng luật mà đòi xóa thì theo nghị định 13 có phải xóa không", "sẽ không áp dụng", "Điều 16.2.c"),
    ],
)
def test_what_is_forbidden_or_excepted_is_said_to_be_so(laws, question, lead, section):
    answer = laws.ask(question)

    assert lead in answer.text
    assert section in cited(answer)
    assert any(lead in citation.quote for citation in answer.citations)
    assert misquotes(laws, answer) == []


def test_an_inline_item_names_the_portal_of_its_parent(directive):
    answer = directive.ask("chuyển trường online làm ở đâu?")

    assert "Cổng Dịch vụ công quốc gia" in answer.text
    assert "Chuyển trường" in answer.text
    assert misquotes(directive, answer) == []


def test_a_list_below_a_bullet_that_announces_it_goes_on_from_it(directive):
    store = directive.snapshot.store

    item = store.section("2607/SGDĐT-GDPT", "II.2(4)")

    assert [lead.text.endswith("một số nhiệm vụ sau:") for lead in leads_of(store, item)] == [True]


def test_whose_duty_it_is_comes_from_the_heading(directive):
    store = directive.snapshot.store

    duties = {section: store.section("2607/SGDĐT-GDPT", section) for section in ("IV.2-2", "IV.2-1", "II.1-1")}

    leads = {section: [lead.text for lead in leads_of(store, provision)] for section, provision in duties.items()}
    assert leads["IV.2-2"] == ["UBND cấp xã, trường có cấp THPT, trung tâm giáo dục thường xuyên"]
    assert leads["IV.2-1"] == []  # its own text begins with them
    assert leads["II.1-1"] == []
