"""What the code knows better stands in the documentation as the code has it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from docs.generator import places
from docs.generator.blocks import filled
from docs.generator.metrics import figures
from docs.generator.pages import MAKERS, written
from docs.generator.places import ROOT, lost, mended
from tests.docs.pages import PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_the_code_has_it(page):
    assert (ROOT / page).read_text("utf-8") == written(ROOT / page), "make docs"


def test_every_part_that_can_be_made_stands_in_some_page():
    text = "".join((ROOT / page).read_text("utf-8") for page in PAGES)

    assert [name for name in MAKERS if f"<!-- made: {name} -->" not in text] == []


def test_the_readme_is_one_screen_for_each_reader():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


def test_what_is_made_replaces_what_was_there_before():
    page = "a\n<!-- made: x -->\nold\n<!-- end -->\nb\n"

    made = filled(page, {"x": lambda: "new"})

    assert made == "a\n<!-- made: x -->\n\nnew\n\n<!-- end -->\nb\n"
    assert filled(made, {"x": lambda: "new"}) == made


def test_a_name_that_has_moved_is_put_right_and_one_that_is_gone_is_told(monkeypatch):
    # given the one name that is looked for: reading all the code takes its time
    monkeypatch.setattr(places, "_holders", lambda: defaultdict(list, SettingError=["rag/errors.py"]))
    page = "`rag/cli.py: run_of_nobody`, `bot/errors.py: SettingError`, `rag/errors.py`, `rag/no_such_file_at_all.py`"

    assert mended(page) == page.replace("bot/errors.py: SettingError", "rag/errors.py: SettingError")
    assert lost(mended(page)) == ["rag/cli.py: run_of_nobody", "rag/no_such_file_at_all.py"]


def test_figures_of_the_service_and_of_the_queue_are_found():
    assert {"tracuu_requests_total", "tracuu_request_seconds", "tracuu_jobs", "tracuu_queue_up"} <= set(figures())
