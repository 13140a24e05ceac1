"""Take the pictures of the README: ``python -m docs.pictures.take`` (``make pictures``; Chromium needed).

``trang-web.png`` is a photograph of a real ``tracuu serve`` on the documents that ship. ``telegram.png`` is drawn: the text and
the buttons are those that the bot sends for the same question, set in a window that looks like a chat.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bot.messenger.answers import shown
from bot.telegram.html import messages
from docs.generator.places import ROOT
from ingest.pipeline import ingest
from rag.assistant import Assistant

CHROMIUM = "/usr/bin/chromium"
QUESTION = "bao gio nop bc so ket hk1?"
TODAY = date(2026, 1, 3)
_HERE = Path(__file__).parent
_COMMAND = (sys.executable, "-c", "from bot.cli import main; main()")
_CHAT = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #cfdde6; font: 15px/1.35 "Noto Sans", "DejaVu Sans", sans-serif }}
body {{ width: 430px; padding: 14px; box-sizing: border-box }}
.said {{ border-radius: 12px; padding: 8px 12px; margin: 0 0 6px; white-space: pre-wrap; overflow-wrap: anywhere }}
.theirs {{ background: #e3f7cf; margin-left: 90px }} .ours {{ background: #fff; margin-right: 20px }}
blockquote {{ margin: 4px 0; padding: 4px 8px; border-left: 3px solid #4a90c2; background: #eef5fa; border-radius: 4px }}
.row {{ display: flex; gap: 5px; margin: 0 20px 5px 0 }}
.row span {{ flex: 1; text-align: center; background: #7f9cb0; color: #fff; border-radius: 8px; padding: 6px 4px; font-size: 14px }}
</style><div class="said theirs">{question}</div><div class="said ours">{answer}</div>{buttons}"""


_THUMB = (
    '<svg width="17" height="17" viewBox="0 0 24 24" fill="#ffd75e"{}>'
    '<path d="M2 10h4v11H2zM8 21h9c1 0 1.8-.6 2.1-1.5l2.7-7A2 2 0 0 0 20 10h-6l1-5c.2-1.5-2-2.5-3-1L8 10z"/></svg>'
)
_DRAWN = {"👍": _THUMB.format(""), "👎": _THUMB.format(' style="transform: rotate(180deg)"')}
"""Where no font of the machine has them."""


def main() -> None:
    """Take both."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        ingest(ROOT / "corpus", data)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"])
        with _served(data) as address:
            _photograph_page(browser, address, _HERE / "trang-web.png")
        _draw_chat(browser, data, _HERE / "telegram.png")
        browser.close()


@contextmanager
def _served(data: Path) -> Iterator[str]:
    """Run the service on a free port, and give its address."""
    more = {"PYTHONPATH": str(ROOT), "TRACUU_DATA": str(data), "TRACUU_TODAY": str(TODAY), "TRACUU_CORPUS": str(ROOT / "corpus")}
    serving = subprocess.Popen([*_COMMAND, "serve", "--port", "0"], env=os.environ | more, stdout=subprocess.PIPE, text=True)
    assert serving.stdout is not None
    try:
        found = re.search(r"http://\S+", serving.stdout.readline())
        assert found is not None, "the service did not start"
        yield found[0]
    finally:
        serving.terminate()
        serving.wait()


def _photograph_page(browser: Browser, address: str, target: Path) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 740})
    page.goto(address)
    page.fill("textarea[name=question]", QUESTION)
    page.click("form.ask button.main")
    page.wait_for_selector("article")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target)


def _draw_chat(browser: Browser, data: Path, target: Path) -> None:
    text, buttons, _ = shown(Assistant(data, today=TODAY).ask(QUESTION), "0")
    rows = "".join(
        f"<div class=row>{''.join(f'<span>{_DRAWN.get(label, escape(label))}</span>' for label, _ in row)}</div>" for row in buttons
    )
    answer = messages(text)[0].replace("</blockquote>\n", "</blockquote>")  # a block ends its line by itself
    page = browser.new_page(viewport={"width": 430, "height": 300})
    page.set_content(_CHAT.format(question=escape(QUESTION), answer=answer, buttons=rows))
    page.screenshot(path=target, full_page=True)


if __name__ == "__main__":
    main()
