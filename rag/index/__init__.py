"""The index: how it is made, published, opened and rolled back. ``rag.index.published`` says which there are,
``rag.index.snapshot`` opens one, ``rag.index.publishing`` makes it."""
