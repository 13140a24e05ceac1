"""What a message asks: its kind, what it names, who asks, what it goes on with; ``rag.question.understanding`` is the door."""
