"""Browsers that ask without a window: what they keep, and what stands on their pages."""

from __future__ import annotations

import hashlib
import re

import httpx

from tests.bot.web.asking import events

COOKIE = "tracuu-hoi"
TOKEN = "nguoi-hoi-trong-cac-phep-thu".ljust(43, "0")
OWNER = hashlib.sha256(TOKEN.encode()).hexdigest()
_TURN = re.compile(r'<article[^>]* id="([\w-]+)"')


def known(context, site):
    """Have a browser's context be the one that ``OWNER`` names; return the context."""
    context.add_cookies([{"name": COOKIE, "value": TOKEN, "url": site.base}])
    return context


class Browser(httpx.Client):
    """Somebody's browser without scripts; ``cookies=False`` is one that takes none, as in a frame on another site's page."""

    def __init__(self, site, *, cookies: bool = True, token: str = "") -> None:
        super().__init__(base_url=site.base, timeout=60, headers={"Sec-Fetch-Site": "same-origin"})
        self._keeps = cookies
        if token:
            self.cookies.set(COOKIE, token)
        if cookies:
            self.get("/")

    def send(self, request, **more):
        response = super().send(request, **more)
        if not self._keeps:
            self.cookies.clear()
        return response

    def ask(self, question, **fields):
        """Ask by the form and return the page that follows."""
        return self.post("/hoi", data={"question": question} | fields, follow_redirects=True)

    def told(self, question, **fields):
        """Ask as the script does and return the last turn that it was told."""
        response = self.post("/hoi", data={"question": question} | fields, headers={"Accept": "text/event-stream"})
        return [content for name, content in events(response) if name == "turn"][-1]

    def vote(self, id, **fields):
        return self.post("/danh-gia", data={"id": id, "vote": "up"} | fields, headers={"Accept": "application/json"})


def turn_ids(html):
    """The turns of a page, the oldest first."""
    return _TURN.findall(html)


def shares(html):
    """The links to share that a page has."""
    return re.findall(r'href="(/tra-loi/[\w-]+)"', html)


def conversation_of(page):
    """Which conversation a page goes on with."""
    return re.search(r'name="conversation" value="([\w-]*)"', page.text).group(1)


def tokens(text):
    """Everything in a text that may be a name nobody can guess."""
    return set(re.findall(r"[\w-]{16}", text)) | set(re.findall(r"[\w-]{16,}", text))
