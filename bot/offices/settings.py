"""The settings of an office: those of the service, with what is set for the office alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic

from bot import settings
from bot.offices.registry import Office, Registry, corpus_of, data_of
from bot.settings import PREFIX, Settings
from rag.errors import DatabaseAway, SettingError
from rag.finding.neighbours import Neighbour

OWN = frozenset(
    (
        "admin_chat admin_password_hash api_keys cors_origins public_url telegram_token widget_origins zalo_admin_chat zalo_oa_admin_chat "
        "zalo_oa_app_id zalo_oa_app_secret zalo_oa_callback zalo_oa_refresh_token zalo_oa_secret_key zalo_token zalo_webhook_secret"
    ).split()
)
"""What an office never has from the service: its people, its bots, its keys."""
SERVICE = frozenset(
    ("chroma corpus data database encoder node_key office office_name search_nodes store today trusted_proxies web_listen web_port").split()
)
"""What is the same for all, or is said when the office is added."""
_SECONDS = 2.0  # for which what was read of the registry counts


def of_office(service: Settings, office: Office) -> Settings:
    """Return the settings of an office. Raises ``SettingError``."""
    values: dict[str, object] = {name: Settings.model_fields[name].default for name in OWN}
    inherited = {name: getattr(service, name) for name in Settings.model_fields if name not in OWN}
    store = f"{service.store}/offices/{office.name}" if service.store else None
    own = {
        "store": store,
        "data": data_of(service.data, office.name),
        "corpus": corpus_of(service.corpus, office.name),
        "office": office.place,
    }
    return settings.made(values | inherited | own | {"office_name": office.name} | dict(office.settings), office.name)


def with_settings(office: Office, given: Mapping[str, str], service: Settings) -> Office:
    """Return an office with some settings changed, an empty value for what is the service's again. Raises ``SettingError``."""
    kept = dict(office.settings)
    for written, value in given.items():
        name = written.strip().removeprefix(PREFIX).lower()
        if name not in Settings.model_fields:
            raise SettingError(f"Không có thiết lập “{written}”. Xem các thiết lập: tracuu settings")
        if name in SERVICE:
            raise SettingError(f"Thiết lập {PREFIX}{name.upper()} là của cả máy chủ, không đặt riêng cho một đơn vị được.")
        kept.pop(name, None)
        if value.strip():
            kept[name] = value.strip()
    changed = replace(office, settings=kept)
    of_office(service, changed)
    return changed


def offices_of(service: Settings) -> list[Office]:
    """Return the offices of the service, none where none was ever added; what is returned may be two seconds old."""
    return _known(service.data, str(service.state.server)).all(service)


def neighbours_of(service: Settings, name: str) -> Sequence[Neighbour]:
    """Return the other offices of the service, as an office tells people of them."""
    known = offices_of(service)
    apart = any(office.host for office in known if office.name == name)  # there, a path of the service leads nowhere
    return [Neighbour(office.title, office.place, _reached(service, office, apart)) for office in known if office.name != name]


def _reached(service: Settings, office: Office, apart: bool) -> str:
    return address_of(service, office) if office.host or service.public_url or not apart else ""


def address_of(service: Settings, office: Office) -> str:
    """Return where people find an office: its host, else its path, at the public address of the service where that is known."""
    if office.host:
        return f"https://{office.host}"
    return f"{service.public_url or ''}{office.root}/"


class _Known:
    """The offices as they were read last."""

    def __init__(self) -> None:
        self._registry: Registry | None = None
        self._offices: list[Office] = []
        self._until = 0.0
        self._lock = Lock()

    def all(self, service: Settings) -> list[Office]:
        with self._lock:
            if monotonic() >= self._until:
                if self._registry is None and Registry.is_begun(service):
                    self._registry = Registry.of(service)
                with suppress(DatabaseAway):  # then those that were read last are there still
                    self._offices = self._registry.all() if self._registry is not None else []
                self._until = monotonic() + _SECONDS
            return self._offices


@lru_cache(maxsize=8)
def _known(data: Path, server: str) -> _Known:
    return _Known()
