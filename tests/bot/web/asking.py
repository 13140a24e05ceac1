"""Asking on the page."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def ask(page, question):
    """Ask as people do and return the turn once its answer is there."""
    page.get_by_label(re.compile("Câu hỏi của bạn|Hỏi tiếp")).fill(question)
    page.keyboard.press("Enter")
    turn = page.locator(".turn", has_text=question).last
    expect(turn.locator(".actions")).to_be_visible()
    return turn
