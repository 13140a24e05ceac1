"""Kinds of values that the settings of several channels have."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_OWN = (("http", "127.0.0.1"), ("http", "localhost"))


def _address(value: str) -> str:
    parts = urlsplit(value.strip())
    if not parts.hostname or (parts.scheme != "https" and (parts.scheme, parts.hostname) not in _OWN):
        raise ValueError("cần một địa chỉ bắt đầu bằng https://")
    return value.strip().rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
