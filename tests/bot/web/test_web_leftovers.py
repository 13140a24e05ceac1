"""What is of no use any more is deleted, and nothing else."""

from __future__ import annotations

import os
import shutil
import time

from bot.web.leftovers import KEPT_DAYS, sweep
from rag.index.snapshot import SnapshotReader


def test_pictures_of_files_that_no_index_has_go_and_so_does_what_was_thrown_away_long_ago(directive_index, tmp_path):
    # given pictures of a file of the index and of one that is gone, trash and downloads of long ago and of today
    shutil.copytree(directive_index, tmp_path, dirs_exist_ok=True)
    (document,) = [each for each in SnapshotReader(tmp_path).get().store.documents() if each.present]
    kept = [f"web/pages/{document.checksum[:32]}-1.webp", "trash/hom-nay.pdf", "fetched/2/hom-nay.pdf"]
    gone = [f"web/pages/{'0' * 32}-1.webp", f"web/pages/{'0' * 32}-2.failed", "trash/cu.pdf", "trash/cu-restore/a.pdf", "fetched/1/cu.pdf"]
    for name in (*kept, *gone):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    long_ago = time.time() - (KEPT_DAYS + 1) * 86_400
    for name in ("trash/cu.pdf", "trash/cu-restore", "fetched/1"):
        os.utime(tmp_path / name, (long_ago, long_ago))

    sweep(tmp_path)

    assert [name for name in (*kept, *gone) if (tmp_path / name).exists()] == kept
    assert SnapshotReader(tmp_path).get().store.documents()
