"""What the API takes and returns, for OpenAPI and the clients made from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.people import ROLES
from bot.web.samples import ANSWERED, OFFERED, REFUSED
from rag.documents import Status, Validity

MOST = 2000
"""Characters of a question."""

_ROLES = ", ".join(f"{role.key} = {role.name}" for role in ROLES.values())
RoleKey = Annotated[str, Field(pattern=f"^({'|'.join(ROLES)})$", description=f"Ai hỏi: {_ROLES}")]
ConversationId = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:@-]+$")]


def _is_none(value: object) -> bool:
    return value is None


class AskBody(BaseModel):
    """A question; the turns that name the same conversation follow one another."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "hạn nộp báo cáo sơ kết hk1"}]})

    question: str = Field(max_length=MOST, description="Câu hỏi, gõ có dấu hay không dấu đều được.")
    conversation: ConversationId | None = Field(
        default=None, description="Hội thoại mà câu này hỏi tiếp: mã do `POST /api/conversations` cho, hoặc mã tự đặt."
    )
    role: RoleKey | None = Field(default=None, description="Ai hỏi; được tính khi câu hỏi không nói.")
    plain: bool = Field(default=False, description="Chỉ trích nguyên văn, không hỏi mô hình ngôn ngữ (nếu máy chủ có đặt).")


class CitationOut(BaseModel):
    """Where a fact stands; ``quote`` is verbatim."""

    document: str
    section: str
    page: int
    quote: str
    label: str
    validity: Validity
    doubtful: bool


class RelatedOut(BaseModel):
    """A provision near the question that does not answer it."""

    document: str
    section: str
    page: int
    label: str
    title: str = Field(default="", description="Đề mục của điều khoản, hoặc những chữ đầu của nó.")


class WordingOut(BaseModel):
    """What a language model wrote on an answer, held to its sources; ``[n]`` in ``text`` is ``citations[n - 1]``."""

    text: str
    citations: list[CitationOut]
    model: str


class AnswerOut(BaseModel):
    """An answer; ``answered`` always has a citation and stands behind it, ``offered`` has up to three and claims nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWERED, OFFERED, REFUSED]})

    question: str
    status: Status = Field(
        description="`answered`: trả lời, có căn cứ. `offered`: chưa chắc, chỉ nêu tối đa ba điều khoản có thể là chỗ cần tìm. "
        "`not_found`: không tìm thấy, kèm điều khoản gần nhất. `chat`: chào hỏi."
    )
    answer: str = Field(description="Lời đáp. Với `offered`: một câu, rồi mỗi điều khoản một dòng.")
    citations: list[CitationOut] = Field(description="Căn cứ; với `offered` là các điều khoản được nêu, gần nhất trước.")
    notes: list[str]
    related: list[RelatedOut]
    seconds: float
    wording: WordingOut | None = Field(
        default=None, exclude_if=_is_none, description="Chỉ có khi máy chủ đặt mô hình ngôn ngữ và lời của nó qua được đối chiếu."
    )


class TurnOut(BaseModel):
    """An answer with its id, and when it was given (ISO 8601)."""

    id: str
    asked: str
    answer: AnswerOut


class ConversationOut(BaseModel):
    """A conversation so far, the oldest turn first."""

    id: str
    turns: list[TurnOut]


class NewConversation(BaseModel):
    """The id of a conversation that nobody can guess: whoever is told it can read, go on with and delete it."""

    id: str


class VoteBody(BaseModel):
    """What somebody thought of an answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"vote": "down", "reason": "thiếu văn bản"}]})

    vote: Literal["up", "down"]
    reason: str = Field(default="", max_length=500)


class HitOut(BaseModel):
    """A provision found."""

    document: str
    section: str
    page: int
    score: float
    text: str


class SearchOut(BaseModel):
    """Ranked provisions, no answer."""

    question: str
    results: list[HitOut]
    seconds: float


class Fault(BaseModel):
    """A part of a request that is not valid: where it stands and what is wrong with it."""

    where: str
    what: str


class Problem(BaseModel):
    """What is wrong (RFC 9457), in Vietnamese and English; ``errors`` where the request is not valid."""

    type: str = "about:blank"
    title: str
    title_en: str
    status: int
    detail: str
    detail_en: str
    request_id: str
    errors: list[Fault] = Field(default=[], description="Chỉ có khi dữ liệu gửi lên không hợp lệ (422).")


class Health(BaseModel):
    """The service is there."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The index in use, and what is done without while answering goes on."""

    status: Literal["ready"] = "ready"
    ready: Literal[True] = True
    index: str
    created: str
    provisions: int
    degraded: list[str]
    warning: str
