"""The admins: each with a name, a role and a password; the password of the setting is the owner ``quản trị``."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import Literal

from bot.settings import Settings
from bot.web.admin import tables
from bot.web.admin.passwords import hash_of
from rag.errors import TracuuError
from rag.language.text import normalise, squeeze, strip_marks

Role = Literal["reads", "edits", "owns"]

ROLES: dict[Role, str] = {"reads": "đọc", "edits": "sửa", "owns": "chủ"}
"""The roles, as people call them."""
OWNER = "quản trị"
"""The name of who has the password of the setting."""
STRANGER = "người lạ"
"""What the log calls who tried to log in under no known name."""
LONGEST = 40
_RESERVED = ("quan tri", "nguoi la", "may chu")  # the log knows others by these
_IN_NAMES = " .-_@"


@dataclass(frozen=True, slots=True)
class Admin:
    """An admin; ``since`` (seconds since 1970) is 0 for the one of the setting."""

    name: str
    role: Role
    hashed: str
    since: float = 0.0

    @property
    def fingerprint(self) -> str:
        """What changes with the password: what was opened with another one is over."""
        return hashlib.sha256(self.hashed.encode()).hexdigest()

    @property
    def of_setting(self) -> bool:
        """Whether the password is the one of the setting."""
        return self.name == OWNER


class Admins:
    """The admins, and the one of the setting. Every refusal is a ``TracuuError`` in one sentence."""

    def __init__(self, settings: Settings) -> None:
        self._database = tables.opened(settings.state)
        hashed = settings.admin_password_hash
        self._owner = Admin(OWNER, "owns", hashed.get_secret_value()) if hashed else None

    def find(self, name: str) -> Admin | None:
        """Return who has a name, however it is typed; without a name, the one of the setting."""
        key = _key(name) or OWNER
        if key == OWNER:
            return self._owner
        rows = self._database.rows("SELECT name, role, hashed, since FROM admins WHERE key = ?", key)
        return Admin(*rows[0]) if rows else None

    def all(self) -> list[Admin]:
        """Return everybody, the one of the setting first."""
        named = [Admin(*row) for row in self._database.rows("SELECT name, role, hashed, since FROM admins ORDER BY key")]
        return [self._owner, *named] if self._owner else named

    def any_named(self) -> bool:
        """Say whether anybody has a name of their own."""
        return bool(self._database.rows("SELECT 1 FROM admins LIMIT 1"))

    def add(self, name: str, role: Role, password: str) -> Admin:
        """Add an admin; where nobody owns yet, only an owner."""
        name = _checked(name)
        added = Admin(name, role, hash_of(password), time.time())
        with self._database.transaction(alone=True):
            if self.find(name):
                raise TracuuError(f"Đã có người quản trị tên “{name}”. Hãy chọn tên khác.")
            self._database.run("INSERT INTO admins VALUES (?, ?, ?, ?, ?)", _key(name), name, role, added.hashed, added.since)
            self._keep_an_owner("Người quản trị đầu tiên phải có vai trò chủ.")
        return added

    def set_role(self, name: str, role: Role) -> Admin:
        """Let an admin do more or less, at once, also where they are logged in; returns what they were before."""
        with self._database.transaction(alone=True):
            admin = self.named(name)
            self._database.run("UPDATE admins SET role = ? WHERE key = ?", role, _key(name))
            self._keep_an_owner()
        return admin

    def set_password(self, name: str, password: str) -> Admin:
        """Give an admin another password, which ends every session opened with the one before; returns what they are now."""
        changed = replace(self.named(name), hashed=hash_of(password))
        self._database.run("UPDATE admins SET hashed = ? WHERE key = ?", changed.hashed, _key(name))
        return changed

    def remove(self, name: str) -> Admin:
        """Take an admin out, which ends their sessions."""
        with self._database.transaction(alone=True):
            admin = self.named(name)
            self._database.run("DELETE FROM admins WHERE key = ?", _key(name))
            self._keep_an_owner()
        return admin

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def named(self, name: str) -> Admin:
        """Return an admin who can be changed here."""
        admin = self.find(name)
        if admin is None:
            raise TracuuError(f"Không có người quản trị tên “{squeeze(name)}”.")
        if admin.of_setting:
            raise TracuuError(f"“{OWNER}” là mật khẩu trong thiết lập của máy chủ; chỉ đổi hoặc bỏ được ở đó.")
        return admin

    def _keep_an_owner(self, otherwise: str = "Đây là người chủ cuối cùng. Hãy cho người khác vai trò chủ trước.") -> None:
        if self._owner is None and not self._database.rows("SELECT 1 FROM admins WHERE role = 'owns'"):
            raise TracuuError(otherwise)


def role_of(word: str) -> Role:
    """Return the role that people call so, with or without its marks. Raises ``TracuuError``."""
    for role, called in ROLES.items():
        if strip_marks(squeeze(word)).lower() in (strip_marks(called), role):
            return role
    raise TracuuError(f"Vai trò cần là một trong: {', '.join(ROLES.values())}.")


def _checked(name: str) -> str:
    name = squeeze(normalise(name))
    if not name or len(name) > LONGEST or not all(letter.isalnum() or letter in _IN_NAMES for letter in name):
        raise TracuuError(f"Tên cần từ 1 đến {LONGEST} ký tự, chỉ gồm chữ, số, dấu cách và các dấu . - _ @")
    if strip_marks(name).casefold() in _RESERVED:
        raise TracuuError(f"Tên “{name}” dành riêng cho hệ thống. Hãy chọn tên khác.")
    return name


def _key(name: str) -> str:
    return squeeze(normalise(name)).casefold()
