"""A made-up collection as the chooser sees it: its words, its tokens, and the entries of some provisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.choosing.text_features import Texts
from rag.index.entries import Entries
from rag.index.lexical import Entry, LexicalIndex
from rag.index.token_index import TokenIndex
from rag.index.traits import TRAITS

LETTER, LAW = "1/CV", "2/LUAT"
TITLES = {LETTER: "Hướng dẫn năm học", LAW: "Luật Giáo dục"}
_TEXTS = [
    (1, LETTER, "Hạn nộp báo cáo sơ kết trước ngày 10 tháng 1.", "Tổ chức thực hiện"),
    (2, LETTER, "Các trường xây dựng kế hoạch dạy học hai buổi trên ngày.", "Nhiệm vụ"),
    (3, LETTER, "Báo cáo tổng kết. " + "Việc khác của nhà trường. " * 30, "Báo cáo"),
    (7, LAW, "Nhà trường nộp báo cáo, báo cáo và báo cáo.", ""),
    (9, LAW, "Người học có quyền và nghĩa vụ.", "Người học"),
]
DOCUMENTS = {id_: document for id_, document, _, _ in _TEXTS}
ENTRIES = [Entry(id_, text, heading, TITLES[document]) for id_, document, text, heading in _TEXTS]


class SmallIndex:
    def __init__(self, folder: Path) -> None:
        LexicalIndex.build(folder / "lexical", ENTRIES)
        TokenIndex.build(folder / "tokens", ENTRIES)
        self.lexical = LexicalIndex.open(folder / "lexical")
        self.tokens = TokenIndex(folder / "tokens")

    def entries(self, ids: Sequence[int]) -> Entries:
        """The entries of these provisions, by rising id."""
        known = np.array(ids, dtype=np.int64)
        lengths, tokens = self.tokens.together(known)
        return Entries(
            known, [DOCUMENTS[id_] for id_ in ids], ["I"] * len(ids), lengths, tokens, np.zeros((len(ids), len(TRAITS)), np.float32)
        )

    def texts(self, ids: Sequence[int]) -> Texts:
        return Texts.of(self.entries(ids), self.tokens)
