"""PDFs of an office that does not exist, signed with keys made for a test."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko_certvalidator.registry import SimpleCertificateStore

HEAD = ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Số:           /SGDĐT-QLCL", "Minh Lĩnh, ngày       tháng 10 năm 2025")
BODY = "Các trường nộp báo cáo về Sở trước ngày 15/11/2025."
_LETTERS = sorted({letter for letter in "".join(HEAD) + BODY + "Người ký bởi Thời gian Hòa" if letter > "\x7f"})


@dataclass(frozen=True)
class Signer:
    """A key and its certificate; ``issuer`` is ``None`` for a certificate that signs itself."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuer: Signer | None = None

    @classmethod
    def new(cls, name: str, office: str = "", issuer: Signer | None = None, *, authority: bool = False, days: int = 3650) -> Signer:
        key = rsa.generate_private_key(65537, 2048)
        parts = [(NameOID.COMMON_NAME, name), *([(NameOID.ORGANIZATION_NAME, office)] if office else [])]
        subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
        start = datetime.now(UTC) - timedelta(days=30)
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only", "digital_signature"), False
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(content_commitment=not authority, key_cert_sign=authority, crl_sign=authority, **usage), critical=True
            )
        )
        return cls(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key, issuer)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def sign(self, data: bytes, field: str = "Ky1", box: tuple[int, int, int, int] | None = None, **said: Any) -> bytes:
        """Return the PDF with a signature appended in a field of its own."""
        key = self.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        others = SimpleCertificateStore()
        if self.issuer:
            others.register(asn1_x509.Certificate.load(self.issuer.der))
        signer = signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(self.der), signing_key=asn1_keys.PrivateKeyInfo.load(key), cert_registry=others
        )
        said = {"md_algorithm": "sha256", **said}
        out = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        meta = signers.PdfSignatureMetadata(field_name=field, **said)
        signers.PdfSigner(meta, signer, new_field_spec=SigFieldSpec(field, box=box)).sign_pdf(writer, output=out)
        return out.getvalue()


def letter(*stamps: str, catalogue: str = "") -> bytes:
    """A page of a letter with blanks where its number and day are stamped; ``stamps``: see ``stamp``."""
    count = len(stamps)
    fields = " ".join(f"{7 + at} 0 R" for at in range(count))
    heights = (360, 340, 320, 280)
    shown = "".join(f"BT /F1 12 Tf 40 {y} Td ({encoded(line)}) Tj ET " for y, line in zip(heights, (*HEAD, BODY), strict=True))
    differences = " ".join(f"/uni{ord(letter):04X}" for letter in _LETTERS)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{fields}] >> {catalogue} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R {FONTS} /Annots [{fields}] >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding 6 0 R >>",
        f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [128 {differences}] >>",
    ]
    looks = []
    for at, text in enumerate(stamps):
        annotation, *lines = text.split("\n")
        objects.append(annotation.replace("AP", f"/AP << /N {7 + count + at} 0 R >>"))
        drawn = "".join(f"BT /F1 12 Tf 0 {-14 * row} Td ({encoded(line)}) Tj ET " for row, line in enumerate(lines))
        form = f"/Type /XObject /Subtype /Form /BBox [0 -40 300 12] {FONTS}"
        looks.append(f"<< {form} /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return pdf([*objects, *looks])


FONTS = "/Resources << /Font << /F1 5 0 R >> >>"


def stamp(kind: str, x: int, y: int, *lines: str) -> str:
    """An annotation of this kind at a place of the page, which shows these lines there."""
    return f"<< /Type /Annot {kind} /Rect [{x} {y - 40} {x + 300} {y + 12}] /F 4 AP >>\n" + "\n".join(lines)


def encoded(text: str) -> str:
    return "".join(chr(128 + _LETTERS.index(letter)) if letter in _LETTERS else letter for letter in text)


def pdf(objects: list[str]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    body = b"%PDF-1.7\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return body + tail.encode() + f"startxref\n{len(body)}\n%%EOF\n".encode()


def changed_after(data: bytes, old: str, new: str) -> bytes:
    """The PDF with other words on its page, appended as PDF programs do; the signed bytes stay as they are."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    content = page["/Contents"].data.replace(old.encode(), new.encode())
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=content))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def save(folder: Path, data: bytes, name: str = "cong-van.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
