"""What is told of the digital signatures of a file, in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rag.signatures import Signature

if TYPE_CHECKING:
    from ingest.trust import TrustRoots

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_STATES = {
    "unchanged": "tệp không bị sửa từ khi ký",
    "changed": "TỆP ĐÃ BỊ SỬA SAU KHI KÝ",
    "invalid": "CHỮ KÝ KHÔNG KHỚP VỚI CHỨNG THƯ",
    "unread": "chưa kiểm tra được chữ ký",
}
_TRUST = {
    "unchecked": "chưa kiểm tra chứng thư",
    "trusted": "chứng thư do nơi được tin cậy cấp",
    "untrusted": "chứng thư KHÔNG do nơi được tin cậy nào cấp",
}
_TIMES = {"unchecked": "dấu thời gian chưa kiểm tra", "trusted": "có dấu thời gian tin cậy", "untrusted": "dấu thời gian không tin cậy"}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence on a signature; ``alarm``: the file must not be relied on."""

    text: str
    alarm: bool


def told(signatures: Sequence[Signature], roots: TrustRoots, today: date) -> list[Told]:
    """Return a sentence for each signature."""
    return [Told("; ".join(_parts(signature, roots, today)), bool(alarm(signature))) for signature in signatures]


def alarm(signature: Signature) -> str:
    """Return the warning that a file was changed or a signature forged; empty when it was not."""
    when = f" lúc {_clock(signature.time)}" if signature.time else ""
    what = {
        "changed": f"tệp đã bị sửa sau khi {_who(signature)} ký số{when}",
        "invalid": f"chữ ký số của {_who(signature)} không khớp với chứng thư đi kèm, có thể là giả",
    }.get(signature.state)
    return f"CẢNH BÁO: {what}; hãy lấy lại bản gốc ở nơi ban hành" if what else ""


def _parts(signature: Signature, roots: TrustRoots, today: date) -> Iterator[str]:
    times = f" {signature.count} lần, lần cuối" if signature.count > 1 else ""
    when = f"{times} lúc {_clock(signature.time)}" if signature.time else times.removesuffix(", lần cuối")
    yield f"Ký số bởi {_who(signature)}{when}" + (f" ({_TIMES[roots.of_time(signature)]})" if signature.timestamped else "")
    yield _STATES[signature.state] + (f" ({signature.reason})" if signature.reason else "")
    if signature.weak:
        yield f"dùng {signature.weak}, thuật toán đã yếu, không còn chống được giả mạo"
    if signature.self_signed:
        yield "chứng thư tự ký, không do nơi cấp nào xác nhận"
    if signature.certificates:
        yield _TRUST[roots.of_signer(signature)]
    if expired := _expired(signature, today):
        yield expired


def _expired(signature: Signature, today: date) -> str:
    if not signature.expires or date.fromisoformat(signature.expires) >= today:
        return ""
    end = f"{date.fromisoformat(signature.expires):%d/%m/%Y}"
    if signature.time and datetime.fromisoformat(signature.time).date() > date.fromisoformat(signature.expires):
        return f"chứng thư ĐÃ HẾT HẠN từ ngày {end}, trước khi ký"
    return f"chứng thư hết hạn ngày {end}, sau khi ký"


def _who(signature: Signature) -> str:
    name, organisation = signature.signer or "(không ghi tên)", signature.organisation
    return name if not organisation or organisation.casefold() == name.casefold() else f"{name} ({organisation})"


def _clock(time: str) -> str:
    moment = datetime.fromisoformat(time)
    return f"{(moment.astimezone(_HERE) if moment.tzinfo else moment):%H:%M ngày %d/%m/%Y}"
