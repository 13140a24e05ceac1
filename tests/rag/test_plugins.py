"""What packages add by entry points, and ours through the same loader."""

from __future__ import annotations

import logging

import pytest

from rag.plugins import load
from tests.plugins.installing import write

GROUP = "tracuu.test_things"


def number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("không phải số")
    return value


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A folder of installed packages that this process sees."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_ours_come_first_in_their_order_and_packages_behind_them_by_name(packages):
    write(packages, "b-things", GROUP, {"second": "ONE"}, "ONE = 1")
    write(packages, "a-things", GROUP, {"z": "TWO", "first": "ONE"}, "ONE, TWO = 1, 2")

    found = load(GROUP, {"own_b": "sys:maxsize", "own_a": "sys:maxunicode"}, number)

    assert [(one.name, one.package) for one in found] == [
        ("own_b", ""), ("own_a", ""), ("first", "a-things"), ("z", "a-things"), ("second", "b-things")
    ]  # fmt: skip
    assert [one.value for one in found[2:]] == [1, 2, 1]


@pytest.mark.parametrize(
    ("package", "code"),
    [
        ("raising-things", "raise RuntimeError('hỏng')"),
        ("leaving-things", "import sys; sys.exit(3)"),
        ("misspelt-things", "def ("),
        ("empty-things", "TWO = 2"),
        ("other-things", "ONE = 'một'"),
        ("needing-things", "import no_such_module"),
    ],
)
def test_a_broken_one_is_one_warning_that_names_its_package(packages, caplog, package, code):
    write(packages, package, GROUP, {"one": "ONE"}, code)
    write(packages, "good-things", GROUP, {"two": "TWO"}, "TWO = 2")

    with caplog.at_level(logging.WARNING):
        found = load(GROUP, {}, number)

    assert [one.name for one in found] == ["two"]
    (warning,) = caplog.records
    assert package in warning.getMessage()
    assert "\n" not in warning.getMessage()


def test_a_name_that_is_ours_is_not_taken_over(packages, caplog):
    write(packages, "bold-things", GROUP, {"own": "ONE"}, "ONE = 1")

    (found,) = load(GROUP, {"own": "sys:maxsize"}, number)

    assert found.package == ""
    assert "bold-things" in caplog.text


def test_what_is_wrong_with_one_of_ours_is_raised():
    with pytest.raises(ModuleNotFoundError):
        load(GROUP, {"own": "rag.no_such_module:THING"}, number)
