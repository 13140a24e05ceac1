"""Whom the admin trusts: does a signer's certificate chain to one of the certificates of ``TRACUU_TRUST_ROOTS``?

It is asked when it is shown, so another root counts at once. Nothing is fetched: what was revoked since is not known.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import SettingError
from rag.signatures import Signature

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

Trust = Literal["unchecked", "trusted", "untrusted"]


class TrustRoots:
    """The certificates that the admin trusts; with none, nothing is checked."""

    def __init__(self, roots: Sequence[Certificate] = ()) -> None:
        self._roots = list(roots)

    @classmethod
    def load(cls, place: Path | None) -> TrustRoots:
        """Read the certificates (PEM or DER) of a file, or of all files of a folder. Raises ``SettingError``."""
        if place is None:
            return cls()
        files = sorted(path for path in place.iterdir() if path.is_file() and not path.name.startswith(".")) if place.is_dir() else [place]
        roots = [certificate for file in files for certificate in _certificates(file)]
        if not roots:
            raise SettingError(f"Không có chứng thư nào trong {place} (TRACUU_TRUST_ROOTS).")
        return cls(roots)

    def of_signer(self, signature: Signature) -> Trust:
        """Say whether the signer's certificate was a trusted one when it signed."""
        return self._judge(signature.certificates, signature.time)

    def of_time(self, signature: Signature) -> Trust:
        """Say whether who gave the time of the signature is trusted."""
        return self._judge(signature.authority, signature.time)

    def _judge(self, encoded: Sequence[str], time: str) -> Trust:
        if not self._roots or not encoded:
            return "unchecked"
        from asn1crypto.x509 import Certificate

        moment = datetime.fromisoformat(time) if time else datetime.now(UTC)
        certificate, *others = [Certificate.load(base64.b64decode(each)) for each in encoded]
        return "trusted" if asyncio.run(_chains(certificate, others, self._roots, moment)) else "untrusted"


async def _chains(certificate: Certificate, others: list[Certificate], roots: list[Certificate], moment: datetime) -> bool:
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError
    from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

    every = DisallowWeakAlgorithmsPolicy(frozenset(), frozenset(), 0, 0)  # weak algorithms are named beside the verdict
    context = ValidationContext(trust_roots=roots, other_certs=others, moment=moment, allow_fetching=False, algorithm_usage_policy=every)
    try:
        await CertificateValidator(certificate, validation_context=context).async_validate_path()
    except (PathError, ValidationError, ValueError, TypeError, NotImplementedError):  # no chain, or a certificate made of nonsense
        return False
    return True


def _certificates(file: Path) -> list[Certificate]:
    from pyhanko.keys import load_certs_from_pemder_data

    try:
        found = list(load_certs_from_pemder_data(file.read_bytes()))
        for certificate in found:
            certificate.subject.native  # noqa: B018  # read lazily: says here whether it is a certificate at all
    except (OSError, ValueError, TypeError) as error:
        raise SettingError(f"Không đọc được chứng thư {file} (TRACUU_TRUST_ROOTS): cần tệp PEM hoặc DER.") from error
    return found
