"""How sure the chooser has to be (0-1), and for what: every threshold of that kind stands here and nowhere else.

The chooser's own levels (``rag.choosing.chooser.Levels``) are learnt with it; the others were set on the question sets of
``tests/evals``, whose writers are held out.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.choosing.chooser import shipped_chooser


@dataclass(frozen=True, slots=True)
class Level:
    """A least sureness, and what it is needed for (Vietnamese, as ``tracuu ask --explain`` prints it)."""

    least: float
    meaning: str


NAMED = Level(0.05, "văn bản được nêu bằng số hiệu, và chính văn bản ấy là câu trả lời")
LISTED = Level(0.3, "hỏi cả danh sách, và các mục gần nhất đứng cạnh nhau")
JUDGED = Level(0.62, "câu hỏi giả định một điều: chỗ không nói về điều đó dễ gây hiểu nhầm")
VERY = Level(0.92, "chắc đến mức chỗ trả lời không cần giống dạng câu hỏi")
WHOEVER = Level(0.945, "hỏi đầu mối mà không nêu lĩnh vực của ai")
PLAIN = 0.96
"""How sure a line is that calls itself what is asked for (``Mã trường: …``) and holds every word of the question."""
HALF_SAID = 0.2
"""How sure at most of a question that goes on with something, with nothing before it: enough for an offer and for nothing else."""
SECOND_READING = 0.75
"""How sure the second reading of a follow-up (alone, with its topic) has to be to stand in for the likelier one, which found nothing."""
_FOLLOWS = 0.15  # less is asked of a follow-up without a bank, as what was cited before it is there to read on from


def to_answer(*, bank: bool, follows: bool) -> Level:
    """Return from when on a provision is answered from; ``bank``: questions on these documents are known (or it is a library)."""
    levels = shipped_chooser().levels
    if bank:
        return Level(levels.answer, "trả lời")
    if follows:
        return Level(levels.answer_without_bank - _FOLLOWS, "trả lời câu nối tiếp, văn bản chưa có câu hỏi mẫu")
    return Level(levels.answer_without_bank, "trả lời, văn bản chưa có câu hỏi mẫu")


def to_offer() -> Level:
    """Return from when on what may be meant is offered, without a claim."""
    return Level(shipped_chooser().levels.offer, "gợi ý")
