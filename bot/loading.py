"""The settings that count here: those of the service, or of the office that this process works for."""

from __future__ import annotations

from bot.settings import Settings, of_service


def load_settings() -> Settings:
    """Read the settings of the service, or of the office that ``TRACUU_OFFICE_NAME`` names. Raises ``SettingError``, ``TracuuError``."""
    service = of_service()
    if not service.office_name:
        return service
    from bot.offices.registry import Registry  # only where there are offices
    from bot.offices.settings import of_office

    registry = Registry.of(service)
    try:
        return of_office(service, registry.get(service.office_name))
    finally:
        registry.close()
