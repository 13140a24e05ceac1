"""On the path of a process, this lets its chooser answer what it is half sure of, and offer nothing.

What the command does is looked at there, not how sure the chooser is of a made-up directive without a bank of questions.
"""

from rag.choosing.chooser import Levels, shipped_chooser

shipped_chooser().levels = Levels(answer=0.3, offer=0.3, answer_without_bank=0.3)
