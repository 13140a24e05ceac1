"""Every setting of the program: the ``TRACUU_*`` environment variables, their defaults and their help."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
)

from bot import settings_reading
from bot.clock import Clock
from bot.setting_kinds import Address, ClockTime, Day, Days, Folder, PasswordHash, Place, Port, Postgres, Sends, Server, Store, Zone
from bot.settings_nodes import NodeSettings
from bot.settings_reading import CONFIG, PREFIX
from bot.settings_zalo import ZaloSettings
from bot.settings_zalo_oa import ZaloOaSettings
from rag.storage import State

__all__ = ["PREFIX", "Settings", "describe", "is_secret", "is_telling", "items", "made", "of_service", "plain", "portable"]


def items(value: str) -> list[str]:
    """Return what a setting lists, separated by commas."""
    return [item.strip() for item in value.split(",") if item.strip()]


def _origins(value: str) -> str:
    for item in items(value):
        parts = urlsplit(item)
        if item != "*" and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query):
            raise ValueError(f"“{item}” không phải là một trang, viết như https://truong.edu.vn (không có / ở cuối)")
    return ",".join(items(value))


def _api_keys(value: str) -> str:
    for item in items(value):
        name, _, digest = item.partition(":")
        if not name or not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError(f"khóa thứ {items(value).index(item) + 1} không có dạng tên:mã mà `tracuu api-key TÊN` in ra")
    return ",".join(items(value))


class Settings(ZaloSettings, ZaloOaSettings, NodeSettings):
    """What can be set from outside; ``description`` is the help that admins read."""

    model_config = CONFIG

    data: Folder = Field(
        default=Path(".data"),
        description="Thư mục chứa mọi thứ chương trình ghi ra; xóa đi không mất văn bản nào.",
    )
    database: Postgres | None = Field(
        default=None,
        description="Cơ sở dữ liệu PostgreSQL (postgresql://người:mật_khẩu@máy:5432/tên) giữ hội thoại, thống kê, hộp thư, hàng đợi "
        "việc … chung cho nhiều máy; để trống thì giữ trong các tệp SQLite của TRACUU_DATA.",
    )
    corpus: Folder = Field(default=Path("corpus"), description="Thư mục chứa các văn bản để nạp.")
    encoder: str | None = Field(
        default=None,
        description="Tên hoặc thư mục của một mô hình sentence-transformers; để trống: bộ mã hóa có sẵn; off: chỉ tìm theo từ ngữ.",
    )
    office: str = Field(
        default="",
        description="Người hỏi thuộc tỉnh, thành phố nào (như tỉnh Quảng Ninh): có văn bản của nhiều tỉnh thì trả lời theo tỉnh này khi "
        "câu hỏi không nêu tỉnh; để trống thì câu trả lời nói rõ là của Sở nào.",
    )
    office_name: str = Field(
        default="",
        description="Làm việc với đơn vị nào trong các đơn vị mà `tracuu office add` đã thêm; như tùy chọn --office của mọi lệnh. "
        "Để trống: cả máy chủ.",
    )
    trust_roots: Place | None = Field(
        default=None,
        description="Tệp hoặc thư mục chứng thư (PEM, DER) của những nơi cấp chứng thư chữ ký số được tin cậy; để trống thì không kiểm tra "
        "chứng thư của người ký.",
    )
    chroma: Server | None = Field(
        default=None,
        description="Máy chủ Chroma giữ các vector (http://máy:cổng); để trống thì giữ ngay trong thư mục chỉ mục.",
    )
    store: Store | None = Field(
        default=None,
        description="Kho chung của nhiều máy: s3://bucket/thư-mục (máy chủ và khóa đặt ở các biến AWS_…), hoặc một thư mục mà máy nào "
        "cũng thấy; bản chỉ mục, ngân hàng câu hỏi và văn bản được công bố lên đó, máy nào cũng trả lời theo bản mới nhất ở đó. "
        "Để trống thì mọi thứ chỉ ở máy này.",
    )
    today: Day | None = Field(
        default=None,
        description="Ngày được coi là hôm nay (năm-tháng-ngày); để trống thì theo đồng hồ của máy.",
    )
    llm: str | None = Field(
        default=None,
        description="Mô hình ngôn ngữ diễn đạt lại câu trả lời, viết nhà_cung_cấp:tên như openai:gpt-4o-mini hay ollama:qwen3:8b; "
        "khóa đặt ở biến thường dùng của nhà cung cấp (OPENAI_API_KEY …). Để trống thì không dùng.",
    )
    llm_url: str | None = Field(
        default=None, description="Địa chỉ máy chủ của mô hình (kiểu OpenAI hoặc Ollama), như http://127.0.0.1:11434/v1."
    )
    llm_seconds: PositiveFloat = Field(default=20.0, description="Chờ mô hình nhiều nhất bao nhiêu giây cho một câu hỏi.")
    llm_daily_calls: NonNegativeInt | None = Field(default=2000, description="Gọi mô hình nhiều nhất bao nhiêu lần một ngày.")
    llm_daily_tokens: NonNegativeInt | None = Field(default=4_000_000, description="Dùng nhiều nhất bao nhiêu token một ngày.")
    llm_daily_cost: NonNegativeFloat | None = Field(
        default=None, description="Chi nhiều nhất bao nhiêu tiền một ngày, theo hai đơn giá dưới đây; để trống thì không giới hạn."
    )
    llm_price_in: NonNegativeFloat = Field(default=0.0, description="Đơn giá một triệu token gửi đi.")
    llm_price_out: NonNegativeFloat = Field(default=0.0, description="Đơn giá một triệu token nhận về.")
    llm_cache_days: NonNegativeInt = Field(default=30, description="Giữ câu đã viết bao nhiêu ngày để dùng lại; 0 là không giữ.")
    llm_sends: Sends = Field(
        default="conversation",
        description="Gửi gì cho mô hình: conversation (câu hỏi, chủ đề trước đó, điều khoản), question (câu hỏi, điều khoản), "
        "documents (chỉ điều khoản, không gì của người hỏi).",
    )
    llm_rewrites: bool = Field(
        default=False,
        description="Cho mô hình viết lại câu hỏi nối tiếp đã bị từ chối (cần TRACUU_LLM_SENDS=conversation): câu từ chối hiện ngay, "
        "viết lại mà trả lời được thì câu trả lời thay vào; câu viết lại hiện cho người hỏi và có trong nhật ký (log).",
    )
    timezone: Zone = Field(default="Asia/Ho_Chi_Minh", description="Múi giờ của người hỏi.")
    telegram_token: SecretStr | None = Field(default=None, description="Mã của bot Telegram, do @BotFather cấp.")
    telegram_api: Address = Field(default="https://api.telegram.org", description="Địa chỉ Bot API; chỉ đổi khi tự chạy máy chủ Bot API.")
    telegram_per_second: NonNegativeFloat = Field(
        default=30, description="Gửi nhiều nhất bao nhiêu tin Telegram mỗi giây (Telegram cho 30); 0 là không giới hạn."
    )
    telegram_patience: PositiveFloat = Field(
        default=300, description="Bao nhiêu giây liền không nhận được tin từ Telegram thì bot tự dừng, để systemd mở lại."
    )
    public_url: Address | None = Field(
        default=None,
        description="Địa chỉ https công khai của máy này; có thì Telegram gửi tin tới đây (webhook), và "
        "liên kết trong câu trả lời của /v1, llms.txt, sitemap.xml dẫn tới đây.",
    )
    webhook_listen: str = Field(default="127.0.0.1", description="Địa chỉ trên máy mà webhook nghe, sau máy chủ https.")
    webhook_port: Port = Field(default=8443, description="Cổng mà webhook nghe.")
    admin_chat: int | None = Field(default=None, description="Mã cuộc trò chuyện Telegram nhận thông báo lỗi.")
    workers: PositiveInt | None = Field(
        default=None,
        description="Bao nhiêu tiến trình trả lời câu hỏi; để trống: 2 (máy một nhân: 1), hoặc 1 khi TRACUU_ENCODER là một mô hình.",
    )
    reminder_time: ClockTime = Field(default=time(8), description="Giờ gửi nhắc hạn.")
    questions_per_minute: PositiveInt = Field(default=20, description="Một người hỏi nhiều nhất bao nhiêu câu mỗi phút.")
    conversation_minutes: PositiveInt = Field(default=60, description="Im lặng bao nhiêu phút thì quên hội thoại.")
    keep_days: Days = Field(default=180, description="Giữ thống kê, đánh giá, góp ý, chỗ người hỏi chọn bao nhiêu ngày.")
    keep_people_days: Days = Field(default=730, description="Giữ đơn vị và nhắc hạn của người không còn hỏi bao nhiêu ngày.")
    fetch_hosts: str = Field(
        default="*.gov.vn,*.chinhphu.vn,*.quochoi.vn,quochoi.vn",
        description="Các máy chủ được phép tải văn bản về, cách nhau bằng dấu phẩy; * thay cho một phần tên.",
    )
    fetch_megabytes: PositiveInt = Field(default=50, description="Một tệp tải về lớn nhất bao nhiêu MB.")
    fetch_ca: Path | None = Field(
        default=None, description="Tệp PEM có chứng thư được tin thêm khi tải, cho máy chủ không gửi đủ chuỗi chứng thư."
    )
    fetch_pause: NonNegativeFloat = Field(default=2.0, description="Nghỉ bao nhiêu giây giữa hai lần tải.")
    fetch_loopback: bool = Field(default=False, description="Cho phép tải qua http từ chính máy này; chỉ dùng để thử.")
    web_listen: str = Field(default="127.0.0.1", description="Địa chỉ trên máy mà trang web nghe; 0.0.0.0 là mọi địa chỉ.")
    web_port: Annotated[int, Field(ge=0, le=65535)] = Field(default=8000, description="Cổng của trang web; 0 là cổng trống bất kỳ.")
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Các proxy được tin (địa chỉ hoặc dải, cách nhau bằng dấu phẩy): chỉ nhận X-Forwarded-For, X-Forwarded-Proto từ đây.",
    )
    admin_password_hash: PasswordHash | None = Field(
        default=None,
        description="Mật khẩu trang /quan-tri đã băm, do `tracuu hash-password` in ra; để trống thì trang này "
        "chỉ mở cho người mà `tracuu admin add` đã thêm.",
    )
    api_keys: Annotated[str, AfterValidator(_api_keys)] = Field(
        default="",
        description="Khóa API đã băm, dạng tên:mã cách nhau bằng dấu phẩy (`tracuu api-key TÊN` in ra); để trống thì API mở cho mọi người.",
    )
    cors_origins: Annotated[str, AfterValidator(_origins)] = Field(
        default="", description="Các trang (https://tên-miền, cách nhau bằng dấu phẩy) được gọi API từ trình duyệt; * là mọi trang."
    )
    widget_origins: Annotated[str, AfterValidator(_origins)] = Field(
        default="", description="Các trang được nhúng khung hỏi đáp; để trống thì không trang nào; * là mọi trang."
    )
    requests_per_minute: PositiveInt = Field(
        default=300, description="Một máy khách gọi nhiều nhất bao nhiêu lượt mỗi phút; chính máy chủ thì không bị giới hạn."
    )
    upload_megabytes: PositiveInt = Field(default=50, description="Tệp tải lên ở trang quản trị lớn nhất bao nhiêu MB.")

    @property
    def clock(self) -> Clock:
        """What time it is for the people who ask, wherever the machine stands."""
        return Clock(ZoneInfo(self.timezone), self.today)

    @property
    def sources(self) -> str:
        """Where workers find the files of which they read pages: beside the shared store, or in a folder of this machine."""
        return f"{self.store}/work" if self.store else str(self.data.absolute() / "work")

    @property
    def state(self) -> State:
        """Where conversations, statistics and mailboxes are kept."""
        return State(self.data, self.database.get_secret_value() if self.database else "", self.office_name)


def of_service() -> Settings:
    """Read the settings from the environment. Raises ``SettingError`` naming the first wrong variable."""
    return made({})


def made(given: Mapping[str, object], office: str = "") -> Settings:
    """Return the settings with what is ``given``, of an ``office``, before the environment. Raises ``SettingError`` as ``of_service``."""
    return settings_reading.read(Settings, given, office)


def _fields() -> list[str]:
    """Return every setting: those of all channels first, then what one channel adds (pydantic puts what is inherited first)."""
    return sorted(Settings.model_fields, key=lambda name: name not in Settings.__annotations__)


def describe() -> list[tuple[str, str, str]]:
    """Return every variable with its default (empty: none) and its help."""
    of = {variable: (variable, default, meaning) for variable, default, meaning in settings_reading.describe(Settings)}
    return [of[PREFIX + name.upper()] for name in _fields()]


def plain(chosen: Settings) -> dict[str, str]:
    """Return every variable with its value, secrets too: to compare, never to be shown."""
    values = {name: getattr(chosen, name) for name in _fields()}
    return {PREFIX + name.upper(): str(v.get_secret_value() if isinstance(v, SecretStr) else v) for name, v in values.items()}


def portable() -> tuple[str, tuple[str, ...]]:
    """Return the settings that are set as lines of an environment file, and the names of those too secret to be written."""
    lines, secrets = [], []
    for name in _fields():
        variable = PREFIX + name.upper()
        if value := os.environ.get(variable):
            secrets.append(variable) if is_telling(name, value) else lines.append(f"{variable}={shlex.quote(value)}\n")
    return "".join(lines), tuple(secrets)


def is_secret(name: str) -> bool:
    """Say whether the value of a setting is never shown."""
    return settings_reading.is_secret(Settings, name)


def is_telling(name: str, value: str) -> bool:
    """Say whether a setting would tell a secret: it is one, or an address with a name, password or key in it."""
    return is_secret(name) or _has_password(value)


def _has_password(value: str) -> bool:
    parts = urlsplit(value)
    return bool(parts.netloc) and ("@" in parts.netloc or bool(parts.query))
