"""Rules of scanned tables: hairlines with gaps are rules, lines of text and shaded grounds are not."""

import random

from PIL import Image, ImageDraw

from ingest.readers.picture_clean import ruled_lines
from ingest.readers.tables import find_grids

XS, YS = (100, 300, 700, 1100), (200, 260, 320, 380)


def scanned_table() -> Image.Image:
    """A table of three by three cells, its rules one pixel thin, grey and broken, its first row grainy."""
    chance = random.Random(7)
    page = Image.new("L", (1200, 1600), 250)
    draw = ImageDraw.Draw(page)
    for x in range(XS[0], XS[-1]):
        for y in YS:
            if x % 29 > 1:
                page.putpixel((x, y), 170)
        for y in range(YS[0] + 2, YS[1] - 2):
            if chance.random() < 0.25:
                page.putpixel((x, y), 60)
    for x in XS:
        draw.line([(x, YS[0]), (x, YS[-1])], fill=170)
    for line in range(20):  # lines of text: short strokes close together
        for x in range(100, 1100, 6):
            draw.rectangle([x, 500 + 40 * line, x + 3, 518 + 40 * line], fill=20)
    return page


def test_broken_hairlines_make_a_table_and_text_makes_none():
    (grid,) = find_grids(*ruled_lines(scanned_table()), 4.0)
    assert (len(grid.xs), len(grid.ys)) == (4, 4)
    assert len(grid.boxes()) == 9
    assert all(abs(found - drawn) < 4 for found, drawn in zip(grid.boxes()[4], (XS[1], YS[1], XS[2], YS[2]), strict=True))
