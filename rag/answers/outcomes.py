"""What a kind of answer makes of a question: a reply, a refusal with its reason, or that the question is for another kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rag.answers.base import Reply

_FOUND_NOTHING = "Xin lỗi, tôi không tìm thấy quy định trả lời câu hỏi này trong các văn bản đang có."


class Reason(Enum):
    """Why nothing is claimed: ``why`` for who looks into it, ``told`` for who asked; ``{what}`` is what of the question it is."""

    UNKNOWN_NUMBER = ("kho không có văn bản số {what}", "Xin lỗi, trong kho văn bản không có văn bản số {what}.")
    NO_SUCH_DAY = ("lịch không có {what}", "Xin lỗi, lịch không có {what}. Thầy cô xem lại giúp ngày tháng trong câu hỏi.")
    NAMED_ONLY = (
        "kho chưa có toàn văn {what}",
        "Xin lỗi, kho chưa có toàn văn {what} nên tôi không trả lời được chi tiết này.",
    )
    KEY_OF_SHELF = ("thư viện dùng chung không được tra theo {what}", _FOUND_NOTHING)
    UNKNOWN_KEY = ("không nơi nào trong kho có {what}", _FOUND_NOTHING)
    NO_SUCH_PLACE = ("không tìm được đúng một {what}", _FOUND_NOTHING)
    NOTHING_THERE = ("đã tra đúng chỗ và chỗ đó không có gì", "{what}")
    UNCOUNTED = (
        "không thấy các {what} đánh số liền nhau từ đầu nên không đếm được",
        "Tôi không đếm chắc được số {what} trong bản đang có.",
    )
    TAUGHT = ("quản trị viên đã dạy rằng văn bản không trả lời câu này", _FOUND_NOTHING)
    ELSEWHERE = ("điều tìm được không nằm trong văn bản mà câu hỏi nêu", _FOUND_NOTHING)
    DISAGREES = ("chỗ gần nhất không nói đúng điều câu hỏi nêu: {what}", _FOUND_NOTHING)
    NOT_NAMED = ("chỗ gần nhất thiếu chữ của câu hỏi quá ngắn này", _FOUND_NOTHING)
    UNSURE = ("bộ chọn chưa đủ chắc", _FOUND_NOTHING)
    NOTHING_NEAR = ("không điều khoản nào gần câu hỏi", _FOUND_NOTHING)
    UNKNOWN_OFFICE = ("kho không có văn bản của {what}", "Xin lỗi, kho chưa có văn bản của {what}; chỉ có của {have}.")
    UNKNOWN_EDITION = ("kho không có văn bản {what} về việc này", "Xin lỗi, kho chưa có văn bản {what} về việc này; chỉ có {have}.")
    NOT_THEIRS = ("văn bản của {what} không nêu việc này", "Xin lỗi, các văn bản của {what} không nêu việc này.")
    NO_CONTACT = (
        "văn bản của {what} không nêu đầu mối về việc này",
        "Xin lỗi, các văn bản của {what} không nêu đầu mối liên hệ về việc này.",
    )
    OF_PACKAGE = ("một loại trả lời cài thêm từ chối ({what})", _FOUND_NOTHING)
    NEIGHBOUR = ("câu hỏi là của đơn vị khác", "{what}")

    def __init__(self, why: str, told: str) -> None:
        self.why = why
        self.told = told

    @property
    def is_told_whole(self) -> bool:
        """Whether what is told is all there is to say: no provision is near it, nobody else knows more."""
        return self in (Reason.NOTHING_THERE, Reason.UNCOUNTED)


@dataclass(frozen=True, slots=True)
class Refused:
    """The question is this kind's, and there is nothing to claim; ``what`` of it is meant, and what there is instead (``have``)."""

    reason: Reason
    what: str = ""
    have: str = ""

    @property
    def why(self) -> str:
        """The reason, for developers and admins (Vietnamese, without a full stop)."""
        return self.reason.why.format(what=self.what, have=self.have)

    @property
    def told(self) -> str:
        """The sentence that the asker gets."""
        return self.reason.told.format(what=self.what, have=self.have)


@dataclass(frozen=True, slots=True)
class NotMine:
    """The question is for another kind: the next one is asked."""


@dataclass(frozen=True, slots=True)
class AsItStands:
    """No kind has more to say than the chosen provision itself: its own words are the answer, and no other kind is asked."""


Outcome = Reply | Refused | NotMine | AsItStands
