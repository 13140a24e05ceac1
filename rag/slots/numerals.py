"""Numbers written in words as digits: ``ba mươi phần trăm`` → ``30%``, ``tháng giêng`` → ``tháng 1``."""

from __future__ import annotations

import re

DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_SCALES = {"nghìn": 1000, "ngàn": 1000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_TENS = ("mười", "mươi")
_WORDS = (*(word for word in DIGITS if word != "không"), r"không(?=\s+trăm)", *_SCALES, *_TENS, "trăm", "linh", "lẻ")  # else it denies
_RUN = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?:\s+(?:{'|'.join(_WORDS)}))*(?!\w)", re.IGNORECASE)
_PERCENT = re.compile(r"(?<=\d)\s*(?:phần trăm|%)", re.IGNORECASE)
_SHORT_SCALE = re.compile(r"(?<![\w.,])(\d{1,15}(?:,\d{1,15})?)\s+(nghìn|ngàn|triệu|tỷ|tỉ)(?!\w)", re.IGNORECASE)
_MONTHS = {"giêng": "1", "chạp": "12"}
_MONTH = re.compile(r"(?<!\w)tháng\s+(giêng|chạp)(?!\w)", re.IGNORECASE)

# A lone word counts only where it cannot be something else: "một" is an article, "năm" a year, "ba" a father.
_MEASURES = "phần trăm|ngày|tuần|tháng|quý|giờ|phút|nghìn|triệu"
_COUNTED = (
    _MEASURES + "|nội dung|nhóm|lần|người|bước|trụ cột|kỹ năng|kĩ năng|nhiệm vụ|loại|lớp|trường|đơn vị|báo cáo|điểm|khoản|kỳ|kì|"
    "ký tự|kí tự|tiêu chí|chỉ tiêu|giải pháp|đầu mối|mốc|hạn|hồ sơ|học liệu|sản phẩm|kênh|bộ|mức|phần|mục|văn bản|hệ thống|phần mềm|"
    "nguồn|ý|địa chỉ|trang|nơi|việc|đề án|quyết định|kế hoạch|thông tư|công văn|nghị quyết|hình thức|cách|trường hợp|quyền|nghĩa vụ|"
    "hành vi|điều kiện|cơ sở|lĩnh vực|yêu cầu|biện pháp|danh mục|tài khoản|đối tượng|khâu|giai đoạn|lỗi|đợt|buổi|phương án|cấp học|"
    "dấu hiệu|đặc điểm|tiêu chuẩn|thành phần|bên|cấp"
)
_MEASURED_NEXT = re.compile(rf"\s+(?:{_MEASURES})(?!\w)", re.IGNORECASE)
_COUNTED_NEXT = re.compile(rf"\s+(?:{_COUNTED})(?!\w)", re.IGNORECASE)
_AFTER_DATE_WORD = re.compile(r"(?<!\w)(?:ngày|tháng|mồng|mùng|quý|quí)\s+$", re.IGNORECASE)
_LABELLED = re.compile(r"(?<!\w)(?:quý|quí|lớp|khối|kì|kỳ|đợt|vòng|khóa|khoá|lần|giai đoạn)\s+$", re.IGNORECASE)
_CALENDAR_YEAR = re.compile(r"\s+năm\s+(?:học\s+)?(?:19|20)\d\d", re.IGNORECASE)
_NEVER_ALONE = ("một", "mốt", "tư", "lăm", "nhăm")  # "thông tư", "một năm"
_NOT_A_COUNT = re.compile(r"(?<!\w)(?:thứ|cả|giải|lớp|hằng|hàng|mỗi|đầu|cuối|giữa|nhiều|các|từng)\s+$", re.IGNORECASE)


def spelled_out(text: str) -> str:
    """Return ``text`` with its numbers in digits and ``phần trăm`` as ``%``; what may be no number stays."""
    text = _MONTH.sub(lambda found: f"tháng {_MONTHS[found.group(1).lower()]}", text)
    text = _RUN.sub(lambda found: _digits(found, text), text)
    text = _SHORT_SCALE.sub(lambda found: _scaled(found.group(1), found.group(2)), text)
    return _PERCENT.sub("%", text)


def _digits(found: re.Match[str], text: str) -> str:
    words = found.group().lower().split()
    before, after = text[: found.start()], text[found.end() :]
    if len(words) > 1 and words[0] == "năm" and words[1] not in _TENS:  # "năm hai nghìn không trăm hai mươi sáu"
        value = _value(words[1:])
        return found.group() if value is None else f"{found.group().split()[0]} {value}"
    years = len(words) > 1 and words[-1] == "năm" and words[-2] not in ("linh", "lẻ")  # "mười năm": ten years
    if years:
        words, after = words[:-1], " năm" + after
    if len(words) == 1 and not (_is_number(words[0], before, after) or (years and _counts_years(words[0], before, after))):
        return found.group()
    value = _value(words)
    return found.group() if value is None else f"{value}{' năm' if years else ''}"


def _counts_years(word: str, before: str, after: str) -> bool:
    """Whether a word before ``năm`` is a number: not in ``đầu tư năm 2026``, where a label has none (``quý ba năm 2026``)."""
    if _CALENDAR_YEAR.match(after):
        return bool(_LABELLED.search(before))
    return word not in _NEVER_ALONE


def _is_number(word: str, before: str, after: str) -> bool:
    if word == "mốt":
        return False  # "ngày mốt", the day after tomorrow
    if word == "một" and re.match(r"\s+lần(?!\w)", after):
        return False
    if word in ("mười", "sáu", "bảy", "bẩy", "tám", "chín", "bốn") or _AFTER_DATE_WORD.search(before):
        return word not in ("không", "trăm") and not re.search(r"(?<!\w)thứ\s+$", before, re.IGNORECASE)
    if word == "một":
        return bool(_MEASURED_NEXT.match(after)) and not _NOT_A_COUNT.search(before)
    if word in ("hai", "ba", "năm"):
        return bool(_COUNTED_NEXT.match(after)) and not _NOT_A_COUNT.search(before)
    return False


def _value(words: list[str]) -> int | None:
    """The number that a run of numeral words says, ``None`` where it says none (``hai ba``)."""
    total = group = 0
    before = ""
    for word in words:
        if word in _SCALES:
            total, group = total + max(group, 1) * _SCALES[word], 0
        elif word == "trăm":
            group = max(group, 0 if before == "không" else 1) * 100
        elif word == "mươi":
            group += 9 * (group % 10)
        elif word == "mười":
            group += 10
        elif word in DIGITS:
            if before in DIGITS:
                return None
            group += DIGITS[word]
        before = word
    return total + group


def _scaled(number: str, scale: str) -> str:
    return str(round(float(number.replace(",", ".")) * _SCALES[scale.lower()]))
