"""Which offices there are, where they are reached, and what is set for each."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.settings import PREFIX, Settings, is_telling
from rag.errors import TracuuError
from rag.storage import State

_MIGRATIONS = (
    """
CREATE TABLE IF NOT EXISTS offices (
    name TEXT PRIMARY KEY, title TEXT NOT NULL, place TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, settings TEXT NOT NULL
);
""",
)
FILE = "offices.sqlite3"
"""Where SQLite keeps them, in the data folder of the service."""
_COLUMNS = "name, title, place, host, path, settings"
_NAME = re.compile(r"(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its ``name`` in commands, its ``title`` for people, the ``place`` of whoever asks there.

    It is reached at a ``host`` of its own, under ``/o/<path>/`` of the service, or both. ``settings`` has what is set for it alone,
    by the name of the variable without ``TRACUU_``, in small letters; ``repr`` shows none of them.
    """

    name: str
    title: str
    place: str = ""
    host: str = ""
    path: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def root(self) -> str:
        """What its addresses begin with on the host of the service; empty where it is only at its own host."""
        return f"/o/{self.path}" if self.path else ""


class Registry:
    """The offices of a service, kept where its state is. Every refusal is a ``TracuuError`` in one sentence."""

    def __init__(self, state: State) -> None:
        if not state.server:
            _make_private(_file_of(state))
        self._database = state.open("offices", _MIGRATIONS, lasting=True)

    @classmethod
    def of(cls, service: Settings) -> Registry:
        """Open the offices of a service."""
        return cls(_state_of(service))

    @staticmethod
    def is_begun(service: Settings) -> bool:
        """Say whether a service may have offices: without one, nothing is opened."""
        state = _state_of(service)
        return bool(state.server) or _file_of(state).exists()

    def all(self) -> list[Office]:
        """Return every office, by name."""
        return [_office(row) for row in self._database.rows(f"SELECT {_COLUMNS} FROM offices ORDER BY name")]

    def get(self, name: str) -> Office:
        """Return the office of a name."""
        found = {office.name: office for office in self.all()}
        if name not in found:
            known = f"Các đơn vị đang có: {', '.join(found)}" if found else "Chưa có đơn vị nào; để thêm: tracuu office add TÊN --name “…”"
            raise TracuuError(f"Không có đơn vị “{name}”. {known}.")
        return found[name]

    def add(self, office: Office) -> Office:
        """Keep a new office and return it; one without a host is reached by its name."""
        if not office.host and not office.path:
            office = replace(office, path=office.name)
        with self._database.transaction(alone=True):
            others = self.all()
            if office.name in {other.name for other in others}:
                raise TracuuError(f"Đã có đơn vị “{office.name}”. Để đổi: tracuu office set {office.name} …")
            self._keep(_checked(office, others), "INSERT INTO offices VALUES (?, ?, ?, ?, ?, ?)")
        return office

    def change(self, name: str, changed: Callable[[Office], Office]) -> Office:
        """Keep what ``changed`` makes of the office of a name, and return it; nobody else changes it meanwhile."""
        with self._database.transaction(alone=True):
            office = changed(self.get(name))
            others = [other for other in self.all() if other.name != name]
            statement = f"INSERT INTO offices ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
            columns = ", ".join(f"{column} = excluded.{column}" for column in ("title", "place", "host", "path", "settings"))
            self._keep(_checked(office, others), statement + columns)
        return office

    def remove(self, name: str) -> None:
        """Forget an office; its data stays."""
        self._database.run("DELETE FROM offices WHERE name = ?", self.get(name).name)
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _keep(self, office: Office, statement: str) -> None:
        self._database.run(statement, office.name, office.title, office.place, office.host, office.path, _json(office.settings))


def without_secrets(copy: Path) -> tuple[str, ...]:
    """Take the secret settings out of a copy of the offices' file, and return what they are called. Raises ``sqlite3.Error``."""
    taken: list[str] = []
    with closing(sqlite3.connect(copy, isolation_level=None)) as file:
        for name, written in file.execute("SELECT name, settings FROM offices ORDER BY name").fetchall():
            kept = json.loads(written)
            secrets = [key for key in kept if is_telling(key, kept[key])]
            taken += (f"{PREFIX}{key.upper()} của đơn vị {name}" for key in secrets)
            told = {key: value for key, value in kept.items() if key not in secrets}
            file.execute("UPDATE offices SET settings = ? WHERE name = ?", (_json(told), name))
        file.execute("VACUUM")  # or they stand on where they stood
    return tuple(taken)


def _json(settings: Mapping[str, str]) -> str:
    return json.dumps(dict(settings), ensure_ascii=False)


def _state_of(service: Settings) -> State:
    return replace(service.state, office="")


def _file_of(state: State) -> Path:
    return state.folder / FILE


def data_of(data: Path, name: str) -> Path:
    """Return the data folder of an office, within that of the service."""
    return data / "offices" / name


def corpus_of(corpus: Path, name: str) -> Path:
    """Return the folder of an office's documents: beside those of the service, never among them."""
    whole = corpus.resolve()
    return whole.with_name(f"{whole.name}-offices") / name


def _make_private(path: Path) -> None:
    """Let nobody else read the secrets in a file; what SQLite puts beside it gets the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _checked(office: Office, others: list[Office]) -> Office:
    if not _NAME.fullmatch(office.name):
        raise TracuuError(f"Tên đơn vị “{office.name}” không dùng được: cần chữ thường không dấu, chữ số, một dấu - ở giữa, như ha-giang.")
    if not office.title.strip():
        raise TracuuError("Thiếu tên đầy đủ của đơn vị. Ví dụ: --name “Sở GDĐT tỉnh Hà Giang”.")
    if office.path and not _NAME.fullmatch(office.path):
        raise TracuuError(f"Đường dẫn “{office.path}” không dùng được: cần chữ thường không dấu, chữ số và dấu -, như ha-giang.")
    if office.host and (not _HOST.fullmatch(office.host) or not any(map(str.isalpha, office.host.rsplit(".", 1)[-1]))):
        raise TracuuError(f"Tên miền “{office.host}” không dùng được: viết như hoidap.hagiang.edu.vn, không có https:// và cổng.")
    for other in others:
        if (office.path and office.path == other.path) or (office.host and office.host == other.host):
            raise TracuuError(f"Địa chỉ này đã là của đơn vị “{other.name}”. Hãy chọn --host hoặc --path khác.")
    return office


def _office(row: tuple[str, ...]) -> Office:
    name, title, place, host, path, settings = row
    return Office(name, title, place, host, path, json.loads(settings))
