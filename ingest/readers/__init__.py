"""Files in, pages of text out: `read_file` is the one door; `readers` are behind it, ours and those of other packages.

==============  ======================================================================================
``contract``    what a reader is, what it is given and what it gives back
``registry``    which readers there are; ``built_in`` are ours, each by its ending
``pdf``         pages of a PDF; each page judged on its own: its text layer, or OCR
``ocr``         a picture of a page -> words, with the Vietnamese model of tesseract
``lines``       words with places -> lines, and ``layout`` -> paragraphs; shared by the text layer and OCR
``docx``        Word files (and ``.doc`` through LibreOffice); ``html``; ``plain`` for Markdown and text
``beginnings``  what a file is by its first bytes, whatever its name
``scans``       where pages that want OCR come from: this machine, or workers on a queue, which read them by ``page_child``
``isolate``     the child process with limits in which risky formats are read
==============  ======================================================================================
"""

from ingest.readers.contract import Context, Page, PagesWanted, Progress, Reader, Reading
from ingest.readers.isolate import read_file
from ingest.readers.registry import by_suffix, labels, media_types, readers

__all__ = ["Context", "Page", "PagesWanted", "Progress", "Reader", "Reading", "by_suffix", "labels", "media_types", "read_file", "readers"]
