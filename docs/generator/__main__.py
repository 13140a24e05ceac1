"""``python -m docs.generator``: brings every page up to date. ``--check`` changes none and ends with 1 where one is behind."""

from __future__ import annotations

import sys

from docs.generator.pages import pages, written
from docs.generator.places import ROOT


def main() -> int:
    """Write what has changed, and name it."""
    behind = [path for path in pages() if written(path) != path.read_text(encoding="utf-8")]
    for path in behind:
        print(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.write_text(written(path), encoding="utf-8")
    return 1 if behind and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
