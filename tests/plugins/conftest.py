"""The examples are packages of their own: their tests run where they are installed (``tests/ingest/readers/test_reader_plugins.py``)."""

collect_ignore_glob = ["reader_*/*", "channel_*/*"]
