"""What ``POST /v1/chat/completions`` takes, as far as it counts here; everything else that clients send is let be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from bot.web.problems import Refused

MOST_MESSAGES = 1000


def _writable(text: str) -> str:
    """JSON may hold halves of letters (``\\ud800``), which nothing can write again."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("not Unicode text") from None
    return text


Words = Annotated[str, AfterValidator(_writable)]


class TextPart(BaseModel):
    """A piece of a message in words."""

    type: Literal["text"]
    text: Words


class OtherPart(BaseModel):
    """A picture, a sound or a file, which nobody here reads."""

    type: Literal["image_url", "input_audio", "file"]


Part = Annotated[TextPart | OtherPart, Field(discriminator="type")]


class Message(BaseModel):
    """A message of the chat so far."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Words | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if isinstance(part, TextPart))
        return self.content or ""

    @property
    def has_more_than_words(self) -> bool:
        """Whether something is in it that is not read here."""
        return isinstance(self.content, list) and any(isinstance(part, OtherPart) for part in self.content)


class StreamOptions(BaseModel):
    """What a stream tells besides its text."""

    include_usage: bool | None = None


class ChatBody(BaseModel):
    """A chat to go on with."""

    model: Words = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    logprobs: bool | None = None
    tool_choice: str | dict[str, Any] | None = None
    function_call: str | dict[str, Any] | None = None
    response_format: dict[str, Any] | None = None
    modalities: list[str] | None = None


class Unmet(Refused):
    """A request that asks for what cannot be given; ``param`` is the field that does, ``code`` OpenAI's word for it."""

    def __init__(self, status: int, detail: str, param: str, code: str) -> None:
        super().__init__(status, detail)
        self.more = {"param": param, "code": code}


def check(body: ChatBody) -> None:
    """Refuse what a client relies on and would not get: better told than left out. Raises ``Unmet``."""
    for param, unmet, why in (
        ("n", body.n not in (None, 1), "mỗi câu hỏi chỉ có một câu trả lời (n = 1)."),
        ("logprobs", bool(body.logprobs), "câu trả lời là trích dẫn, không có logprobs."),
        ("tool_choice", body.tool_choice not in (None, "auto", "none"), "Tra Cứu không gọi công cụ (tool)."),
        ("function_call", body.function_call not in (None, "auto", "none"), "Tra Cứu không gọi hàm (function)."),
        ("response_format", (body.response_format or {}).get("type", "text") != "text", "câu trả lời là chữ; dạng JSON có ở /api/ask."),
        ("modalities", set(body.modalities or ["text"]) != {"text"}, "câu trả lời chỉ là chữ."),
    ):
        if unmet:
            raise Unmet(400, f"Không đáp ứng được {param}: {why}", param, "unsupported_value")
