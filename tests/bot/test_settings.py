from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot import settings
from bot.loading import load_settings
from rag.errors import SettingError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for variable, _, _ in settings.describe():
        monkeypatch.delenv(variable, raising=False)


def test_without_variables_the_defaults_hold():
    chosen = load_settings()

    assert chosen.data == Path(".data")
    assert chosen.corpus == Path("corpus")
    assert chosen.encoder is None
    assert chosen.today is None


def test_variables_replace_the_defaults(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path))
    monkeypatch.setenv("TRACUU_TODAY", "2026-01-31")

    chosen = load_settings()

    assert chosen.data == tmp_path
    assert chosen.today == date(2026, 1, 31)


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("TRACUU_TODAY", "")

    assert load_settings().today is None


@pytest.mark.parametrize("value", ["mai", "31/01/2026", "2026-02-30", "20", "1700000000"])
def test_a_wrong_day_is_refused_by_the_name_of_its_variable(monkeypatch, value):
    monkeypatch.setenv("TRACUU_TODAY", value)

    with pytest.raises(SettingError, match=f"TRACUU_TODAY.*{value}.*2026-01-31"):
        load_settings()


@pytest.mark.parametrize("variable", ["TRACUU_DATA", "TRACUU_CORPUS"])
def test_a_file_in_the_place_of_a_folder_is_refused(monkeypatch, tmp_path, variable):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv(variable, str(file))

    with pytest.raises(SettingError, match=f"{variable}.*thư mục"):
        load_settings()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        (" http://chroma.noi-bo:8000/ ", "http://chroma.noi-bo:8000"),
        ("https://chroma.so.gov.vn", "https://chroma.so.gov.vn:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_server_has_one_form(monkeypatch, value, read):
    monkeypatch.setenv("TRACUU_CHROMA", value)

    assert load_settings().chroma == read


@pytest.mark.parametrize(
    "value", ["8000", "127.0.0.1:8000", "ftp://a:1", "http://", "http://a:99999", "http://a:x", "http://a:1/b", "http://u:p@a:1"]
)
def test_a_wrong_server_is_refused_by_the_name_of_its_variable(monkeypatch, value):
    monkeypatch.setenv("TRACUU_CHROMA", value)

    with pytest.raises(SettingError, match=r"TRACUU_CHROMA.*http://127\.0\.0\.1:8000"):
        load_settings()


def test_every_setting_is_described():
    described = settings.describe()

    assert {"TRACUU_DATA", "TRACUU_CORPUS", "TRACUU_ENCODER", "TRACUU_TODAY"} <= {name for name, _, _ in described}
    assert all(meaning for _, _, meaning in described)


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("TRACUU_PUBLIC_URL", "http://example.org", "https://"),
        ("TRACUU_TELEGRAM_API", "api.telegram.org", "https://"),
        ("TRACUU_TELEGRAM_API", "http://localhost.example.org", "https://"),
        ("TRACUU_REMINDER_TIME", "tám giờ", "08:00"),
        ("TRACUU_REMINDER_TIME", "08:00+07:00", "TRACUU_TIMEZONE"),
        ("TRACUU_KEEP_DAYS", "1000000", "nhiều nhất là 36500"),
        ("TRACUU_KEEP_PEOPLE_DAYS", "0", "ít nhất là 1"),
        ("TRACUU_WEBHOOK_PORT", "99999", "65535"),
        ("TRACUU_ZALO_WEBHOOK_PORT", "0", "ít nhất là 1"),
        ("TRACUU_ZALO_OA_WEBHOOK_PORT", "65536", "65535"),
        ("TRACUU_TIMEZONE", "Hà Nội", "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_wrong_setting_of_the_channels_says_what_is_wanted(monkeypatch, variable, value, wanted):
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingError, match=f"{variable}.*{wanted}"):
        load_settings()


def test_what_one_channel_adds_comes_after_what_all_have():
    names = [name for name, _, _ in settings.describe()]

    assert names[0] == "TRACUU_DATA"
    assert names.index("TRACUU_ZALO_TOKEN") > names.index("TRACUU_UPLOAD_MEGABYTES")
    assert set(names) == set(settings.plain(load_settings()))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TRACUU_ZALO_WEBHOOK_SECRET", "ngan"), ("TRACUU_ZALO_WEBHOOK_SECRET", "x" * 257), ("TRACUU_ZALO_WEBHOOK_SECRET", "mật khẩu")],
)
def test_a_wrong_secret_is_refused_without_being_shown(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingError, match=f"{variable}: cần 8 đến 256") as caught:
        load_settings()

    assert value not in str(caught.value)


def test_the_secrets_of_zalo_are_not_written_down(monkeypatch):
    monkeypatch.setenv("TRACUU_ZALO_TOKEN", "12:ab")
    monkeypatch.setenv("TRACUU_ZALO_WEBHOOK_SECRET", "a" * 12)
    monkeypatch.setenv("TRACUU_ZALO_MONTHLY", "100")

    lines, secrets = settings.portable()

    assert lines == "TRACUU_ZALO_MONTHLY=100\n"
    assert secrets == ("TRACUU_ZALO_TOKEN", "TRACUU_ZALO_WEBHOOK_SECRET")


@pytest.mark.parametrize(
    ("variable", "value"), [("TRACUU_ZALO_CHARS", "2001"), ("TRACUU_ZALO_POLL_PAUSE", "0"), ("TRACUU_ZALO_API", "http://zalo.example")]
)
def test_a_wrong_setting_of_zalo_is_refused(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingError, match=f"{variable}.*{value}"):
        load_settings()
