"""What a job came to, as fields that pages show: counts, files, documents that changed, and one sentence (``told``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.settings import Settings
from bot.web.plain_words import plainly, told
from ingest.additions import Outcome
from ingest.build import ChecksFailed, NeedsForce, Report, WouldLose, mend
from ingest.checks import CheckResult
from ingest.given import FIELDS, STANDING, Given

_NAMED = 3


def of_report(report: Report, chosen: Settings) -> dict[str, Any]:
    """Return what an ingest counted, skipped and could not read in full."""

    def plain(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
        return [[name, plainly(reason, chosen.corpus, chosen.data)] for name, reason in pairs]

    return {
        "published": report.published,
        "counts": {
            "văn bản có toàn văn": report.documents,
            "điều khoản": report.provisions,
            "thời hạn": report.deadlines,
            "đầu mối liên hệ": report.contacts,
            "hệ thống, phần mềm": report.systems,
            "chỗ viện dẫn văn bản khác": report.references,
        },
        "to_copy": plainly(report.to_copy, chosen.data),
        "skipped": plain(report.skipped),
        "problems": plain(report.problems),
        "checked": _checked(report.checked) if report.checked else None,
    }


def of_ingest(report: Report, chosen: Settings) -> dict[str, Any]:
    """Return what reading everything anew came to."""
    if report.published:
        said = f"Đã lập xong bản chỉ mục mới: {report.documents} văn bản có toàn văn, {report.provisions} điều khoản."
    else:
        said = "Không có gì thay đổi từ lần trước, nên vẫn dùng bản chỉ mục đang có."
    return of_report(report, chosen) | {"told": said}


def of_addition(outcome: Outcome, chosen: Settings) -> dict[str, Any]:
    """Return what was added, and what was left out."""
    assert outcome.report is not None
    files = [
        {
            "name": addition.path.name,
            "number": document.number,
            "title": document.title,
            "what": "same" if addition.same else "replaced" if addition.replaces else "added",
            "count": len(addition.documents),
        }
        for addition in outcome.additions
        for document in addition.documents[:1]
    ]
    new = [addition.documents[0].number for addition in outcome.additions if not addition.same]
    left = f" {len(outcome.skipped)} tệp không thêm được." if outcome.skipped else ""
    said = f"Đã thêm {_few(new)}.{left}" if new else f"Không có gì mới để thêm: các văn bản này đã có trong kho.{left}"
    left_out = [[name, plainly(reason, chosen.corpus, chosen.data)] for name, reason in outcome.skipped]
    return of_report(outcome.report, chosen) | {"files": files, "left_out": left_out, "told": said}


def of_edit(number: str, said: Given, outcome: Outcome, chosen: Settings) -> dict[str, Any]:
    """Return what is said otherwise of a document."""
    assert outcome.report is not None
    changed = {word: said[name] for name, word in (FIELDS | STANDING).items() if name in said}
    return of_report(outcome.report, chosen) | {"changed": changed, "told": f"Đã sửa {', '.join(changed)} của văn bản {number}."}


def of_removal(number: str, outcome: Outcome, chosen: Settings) -> dict[str, Any]:
    """Return what was taken out; ``kept`` are the files in the bin of the data folder."""
    assert outcome.report is not None
    said = f"Đã bỏ văn bản {number} khỏi kho; từ giờ không còn trả lời theo văn bản này."
    return of_report(outcome.report, chosen) | {"kept": [path.name for path in outcome.trash], "told": said}


def of_error(error: Exception, chosen: Settings) -> dict[str, Any]:
    """Return why nothing was done; ``insist``: the admin may have it done all the same."""
    result: dict[str, Any] = {"told": told(error, chosen.corpus, chosen.data), "insist": isinstance(error, NeedsForce)}
    if isinstance(error, ChecksFailed):
        said = f"Bản chỉ mục mới trả lời sai các câu hỏi kiểm tra ({error.result}), nên không được dùng. Bản cũ vẫn trả lời như trước."
        result |= {"checked": _checked(error.result), "told": said}
    if isinstance(error, WouldLose):
        reason = plainly(error.reason, chosen.corpus, chosen.data)
        said = (
            f"Lần này không đọc được tệp {error.name} ({reason}), nên {_few(error.numbers)} sẽ mất khỏi chỉ mục. "
            f"Vì vậy bản cũ được giữ nguyên. {plainly(mend(error.name))} rồi tải lên lại, hoặc bỏ văn bản ấy."
        )
        result |= {"told": said}
    return result


def _checked(result: CheckResult) -> dict[str, Any]:
    return {"asked": result.asked, "right": result.asked - len(result.failures), "failures": [list(pair) for pair in result.failures]}


def _few(numbers: Sequence[str]) -> str:
    rest = len(numbers) - _NAMED
    return f"văn bản {', '.join(numbers[:_NAMED])}" + (f" và {rest} văn bản nữa" if rest > 0 else "")
