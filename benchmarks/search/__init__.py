"""Search at scale, ours and the peers a developer would pick, on the same questions: ``make bench-search``."""
