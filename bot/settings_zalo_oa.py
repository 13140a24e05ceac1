"""The settings of a Zalo Official Account; what Zalo does not publish is a guess, and each help says so."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, SecretStr
from pydantic_settings import BaseSettings

from bot.setting_kinds import Address, Port


def _app_id(value: str) -> str:
    if not (value.isascii() and value.isdigit()):
        raise ValueError("cần một dãy chữ số")
    return value


class ZaloOaSettings(BaseSettings):
    """What can be set for an Official Account and the Zalo app that it is connected to."""

    zalo_oa_app_id: Annotated[str, AfterValidator(_app_id)] | None = Field(
        default=None, description="Mã (app id) của ứng dụng Zalo mà Official Account đã liên kết, xem ở trang developers.zalo.me."
    )
    zalo_oa_app_secret: SecretStr | None = Field(
        default=None, description="Khóa bí mật của ứng dụng Zalo, dùng để lấy và gia hạn đăng nhập; nhiều nguồn độc lập cùng nêu."
    )
    zalo_oa_secret_key: SecretStr | None = Field(
        default=None,
        description="Khóa bí mật của Official Account (OA secret key, không phải của ứng dụng), để kiểm tra chữ ký của mỗi tin Zalo gửi "
        "tới webhook; theo nhiều nguồn, một vài nguồn ghi khác.",
    )
    zalo_oa_refresh_token: SecretStr | None = Field(
        default=None,
        description="Refresh token đầu tiên của Official Account, chỉ dùng được một lần (theo một nguồn), sau đó bot tự giữ mã mới trong "
        "TRACUU_DATA; để trống thì đăng nhập bằng `tracuu zalo-oa-login`.",
    )
    zalo_oa_api: Address = Field(
        default="https://openapi.zalo.me", description="Địa chỉ OpenAPI của Official Account; nhiều nguồn độc lập cùng nêu."
    )
    zalo_oa_oauth: Address = Field(
        default="https://oauth.zaloapp.com", description="Địa chỉ cấp phép và gia hạn đăng nhập; nhiều nguồn độc lập cùng nêu."
    )
    zalo_oa_callback: Address | None = Field(
        default=None,
        description="Địa chỉ Zalo chuyển tới sau khi cấp phép (callback), phải đúng như đã khai trong ứng dụng và thuộc tên miền đã xác "
        "thực (theo một nguồn); chỉ `tracuu zalo-oa-login` cần.",
    )
    zalo_oa_webhook_port: Port = Field(default=8445, description="Cổng trên máy mà webhook của Official Account nghe, sau máy chủ https.")
    zalo_oa_admin_chat: str = Field(
        default="",
        description="Mã người dùng Zalo (theo Official Account) nhận báo lỗi và báo sắp hết hạn mức; để trống thì chỉ ghi vào log.",
    )
    zalo_oa_free_hours: PositiveFloat = Field(
        default=48, description="Được trả lời miễn phí trong bao nhiêu giờ từ lần cuối người hỏi nhắn; 48 là theo nhiều nguồn độc lập."
    )
    zalo_oa_closed_days: PositiveFloat = Field(
        default=7, description="Sau bao nhiêu ngày từ lần cuối người hỏi nhắn thì Zalo không nhận tin nữa; 7 là theo nhiều nguồn độc lập."
    )
    zalo_oa_replies: NonNegativeInt = Field(
        default=8, description="Số tin trả lời miễn phí sau mỗi lần người hỏi nhắn; 8 là theo nhiều nguồn độc lập."
    )
    zalo_oa_monthly: NonNegativeInt = Field(
        default=0,
        description="Gửi nhiều nhất bao nhiêu tin ngoài số miễn phí mỗi tháng, tùy gói của Official Account (Zalo báo số của gói thì "
        "theo Zalo); hết thì không gửi thêm; 0 là không giới hạn.",
    )
    zalo_oa_pays: bool = Field(
        default=False,
        description="Có được gửi tin tính vào gói hoặc mất tiền không (ngoài 48 giờ hoặc quá 8 tin); không thì bỏ những tin đó. "
        "Tin nào mất tiền là theo nhiều nguồn, giá thì tùy gói.",
    )
    zalo_oa_per_second: NonNegativeFloat = Field(
        default=5,
        description="Gửi nhiều nhất bao nhiêu tin Official Account mỗi giây; Zalo không công bố, 5 là ước đoán; 0 là không giới hạn.",
    )
    zalo_oa_pause: PositiveFloat = Field(
        default=30,
        description="Nghỉ bao nhiêu giây khi Zalo báo gửi quá nhanh (lỗi -32); Zalo không nói phải nghỉ bao lâu, 30 là ước đoán.",
    )
    zalo_oa_oldest_hours: PositiveFloat = Field(
        default=3,
        description="Bỏ tin webhook cũ hơn bao nhiêu giờ, để không ai gửi lại được tin đã bắt được; theo một nguồn thì Zalo gửi lại tin "
        "chưa giao được trong gần hai giờ.",
    )
