"""Whether what a reader of another package gave back is what the contract promises."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, datetime
from typing import get_args

from ingest.readers.clean import clean, clean_line
from ingest.readers.contract import LAST_PAGE, LONGEST_LINE, MOST_LINES, Page, Reading
from rag.documents import ReadAs
from rag.signatures import Signature, SignatureState


def checked(reading: object) -> Reading:
    """Return what a reader gave back, its text cleaned. Raises ``TypeError`` or ``ValueError`` where it is none that we can take."""
    if not isinstance(reading, Reading):
        raise TypeError(f"trả về {type(reading).__name__}, không phải Reading")
    return Reading(
        tuple(_page(page) for page in _row("pages", reading.pages)),
        _meta(reading.meta),
        _problems(reading.problems),
        tuple(_signature(signature) for signature in _row("signatures", reading.signatures)),
    )


def _row(name: str, found: object) -> Iterable[object]:
    if not isinstance(found, (tuple, list)):
        raise TypeError(f"{name} phải là tuple, không phải {type(found).__name__}")
    return found


def _page(page: object) -> Page:
    if not isinstance(page, Page) or not isinstance(page.text, str) or type(page.number) is not int:
        raise TypeError(f"có một trang không phải Page với số trang và chữ: {page!r:.80}")
    if not 0 <= page.number <= LAST_PAGE:
        raise ValueError(f"số trang phải từ 0 đến {LAST_PAGE}")
    if type(page.continues) is not bool:
        raise TypeError(f"trang {page.number}: continues phải là True hoặc False")
    if page.read_as not in get_args(ReadAs) or not isinstance(page.confidence, (int, float)) or not 0 <= page.confidence <= 1:
        raise ValueError(f"trang {page.number}: read_as phải là một trong {', '.join(get_args(ReadAs))}, confidence từ 0 đến 1")
    return replace(page, text=clean(page.text))


def _meta(meta: object) -> dict[str, object]:
    if not isinstance(meta, Mapping) or not all(isinstance(key, str) for key in meta):
        raise TypeError("meta phải là dict có khóa là chữ")
    told: dict[str, object] = {}
    for key, value in meta.items():
        if value is not None and not isinstance(value, (str, int, float, date)):
            raise TypeError(f"meta: {key:.40} phải là chữ, số hoặc ngày, không phải {type(value).__name__}")
        if key == "pages" and (type(value) is not int or not 0 <= value <= LAST_PAGE):
            raise ValueError(f"meta: pages phải là số trang, từ 0 đến {LAST_PAGE}")
        line = _line(f"meta: {key:.40}", str(value))
        told[_line("khóa của meta", key)] = line if isinstance(value, str) else value
    return told


def _problems(problems: object) -> tuple[str, ...]:
    lines = tuple(_row("problems", problems))
    if len(lines) > MOST_LINES:
        raise ValueError(f"problems có {len(lines)} dòng, nhiều hơn {MOST_LINES}")
    return tuple(filter(None, (_line("problems", line) for line in lines)))


def _signature(signature: object) -> Signature:
    if not isinstance(signature, Signature):
        raise TypeError(f"signatures có {type(signature).__name__}, không phải Signature")
    told: dict[str, str] = {}
    for field in fields(signature):
        value, wanted = getattr(signature, field.name), str if field.default is MISSING else type(field.default)
        if type(value) is not wanted:
            raise TypeError(f"chữ ký: {field.name} phải là {wanted.__name__}, không phải {type(value).__name__}")
        if wanted is str:
            told[field.name] = _line(f"chữ ký: {field.name}", value)
    if signature.state not in get_args(SignatureState):
        raise ValueError(f"chữ ký: state phải là một trong {', '.join(get_args(SignatureState))}")
    if not 1 <= signature.count <= MOST_LINES:
        raise ValueError(f"chữ ký: count phải từ 1 đến {MOST_LINES}")
    datetime.fromisoformat(signature.time or "2000-01-01")
    date.fromisoformat(signature.expires or "2000-01-01")
    _check_certificates((*signature.certificates, *signature.authority))
    return replace(signature, **told)  # type: ignore[arg-type]


def _check_certificates(encoded: tuple[object, ...]) -> None:
    if not encoded:
        return
    from asn1crypto.x509 import Certificate

    for each in encoded:
        if not isinstance(each, str):
            raise TypeError(f"chữ ký: chứng thư phải là base64 của DER, không phải {type(each).__name__}")
        Certificate.load(base64.b64decode(each, validate=True))


def _line(name: str, text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{name}: phải là một dòng chữ, không phải {type(text).__name__}")
    if len(text) > LONGEST_LINE:
        raise ValueError(f"{name} dài {len(text)} chữ, quá {LONGEST_LINE}")
    return clean_line(text)
