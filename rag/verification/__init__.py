"""Holds a language model's reply to its sources; ``rag.verify`` is the door."""
