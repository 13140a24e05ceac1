"""The admin's password: hashed with Argon2id for the setting, checked at login."""

from __future__ import annotations

import sys
from getpass import getpass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import TracuuError

_SHORTEST = 10
_hasher = PasswordHasher()


def ask_and_hash() -> str:
    """Ask for a new password twice, or read one line where there is no terminal. Raises ``TracuuError``."""
    if sys.stdin.isatty():
        password = getpass("Mật khẩu mới: ")
        if getpass("Gõ lại: ") != password:
            raise TracuuError("Hai lần gõ không giống nhau. Hãy chạy lại.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < _SHORTEST:
        raise TracuuError(f"Mật khẩu cần ít nhất {_SHORTEST} ký tự.")
    return hash_of(password)


def hash_of(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher.hash(password)


def is_right(password: str, hashed: str) -> bool:
    """Say whether this is the password; takes about 50 ms on purpose. A hash that is none is never matched."""
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
