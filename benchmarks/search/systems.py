"""Every system of the benchmark by its name on the command line."""

from benchmarks.search.ours import OURS
from benchmarks.search.peers import PEERS

SYSTEMS = OURS | PEERS
