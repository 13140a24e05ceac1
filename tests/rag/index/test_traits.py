"""What kind of provision each is, as numbers."""

from __future__ import annotations

from rag.documents import Contact, Deadline, Footnote, Provision, Reference
from rag.index.traits import TRAITS, traits


def provision(id, kind="section", text="Lời văn", parent=None, **more):
    return Provision(id, "1/CV", str(id), kind, str(id), "", text, 1, parent, **more)


def said(rows, id):
    """The traits of a provision that are not 0."""
    return {name: float(value) for name, value in zip(TRAITS, rows[id], strict=True) if value}


def test_a_provision_tells_what_it_is_and_what_it_holds():
    provisions = [
        provision(4, text="", kind="annex"),
        provision(2, text="Năm 2026", parent=4, footnotes=(Footnote("1", "Thông tư", 1),)),
        provision(3, kind="clause", parent=4, text="x" * 5000),
        provision(5, kind="head"),
        provision(6, kind="closing"),
        provision(7, kind="bullet", text="Việc"),
    ]
    records = [
        Deadline("báo cáo", "", "", "", "", "", 2, ""),
        Deadline("báo cáo", "", "", "", "", "", 2, ""),
        Contact("An", "", "0", "", "", 3, ""),
    ]

    rows = traits(provisions, records)

    assert rows.shape == (8, len(TRAITS))
    assert said(rows, 2) == {"has_deadline": 1, "has_digits": 1, "text_length": 16, "footnotes": 1}
    assert said(rows, 3) == {"has_contact": 1, "text_length": 3000, "legal": 1}
    assert said(rows, 4) == {"children": 2, "heading_only": 1, "annex": 1}
    assert said(rows, 5) == said(rows, 6) == {"head_or_end": 1, "text_length": 7}
    assert said(rows, 7) == {"text_length": 4, "listed": 1}
    assert said(rows, 0) == {}


def test_what_an_inline_item_holds_counts_for_its_paragraph():
    provisions = [provision(1), provision(2, kind="item", parent=1, inline=True), provision(3, kind="item", parent=1)]

    rows = traits(provisions, [Contact("An", "", "0", "", "", 2, ""), Contact("Bình", "", "0", "", "", 3, "")])

    assert [bool(rows[id][TRAITS.index("has_contact")]) for id in (1, 2, 3)] == [True, False, True]


def test_without_provisions_there_are_no_rows_and_what_points_nowhere_is_left_out():
    reference = Reference("1/CV", "", "", "", "", 9, "")

    assert traits([], [reference]).shape == (0, len(TRAITS))
    assert said(traits([provision(1)], [reference]), 1) == {"text_length": 7}
