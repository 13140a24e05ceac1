"""The files that documents were read from, and pictures of their pages."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import sys
from pathlib import Path

from bot.settings import Settings
from bot.web.problems import Refused
from ingest.sources import corpus_files, extra_files, is_collection
from rag.documents import Document

_SECONDS = 30.0
_MEMORY = 2 * 1024**3  # bytes of address space
_WIDTH = 1200  # pixels
_one_at_a_time = asyncio.Semaphore(1)


def file_of(settings: Settings, document: Document) -> Path | None:
    """Return the file of a document that is loaded, unless it is one of many in a collection."""
    if not document.present or not document.source:
        return None
    files = [*corpus_files(settings.corpus), *extra_files(settings.data)]
    return next((path for path in files if path.name == document.source and not is_collection(path)), None)


def page_source(settings: Settings, document: Document) -> Path | None:
    """Return the file of a document where that is a PDF."""
    if not document.source.lower().endswith(".pdf"):
        return None
    return file_of(settings, document)


async def page_image(data: Path, file: Path, checksum: str, page: int) -> Path:
    """Return a page (1 is the first) as a WebP picture, drawn by a child process once and then kept. Raises ``Refused``."""
    kept = data / "web" / "pages" / f"{checksum[:32]}-{page}.webp"
    if kept.exists():
        return kept
    async with _one_at_a_time:
        if not kept.exists():
            await _draw(file, page, kept)
    return kept


async def _draw(file: Path, page: int, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    root = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "bot.web.sources", str(file.resolve()), str(page), str(target.resolve())]
    child = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.DEVNULL)
    try:
        await asyncio.wait_for(child.wait(), _SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if not target.exists():
        raise Refused(404, "Không vẽ được trang này của tệp gốc.", "The page cannot be drawn.")


def _child(file: Path, page: int, target: Path) -> None:
    """Draw; a file that was made to harm only harms this process."""
    import pypdfium2 as pdfium

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    document = pdfium.PdfDocument(file)
    drawn = document[page - 1]
    image = drawn.render(scale=_WIDTH / drawn.get_width()).to_pil().convert("RGB")
    new = target.with_name(f".{os.getpid()}-{target.name}")
    image.save(new, "WEBP", quality=70)
    new.replace(target)


if __name__ == "__main__":
    _child(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
