"""The admins' side of Tra Cứu: files in, one published index out. ``ingest.pipeline`` is the door; ``ingest.readers`` reads one file."""
