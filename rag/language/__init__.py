"""Vietnamese text: cut into words, folded, its marks put back, its numbers and word lists."""
