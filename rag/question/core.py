"""The core of a message: what it asks, parted from courtesies, introductions, stories, urgency and small talk.

Nothing here is a list of words. A message is cut into tokens, and each gets a label: ``O`` is around a question, ``B``
begins one, ``I`` is inside one. ``rag.question.tagger`` scores the labels by learnt weights. Small talk gets its kind
from a linear classifier, which also knows what questions look like, and so says where the tagger has overlooked one.

``rag.training.core`` (``make train-core``) learns both: it takes questions of ``corpus/questions/*.yaml``, puts what people write around a
question (``wrappings.tsv``) before and after them, joins two in one message, adds small talk (``smalltalk.tsv``), strips
marks and punctuation, changes case, and fits a linear-chain conditional random field, in which losing a token of a
question costs more than keeping one too many. It tells its figures on wrappings and writers that were
kept out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, cast
from zlib import crc32

import numpy as np

from rag.language.text import fold
from rag.question.tagger import BEGIN, INSIDE, OUTSIDE, Tagger, Token, tagger_of

Chat = Literal["hello", "thanks", "bye", "ok", "help", ""]
_SURE_OF_TALK = 0.6  # of small talk, where the tagger sees no question
_SURE_OF_HELP = 0.755  # "bạn làm được gì?" is small talk in the form of a question
_TAIL, _STUB = 6, 4  # words behind a question that stay inside it, and those of a question that is hardly begun
_LONG, _REACH = 3, 6  # words, in so many tokens
_LONGEST = 400  # tokens that are looked at; what follows goes with the last of them
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3"
_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>\"]+|www\.\S+|[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+"
    r"|[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)+/\w[^\s,;?!]*|[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*\.(?:vn|com|net|org|edu|gov|info|io|me)\b(?:/[^\s,;?!]*)?)"
    r"|(?P<mention>[@/][A-Za-z]\w*)"
    r"|(?P<phone>(?<!\w)(?:\+84|0)[ .-]?\d{2,3}(?:[ .-]?\d{2,4}){2,3}(?!\w))"
    r"|(?P<document>\d+(?:[/-][^\W_]+)*[/-][^\W\d_][^\W_]*(?:[&/-][^\W_]+)*)"
    r"|(?P<number>(?:[IVXivx]+\.)?\d+(?:[.,/:-]\d+)*%?)"
    r"|(?P<word>[^\W_](?:[^\W_]|[\u0300-\u036f]|['’](?=[^\W_]))*)"
    rf"|(?P<emoji>[{_EMOJI}]+)"
    r"|(?P<line>\s*\n\s*)"
    r"|(?P<mark>(?P<same>[^\w\s])(?P=same)*|_+)"
)
_OPENING = {"”": "“", "’": "‘", ")": "(", "]": "[", '"': '"', "'": "'"}


@dataclass(frozen=True, slots=True)
class Core:
    """What a message asks: ``questions`` verbatim and in order. ``chat``, only where there are none: the kind of small talk."""

    questions: tuple[str, ...]
    chat: Chat


def core_of(text: str, tagger: Tagger | None = None) -> Core:
    """Return the questions of ``text``, or the kind of small talk that it is; ``tagger`` stands in for the one that ships."""
    tokens = tokens_of(text)
    if all(token.sort == "line" for token in tokens):
        return Core((), "")
    tagger = tagger or _shipped()
    labels = tagger.labels(text, tokens[:_LONGEST])
    labels += [INSIDE if labels[-1] != OUTSIDE else OUTSIDE] * (len(tokens) - len(labels))
    questions = tuple(text[start:end] for start, end in spans_of(text, tokens, with_tails(text, tokens, labels, tagger)))
    kind, chance = tagger.kind(text, tokens)
    if questions and not (kind == "help" and chance >= _SURE_OF_HELP):
        return Core(questions, "")
    says_something = any(token.says for token in tokens)
    if any(token.points for token in tokens) or (says_something and (kind == "other" or chance < _SURE_OF_TALK)):
        return Core((text.strip(),), "")
    return Core((), "ok" if kind == "other" else cast(Chat, kind))


def with_tails(text: str, tokens: Sequence[Token], labels: Sequence[int], tagger: Tagger) -> list[int]:
    """Return the labels with the few words inside a question that follow it in the same clause and are no small talk.

    Courtesies left there do little; the name of whom a phone is asked for must not get lost. Behind a question of very few
    words, they stay inside it however many they are.
    """
    kept = list(labels)
    at = 0
    while at < len(tokens):
        if at and kept[at] == OUTSIDE and kept[at - 1] != OUTSIDE and tokens[at].says and tokens[at - 1].says:
            end = at
            while end < len(tokens) and kept[end] == OUTSIDE and tokens[end].says:
                end += 1
            tail = text[tokens[at].start : tokens[end - 1].end]
            kind, chance = tagger.kind(tail, tokens_of(tail))
            begun = at - next((first for first in range(at - 1, -1, -1) if kept[first] == BEGIN), 0)
            if (kind == "other" or chance < _SURE_OF_TALK) and (end - at <= _TAIL or begun <= _STUB):
                kept[at:end] = [INSIDE] * (end - at)
            at = end
        else:
            at += 1
    return kept


def tokens_of(text: str) -> list[Token]:
    """Return the words, numbers, links, marks, emoji and line breaks of ``text``."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        sort = found.lastgroup or "mark"
        tokens.append(Token(*found.span(), sort, _code(found.group(), sort)))
    return tokens


@lru_cache(maxsize=65536)
def _code(token: str, sort: str) -> int:
    """Numbers are alike if they are as long; links, phones, document numbers, mentions and line breaks are one word each."""
    if sort == "number":
        token = f"<{len(token)}>" if len(token) > 1 else token
    elif sort == "emoji":
        token = token[0]
    elif sort == "mark":
        token = token[:3]
    elif sort != "word":
        token = f"<{sort}>"
    return crc32(fold(token).encode())


def spans_of(text: str, tokens: Sequence[Token], labels: Sequence[int]) -> list[tuple[int, int]]:
    """Return where the labelled questions stand in ``text``, without marks at their ends other than a last ``?``."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        last = at + 1
        if labels[at] != OUTSIDE:
            while last < len(tokens) and labels[last] == INSIDE and not _asks_on(text, tokens, last):
                last += 1
            said = [token for token in tokens[at:last] if token.says]
            if said:
                spans.append(_widened(text, tokens[at:last], said[0].start, said[-1].end))
        at = last
    return spans


def _asks_on(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a token stands behind a ``?`` and begins something long enough to be asked by itself."""
    return text[tokens[at - 1].start] == "?" and sum(token.says for token in tokens[at : at + _REACH]) >= _LONG


def _widened(text: str, run: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """A ``?`` that closes the run belongs to the question, and so do a quotation mark and a bracket whose other half is inside."""
    if run[0].end == start and text[run[0].start] in _OPENING.values():
        start = run[0].start
    for token in run:
        mark = text[token.start]
        if (
            token.start == end
            and mark in _OPENING
            and text.count(_OPENING[mark], start, end) > text.count(mark, start, end) * (mark not in "\"'")
        ):
            end += 1
        elif token.start >= end and mark == "?":
            return start, token.start + 1
    return start, end


@lru_cache(maxsize=1)
def _shipped() -> Tagger:
    with files("rag").joinpath("data", "core.npz").open("rb") as file, np.load(file) as stored:
        return tagger_of(stored)
