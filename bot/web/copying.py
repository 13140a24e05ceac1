"""An answer as plain text, for letters and chats: what is answered, the words of the source, where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.offers import offers_of, sentence_of
from rag.language.text import squeeze


def copied(answer: Mapping[str, Any], formal: Callable[[Mapping[str, Any], bool], str], written: Callable[[str], str] = str) -> str:
    """Return an answer with its sources; ``formal`` says where a citation stands, in full where asked to.

    ``written`` is how words stand where the text goes.
    """
    is_offer = answer["status"] == "offered"
    text = sentence_of(answer["answer"]) if is_offer else answer["answer"]
    paragraphs = [written(text), *(f"Lưu ý: {written(note)}" for note in answer["notes"])]
    cited = answer["citations"]
    titles = [offer.title for offer in offers_of(answer["answer"], [(made["label"], made["quote"]) for made in cited])] if is_offer else []
    named: set[str] = set()
    for at, made in enumerate(cited):
        lines = [f"{at + 1}. {written(titles[at])}"] if is_offer else []
        lines += [] if squeeze(made["quote"]) in squeeze(text) else [f"“{written(made['quote'])}”"]
        paragraphs.append("\n".join([*lines, f"— {formal(made, made['document'] not in named)}"]))
        named.add(made["document"])
    return "\n\n".join(paragraphs)
