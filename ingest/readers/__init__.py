"""Files in, pages of text out: `read_file` is the one door.

==============  ======================================================================================
``pdf``         pages of a PDF; each page judged on its own: its text layer, or OCR
``ocr``         a picture of a page -> words, with the Vietnamese model of tesseract
``lines``       words with places -> lines, and ``layout`` -> paragraphs; shared by the text layer and OCR
``docx``        Word files (and ``.doc`` through LibreOffice); ``html``; ``plain`` for Markdown and text
``beginnings``  what a file is by its first bytes, whatever its name
``scans``       where pages that want OCR come from: this machine, or workers on a queue, which read them by ``page_child``
``isolate``     the child process with limits in which risky formats are read
==============  ======================================================================================
"""

from ingest.readers.contract import Page, PagesWanted, Progress, Reading
from ingest.readers.isolate import SUFFIXES, read_file

__all__ = ["SUFFIXES", "Page", "PagesWanted", "Progress", "Reading", "read_file"]
