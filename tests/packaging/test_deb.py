"""The Debian package: installed without a network, run as its units run it, upgraded, removed, with all that an office has kept."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path

import pytest

from tests.packaging.root import Root
from tests.plugins.installing import write

ASK = "Trường tiểu học nộp báo cáo học kỳ I cho phòng VHXH trước ngày nào?"
UNITS = (
    *("tracuu", "tracuu-index", "tracuu-index@ha-giang", "tracuu-search", "tracuu-worker", "tracuu-backup", "tracuu-backup@ha-giang"),
    *("tracuu-telegram", "tracuu-telegram@ha-giang", "tracuu-zalo", "tracuu-zalo@ha-giang", "tracuu-zalo-oa", "tracuu-zalo-oa@ha-giang"),
)


@pytest.fixture(scope="module")
def installed(root, package) -> Root:
    """The system with the package installed, its documents read."""
    _install(root, package("1.0"))
    index = root.service("tracuu-index.service")
    said = index.communicate()
    assert (index.returncode, "Đã nạp xong" in said[0]) == (0, True), said
    return root


def _install(root: Root, package) -> None:
    done = root.run("dpkg", "--force-unsafe-io", "--install", root.put(package), alone=True, DEBIAN_FRONTEND="noninteractive")
    assert done.returncode == 0, done.stdout + done.stderr


def _answer(root: Root) -> dict:
    """What root is told by the command."""
    return json.loads(root.run("tracuu", "ask", "--json", ASK, alone=True).stdout)


def _state(root: Root) -> list[str]:
    """Every file of the office and of its settings, with owner, rights and sum."""
    listed = "find /etc/tracuu.env /var/lib/tracuu/corpus /var/backups/tracuu -type f -printf '%p %u:%g %m ' -exec md5sum '{}' ';' | sort"
    return root.run("sh", "-c", listed).stdout.splitlines()


def test_the_command_answers_from_the_documents_of_the_package_and_leaves_files_to_the_service(installed):
    answer = _answer(installed)

    assert answer["status"] == "answered"
    assert answer["citations"][0]["document"].startswith("1422/")
    owners = installed.run("find", "/var/lib/tracuu", "-printf", "%u:%g\n").stdout.split()
    assert set(owners) == {"tracuu:tracuu"}
    assert installed.run("stat", "-c", "%U:%G %a", "/etc/tracuu.env").stdout.strip() == "root:tracuu 640"


def test_the_command_says_who_may_run_it(installed):
    refused = installed.run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "tracuu", "ask", ASK)

    assert (refused.returncode, refused.stderr) == (2, "Chỉ root và người dùng tracuu chạy được lệnh này. Hãy chạy: sudo tracuu …\n")


def test_a_package_installed_beside_the_program_is_found(installed, tmp_path):
    reader = "class abc:\n    label, suffixes, media_types, read = 'ABC', ('.abc',), {}, print\n"
    write(tmp_path / "abc", "tracuu-abc", "tracuu.readers", {"abc": "abc"}, reader)
    archive = installed.put(Path(shutil.make_archive(str(tmp_path / "abc"), "tar", tmp_path / "abc")))
    libraries = "/opt/tracuu/lib/python3*/site-packages"
    installed.run("sh", "-c", f"tar -xf {archive} -C {libraries}")

    told = installed.run("tracuu", "plugins")

    installed.run("sh", "-c", f"rm -r {libraries}/tracuu_abc*")
    assert "tracuu-abc" in told.stdout, told.stderr


def test_the_page_opens_within_the_bounds_of_its_unit(installed):
    service = installed.service("tracuu.service", TRACUU_WEB_PORT="0")
    try:
        address = service.stdout.readline().split("http://")[1].split()[0]
        body = json.dumps({"question": ASK}).encode()
        asked = urllib.request.Request(f"http://{address}/api/ask", body, {"Content-Type": "application/json"})
        answer = json.load(urllib.request.urlopen(asked))
    finally:
        service.kill()
        service.communicate()

    assert answer["status"] == "answered"


def test_a_bot_without_its_settings_is_not_started_again_and_again(installed):
    bot = installed.service("tracuu-telegram.service")

    said = bot.communicate()[1]

    assert "TRACUU_TELEGRAM_TOKEN" in said
    assert installed.unit("tracuu-telegram.service")["RestartPreventExitStatus"] == str(bot.returncode)


def test_the_newest_backups_are_kept(installed):
    for day in range(10, 30):
        installed.run("install", "-o", "tracuu", "/dev/null", f"/var/backups/tracuu/tracuu-2020-01-{day}.zip")

    backup = installed.service("tracuu-backup.service", writes=("/var/lib/tracuu", "/var/backups/tracuu"))

    assert backup.wait() == 0, backup.stderr.read()
    kept = installed.run("sh", "-c", "ls /var/backups/tracuu").stdout.split()
    assert (len(kept), kept[0], kept[-1] > "tracuu-2026") == (14, "tracuu-2020-01-17.zip", True)


def test_units_are_sound_and_leave_little_open(installed):
    units = [f"{name}.service" for name in UNITS]

    checked = installed.run("systemd-analyze", "verify", *units, "tracuu-backup.timer", "tracuu-backup@ha-giang.timer")
    exposed = installed.run("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", *units)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert exposed.returncode == 0, exposed.stdout


def test_an_upgrade_and_a_removal_keep_all_that_the_office_has(installed, package):
    # given settings and documents that somebody has changed
    installed.run("sh", "-c", "echo TRACUU_OFFICE='tỉnh Hà Giang' >> /etc/tracuu.env")
    installed.run("sh", "-c", "echo 'Số: 2/KH-ABC' > /var/lib/tracuu/corpus/2.txt; rm -r /var/lib/tracuu/corpus/1422*")
    before = _state(installed)

    # when a newer version comes, which reads documents otherwise
    _install(installed, package("1.1"))
    upgraded, answer = _state(installed), _answer(installed)
    again = installed.service("tracuu-index.service").communicate()[0]
    removed = installed.run("dpkg", "--remove", "tracuu")
    left = _state(installed)
    purged = installed.run("dpkg", "--purge", "tracuu")

    # then the old index answers until there is a new one, and everything is where it was
    assert answer["status"] == "answered"
    assert "Đã nạp xong" in again
    assert (upgraded, left) == (before, before)
    assert (removed.returncode, purged.returncode) == (0, 0)
    assert "/var/lib/tracuu" in purged.stdout
    assert _state(installed) == [line for line in before if not line.startswith("/etc")]
    assert installed.run("find", "/opt/tracuu", "/usr/bin/tracuu", "/usr/lib/systemd/system/tracuu.service").stdout == ""


def test_a_purge_that_is_told_to_deletes_everything(root, package):
    _install(root, package("1.0"))

    purged = root.run("dpkg", "--purge", "tracuu", TRACUU_PURGE="1")

    assert purged.returncode == 0
    assert root.run("find", "/var/lib/tracuu", "/var/backups/tracuu", "/etc/tracuu.env").stdout == ""
