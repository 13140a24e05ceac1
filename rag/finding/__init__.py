"""Which provisions may answer: search by words and vectors, documents by name, what is in force; ``rag.finding.search`` is the door."""
