"""One module for each kind of answer; ``rag.answer`` decides which is asked."""
