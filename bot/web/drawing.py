"""What the child process does with a page of a PDF: draws it, or reads where its words stand.

A file that was made to harm only harms this process.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

_MEMORY = 2 * 1024**3  # bytes of address space
_WIDTH = 1200  # pixels


def draw(file: Path, page: int, target: Path) -> None:
    """Write a page (1 is the first) as a WebP picture."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(file)
    drawn = document[page - 1]
    image = drawn.render(scale=_WIDTH / drawn.get_width()).to_pil().convert("RGB")
    new = target.with_name(f".{os.getpid()}-{target.name}")
    image.save(new, "WEBP", quality=70)
    new.replace(target)


def read(file: Path, page: int, target: Path, cache: Path) -> None:
    """Write where the words of a page stand; ``cache`` is where ingestion keeps what it read by OCR."""
    from ingest.readers.page_words import printed_words

    words = [(word.text, *_rounded(word.x0, word.top, word.x1, word.bottom)) for word in printed_words(file, page, cache)]
    new = target.with_name(f".{os.getpid()}-{target.name}")
    new.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    new.replace(target)


def _rounded(*shares: float) -> tuple[float, ...]:
    return tuple(round(share, 5) for share in shares)


def main() -> None:
    """Do what the command line says: ``draw FILE PAGE TARGET`` or ``read FILE PAGE TARGET CACHE``."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    verb, file, page, target, *more = sys.argv[1:]
    if verb == "draw":
        draw(Path(file), int(page), Path(target))
    else:
        read(Path(file), int(page), Path(target), Path(more[0]))


if __name__ == "__main__":
    main()
