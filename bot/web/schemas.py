"""What the API takes and returns, for OpenAPI and the clients made from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.people import ROLES
from bot.web.samples import ANSWERED, OFFERED, REFUSED
from rag.documents import SignatureState, Status, Validity

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


class SignatureOut(BaseModel):
    """Who signed the file of a document, and what holds of it; ``text`` says it in Vietnamese."""

    signer: str
    organisation: str
    time: str
    timestamped: bool
    state: SignatureState
    trust: Literal["unchecked", "trusted", "untrusted"]
    text: str


class DocumentOut(BaseModel):
    """A document, loaded in full (``present``) or only named; where it is not ``numbered``, ``number`` is what it is called here."""

    number: str
    numbered: bool
    kind: str
    issuer: str
    title: str
    issued: str
    effective: str
    validity: Validity
    validity_by: str
    validity_source: str
    followed_by: str
    present: bool
    pages: int
    read_as: str
    url: str
    address: str
    signatures: list[SignatureOut]


class DocumentsOut(BaseModel):
    """The catalog."""

    documents: list[DocumentOut]


class ProvisionOut(BaseModel):
    """A provision of a document as read."""

    document: str
    section: str
    label: str
    heading: str
    headings: list[str]
    text: str
    page: int
    address: str


class DocumentText(BaseModel):
    """A document with its provisions, in order."""

    document: DocumentOut
    provisions: list[ProvisionOut]


class SectionText(BaseModel):
    """A section: itself, all that stands below it, and its whole text."""

    document: DocumentOut
    section: str
    label: str
    text: str
    provisions: list[ProvisionOut]


class DoubtOut(BaseModel):
    """Words of a record that may be misread; ``reading`` is empty where all of its place was read badly."""

    reading: str
    certainty: Literal["low", "medium", "high"]
    why: str


class DeadlineOut(BaseModel):
    """Who owes what to whom, by when; ``date`` is empty where it recurs (``recurrence``)."""

    what: str
    who: str
    to: str
    when: str
    date: str
    recurrence: str
    days_left: int | None
    document: str
    section: str
    label: str
    quote: str
    doubtful: bool
    doubts: list[DoubtOut] = []
    address: str


class DeadlinesOut(BaseModel):
    """Deadlines of the documents in force: the coming ones first, then the passed ones, then the recurring ones."""

    today: str
    deadlines: list[DeadlineOut]


class ContactOut(BaseModel):
    """A person or desk to call."""

    name: str
    role: str
    phone: str
    email: str
    channel: str
    document: str
    section: str
    label: str
    quote: str
    doubtful: bool
    doubts: list[DoubtOut] = []
    address: str


class SystemOut(BaseModel):
    """A software, site or form with its address."""

    name: str
    url: str
    purpose: str
    document: str
    section: str
    label: str
    quote: str
    doubtful: bool
    doubts: list[DoubtOut] = []
    address: str


class ContactsOut(BaseModel):
    """Whom to call and which systems there are."""

    contacts: list[ContactOut]
    systems: list[SystemOut]


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
