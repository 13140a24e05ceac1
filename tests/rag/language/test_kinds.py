"""Kinds of documents: the lists that differ say what they add to the common one."""

import re

from rag.language.kinds import DIRECTING, EVERYDAY, LAWS, NUMBERED, OF_SYMBOL, any_of, typed


def test_the_longest_kind_is_taken_where_one_begins_with_another():
    found = re.match(any_of(*NUMBERED), "Thông tư liên tịch số 1/2020/TTLT-BGDĐT")

    assert found
    assert found.group() == "Thông tư liên tịch"


def test_kinds_are_typed_without_diacritics():
    assert typed("Quyết định", "Luật") == ("quyet dinh", "luat")


def test_every_list_holds_what_offices_direct_by():
    assert set(DIRECTING) < set(EVERYDAY)
    assert {*DIRECTING, *LAWS} < set(NUMBERED)


def test_what_is_called_by_its_symbol_has_one_but_for_letters_and_codes():
    assert {*NUMBERED} - set(OF_SYMBOL.values()) == {"Công văn", "Bộ luật"}
