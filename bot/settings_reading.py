"""Settings from ``TRACUU_*`` variables: how any set of them is read and described; ``bot.settings`` has those of the program."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingError

PREFIX = "TRACUU_"
CONFIG = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")
_BOUNDS = {"ge": "phải ít nhất là", "le": "phải nhiều nhất là", "gt": "phải lớn hơn", "lt": "phải nhỏ hơn"}
_SECRETS = ("api_keys",)  # beside those of which the value is never shown

S = TypeVar("S", bound=BaseSettings)


class ChannelSettings(BaseSettings):
    """What a channel of another package can be set to: fields called ``<channel>_…``, each with a Vietnamese ``description``."""

    model_config = CONFIG


def read(kind: type[S], given: Mapping[str, object] | None = None, office: str = "") -> S:
    """Return settings with what is ``given``, of an ``office``, before the environment.

    Raises ``SettingError`` that names the first wrong variable, with its value where that is no secret.
    """
    known = given or {}
    try:
        return kind(**known)  # type: ignore[arg-type]  # checked here
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        variable = PREFIX + field.upper()
        reason = _reason(first.get("ctx", {}))
        whose = f"Biến {variable}" + (f" của đơn vị {office}" if office else "")
        if is_secret(kind, field):
            raise SettingError(f"{whose}: {reason}.") from None
        raise SettingError(f"{whose} đang là “{known.get(field, os.environ.get(variable, ''))}”: {reason}.") from None


def _reason(context: Mapping[str, object]) -> str:
    """Say what is wrong with a value, from what its validator tells: a sentence of ours, or a bound that it does not keep."""
    bound = next((f"{said} {context[name]}" for name, said in _BOUNDS.items() if name in context), "giá trị không dùng được")
    return str(context.get("error", bound))


def describe(kind: type[BaseSettings]) -> list[tuple[str, str, str]]:
    """Return every variable with its default (empty: none) and its help."""
    return [
        (PREFIX + name.upper(), "" if field.default is None else str(field.default), field.description or "")
        for name, field in kind.model_fields.items()
    ]


def is_secret(kind: type[BaseSettings], name: str) -> bool:
    """Say whether the value of a setting is never shown."""
    return name in _SECRETS or "SecretStr" in str(kind.model_fields[name].annotation)
