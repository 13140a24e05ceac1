"""PDF -> pages. Each page is judged on its own: a good text layer is used, any other page is read by OCR."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from ingest.readers.clean import clean_line
from ingest.readers.contract import Page, Progress, Reading, Signed
from ingest.readers.footnotes import mark_footnotes
from ingest.readers.layout import lay_out
from ingest.readers.legacy import modernise
from ingest.readers.lines import PageWords, Word, drop_furniture
from ingest.readers.ocr import DPI, scan
from ingest.readers.pdf_file import lock_of, problem_of_attachments
from ingest.readers.pdf_page import picture_share, read_page
from ingest.readers.pdf_stamps import StampedPage, open_page, placed, stamp_words
from ingest.readers.scanned import Scanned
from ingest.readers.scans import Scans
from ingest.readers.text_layer import judge
from ingest.signing import alarm
from rag.documents import ReadAs
from rag.errors import ReadError

_MOST_PAGES = 2000
_MOST_PIXELS = 36_000_000  # A3 at 200 dpi has 8 million
_STAMP_WORDS = 60  # a picture of a page with fewer words over it: a digital signature on a scan
_SIGNED = b"/ByteRange"  # stands in every signature, never compressed
_ABROAD = 0.05


@dataclass(slots=True)
class Draft:
    """A page on its way: where its words come from, and how surely; ``stamps``: words over a picture that is read by OCR."""

    page: PageWords
    read_as: ReadAs = "text"
    confidence: float = 1.0
    problem: str = ""
    stamps: list[Word] = field(default_factory=list)


def read_pdf(path: Path, cache: Path | None, progress: Progress, *, elsewhere: bool = False) -> Reading:
    """Read a PDF. ``elsewhere``: pages are read by OCR elsewhere; then it raises ``PagesWanted`` for those that are not yet.

    Raises ReadError for one that is locked, damaged, hostile, or of which no page can be read.
    """
    document = open_pdf(path)
    drafts: dict[int, Draft] = {}
    for index in range(len(document)):
        drafts[index] = from_layer(document, index)
        if drafts[index].read_as == "text":
            progress(len(drafts), len(document))
    wanted = [index for index, draft in drafts.items() if draft.read_as == "ocr"]
    if wanted:
        _take_scans(path, wanted, drafts, Scans.of(path, cache, elsewhere=elsewhere), progress)
    pages = [drafts[index] for index in range(len(document))]
    signed = _signatures(path)
    about_file = [*map(alarm, signed.signatures), signed.problem, problem_of_attachments(path)]
    reading = Reading(_pages(pages), {}, (*_problems(pages), *filter(None, about_file)), signed.signatures)
    if not any(page.text for page in reading.pages):
        reason = reading.problems[0] if reading.problems else "không có chữ nào"
        raise ReadError(f"Không đọc được {path.name}: {reason}.")
    return reading


def open_pdf(path: Path) -> pdfium.PdfDocument:
    """Return a PDF that can be read. Raises ``ReadError``."""
    try:
        document = pdfium.PdfDocument(path)
        document.init_forms()  # draws the fields that have no appearance yet
        count = len(document)
    except pdfium.PdfiumError as error:
        raise ReadError(f"Không đọc được {path.name}: {lock_of(path) or 'tệp PDF bị hỏng hoặc bị cắt cụt'}.") from error
    if not count:
        raise ReadError(f"Không đọc được {path.name}: tệp PDF không có trang nào (hỏng hoặc bị cắt cụt).")
    if count > _MOST_PAGES:
        raise ReadError(f"Không đọc được {path.name}: có {count} trang, quá giới hạn {_MOST_PAGES} trang; hãy chia nhỏ tệp.")
    return document


def _signatures(path: Path) -> Signed:
    if _SIGNED not in path.read_bytes():
        return Signed()
    from ingest.readers.signatures import read_signatures  # slow to import

    return read_signatures(path)


def from_layer(document: pdfium.PdfDocument, index: int) -> Draft:
    """Return the page by its text layer, or a draft that asks for OCR."""
    try:
        opened = open_page(document, index)
        page = opened.page
        words = _modern(read_page(page))
        share = picture_share(page)
    except pdfium.PdfiumError:
        return Draft(PageWords([]), problem="trang bị hỏng")
    text = " ".join(clean_line(word.text) for word in words.words)
    covered = share > 0.5 and len(words.words) < _STAMP_WORDS
    if not words.words and not share and not _draws_much(page):
        return Draft(words)  # an empty page
    if not covered and words.words and judge(text).good:
        return Draft(words)
    if not covered and words.words and judge(text).words == 0 and not share:
        return Draft(words)  # figures only
    return Draft(words, "ocr", 0.0, stamps=stamp_words(opened, words.words))


def _draws_much(page: pdfium.PdfPage) -> bool:
    """Whether a page without text shows something: letters drawn as outlines."""
    return sum(1 for _ in page.get_objects(max_depth=2)) > 20


def _modern(page: PageWords) -> PageWords:
    """Turn a text layer in TCVN3 or VNI letters into Unicode."""
    text = "\n".join(word.text for word in page.words)
    converted, legacy = modernise(text)
    if not legacy:
        return page
    for position, new in enumerate(converted.split("\n")):
        word = page.words[position]
        page.words[position] = type(word)(new, word.x0, word.top, word.x1, word.bottom, word.size, word.glued)
    return page


def _take_scans(path: Path, wanted: list[int], drafts: dict[int, Draft], scans: Scans, progress: Progress) -> None:
    """Fill in the pages that workers have read, and read the others here. Raises ``PagesWanted``."""
    known = {index: found for index in wanted if (found := scans.known(index + 1)) is not None}
    scans.leave([index + 1 for index in wanted if index not in known])
    for index, found in known.items():
        drafts[index] = _scanned(found, drafts[index])
    if left := [index for index in wanted if index not in known]:
        _read_by_ocr(open_pdf(path), left, drafts, scans.cache, progress)


def _read_by_ocr(document: pdfium.PdfDocument, wanted: list[int], drafts: dict[int, Draft], cache: Path | None, progress: Progress) -> None:
    """Read pages on all cores; PDFium draws in this thread only, tesseract works in processes of its own."""
    workers = len(os.sched_getaffinity(0))
    done = len(drafts) - len(wanted)
    with ThreadPoolExecutor(workers) as pool:
        for start in range(0, len(wanted), workers):
            batch = wanted[start : start + workers]
            tasks = [(index, pool.submit(_scan, draw_for_ocr(open_page(document, index)), cache)) for index in batch]
            for index, task in tasks:
                drafts[index] = _scanned(task.result(), drafts[index])
                done += 1
                progress(done, len(drafts))


def _scan(image: Image.Image, cache: Path | None) -> Scanned | str:
    """Return what was read, or why not: the other pages are still read."""
    try:
        return scan(image, cache)
    except ReadError as error:
        return str(error)


def draw_for_ocr(opened: StampedPage) -> Image.Image:
    """Draw a page without the words of its stamps, which are known letter by letter."""
    opened.take_off_words()
    width, height = opened.page.get_size()
    scale = min(DPI / 72, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    image: Image.Image = opened.page.render(scale=scale).to_pil()
    return image


def _scanned(found: Scanned | str, draft: Draft) -> Draft:
    """The page as OCR read it, or with the reason why it could not."""
    return _with_stamps(found, draft) if isinstance(found, Scanned) else Draft(PageWords([]), "ocr", 0.0, found)


def _with_stamps(found: Scanned, draft: Draft) -> Draft:
    page = found.page()
    stamps = placed(draft.stamps, draft.page, page)
    page.words += stamps
    lost = [] if stamps else [word.text for word in draft.stamps]
    problem = f"dấu đóng trên trang xoay chưa được đọc: {' '.join(lost)}" if lost else ""
    return Draft(page, "ocr", round(found.confidence, 3), problem)


def _pages(drafts: list[Draft]) -> tuple[Page, ...]:
    lines = [draft.page.lines() for draft in drafts]
    lines = [mark_footnotes(found) if draft.read_as == "text" else found for found, draft in zip(lines, drafts, strict=True)]
    kept = drop_furniture(lines, [draft.page.height for draft in drafts])
    laid = [lay_out(draft.page, page_lines) for draft, page_lines in zip(drafts, kept, strict=True)]
    pages = []
    for index, (draft, page) in enumerate(zip(drafts, laid, strict=True)):
        continues = index > 0 and page.first_may_continue and laid[index - 1].last_is_open
        text = "\n".join(page.paragraphs)
        pages.append(Page(index + 1, text, draft.read_as, draft.confidence, continues))
    return tuple(pages)


def _problems(drafts: list[Draft]) -> tuple[str, ...]:
    """Say each problem once, with its pages."""
    where: dict[str, list[int]] = {}
    for number, draft in enumerate(drafts, 1):
        if draft.problem:
            where.setdefault(draft.problem, []).append(number)
        elif draft.read_as == "ocr" and _abroad(draft.page):
            where.setdefault("không có chữ tiếng Việt (có thể là tiếng nước ngoài)", []).append(number)
    return tuple(f"trang {_ranges(numbers)}: {problem}" for problem, numbers in where.items())


def _abroad(page: PageWords) -> bool:
    quality = judge(" ".join(word.text for word in page.words))
    return quality.words >= 20 and quality.strong < _ABROAD


def _ranges(numbers: list[int]) -> str:
    """``[1, 2, 3, 7]`` → ``1-3, 7``."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(str(g[0]) if len(g) == 1 else f"{g[0]}-{g[-1]}" for g in groups)
