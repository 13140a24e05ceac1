"""Settings of the web channel, and the commands that make their values."""

from __future__ import annotations

import shutil

import httpx
import pytest

from bot.loading import load_settings
from bot.web.admin.passwords import is_right
from bot.web.keys import new_key
from rag.errors import SettingError
from tests.bot.command import the_error
from tests.bot.web.site import DUE, Site


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("TRACUU_API_KEYS", "truong-a:abc", "tracuu api-key"),
        ("TRACUU_CORS_ORIGINS", "https://truong.edu.vn/", "https://truong.edu.vn"),
        ("TRACUU_WIDGET_ORIGINS", "truong.edu.vn", "https://truong.edu.vn"),
    ],
)
def test_a_wrong_setting_says_what_is_wanted(monkeypatch, variable, value, wanted):
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingError, match=f"{variable}.*{wanted}"):
        load_settings()


def test_a_password_is_hashed_for_the_setting(tracuu):
    hashed = tracuu("hash-password", stdin="mật khẩu của tôi\n".encode()).stdout.decode().strip()

    assert is_right("mật khẩu của tôi", hashed)
    assert not is_right("mật khẩu của tôi ", hashed)
    assert "10 ký tự" in the_error(tracuu("hash-password", stdin=b"ngan\n"))


@pytest.mark.parametrize("name", ["a,b", "a:b", "", " ", "a\nb"])
def test_a_name_that_the_setting_cannot_hold_gets_no_key(tracuu, name):
    assert "Tên khóa" in the_error(tracuu("api-key", name))


def test_keys_and_foreign_pages_where_the_settings_want_them(tracuu, repo, directive_index, tmp_path):
    made = tracuu("api-key", "truong-a").stdout.decode()
    key, kept = (line.split(": ")[1] for line in made.strip().splitlines())
    other, too = new_key("truong-b")
    chosen = {"TRACUU_API_KEYS": f"{kept},{too}", "TRACUU_CORS_ORIGINS": "https://truong.edu.vn", "TRACUU_TRUSTED_PROXIES": "10.0.0.1"}
    site = Site(repo, tmp_path, repo / "corpus", **chosen)
    try:
        body = {"question": DUE}
        assert site.http.post("/api/ask", json=body).status_code == 401
        assert site.http.post("/api/ask", json=body, headers={"Authorization": "Bearer sai"}).status_code == 401
        with_key = {"Authorization": f"Bearer {key}"}
        nothing = site.http.post("/api/ask", json=body, headers=with_key)
        assert nothing.status_code == 503  # no index yet
        assert "tracuu ingest" in nothing.json()["detail"]
        assert site.http.get("/readyz").status_code == 503
        assert "tracuu ingest" in site.http.get("/").text

        asked = {"Origin": "https://truong.edu.vn", "Access-Control-Request-Method": "POST"}
        assert site.http.options("/api/ask", headers=asked).headers["access-control-allow-origin"] == "https://truong.edu.vn"
        assert "access-control-allow-origin" not in site.http.options("/api/ask", headers=asked | {"Origin": "https://khac.vn"}).headers
        large = site.http.post("/api/ask", content=b"a" * 70_000, headers=with_key | {"Origin": "https://truong.edu.vn"})
        assert (large.status_code, large.headers["access-control-allow-origin"]) == (413, "https://truong.edu.vn")
        far = {"X-Forwarded-For": "8.8.8.8"}  # nobody here is trusted to say so
        assert site.http.get("/metrics", headers=far).status_code == 200

        shutil.copytree(directive_index, site.data, dirs_exist_ok=True)  # as an ingest publishes it
        assert site.http.post("/api/ask", json=body, headers=with_key).json()["status"] == "answered"
        # and an id that both think up is a conversation of each
        site.http.post("/api/ask", json=body | {"conversation": "an"}, headers=with_key)
        assert site.http.get("/api/conversations/an", headers=with_key).status_code == 200
        assert site.http.get("/api/conversations/an", headers={"X-API-Key": other}).status_code == 404
    finally:
        assert site.stop() == 0


def test_a_taken_port_is_one_clear_line(tracuu, site):
    port = str(httpx.URL(site.base).port)

    assert f"cổng {port}" in the_error(tracuu("serve", "--port", port))


@pytest.mark.parametrize("command", ["serve", "hash-password", "api-key"])
def test_help_is_vietnamese(tracuu, command):
    shown = tracuu(command, "--help").stdout.decode()

    assert "Cách dùng: tracuu " + command in shown
    assert "Usage" not in shown
