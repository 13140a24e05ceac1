"""The optional language model: what it is asked, what it costs, what is kept of its replies; ``rag.wording.writer`` is the door."""
