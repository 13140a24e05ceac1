"""Print, one a line, the libraries that the Debian package is made with; ``--encoders``: also those of other people's encoders.

sentence-transformers and torch take 1.5 GB and are only read where TRACUU_ENCODER names a model of theirs.
"""

import sys
import tomllib
from pathlib import Path

ENCODERS = ("sentence-transformers", "torch")

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
for requirement in project["dependencies"]:
    if "--encoders" in sys.argv or not requirement.startswith(ENCODERS):
        print(requirement)
