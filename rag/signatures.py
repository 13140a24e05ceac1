"""What is known of the digital signatures (chữ ký số) of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SignatureState = Literal["unchanged", "changed", "invalid", "unread"]


@dataclass(frozen=True, slots=True)
class Signature:
    """A digital signature (chữ ký số) of the file that a document was read from; one for all that a signer put there.

    ``state``: the file is as it was when signed; it was changed since; the signature does not fit its certificate; it
    cannot be checked, for ``reason``. ``time`` is ISO, a timestamping authority's (``timestamped``) or the signer's word.
    ``weak`` names an algorithm that no longer protects. ``certificates`` are base64 of DER, the signer's first.
    """

    signer: str
    organisation: str = ""
    time: str = ""
    state: SignatureState = "unread"
    reason: str = ""
    timestamped: bool = False
    count: int = 1
    weak: str = ""
    expires: str = ""
    self_signed: bool = False
    certificates: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> Signature:
        """Return the signature that was kept as JSON, which knows no tuples."""
        known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        return cls(**known)
