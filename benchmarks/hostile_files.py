"""Files that mean harm to who reads them, for ``benchmarks.damage``."""

from __future__ import annotations

import gzip
import random

from tests.ingest.office import circular

_SUFFIXES = ("pdf", "docx", "doc", "html", "md", "txt", "png", "jpg", "tif", "jsonl", "jsonl.gz")
_REPEATED = {
    "md": ("_a ", "**a ", "<p ", "|---", "\n \t", "<!-- page 1\n", "# a\n", "| a "),
    "txt": (
        "1234567890",
        "1.",
        "ngày 1 ",
        "Điều 1 ",
        "Thông tư số ",
        "a@",
        "a.b@c.",
        "http://a.",
        "09.12.",
        "12/2024/TT-",
        "“a ",
        "(1) ",
        "I.\n",
        "ệ",
    ),
    "html": ("<div>", "<ol><li>a", "<table><tr><td>", "<article>a ", "<td colspan=100 rowspan=100>a", "&amp;", "<b>a ", "<!-- "),
}


def hostile_files(chance: random.Random) -> list[tuple[str, bytes]]:
    """Return their names and contents: noise and empty files of every kind, files cut short, repetitions, bombs, odd encodings."""
    head = circular("77/2022/TT-BGDĐT", "Việc: Trực nhật.").encode()
    found = [(f"nhiễu.{suffix}", chance.randbytes(3000)) for suffix in _SUFFIXES]
    found += [(f"rỗng.{suffix}", b"") for suffix in _SUFFIXES]
    found += [(f"không.{suffix}", bytes(5000)) for suffix in _SUFFIXES]
    found += [(f"văn bản.{suffix}", head) for suffix in _SUFFIXES if suffix not in ("txt", "md")]
    magic = {
        "pdf": b"%PDF-1.7\n",
        "docx": b"PK\x03\x04",
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "png": b"\x89PNG\r\n\x1a\n",
        "jpg": b"\xff\xd8\xff\xe0",
    }
    found += [(f"đầu đúng.{suffix}", start + chance.randbytes(2000)) for suffix, start in magic.items()]
    for suffix, units in _REPEATED.items():
        for number, unit in enumerate(units):
            start = b"" if suffix == "html" else head.replace(b"77/", f"{len(found)}/".encode())
            found.append((f"lặp {number}.{suffix}", start + (unit * (60_000 // len(unit))).encode()))
    laughs = b"---\na: &a [x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [*%c,*%c,*%c,*%c,*%c]\n" % (c + 1, c + 1, c, c, c, c, c) for c in range(97, 115)
    )
    found += [
        ("bí danh.md", laughs + b"---\nA\n"),
        ("số dài.md", b"---\nnumber: " + b"9" * 50_000 + b"\n---\nA\n"),
        ("sâu.md", b"---\na: " + b"[" * 50_000 + b"\n---\nA\n"),
        ("hai mega chữ số.txt", b"7" * 2_000_000),
        ("nửa mega trang.html", b"<p>a" * 130_000),
        ("sâu.jsonl", b"[" * 200_000),
        ("số.jsonl", b'{"document": "1/2020/QH14", "article": ' + b"9" * 50_000 + b', "text": "a"}\n'),
        ("hai lần nén.jsonl.gz", gzip.compress(gzip.compress(bytes(10_000_000)))),
        ("dòng dài.jsonl.gz", gzip.compress(b'{"text": "' + b"a" * 30_000_000)),
        ("utf-16.txt", head.decode().encode("utf-16")),
        ("utf-32.txt", head.decode().encode("utf-32")),
        ("nửa utf-8.txt", head[:-1] + b"\xe1\xba"),
        ("1258.txt", "Quyết định số 3/QĐ về việc".encode("utf-16-be")),
        ("shift-jis.txt", "これは文書です。".encode("shift-jis") * 50),
    ]
    found += [(f"cụt {at}.txt", head[: len(head) * at // 30]) for at in range(1, 30)]
    return found
