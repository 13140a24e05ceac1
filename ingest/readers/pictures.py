"""Photographs and scans of pages (PNG, JPEG, TIFF with many pages …), read by OCR."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from ingest.readers.contract import Page, Progress, Reading
from ingest.readers.layout import lay_out
from ingest.readers.scans import Scans
from rag.errors import ReadError

Image.MAX_IMAGE_PIXELS = 60_000_000
_MOST_PAGES = 500
_A4_HEIGHT = 2339  # pixels at the resolution of ocr.DPI
_LEAST_HEIGHT = 300


def read_picture(path: Path, cache: Path | None, progress: Progress, *, elsewhere: bool = False) -> Reading:
    """Read a picture. ``elsewhere``: pages are read by OCR elsewhere; then it raises ``PagesWanted`` for those that are not yet.

    Raises ReadError when it is damaged, too large, or holds no text that can be read.
    """
    scans = Scans.of(path, cache, elsewhere=elsewhere)
    pages: list[Page] = []
    with open_picture(path) as image:
        count = getattr(image, "n_frames", 1)
        numbers = range(1, count + 1)
        scans.leave([number for number in numbers if scans.known(number) is None])
        for number in numbers:
            pages.append(_page(image, number, scans))
            progress(number, count)
    if not any(page.text for page in pages):
        raise ReadError(f"Không đọc được {path.name}: không thấy chữ nào trong ảnh.")
    return Reading(tuple(pages))


@contextmanager
def open_picture(path: Path) -> Iterator[Image.Image]:
    """Open a picture to read its pages. Raises ReadError for one that is damaged or too large, also while it is read."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path) as image:
            if getattr(image, "n_frames", 1) > _MOST_PAGES:
                raise ReadError(f"quá {_MOST_PAGES} trang; hãy chia nhỏ tệp")
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ReadError(f"Không đọc được {path.name}: ảnh quá lớn.") from error
    except (UnidentifiedImageError, OSError, EOFError, SyntaxError) as error:  # Pillow: SyntaxError for a broken PNG
        raise ReadError(f"Không đọc được {path.name}: tệp ảnh bị hỏng.") from error
    except ReadError as error:
        raise ReadError(f"Không đọc được {path.name}: {error}.") from error


def drawn(image: Image.Image, number: int) -> Image.Image:
    """Return one page of a picture at the size at which it is read. Raises ReadError for one that is too small."""
    image.seek(number - 1)
    page = ImageOps.exif_transpose(image).convert("RGB")
    if max(page.size) < _LEAST_HEIGHT:
        raise ReadError("ảnh quá nhỏ để nhận dạng chữ")
    scale = _A4_HEIGHT / max(page.size)
    if not 0.8 < scale < 1.25:
        page = page.resize((round(page.width * scale), round(page.height * scale)), Image.Resampling.LANCZOS)
    return page


def _page(image: Image.Image, number: int, scans: Scans) -> Page:
    scanned = scans.scan(number, lambda: drawn(image, number))
    page = scanned.page()
    laid = lay_out(page, page.lines())
    return Page(number, "\n".join(laid.paragraphs), "ocr", round(scanned.confidence, 3))
