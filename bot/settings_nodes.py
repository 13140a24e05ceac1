"""What is set where a library lies on search nodes."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class NodeSettings(BaseSettings):
    """What can be set from outside; ``description`` is the help that admins read."""

    search_nodes: str = Field(
        default="",
        description="Các máy giữ từng phần của thư viện đã chia (tracuu cut), theo thứ tự phần: dấu phẩy giữa các phần, dấu | giữa các "
        "máy giữ cùng một phần, như http://a:9001|http://b:9001,http://c:9001|http://d:9001.",
    )
    node_key: SecretStr | None = Field(
        default=None, description="Khóa bí mật mà mọi máy giữ thư viện và mọi máy hỏi chúng cùng đặt; bắt buộc khi chia thư viện."
    )
