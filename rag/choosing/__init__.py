"""Which of the provisions found answers: how much of the question stands in each, and in what order they come."""
