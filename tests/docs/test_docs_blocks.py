"""Blocks of the pages are what they say: they can be parsed, and what is cheap is run."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date

import pytest
import yaml

from bot.settings import PREFIX, Settings
from docs.generator.places import ROOT
from rag.assistant import Assistant
from rag.wording import writer
from tests.docs.pages import Block, blocks

LANGUAGES = {"sh", "console", "text", "json", "yaml", "toml", "python", "ini", "nginx", "haproxy"}


def where(block: Block) -> str:
    return f"{block.page}:{block.line}"


def test_every_block_says_what_it_is():
    assert [where(block) for block in blocks() if block.language not in LANGUAGES] == []


@pytest.mark.parametrize("block", blocks("python", "json", "yaml", "toml"), ids=where)
def test_a_block_can_be_parsed(block):
    match block.language:
        case "python":
            compile(block.content, where(block), "exec")
        case "json":
            json.loads(block.content)
        case "yaml":
            assert yaml.safe_load(block.content)
        case "toml":
            tomllib.loads(block.content)


@pytest.mark.parametrize("block", blocks("ini"), ids=where)
def test_settings_in_a_block_have_values_that_can_be_used(block):
    given = dict(re.findall(rf"^{PREFIX}(\w+)=(.*)$", block.content, re.MULTILINE))

    Settings(**{name.lower(): value for name, value in given.items()})


def test_the_answer_in_the_readme_is_the_one_that_is_given(directive_index):
    # given what the README shows of an answer, with … for what it leaves out
    [block] = [block for block in blocks("console") if "tracuu ask" in block.content and block.page == "README.md"]
    asked, *told = block.content.splitlines()
    # when the same is asked
    answer = Assistant(directive_index, today=date(2026, 11, 27)).ask(re.findall('"(.*)"', asked)[0])
    # then all that is shown is said
    said = " ".join([answer.text, *(f"“{citation.quote}” {citation.label}" for citation in answer.citations), *answer.notes])
    pieces = [piece.strip(" —“”") for line in told for piece in line.removeprefix("Lưu ý: ").split("…")]
    assert [piece for piece in pieces if " ".join(piece.split()) not in " ".join(said.split())] == []


@pytest.mark.parametrize(
    ("page", "told", "value"),
    [
        ("docs/quan-tri/mo-hinh.md", r"nhiều nhất (\d+) giây\)", writer._REWRITE_SECONDS),
        ("docs/quan-tri/mo-hinh.md", r"`TRACUU_LLM_SECONDS` \| (\d+)", Settings.model_fields["llm_seconds"].default),
        ("docs/quan-tri/trang-web.md", r"mỗi phút \((\d+);", Settings.model_fields["requests_per_minute"].default),
    ],
)
def test_a_figure_in_a_sentence_is_that_of_the_code(page, told, value):
    assert [float(found) for found in re.findall(told, (ROOT / page).read_text("utf-8"))] == [float(value)]
