"""Addresses of documents and provisions."""

from __future__ import annotations

import pytest

from bot.web.addresses import Addresses, find_section, section_slug
from rag.assistant import Assistant
from rag.documents import Document
from rag.language.numbers import document_slug


def test_a_number_and_a_section_become_an_address():
    addresses = Addresses([Document("2607/SGDĐT-GDPT"), Document("91/2025/QH15")])

    assert addresses.of("2607/SGDĐT-GDPT", "IV.2") == "/van-ban/2607-SGDDT-GDPT/IV.2"
    assert addresses.of("91/2025/QH15", "Điều 5.2.a") == "/van-ban/91-2025-QH15/Dieu-5.2.a"


def test_documents_that_look_alike_have_addresses_of_their_own():
    addresses = Addresses([Document("71-NQ/TW", present=False), Document("71/NQ-TW")])

    paths = {addresses.of("71-NQ/TW"), addresses.of("71/NQ-TW")}
    assert len(paths) == 2
    assert addresses.of("71/NQ-TW") == "/van-ban/71-NQ-TW"  # the one that can be read
    assert {addresses.split(path.removeprefix("/van-ban/"))[0] for path in paths} == {"71-NQ/TW", "71/NQ-TW"}


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("2607-SGDDT-GDPT", ("2607/SGDĐT-GDPT", "")),
        ("2607/SGDĐT-GDPT", ("2607/SGDĐT-GDPT", "")),
        ("2607/SGDĐT-GDPT/IV.2-2", ("2607/SGDĐT-GDPT", "IV.2-2")),
        ("2607-sgddt-gdpt/Mẫu 01/a", ("2607/SGDĐT-GDPT", "Mẫu 01/a")),
        ("2608-SGDDT-GDPT", None),
        ("", None),
    ],
)
def test_a_path_is_taken_apart(path, meant):
    assert Addresses([Document("2607/SGDĐT-GDPT")]).split(path) == meant


def test_every_provision_is_found_by_its_address(directive_index, laws_index):
    for data in (directive_index, laws_index):
        store = Assistant(data).snapshot.store
        numbers = [document.number for document in store.documents() if document.present]
        assert numbers
        for number in numbers:
            sections = dict.fromkeys(provision.section for provision in store.of_document(number))
            for section in list(sections)[:: max(len(sections) // 60, 1)]:
                assert find_section(store, number, section_slug(section)).section == section


@pytest.mark.parametrize("written", ["khoản 2 Điều 2", "KHOẢN 2 ĐIỀU 2", "dieu 2 khoan 2", "Điều 2, khoản 2"])
def test_a_provision_is_found_by_its_label_and_as_questions_name_it(laws_index, written):
    store = Assistant(laws_index).snapshot.store
    having = [document.number for document in store.documents() if document.present and store.section(document.number, "Điều 2.2")]

    assert having
    for number in having:
        assert find_section(store, number, written).section == "Điều 2.2"
        assert find_section(store, number, "khoản 99 Điều 2") is None
        assert find_section(store, number, "Điều 2.99") is None


def test_points_d_and_dd_are_told_apart_by_their_labels(laws_index):
    store = Assistant(laws_index).snapshot.store
    points = [
        provision
        for document in store.documents()
        for provision in store.of_document(document.number)
        if provision.label.startswith(("điểm d ", "điểm đ ")) and provision.kind == "point"
    ]

    assert {provision.label[:6] for provision in points} == {"điểm d", "điểm đ"}
    for provision in points:
        assert find_section(store, provision.document, provision.label.capitalize()).section == provision.section


def test_an_address_has_only_harmless_letters():
    assert document_slug("<script>1/Đ&'\"") == "script-1-D"
