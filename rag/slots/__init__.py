"""Who, to whom, what, when, how much, whether: what a text says of each, and a question. Unknown never counts as agreement."""
