"""One module for each kind of answer; ``rag.answers.deciding`` decides which is asked."""
