"""Kinds of values that settings have, with what is said of one that cannot be used."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

_OWN = (("http", "127.0.0.1"), ("http", "localhost"))


def _address(value: str) -> str:
    parts = urlsplit(value.strip())
    if not parts.hostname or (parts.scheme != "https" and (parts.scheme, parts.hostname) not in _OWN):
        raise ValueError("cần một địa chỉ bắt đầu bằng https://")
    return value.strip().rstrip("/")


def _database(url: SecretStr) -> SecretStr:
    """Take an address of PostgreSQL as its own library reads it: of several machines too."""
    value = url.get_secret_value().strip()
    try:
        from psycopg import ProgrammingError, conninfo  # only where one is set: a school's server needs none

        parts = conninfo.conninfo_to_dict(value) if value.startswith(("postgresql://", "postgres://")) else {}
    except ProgrammingError:
        parts = {}
    if not parts.get("dbname"):
        raise ValueError(
            "cần địa chỉ của một cơ sở dữ liệu PostgreSQL, viết postgresql://người:mật_khẩu@máy:5432/tên (nhiều máy thì cách nhau bằng dấu "
            "phẩy, thêm ?target_session_attrs=read-write; ký tự lạ trong mật khẩu viết dạng %xx)"
        )
    return SecretStr(value)


def _password_hash(hashed: SecretStr) -> SecretStr:
    from argon2 import extract_parameters
    from argon2.exceptions import InvalidHashError

    value = hashed.get_secret_value().strip()
    try:
        extract_parameters(value)
    except InvalidHashError:
        raise ValueError("không phải mật khẩu đã băm: hãy đặt giá trị mà `tracuu hash-password` in ra, trong dấu nháy đơn") from None
    return SecretStr(value)


def _folder(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise ValueError("cần đường dẫn của một thư mục, không phải của một tệp")
    return path


def _place(path: Path) -> Path:
    if not path.exists():
        raise ValueError("không có tệp hay thư mục này")
    return path


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("cần một ngày có thật, viết năm-tháng-ngày như 2026-01-31") from None


def _sends(value: object) -> object:
    if value not in ("conversation", "question", "documents"):
        raise ValueError("cần một trong ba: conversation, question, documents")
    return value


def _server(address: str) -> str:
    """Bring ``http://host:port`` into one form."""
    parts = urlsplit(address.strip())
    try:
        port = {"http": parts.port or 80, "https": parts.port or 443}.get(parts.scheme, 0)
    except ValueError:  # a port that is no number
        port = 0
    if not port or not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("cần địa chỉ của một máy chủ, viết http://máy:cổng như http://127.0.0.1:8000")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def _store(address: str) -> str:
    parts = urlsplit(address.strip())
    if parts.scheme == "s3" and re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc) and not parts.query and not parts.fragment:
        return f"s3://{parts.netloc}{parts.path.rstrip('/')}"
    if Path(address.strip()).is_absolute():
        return address.strip()
    raise ValueError("cần địa chỉ của một bucket, viết s3://bucket/thư-mục, hoặc đường dẫn đầy đủ của một thư mục, như /mnt/kho")


def _clock_time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        clock = time.fromisoformat(value.strip())
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None:
        raise ValueError("cần giờ và phút, viết như 08:00; múi giờ đặt ở TRACUU_TIMEZONE")
    return clock


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        raise ValueError("cần tên một múi giờ, như Asia/Ho_Chi_Minh") from None
    return name


Days = Annotated[int, Field(ge=1, le=36_500)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Address = Annotated[str, AfterValidator(_address)]
PasswordHash = Annotated[SecretStr, AfterValidator(_password_hash)]
Postgres = Annotated[SecretStr, AfterValidator(_database)]
Folder = Annotated[Path, AfterValidator(_folder)]
Server = Annotated[str, AfterValidator(_server)]
Day = Annotated[date, BeforeValidator(_day)]
Sends = Annotated[Literal["conversation", "question", "documents"], BeforeValidator(_sends)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Place = Annotated[Path, AfterValidator(_place)]
Store = Annotated[str, AfterValidator(_store)]
Zone = Annotated[str, AfterValidator(_zone)]
