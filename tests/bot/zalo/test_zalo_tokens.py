"""The login of an Official Account: single-use tokens that no crash, race or refusal may lose."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing

import pytest

from bot.messenger.posting import Unreachable
from bot.zalo.oauth import App, Permission
from bot.zalo.tokens import FILE, Tokens
from ingest.backup import databases
from rag.errors import TracuuError
from rag.storage import State
from tests.bot.command import started
from tests.bot.simulated import Fault
from tests.bot.zalo_oa_account import Account
from tests.bot.zalo_oa_server import APP_ID, APP_SECRET, CALLBACK, HOUR, ZaloOaServer

# A process that asks for an access token and is killed between Zalo's answer and keeping it.
_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.messenger.http import open_session
from bot.zalo import tokens
from bot.zalo.oauth import App
from rag.storage import State

async def run():
    async with open_session(1) as session:
        await tokens.Tokens(State(Path(sys.argv[1])), App(*sys.argv[2:5]), sys.argv[5], print).access(session)

tokens.Tokens._take = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(run())
"""


@pytest.fixture
def zalo(monkeypatch):
    monkeypatch.setattr("httpx.create_ssl_context", lambda: False)  # it takes long, and nothing here is https
    server = ZaloOaServer()
    yield server
    server.close()
    assert not server.refused


@pytest.fixture
def opened(zalo, tmp_path):
    made: list[Account] = []

    def open_account(seed: str | None = None) -> Account:
        made.append(Account(zalo, tmp_path, seed))
        return made[-1]

    yield open_account
    for account in made:
        account.close()


def kept(tmp_path):
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        return file.execute("SELECT access, refresh, is_in_use FROM login").fetchone()


def killed(zalo, tmp_path, seed):
    """Let a process die after Zalo has used its refresh token up."""
    command = [sys.executable, "-c", _KILLED, str(tmp_path), APP_ID, APP_SECRET, zalo.url, seed]
    done = subprocess.run(command, check=False, timeout=60, capture_output=True)
    assert done.returncode == -9, done.stderr


def test_a_day_is_one_renewal_and_every_token_is_used_once(zalo, opened):
    account = opened()

    tokens = [account.access()]
    for hours in (1, 23, 24.5, 48):
        zalo.ahead = hours * HOUR
        tokens.append(account.access())

    assert tokens[0] == tokens[1] == tokens[2]
    assert tokens[3] == tokens[4] != tokens[0]
    assert len(zalo.asked) == len({asked["refresh_token"] for asked in zalo.asked}) == 2


def test_a_restart_goes_on_with_what_was_kept_and_not_with_the_setting(zalo, opened, tmp_path):
    seed = zalo.first_refresh()
    token = opened(seed).access()
    zalo.ahead = 30 * HOUR

    again = opened(seed).access()

    assert again != token
    assert kept(tmp_path)[0] == again
    assert [asked["refresh_token"] for asked in zalo.asked].count(seed) == 1


def test_another_token_in_the_setting_begins_anew(zalo, opened):
    first, second = zalo.first_refresh(), zalo.first_refresh()
    token = opened(first).access()

    assert opened(second).access() != token
    assert zalo.asked[-1]["refresh_token"] == second


def test_many_at_once_renew_once(zalo, opened):
    seed = zalo.first_refresh()
    accounts = [opened(seed), opened(seed)]

    async def act(session):
        return await asyncio.gather(*(account.tokens.access(session) for account in accounts * 10))

    assert len(set(Account.with_session(act))) == 1
    assert len(zalo.asked) == 1


def test_after_a_kill_between_use_and_keeping_only_a_new_login_helps(zalo, opened, tmp_path):
    seed = zalo.first_refresh()
    killed(zalo, tmp_path, seed)
    assert kept(tmp_path) == ("", seed, 1)
    account = opened(seed)

    with pytest.raises(Unreachable):
        account.access()

    assert [asked["refresh_token"] for asked in zalo.asked] == [seed, seed]  # it was tried, and only Zalo's word counts
    assert len(account.told) == 1
    assert "zalo-oa-login" in account.told[0] and "ngắt giữa chừng" in account.told[0]


def test_after_a_kill_the_access_token_goes_on_as_long_as_it_is_good(zalo, opened, tmp_path):
    seed = zalo.first_refresh()
    before = opened(seed)
    token = before.access()
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:  # the end of the token is near by every clock
        file.execute("UPDATE login SET expires = ?", (zalo.now() + 1800,))
    killed(zalo, tmp_path, seed)
    account = opened(seed)

    assert account.access() == token
    zalo.ahead = 1000
    assert account.access() == token
    assert len(account.told) == 1 and "zalo-oa-login" in account.told[0]
    zalo.ahead = 1900
    with pytest.raises(Unreachable):
        account.access()


def test_a_crash_before_zalo_was_asked_costs_nothing(zalo, opened, tmp_path):
    account = opened()
    with closing(sqlite3.connect(tmp_path / FILE)) as file, file:
        file.execute("UPDATE login SET is_in_use = 1")

    assert account.access()
    assert not account.told
    assert kept(tmp_path)[2] == 0


def test_a_refusal_is_remembered_over_a_restart_and_tried_again_after_an_hour(zalo, opened):
    account = opened("khong-phai-ma-nay")
    for _ in range(3):
        with pytest.raises(Unreachable, match="14014"):
            account.access()
    again = opened("khong-phai-ma-nay")
    with pytest.raises(Unreachable, match="14014"):
        again.access()
    assert len(zalo.asked) == 1

    zalo.ahead = 1.1 * HOUR
    with pytest.raises(Unreachable, match="14014"):
        again.access()

    assert len(zalo.asked) == 2


@pytest.mark.parametrize("kind", ["500", "html", "reset", "hang", "-32"])
def test_a_failure_of_oauth_is_no_refusal_and_not_repeated_at_once(zalo, opened, kind):
    account = opened()
    zalo.faults = [Fault("oauth", kind, seconds=0)]
    for _ in range(3):
        with pytest.raises(Unreachable) as caught:
            account.access()
    assert len(zalo.asked) == 1
    assert zalo.asked[0]["refresh_token"] not in "".join(traceback.format_exception(caught.value))
    zalo.ahead = 31

    assert account.access()
    assert not account.told


def test_a_token_used_up_by_an_answer_that_was_lost_is_told(zalo, opened):
    account = opened()
    zalo.faults = [Fault("oauth", "lost", seconds=0)]
    with pytest.raises(Unreachable):
        account.access()
    zalo.ahead = 31

    with pytest.raises(Unreachable, match="14014"):
        account.access()

    assert "zalo-oa-login" in account.told[0]


def test_without_a_file_to_keep_it_in_no_token_is_used(zalo, opened, tmp_path):
    (tmp_path / f"{FILE}-wal").mkdir()

    account = opened()

    with pytest.raises(Unreachable, match="không giữ được"):
        account.access()
    assert not zalo.asked


def test_a_pair_that_the_file_does_not_take_is_used_and_kept_as_soon_as_it_does(zalo, opened, tmp_path, monkeypatch):
    account = opened()
    run = account.tokens._database.run
    full = [True]

    def fails(statement, *values):
        if full and statement.startswith("INSERT"):
            raise TracuuError("đĩa đầy")
        return run(statement, *values)

    monkeypatch.setattr(account.tokens._database, "run", fails)

    token = account.access()
    assert account.access() == token
    assert len(account.told) == 1 and "đĩa đầy" in account.told[0]
    full.clear()
    assert account.access() == token
    assert kept(tmp_path)[0] == token


def test_nobody_else_reads_the_file_no_backup_holds_it_and_what_was_used_is_gone(zalo, opened, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    seed = zalo.first_refresh()
    account = opened(seed)
    token = account.access()

    files = list(tmp_path.glob(f"{FILE}*"))

    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert FILE not in [path.name for path in databases(tmp_path)]
    assert not any(seed.encode() in file.read_bytes() for file in files)
    assert token not in caplog.text and seed not in caplog.text


def test_the_command_logs_in_and_what_the_setting_held_before_does_not_come_back(zalo, opened, repo, tmp_path):
    account = opened("da-dung-roi")
    with pytest.raises(Unreachable):
        account.access()
    variables = {
        "PYTHONPATH": str(repo),
        "TRACUU_DATA": str(tmp_path),
        "TRACUU_ZALO_OA_APP_ID": APP_ID,
        "TRACUU_ZALO_OA_APP_SECRET": APP_SECRET,
        "TRACUU_ZALO_OA_CALLBACK": CALLBACK,
        "TRACUU_ZALO_OA_OAUTH": zalo.url,
        "TRACUU_ZALO_OA_REFRESH_TOKEN": "da-dung-roi",
    }

    with started(os.environ | variables, "zalo-oa-login") as command:
        address = [command.stdout.readline().decode().strip() for _ in range(3)][1]
        _, error = command.communicate(zalo.permits(address).encode() + b"\n", timeout=60)

    assert (command.returncode, error) == (0, b"")
    assert account.access() == opened("da-dung-roi").access() == kept(tmp_path)[0]
    zalo.ahead = 30 * HOUR
    assert account.access()


def test_a_login_without_the_setting_is_not_undone_by_a_setting_from_before(zalo, opened, tmp_path):
    account = opened("")
    permission = Permission(App(APP_ID, APP_SECRET, zalo.url), CALLBACK)
    code = permission.code(zalo.permits(permission.url))
    Account.with_session(lambda session: account.tokens.log_in(session, code, permission.verifier))

    assert opened("da-dung-roi").access() == kept(tmp_path)[0]
    assert len(zalo.asked) == 1


def test_an_address_of_another_login_is_told(zalo):
    permission = Permission(App(APP_ID, APP_SECRET, zalo.url), CALLBACK)

    with pytest.raises(TracuuError, match="state"):
        permission.code(zalo.permits(permission.url).replace("state=", "state=x"))


def test_a_bare_code_is_taken_and_only_once(zalo, tmp_path):
    app = App(APP_ID, APP_SECRET, zalo.url)
    permission = Permission(app, CALLBACK)
    code = permission.code(zalo.permits(permission.url).partition("code=")[2].partition("&")[0] + "\n")
    tokens = Tokens(State(tmp_path), app, "", print)

    Account.with_session(lambda session: tokens.log_in(session, code, permission.verifier))
    with pytest.raises(TracuuError, match="14004"):
        Account.with_session(lambda session: tokens.log_in(session, code, permission.verifier))

    assert Account.with_session(tokens.access) == kept(tmp_path)[0]
    tokens.close()


@pytest.mark.parametrize(
    "pasted", ["", "https://", "https://[", "mã có dấu cách", f"{CALLBACK}?code=x", f"{CALLBACK}?state=é&code=x", "code=x"]
)
def test_what_is_no_code_is_told(zalo, pasted):
    with pytest.raises(TracuuError):
        Permission(App(APP_ID, APP_SECRET, zalo.url), CALLBACK).code(pasted)
