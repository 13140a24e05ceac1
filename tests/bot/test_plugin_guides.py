"""The guides to plug-ins show the very files of the examples, which other tests install and use."""

from __future__ import annotations

import re

import pytest


def shown(repo, guide) -> list[str]:
    """The blocks of a guide that stand in files."""
    return re.findall(
        r"^```(?:toml|python)\n(.*?)^```$", (repo / f"docs/developers/{guide}.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def files(repo, example) -> list[str]:
    return [path.read_text("utf-8") for path in (repo / "tests/plugins" / example).iterdir() if path.suffix in (".toml", ".py")]


@pytest.mark.parametrize(("guide", "example"), [("readers", "reader_eml"), ("channels", "channel_line")])
def test_a_guide_shows_every_file_of_its_example(repo, guide, example):
    assert sorted(shown(repo, guide)) == sorted(files(repo, example))


def test_the_guide_to_kinds_of_answers_shows_parts_of_its_example(repo):
    told = files(repo, "answer_kind")

    assert [block for block in shown(repo, "answer-kinds") if not any(block in file for file in told)] == []
