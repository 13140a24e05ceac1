"""Asking on the page, and through the API as a stream."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect


def ask(page, question):
    """Ask as people do and return the turn once its answer is there."""
    page.get_by_label(re.compile("Câu hỏi của bạn|Hỏi tiếp")).fill(question)
    page.keyboard.press("Enter")
    turn = page.locator(".turn", has_text=question).last
    expect(turn.locator(".actions")).to_be_visible()
    return turn


def events(response):
    """The events of a streamed answer, as they come."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def streaming(site, question, conversation=None):
    """Ask for a stream of events."""
    body = {"question": question, "conversation": conversation}
    return site.http.stream("POST", "/api/ask", json=body, headers={"Accept": "text/event-stream"})
