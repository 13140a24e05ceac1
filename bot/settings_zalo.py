"""The settings of the Zalo bot; Zalo publishes few of its limits, so each help says where the number is from."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, SecretStr
from pydantic_settings import BaseSettings

from bot.setting_kinds import Address, Port


def _secret(value: SecretStr) -> SecretStr:
    if not 8 <= len(value.get_secret_value()) <= 256 or not value.get_secret_value().isascii():
        raise ValueError("cần 8 đến 256 chữ, số không dấu")
    return value


class ZaloSettings(BaseSettings):
    """What can be set for a bot of the Zalo Bot Platform."""

    zalo_token: SecretStr | None = Field(default=None, description="Mã của bot Zalo, do Zalo Bot Creator cấp (dạng số:chuỗi).")
    zalo_api: Address = Field(
        default="https://bot-api.zaloplatforms.com",
        description="Địa chỉ Zalo Bot API; địa chỉ này và tên cũ https://bot-api.zapps.me có trong nhiều nguồn độc lập.",
    )
    zalo_webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        default=None,
        description="Mã bí mật Zalo kèm mỗi tin gửi tới webhook, 8 đến 256 ký tự (theo tài liệu của Zalo); để trống thì tính từ mã bot.",
    )
    zalo_webhook_port: Port = Field(default=8444, description="Cổng trên máy mà webhook của bot Zalo nghe, sau máy chủ https.")
    zalo_admin_chat: str = Field(
        default="",
        description="Mã cuộc trò chuyện Zalo nhận báo lỗi và báo sắp hết hạn mức tin; để trống thì chỉ ghi vào log.",
    )
    zalo_patience: PositiveFloat = Field(
        default=300, description="Bao nhiêu giây liền không nối được với Zalo (bot, Official Account) thì tự dừng, để systemd mở lại."
    )
    zalo_chars: Annotated[int, Field(ge=200, le=2000)] = Field(
        default=2000,
        description="Một tin Zalo (bot, OA) dài nhất bao nhiêu ký tự; 2000 là giới hạn nhiều nguồn độc lập cùng nêu.",
    )
    zalo_monthly: NonNegativeInt = Field(
        default=3000,
        description="Bot Zalo gửi nhiều nhất bao nhiêu tin mỗi tháng; 3000 là mức gói miễn phí theo một nguồn duy nhất (8/2026), "
        "hãy xem lại gói của mình; 0 là không giới hạn.",
    )
    zalo_per_second: NonNegativeFloat = Field(
        default=5, description="Gửi nhiều nhất bao nhiêu tin Zalo mỗi giây; Zalo không công bố mức này, 5 là ước đoán; 0 là không giới hạn."
    )
    zalo_poll_pause: Annotated[float, Field(ge=0.1, le=60)] = Field(
        default=1.0,
        description="Nghỉ ít nhất bao nhiêu giây giữa hai lần hỏi Zalo có tin mới không; một nguồn đo được rằng Zalo đáp ngay cả khi chỉ "
        "có tin cũ, nên không nghỉ thì hỏi liên tục.",
    )
    zalo_poll_seconds: Annotated[int, Field(ge=1, le=60)] = Field(
        default=30, description="Mỗi lần hỏi, Zalo giữ máy chờ tin mới bao nhiêu giây; 30 là mặc định của Zalo theo tài liệu."
    )
