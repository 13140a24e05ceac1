"""The admins' passwords: hashed with Argon2id, checked at login."""

from __future__ import annotations

import sys
from getpass import getpass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import TracuuError

SHORTEST = 10
_hasher = PasswordHasher()


def ask_new() -> str:
    """Ask for a new password twice, or read one line where there is no terminal. Raises ``TracuuError``."""
    if not sys.stdin.isatty():
        return checked(sys.stdin.readline().rstrip("\n"))
    password = getpass("Mật khẩu mới: ")
    return checked(password, getpass("Gõ lại: "))


def checked(password: str, again: str | None = None) -> str:
    """Return a new password that is long enough and typed twice alike, where it had to be. Raises ``TracuuError``."""
    if again not in (None, password):
        raise TracuuError("Hai lần gõ mật khẩu không giống nhau. Hãy gõ lại.")
    if len(password) < SHORTEST:
        raise TracuuError(f"Mật khẩu cần ít nhất {SHORTEST} ký tự.")
    return password


def hash_of(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher.hash(password)


def is_right(password: str, hashed: str) -> bool:
    """Say whether this is the password; takes about 50 ms on purpose. A hash that is none is never matched."""
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
