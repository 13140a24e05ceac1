"""Scans for the tests: pages of a made-up notice as pictures, small ones, which are cheap to read."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SIZE = (1200, 700)  # pixels at 200 dpi
_LETTERS = 44


def scan(path: Path, pages: int, about: str = "thu tuc") -> Path:
    """Write a PDF (or what the name says) of pictures: page 1 says what it is, each says its number."""
    drawn = [_page(number, about) for number in range(1, pages + 1)]
    drawn[0].save(path, save_all=True, append_images=drawn[1:], resolution=200)
    return path


def _page(number: int, about: str) -> Image.Image:
    page = Image.new("L", _SIZE, 255)
    draw = ImageDraw.Draw(page)
    lines = [f"Trang {number} cua thong bao ve {about}", f"Nop bao cao so {number} truoc ngay {number + 10}/9/2025", "Xin cam on."]
    for place, line in enumerate(lines):
        draw.text((100, 100 + 120 * place), line, fill=0, font=ImageFont.load_default(_LETTERS))
    return page
