"""What people are called before their names (``đồng chí``, ``ông``, ``cô`` …): one list, as texts write it and as questions do.

Each is the inside of a group of a pattern.
"""

from __future__ import annotations

from rag.language.text import fold

_WORDS = ("đồng chí", "ông", "bà", "thầy", "cô", "anh", "chị")
SPELT = "|".join(_WORDS)
"""In small letters."""
WRITTEN = "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in _WORDS)
"""As texts have them, at the head of a sentence and inside it."""
TYPED = "|".join(map(fold, _WORDS))
"""Without diacritics, as questions are looked at."""
SIGNING = r"[Đđ]ồng chí|[ÔO]ng|Bà|Ký bởi:?"
"""Before the name of who signs or is put in charge, where a small ``ông`` or ``cô`` would be anybody; OCR loses the mark of ``Ông``."""
NAME_WORD = r"[^\W\d_a-z][^\W\d_A-Z]*"
"""A word of a name: one large letter, at its head."""
