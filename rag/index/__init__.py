"""The index: how it is made, published, opened and rolled back. ``rag.index.snapshot`` opens it, ``rag.index.publishing`` makes it."""
