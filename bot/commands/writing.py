"""``tracuu questions write``: a language model writes questions for the bank."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.printing import print_skipped, progress_lines
from bot.index_options import options
from bot.loading import load_settings
from bot.vietnamese import VietnameseTyper
from rag.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.bank_writing import Written
    from ingest.sifting import Fault

writing = VietnameseTyper()
_MOST = 10
_FAULTS: dict[Fault, str] = {
    "lost": "không tìm lại được mục",
    "facts": "có số, ngày, đường dẫn mà mục không có",
    "repeated": "trùng câu đã có",
    "shape": "quá ngắn, quá dài hoặc có ký hiệu lạ",
}


@writing.command("write")
def write(
    number: Annotated[str, typer.Argument(metavar="SỐ_HIỆU", help="Số hiệu văn bản, như 2607/SGDĐT-GDPT.")],
    per_provision: Annotated[
        int, typer.Option("--per-provision", min=1, max=_MOST, metavar="SỐ", help="Mỗi mục nhờ mô hình viết bao nhiêu câu.")
    ] = 3,
) -> int:
    """Nhờ mô hình ngôn ngữ (TRACUU_LLM) viết câu hỏi mẫu cho từng mục của một văn bản; dừng giữa chừng thì chạy lại để viết tiếp."""
    from bot.assistant import writer_options

    chosen = load_settings()
    if (model := writer_options(chosen)) is None:
        raise SettingError(
            "Cần một mô hình ngôn ngữ để viết câu hỏi: hãy đặt TRACUU_LLM, như openai:gpt-4o-mini hoặc ollama:qwen3:8b "
            "(xem: tracuu settings)."
        )
    from ingest.bank_writing import Wanted, write_bank
    from rag.assistant import Assistant
    from rag.wording.question_writer import QuestionWriter

    writer = QuestionWriter(model, chosen.state, chosen.clock.today)
    # its own questions of earlier runs must not judge the new ones
    searcher = Assistant(chosen.data, encoder=chosen.encoder, clock=chosen.clock.today, without=frozenset({writer.name})).shelf()
    with progress_lines() as progress:
        wanted = Wanted(number, per_provision, chosen.clock.today())
        result = write_bank(chosen.corpus, chosen.data, searcher, writer, wanted, progress)
        skipped = _publish(chosen.corpus, chosen.data, progress)
    _print(result, writer.name)
    print_skipped(skipped)
    return 0 if result.whole and not skipped else 1


def _publish(corpus: Path, data: Path, progress: Callable[[str], None]) -> list[tuple[str, str]]:
    """Put the questions to use; of a bank that has not changed nothing is done."""
    from ingest.banking import publish_questions
    from ingest.shared_corpus import changing
    from rag.finding.encoder import open_encoder
    from rag.index.snapshot import SnapshotReader

    chosen = options(force=False)
    with changing(corpus, data, chosen, progress) as sharing:
        return publish_questions(corpus, data, SnapshotReader(data).get(), open_encoder(chosen.encoder), progress, sharing)


def _print(result: Written, model: str) -> None:
    if result.before == result.provisions:
        print(f"Mọi mục của văn bản {result.document} đã được viết câu hỏi từ trước. Muốn viết lại từ đầu thì xóa {result.path}")
        return
    reasons = "; ".join(f"{result.dropped[fault]} {words}" for fault, words in _FAULTS.items() if result.dropped[fault])
    dropped = f"bỏ {result.dropped.total()}" + (f" ({reasons})" if reasons else "")
    print(f"Mô hình {model} viết {result.written} câu cho {result.done} mục của văn bản {result.document}: giữ {result.kept}, {dropped}.")
    if result.done:
        print(f"Câu hỏi giữ lại nằm ở {result.path} và đã được đưa vào sử dụng.")
    if not result.whole:
        print(_why(result), file=sys.stderr)


def _why(result: Written) -> str:
    """Say why not all is written, how far it got and how to go on."""
    far = f"Mới xong {result.before + result.done}/{result.provisions} mục"
    if result.at_limit:
        return (
            f"Đã hết hạn mức dùng mô hình trong ngày (TRACUU_LLM_DAILY_…). {far}. Ngày mai, hoặc sau khi nâng hạn mức, "
            "chạy lại đúng lệnh này để viết tiếp."
        )
    stopped = "Dừng lại vì mô hình ngôn ngữ" if result.stopped else f"Bỏ qua {result.failed} mục vì mô hình ngôn ngữ"
    return f"{stopped} không trả lời được ({' '.join(result.reason.split())}). {far}. Chạy lại đúng lệnh này để viết tiếp."
