"""Who is logged in to the admin page, and which browsers have been before."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from functools import cached_property

from bot.web.admin import tables
from bot.web.admin.admins import Admin, Admins, Role
from rag.storage import State

_LONGEST = 8 * 3600.0
_IDLE = 3600.0


@dataclass(frozen=True, slots=True)
class Session:
    """A login; ``csrf`` has to come with everything that changes something."""

    token: str
    csrf: str
    name: str
    role: Role

    @property
    def may_edit(self) -> bool:
        """Whether the admin may change documents and teach."""
        return self.role != "reads"

    @property
    def owns(self) -> bool:
        """Whether the admin may change who the admins are."""
        return self.role == "owns"

    def allows(self, csrf: str) -> bool:
        """Say whether a form was written for this session."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())

    def sealed(self, said: str) -> dict[str, str]:
        """Return what an address says of what was just done, with a seal: nobody else can put words into our mouth."""
        return {"xong": said, "dau": self._seal(said)}

    def own(self, said: str, seal: str) -> str:
        """Return what an address says, where it has our seal; else nothing."""
        return said if hmac.compare_digest(self._seal(said).encode(), seal.encode()) else ""

    def _seal(self, said: str) -> str:
        return hmac.new(self.csrf.encode(), said.encode(), hashlib.sha256).hexdigest()[:16]


class Sessions:
    """The sessions. A token is kept only as a hash: who reads the store cannot log in."""

    def __init__(self, state: State, admins: Admins) -> None:
        self._admins = admins
        self._database = tables.opened(state)

    def open(self, admin: Admin) -> Session:
        """Begin a session, which lasts no longer than the password with which it was opened."""
        token = secrets.token_urlsafe(32)
        now = time.time()
        self._database.run("DELETE FROM logins WHERE opened < ? OR seen < ?", now - _LONGEST, now - _IDLE)
        self._database.run("INSERT INTO logins VALUES (?, ?, ?, ?, ?)", _digest(token), admin.name, admin.fingerprint, now, now)
        return _session(token, admin)

    def find(self, token: str) -> Session | None:
        """Return the session of a token, unless it has ended, nobody has used it for an hour, or its password is no longer right."""
        now = time.time()
        query = "SELECT name, fingerprint FROM logins WHERE digest = ? AND opened >= ? AND seen >= ?"
        rows = self._database.rows(query, _digest(token), now - _LONGEST, now - _IDLE)
        admin = self._admins.find(rows[0][0]) if rows else None
        if admin is None or not hmac.compare_digest(admin.fingerprint, rows[0][1]):
            return None
        self._database.run("UPDATE logins SET seen = ? WHERE digest = ?", now, _digest(token))
        return _session(token, admin)

    def end(self, token: str) -> None:
        """End a session."""
        self._database.run("DELETE FROM logins WHERE digest = ?", _digest(token))

    def end_all(self, name: str) -> None:
        """End every session of an admin."""
        self._database.run("DELETE FROM logins WHERE name = ?", name)

    def device(self, admin: Admin) -> str:
        """Return what a browser keeps to be known again to this admin, as long as the password stays the same."""
        id = secrets.token_urlsafe(12)
        return f"{id}.{self._mark(id, admin)}"

    def known_device(self, kept: str, admin: Admin | None) -> str:
        """Return the id of a browser that this admin was logged in with before; empty where it is none."""
        id, _, mark = kept.partition(".")
        right = admin is not None and hmac.compare_digest(self._mark(id, admin).encode(), mark.encode())
        return id if right else ""

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    @cached_property
    def _key(self) -> bytes:
        self._database.run("INSERT INTO secrets VALUES ('device', ?) ON CONFLICT (name) DO NOTHING", secrets.token_hex(32))
        return bytes.fromhex(self._database.rows("SELECT value FROM secrets WHERE name = 'device'")[0][0])

    def _mark(self, id: str, admin: Admin) -> str:
        return hmac.new(self._key, f"{id}\n{admin.name}\n{admin.fingerprint}".encode(), hashlib.sha256).hexdigest()


def _session(token: str, admin: Admin) -> Session:
    return Session(token, _digest(f"csrf {token}"), admin.name, admin.role)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
