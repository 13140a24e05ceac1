"""Photographs and scans of pages (PNG, JPEG, TIFF with many pages …), read by OCR."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ingest.readers.contract import Page, Progress, Reading
from ingest.readers.layout import lay_out
from ingest.readers.ocr import scan
from rag.errors import ReadError

Image.MAX_IMAGE_PIXELS = 60_000_000
_MOST_PAGES = 500
_A4_HEIGHT = 2339  # pixels at the resolution of ocr.DPI
_LEAST_HEIGHT = 300


def read_picture(path: Path, cache: Path | None, progress: Progress) -> Reading:
    """Read a picture. Raises ReadError when it is damaged, too large, or holds no text that can be read."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    pages: list[Page] = []
    try:
        with Image.open(path) as image:
            count = getattr(image, "n_frames", 1)
            for frame in ImageSequence.Iterator(image):
                if len(pages) == _MOST_PAGES:
                    raise ReadError(f"quá {_MOST_PAGES} trang; hãy chia nhỏ tệp")
                pages.append(_page(frame, len(pages) + 1, cache))
                progress(len(pages), count)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ReadError(f"Không đọc được {path.name}: ảnh quá lớn.") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:  # Pillow: SyntaxError for a broken PNG
        raise ReadError(f"Không đọc được {path.name}: tệp ảnh bị hỏng.") from error
    except ReadError as error:
        raise ReadError(f"Không đọc được {path.name}: {error}.") from error
    if not any(page.text for page in pages):
        raise ReadError(f"Không đọc được {path.name}: không thấy chữ nào trong ảnh.")
    return Reading(tuple(pages))


def _page(frame: Image.Image, number: int, cache: Path | None) -> Page:
    image = ImageOps.exif_transpose(frame).convert("RGB")
    if max(image.size) < _LEAST_HEIGHT:
        raise ReadError("ảnh quá nhỏ để nhận dạng chữ")
    scale = _A4_HEIGHT / max(image.size)
    if not 0.8 < scale < 1.25:
        size = (round(image.width * scale), round(image.height * scale))
        image = image.resize(size, Image.Resampling.LANCZOS)
    scanned = scan(image, cache)
    page = scanned.page()
    laid = lay_out(page, page.lines())
    return Page(number, "\n".join(laid.paragraphs), "ocr", round(scanned.confidence, 3))
