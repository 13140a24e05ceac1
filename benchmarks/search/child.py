"""One system alone in a process, so that its time and memory are its own.

``python -m benchmarks.search.child build SYSTEM COLLECTION FOLDER`` builds an index and prints its figures.
``python -m benchmarks.search.child serve SYSTEM FOLDER`` answers, on one core: a question a line in, a JSON object a
line out, after a first line with the seconds it took to be ready.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

_WARM_UP = "quyền và nghĩa vụ của công dân"


def main(action: str, key: str, *paths: str) -> None:
    """Build or serve."""
    if action == "serve":
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    from benchmarks.search.system import Unavailable
    from benchmarks.search.systems import SYSTEMS

    system = SYSTEMS[key]
    try:
        started = time.perf_counter()
        if action == "build":
            collection, folder = map(Path, paths)
            spared = system.build(collection, folder)
            _put({"seconds": time.perf_counter() - started + spared})
            return
        rank = system.open_(Path(paths[0]))
        rank(_WARM_UP)  # what is loaded on first use
        _put({"ready": time.perf_counter() - started})
        for line in sys.stdin:
            started = time.perf_counter()
            ranked = rank(line.rstrip("\n"))
            _put({"seconds": time.perf_counter() - started, "ranked": ranked})
    except (Unavailable, ImportError) as error:
        _put({"unavailable": str(error)})


def _put(value: dict[str, object]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
