"""Holds a language model's reply to its sources; ``rag.wording.verify`` is the door."""
