"""The terminal conversation keeps what its welcome promises."""

from __future__ import annotations

import re

import pytest

from bot.chat import WELCOME
from rag.assistant import Assistant

EXAMPLES = re.findall(r"^  - [^:]+:\s+(.+\?)$", WELCOME, re.MULTILINE)


@pytest.mark.parametrize("question", EXAMPLES)
def test_every_example_of_the_welcome_is_answered(directive_index, today, question):
    answer = Assistant(directive_index, today=today).ask(question)

    assert answer.status == "answered"
    assert answer.citations


def test_the_welcome_has_examples():
    assert len(EXAMPLES) == 6
