"""Print, one a line, the libraries that the Debian package is made with; ``--encoders``: also those of other people's encoders.

These take 1.2 GB and are only read where TRACUU_ENCODER names a model of sentence-transformers.
"""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
print(*project["dependencies"], sep="\n")
if "--encoders" in sys.argv:
    print(*project["optional-dependencies"]["encoders"], sep="\n")
