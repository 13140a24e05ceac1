"""The words by which a question says what kind of answer it wants. Matched on text without diacritics."""

from __future__ import annotations

import re
from typing import Literal

from rag.language.honorifics import TYPED
from rag.language.kinds import EVERYDAY, any_of, typed

Kind = Literal[
    "deadline",
    "frequency",
    "contact",
    "address",
    "figure",
    "document",
    "list",
    "procedure",
    "yesno",
    "who",
    "definition",
    "place",
    "general",
]

_DOCUMENT_WORD = rf"(?:{any_of(*typed(*EVERYDAY, 'Bộ luật', 'Văn bản'))})"

# In order: the first that matches names the kind.
_CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "frequency",
        re.compile(
            r"bao lau (?:mot|1) lan|may lan (?:mot|1|moi|trong|trong mot) (?:nam|thang|tuan|qui)|(?:nam|thang|qui|"
            r"tuan|hoc ki) (?:\w+ ){0,4}(?:may|bao nhieu) lan|dinh ki (?:the nao|bao lau|nhu the nao)|bao lau "
            r"(?:thi )?phai .{0,30} lai"
        ),
    ),
    (
        "document",
        re.compile(
            rf"\b{_DOCUMENT_WORD}(?: so)? (?:nao|gi|may)\b|\b(?:theo|can cu|dua) (?:vao )?(?:dau|qui dinh nao|van ban)\b|\bso hieu\b"
            rf"|\bso (?:van ban|cong van|quyet dinh|ke hoach|thong tu)\b|\b(?:nhung|cac) {_DOCUMENT_WORD}(?: \w+){{0,4}} (?:nao|gi)\b"
            rf"|\b{_DOCUMENT_WORD}\b.*\b(?:nhung|cac) (?:cai|van ban|so) nao\b|\bwhich (?:document|circular|"
            rf"decision)\b|\b{_DOCUMENT_WORD} (?:qui dinh )?ve\b.*\b(?:la|so) (?:gi|nao|bao nhieu|may)\b"
            rf"|\b{_DOCUMENT_WORD}\b(?: \w+){{0,25}} (?:mang )?so (?:nao|may|gi|bao nhieu)\b|\bmang so (?:nao|may|gi|bao nhieu)\b"
            r"|^(?:van ban|thong tu|quyet dinh|ke hoach|nghi quyet|nghi dinh|luat|chi thi) "
            r"(?:ve|qui dinh|huong dan|ban hanh|phe duyet|quan li)\b"
            r"|\bqui dinh (?:o|tai) (?:dau|van ban)\b|\bo (?:van ban|thong tu|quyet dinh) nao\b"
        ),
    ),
    (
        "contact",
        re.compile(
            r"\b(?:lien he|lien lac|so dien thoai|di dong|so dt|dien thoai (?:nao|cua|lien|ai|bao)|so may|hotline|zalo|so zalo|"
            r"goi (?:cho )?(?:ai|so|dien)|gap ai|hoi ai|trao doi voi (?:ai|dong chi)|dong chi nao|danh ba|nhan tin|"
            r"email|hop thu|tong dai|dau moi lien|so lien|xin so|"
            rf"duong day nong|call|phone|contact|so cua (?:{TYPED}|nguoi|can bo)|lay so|ai ho tro|ho tro ki thuat)\b"
            rf"|^(?:cho )?(?:em |minh |toi )?(?:xin )?so (?!co\b)(?:{TYPED})\b|\bdien thoai\b|(?<!co "
            r")(?<!chi )(?<!dinh )(?<!hoach )(?<!tu )(?<!van )(?<!mang )\bso (?:nao|may)\b|\bbao ai\b"
        ),
    ),
    (
        "deadline",
        re.compile(
            r"\b(?:bao gio|khi nao|(?<!phu )luc nao|ngay nao|ngay may|ngay bao nhieu|hom nao|bua nao|thang may|thang nao|may gio|bao lau|"
            r"han chot|han cuoi|han nop|han bao|han gui|han cua|han la|han den|han hoan|han dang|han khoa|han ki|thoi han|"
            r"cham nhat|tre nhat|muon nhat|thoi gian nao|thoi diem nao|moc thoi gian|cac moc|"
            r"moc nao|lich nop|nam nao|ki han|den han|qua han|"
            r"tre han|con han|het han|con may ngay|con bao nhieu ngay|when|due|dung han|kip han|truoc ngay may|han "
            r"nao|han nhu)\b|^han\b|\bhan$|^(?:ngay|lich|thoi gian|thoi diem)\b|\bbua nao\b"
        ),
    ),
    (
        "address",
        re.compile(
            r"\b(?:link|trang web|web|website|url|duong dan|dia chi (?!lien he)|duong link|trang nao|form|google form|"
            r"(?<!uu tien )(?<!tap trung )(?<!chu trong )vao dau|"
            r"truy cap|dang nhap (?:o|vao|tai|dau)|o dia chi|site|truong link)\b|\bdia chi$"
        ),
    ),
    (
        "yesno",
        re.compile(
            r"\bco (?:bat buoc|phai|can|nen|duoc|the|cho phep|yeu cau|qui dinh|khuyen khich|thay|ap dung|cho)\b.*\b(?:khong|chua)\b"
            r"|\b(?:phai|dung|duoc|bat buoc|can|dung vay|that|nhi) (?:khong|ko|chua)\b|\bdung hay sai\b|\bphai a$|\bdung chu\b"
            r"|\bkhong$|\bkhong (?:a|nhi|vay|ha|ban|em|anh|chi|ad)$|\bhay khong\b|\bhay la\b|^(?:is|are|do|does|can|must)\b|\bchua$"
        ),
    ),
    (
        "list",
        re.compile(
            r"\b(?:liet ke|ke ten|bao gom|danh sach|danh muc|gom (?:nhung|cac|may|co|gi|bao nhieu|cai nao)|ke ra|list)\b"
            r"|\b(?:nhung|cac)\b.{0,60}\b(?:nao|gi)\b|\bmay (?:nhom|noi dung|tru cot|muc|phan(?! tram)|loai|buoc|"
            r"nhiem vu|y|mang|linh vuc|dich vu|ki nang|giai phap)\b"
            r"|\bbao nhieu (?:nhom|noi dung|tru cot|muc|phan(?! tram)|loai|buoc|nhiem vu|linh vuc|dich vu|ki "
            r"nang)\b|\bco nhung\b|\bnhung (?:ai|gi)\b"
            r"|\b(?:gom|co) (?:gi|may)\b|\bde cuong\b|\bnhom .{0,30}nao\b"
        ),
    ),
    (
        "figure",
        re.compile(
            r"\b(?:bao nhieu|phan tram|ti le|so luong|toi thieu|it nhat|toi da|may|how many|percent|"
            r"muc (?:phat|dong|chi|thu|tien|thuong|luong|phi|ho tro))\b"
            r"|^(?:tong )?so (?:hoc sinh|giao vien|truong|lop|can bo|don vi|nguoi|tiet|tien)\b"
        ),
    ),
    ("who", re.compile(r"\bten (?:la )?gi\b")),
    (
        "definition",
        re.compile(r"\b(?:nghia la gi|duoc hieu|khai niem|the nao la|dinh nghia|viet tat|la gi|hieu (?:the|nhu) nao)\b"),
    ),
    (
        "procedure",
        re.compile(
            r"\b(?:lam the nao|lam nhu the nao|lam sao|lam ra sao|cach|cac buoc|qui trinh|thao tac|thu tuc|phai lam "
            r"gi|lam gi|can lam|xu li|"
            r"nhu the nao|the nao|how to|huong dan (?:em|minh|toi|giup|cach))\b"
        ),
    ),
    (
        "who",
        re.compile(
            r"\b(?:ai|don vi nao|phong nao|co quan nao|bo phan nao|nguoi nao|cap nao|to nao|ban nao|so nao|ben nao|truong nao|who|"
            r"doi tuong nao|phong ban nao|noi nao|don vi gi|cho nao)\b"
        ),
    ),
    ("yesno", re.compile(r" (?:a|ha|ah)$")),
    ("place", re.compile(r"\b(?:o dau|di dau|qua dau|ve dau|gui dau|nop dau|den dau|len dau|tai dau|where)\b")),
)


def find_kind(folded: str) -> Kind:
    """Return what kind of answer the folded question wants."""
    return next((kind for kind, cue in _CUES if cue.search(folded)), "general")


def kinds_in(folded: str) -> set[Kind]:
    """Return every kind that has a cue in the folded question."""
    return {kind for kind, cue in _CUES if cue.search(folded)}
