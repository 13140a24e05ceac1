"""Holds a language model's reply to its sources; ``rag.verification.checker`` is the door."""
