"""On the path of a process, this leaves its chooser unsure of everything: whatever is near is offered, nothing answered."""

from rag.choosing.chooser import Levels, shipped_chooser

shipped_chooser().levels = Levels(answer=1.1, offer=0.0, answer_without_bank=1.1)
