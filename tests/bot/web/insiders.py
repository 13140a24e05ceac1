"""Browsers without scripts in which an admin is logged in."""

from __future__ import annotations

import re
import time

from tests.bot.web.site import PASSWORD

ANOTHER = "mat-khau-thu-hai"


class Browser:
    """A browser without scripts at some address: it keeps its cookies and sends the forms of the pages."""

    def __init__(self, site, address="127.0.0.1"):
        self._site, self.cookies = site, {}
        self._from = {"X-Forwarded-For": address}

    def _headers(self):
        return self._from | ({"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {})

    def get(self, path=""):
        return self._site.http.get(f"/quan-tri{path}", headers=self._headers())

    def post(self, path, **form):
        response = self._site.http.post(f"/quan-tri{path}", headers=self._headers(), data=form)
        self.cookies |= dict(made.split(";")[0].split("=", 1) for made in response.headers.get_list("set-cookie"))
        return response

    def enter(self, password=PASSWORD, **name):
        """Log in, waiting where that is asked for; returns the last status."""
        for _ in range(8):
            response = self.post("/vao", password=password, **name)
            if response.status_code != 429:
                break
            assert "giây rồi thử lại" in response.text
            time.sleep(int(response.headers["retry-after"]))
        return response.status_code

    def send(self, path, **form):
        return self.post(path, csrf=self.csrf, **form)

    @property
    def csrf(self):
        return re.search(r'name="csrf" value="([^"]+)"', self.get("/tai-khoan").text).group(1)

    @property
    def inside(self):
        return self.get("/tai-khoan").status_code == 200
