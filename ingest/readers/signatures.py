"""Digital signatures of a PDF: who signed, when, whether the file is unchanged since. Whom to trust: ``ingest/trust.py``.

Nothing is fetched. Later changes that signing programs make are allowed: another signature, also a visible one after a
certifying one (as Acrobat does), what a signature is kept checkable with, the file's own description. Anything else,
fields of a form filled in included, is a change.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, FormUpdatingRule, ModificationLevel, StandardDiffPolicy
from pyhanko.sign.diff_analysis.rules.form_field_rules import SigFieldCreationRule, SigFieldModificationRule
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

from ingest.readers.clean import clean_line
from ingest.readers.contract import Signed
from rag.signatures import Signature, SignatureState

SECONDS = 60.0
"""The longest that the signatures of one file are looked at: a file of many versions can take minutes."""
_TAKEN_OFF = "tệp từng được ký số nhưng chữ ký không còn dùng được, vì tệp đã được lưu lại; hãy lấy tệp gốc nếu cần kiểm tra chữ ký"
_WEAK = {"md5": "MD5", "sha1": "SHA-1"}
_MOST_CERTIFICATES = 8
_CHANGES = StandardDiffPolicy(
    DEFAULT_DIFF_POLICY.global_rules,
    FormUpdatingRule([SigFieldCreationRule(allow_new_visible_after_certify=True), SigFieldModificationRule()]),
    reject_object_freeing=False,  # freeing what is in use is a change all the same
)
_EVERY_ALGORITHM = DisallowWeakAlgorithmsPolicy(frozenset(), frozenset(), 0, 0)  # weak ones are named, not taken for a forgery

_Looked = tuple[EmbeddedPdfSignature, PdfSignatureStatus]


def read_signatures(path: Path) -> Signed:
    """Read and check the signatures of a PDF; what cannot be checked is said in the result."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        with _at_most(SECONDS):
            return _looked_at(path.read_bytes())
    except TimeoutError:
        return Signed(problem=f"chữ ký số chưa được kiểm tra: quá {SECONDS:.0f} giây")
    except Exception as error:  # a library's hundred ways to stumble over a broken file
        return Signed(problem=f"chữ ký số chưa được kiểm tra: cấu trúc tệp bị hỏng ({type(error).__name__})")


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Reader(PdfFileReader):
    """Keeps the table of each object stream: pyHanko reads it anew for each of its hundreds of objects."""

    def __init__(self, data: bytes) -> None:
        self._tables: dict[int, tuple[bytes, dict[int, int]]] = {}
        super().__init__(BytesIO(data), strict=False)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:  # noqa: ANN401
        if stmnum not in self._tables:
            stream: Any = generic.Reference(stmnum, 0, self).get_object()
            content, first = stream.read_data(DecodePurpose.OBJECT_STREAM), int(stream["/First"])
            table = [int(number) for number in content[:first].split()]
            self._tables[stmnum] = content, {number: first + at for number, at in zip(table[::2], table[1::2], strict=False)}
        content, places = self._tables[stmnum]
        if idnum not in places:
            return generic.NullObject()
        source = BytesIO(content)
        source.seek(places[idnum])
        return generic.read_object(source, generic.Reference(idnum, 0, self))


def _looked_at(data: bytes) -> Signed:
    """Check every signature for itself; what came after, for the last sound one of each signer, who saw the file then."""
    reader = _Reader(data)
    if reader.encrypted:
        reader.decrypt(b"")
    unread: list[Signature] = []
    groups: dict[tuple[bytes, bool], list[_Looked]] = {}
    for name, value, field in enumerate_sig_fields(reader, filled_status=True):
        if value.get_object().get("/Type", "/Sig") != "/Sig":
            continue  # a timestamp of the whole file: nobody's signature
        try:
            signature = EmbeddedPdfSignature(reader, field, name)
            status = asyncio.run(_status(signature))
            groups.setdefault((status.signing_cert.dump(), status.intact and status.valid), []).append((signature, status))
        except TimeoutError:
            raise
        except Exception as error:  # as above; the other signatures are still looked at
            unread.append(_unread(value.get_object(), error))
    if not groups and not unread:
        return Signed(problem=_TAKEN_OFF)
    signatures = [_signature(sorted(group, key=lambda looked: looked[0].signed_revision), sound) for (_, sound), group in groups.items()]
    return Signed((*sorted(signatures, key=lambda signature: signature.time), *unread))


def _unread(value: Any, error: Exception) -> Signature:  # noqa: ANN401
    name = value.get("/Name", "")
    kind = str(value.get("/SubFilter", "")).strip("/")
    return Signature(clean_line(str(name)), state="unread", reason=f"{kind} {type(error).__name__}".strip())


async def _status(signature: EmbeddedPdfSignature) -> PdfSignatureStatus:
    nobody = ValidationContext(trust_roots=[], allow_fetching=False, algorithm_usage_policy=_EVERY_ALGORITHM)
    policy = CMSAlgorithmUsagePolicy.lift_policy(_EVERY_ALGORITHM)
    return await async_validate_pdf_signature(signature, nobody, skip_diff=True, algorithm_policy=policy)


def _signature(group: list[_Looked], sound: bool) -> Signature:
    signature, status = group[-1]
    certificate = status.signing_cert
    subject = certificate.subject.native
    stamp = status.timestamp_validity
    if stamp and not (stamp.intact and stamp.valid):
        stamp = None
    time = stamp.timestamp if stamp else status.signer_reported_dt
    organisation = _word(subject, "organization_name") or _word(subject, "organizational_unit_name")
    return Signature(
        signer=_word(subject, "common_name") or organisation,
        organisation=organisation,
        time=time.isoformat() if time else "",
        state=_state(signature) if sound else "changed" if not status.intact else "invalid",
        timestamped=stamp is not None,
        count=len(group),
        weak=_WEAK.get(status.md_algorithm, ""),
        expires=certificate.not_valid_after.date().isoformat(),
        self_signed=certificate.self_signed != "no",
        certificates=_kept([certificate, *signature.other_embedded_certs]),
        authority=_kept([stamp.signing_cert]) if stamp else (),
    )


def _state(signature: EmbeddedPdfSignature) -> SignatureState:
    """Whether what was written into the file after a sound signature leaves the document as it was signed."""
    signature.compute_integrity_info(_CHANGES)
    level = signature.summarise_integrity_info()
    harmless = level["docmdp_ok"] and level["diff_result"].modification_level <= ModificationLevel.FORM_FILLING
    return "unchanged" if harmless else "changed"


def _word(subject: dict[str, Any], key: str) -> str:
    value = subject.get(key, "")
    return clean_line(value if isinstance(value, str) else ", ".join(map(str, value)))


def _kept(certificates: list[Certificate]) -> tuple[str, ...]:
    return tuple(base64.b64encode(certificate.dump()).decode() for certificate in certificates[:_MOST_CERTIFICATES])
