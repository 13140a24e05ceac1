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
        for number in [document.number for document in store.documents() if document.present]:
            sections = dict.fromkeys(provision.section for provision in store.of_document(number))
            for section in list(sections)[:: max(len(sections) // 60, 1)]:
                assert find_section(store, number, section_slug(section)).section == section


def test_an_address_has_only_harmless_letters():
    assert document_slug("<script>1/Đ&'\"") == "script-1-D"
