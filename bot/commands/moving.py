"""``tracuu move-data``: from the SQLite files of ``TRACUU_DATA`` to the PostgreSQL server of ``TRACUU_DATABASE``."""

from __future__ import annotations

from bot import settings
from bot.settings import Settings
from bot.vietnamese import VietnameseTyper
from rag.errors import SettingError

moving = VietnameseTyper()


@moving.command("move-data")
def move_data() -> None:
    """Chuyển dữ liệu (hội thoại, thống kê, hộp thư, người quản trị …) từ các tệp SQLite sang PostgreSQL."""
    service = settings.of_service()
    if service.database is None:
        raise SettingError(
            "Chưa đặt TRACUU_DATABASE, địa chỉ cơ sở dữ liệu PostgreSQL để chuyển sang. Hãy dừng serve và các bot, đặt biến này rồi "
            "chạy lại."
        )
    count = sum(_moved(chosen) for chosen in _all(service))
    print(
        f"Xong: {count} dòng đã ở PostgreSQL, đúng số dòng và đúng nội dung. Các tệp SQLite còn nguyên trong {service.data}; "
        "từ nay chương trình có TRACUU_DATABASE không đọc chúng nữa. Việc tiếp theo: mở lại serve và các bot với TRACUU_DATABASE, "
        "sao lưu PostgreSQL bằng pg_dump, và cất các tệp *.sqlite3 cũ đi khi đã yên tâm."
    )


def _all(service: Settings) -> list[Settings]:
    """Return the settings of the service and of each of its offices: the offices are known once the service's own files are moved."""
    from dataclasses import replace

    from bot.offices.registry import Registry
    from bot.offices.settings import of_office

    here = replace(service.state, server="")
    if not here.has("offices"):
        return [service]
    registry = Registry(here)
    try:
        return [service, *(of_office(service, office) for office in registry.all())]
    finally:
        registry.close()


def _moved(chosen: Settings) -> int:
    from bot.moving import move

    count = 0
    for moved in move(chosen.state):
        office = f"{chosen.office_name}: " if chosen.office_name else ""
        print(f"{office}{moved.name}: {moved.rows} dòng{', đã có sẵn' if moved.was_there else ''}", flush=True)
        count += moved.rows
    return count
