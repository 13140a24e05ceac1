"""``tracuu backup``: everything of an office that cannot be made again, in one file, while the services go on.

In it: the corpus folder (documents, catalog, added.yaml, checks, the bank and what was taught), the collections given to
``tracuu ingest``, and the databases of the data folder. Not in it: the index and what was parsed, which ``restore`` makes
again; the trash; who may log in and is logged in, the bot at Zalo too; the costs and replies of the language model; secrets,
those of offices too; the documents and databases of offices, of each of which a backup is its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ingest.archive import ArchiveWriter, Manifest, read_manifest, written
from ingest.databases import copy_database, discard_database
from ingest.exchange import FOLDERS, SETTINGS
from ingest.filenames import mark, shown
from ingest.source_files import Skipped, corpus_files, unfit, walk
from rag.errors import IndexDamaged, IndexMissing, TracuuError
from rag.index.lock import builder_lock
from rag.index.published import list_snapshots

# Of this machine, or made again; and a login that was good once: put back, it would end the one that came after it.
_NOT_KEPT = frozenset({"admin.sqlite3", "jobs.sqlite3", "llm.sqlite3", "zalo-oa-login.sqlite3"})


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings as lines of an environment file, and the variables that are set but too secret to be written.

    ``cleansed``: by the name of a database that holds secrets, what takes them out of a copy and returns what they are called.
    """

    lines: str
    secrets: tuple[str, ...]
    cleansed: Mapping[str, Callable[[Path], tuple[str, ...]]] = field(default_factory=dict)


def back_up(
    corpus: Path,
    data: Path,
    target: Path,
    environment: Environment,
    *,
    force: bool = False,
    wait: float = 0.0,
    progress: Callable[[str], None],
) -> Manifest:
    """Write everything into the file ``target``, which is there in full at the end or not at all; ``force``: in the place of another.

    Nobody changes the corpus through ``tracuu`` meanwhile; the services answer on. Raises ``TracuuError``.
    """
    _check(corpus, target, force=force)
    try:
        data.mkdir(parents=True, exist_ok=True)
        with builder_lock(data, wait, progress), written(target) as archive:
            return _fill(archive, corpus, data, target, environment, progress)
    except (OSError, sqlite3.OperationalError) as error:
        raise TracuuError(
            f"Không sao lưu được vào {target} ({error}); không có tệp nào được ghi. "
            "Hãy kiểm tra dung lượng đĩa và quyền ghi, hoặc chọn nơi khác."
        ) from error


def _check(corpus: Path, target: Path, *, force: bool) -> None:
    if target.is_dir() or not target.name:
        raise TracuuError(f"{target} là một thư mục. Hãy nêu tên tệp, như {target / 'tracuu.zip'}")
    if target.resolve().is_relative_to(corpus.resolve()):
        raise TracuuError(f"Tệp sao lưu không được nằm trong {corpus}. Hãy chọn nơi khác, tốt nhất là một ổ đĩa khác.")
    if not corpus_files(corpus):
        raise TracuuError(f"Chưa có văn bản nào trong {corpus} để sao lưu.")
    if target.exists():
        try:
            read_manifest(target)
        except TracuuError:
            raise TracuuError(f"Đã có tệp {target}, không phải là tệp sao lưu. Hãy chọn tên khác.") from None
        if not force:
            raise TracuuError(f"Đã có tệp sao lưu {target}. Hãy chọn tên khác, hoặc thêm --force để ghi đè.")


def _fill(
    archive: ArchiveWriter, corpus: Path, data: Path, target: Path, environment: Environment, progress: Callable[[str], None]
) -> Manifest:
    left_out: list[Skipped] = []
    secrets = list(environment.secrets)
    progress("Sao lưu các văn bản")
    for folder, name in [(corpus, "corpus"), *((data / kept, f"data/{kept}") for kept in FOLDERS)]:
        for path in sorted(walk(folder)):
            if reason := unfit(path):
                left_out.append((f"{name}/{shown(path.relative_to(folder).as_posix())}", reason))
            else:
                archive.add(f"{name}/{path.relative_to(folder).as_posix()}", path)
    progress("Sao lưu hội thoại và thống kê")
    copy = target.with_name(f".{mark(target.name)}.sqlite3")
    try:
        for path in databases(data):
            try:
                copy_database(path, copy)
                if cleanse := environment.cleansed.get(path.name):
                    secrets += cleanse(copy)
            except sqlite3.OperationalError:  # no room for the copy, or no right to read
                raise
            except sqlite3.DatabaseError as error:
                left_out.append((f"data/{path.name}", f"bị hỏng ({error})"))
            else:
                archive.add(f"data/{path.name}", copy)
        copy.write_text(environment.lines, encoding="utf-8")
        archive.add(f"data/{SETTINGS}", copy)
    finally:
        discard_database(copy)
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    manifest = Manifest(_version(), created, _index(data), archive.files, tuple(left_out), tuple(secrets))
    archive.finish(manifest)
    return manifest


def databases(data: Path) -> Iterator[Path]:
    """Yield the databases of a data folder that are kept."""
    for path in sorted(data.glob("*.sqlite3")):
        if path.name not in _NOT_KEPT and not unfit(path):
            yield path


def _version() -> str:
    try:
        return version("tracuu")
    except PackageNotFoundError:  # run from the folder of the sources
        return ""


def _index(data: Path) -> dict[str, str]:
    try:
        info = list_snapshots(data)[0]
    except (IndexMissing, IndexDamaged):
        return {}
    return {"id": info.id, "created": info.created, "encoder": info.encoder}
