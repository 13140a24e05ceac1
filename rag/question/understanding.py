"""What is asked: the question's words made whole, its kind, the documents, dates and people it names, its topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from rag.language.days import NO_CLASSES
from rag.language.diacritics import Diacritics
from rag.language.lexicon import light_mask, longest_synonym, synonyms, topic_mask
from rag.language.places import is_province
from rag.language.text import canonical, fold_tokens, folded, has_marks, normalise, squeeze, words
from rag.question.audience import Audience, find_audience
from rag.question.cues import Kind, find_kind, kinds_in
from rag.question.mentions import Mentions, find_mentions
from rag.question.said import Said
from rag.question.written_out import JOINED, written_out

MAX_LENGTH = 1000
_MOSTLY_MARKED = 0.35
_FULLY_MARKED = 0.55  # of Vietnamese syllables about two in three carry a mark: the others are meant as typed
_MACHINE = canonical("máy")
_POLITE = canonical("ạ")
_BODIES = {"so": canonical("sở"), "bo": canonical("bộ")}
_MACHINES = frozenset(("tinh", "moc", "chu", "in", "anh", "vi", "chieu"))
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]{0,200}>", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r"\S*(?:@|://)\S*[^\s.,;?!]|[^\W\d_]+(?:\d{1,4}\b)?(?![\w/])|\S*\d[^\s,;?!]*|[^\w\s]|\S")
_STAND_INS = ("\ue000", "\ue001")  # for figures and for marks: letters that no word has
_SHORT_YEAR = re.compile(
    rf"(?<![\w/.-]){NO_CLASSES}((?:0?[1-9]|[12]\d|3[01])([/-])(?:0?[1-9]|1[0-2])\2)(\d\d)(?![\w/%-]|\.\d)", re.IGNORECASE
)
_TIGHT = re.compile(r" ([,.;:?!])")


@dataclass(frozen=True, slots=True)
class Term:
    """A topic word: ``others`` are the folded phrases that documents may use instead of the phrase it stands in."""

    exact: str
    folded: str
    typed: bool
    position: int
    left: str = ""
    right: str = ""
    light: bool = False
    others: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood.

    ``text`` is what was typed, ``whole`` the same with words written out and marked, ``topic`` its topic words.
    ``folded`` is what cues are looked for in; of a follow-up ``said`` is its own part of that, and ``typed`` the same as typed
    where its writer types marks (``marked``). ``must``
    are the words that a follow-up adds to the topic it goes on with: an answer has to hold them. ``day`` is the day
    whose rules are asked for. ``message`` is what it stands in, where that may say whose or when, ``provinces``
    those of the loaded documents that it is surely of. ``theirs`` are the
    documents of the office that it names, ``elsewhere`` those that it cannot mean: of other offices, years, rounds. With
    ``inside`` it is known which one is meant, and what is asked stands behind its head.
    """

    text: str
    whole: str
    folded: str
    kind: Kind
    kinds: frozenset[Kind]
    terms: tuple[Term, ...]
    mentions: Mentions
    audience: frozenset[Audience] = frozenset()
    topic: str = ""
    said: str = ""
    typed: str = ""
    marked: bool = False
    must: tuple[Term, ...] = ()
    day: date | None = None
    message: Said | None = None
    provinces: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    inside: bool = False


def said_in(question: Question) -> Said:
    """Return what of a question tells documents apart."""
    return Said.of(question.whole, question.text, question.mentions.school_year)


def bank_words(question: Question) -> list[str]:
    """Return the folded words of a question with what was taken out of it: numbers, places, dates.

    This is the form in which questions of the bank are kept and compared.
    """
    return fold_tokens(" ".join([question.whole, *_taken_out(question.mentions)]).split())


class Reading(NamedTuple):
    """What follows from the text of a question alone: its words as typed, and what was taken out of it."""

    words: Sequence[str]
    taken: Sequence[str]

    @classmethod
    def of(cls, text: str) -> Reading:
        """Read a question as typed."""
        mentions = find_mentions(cleaned(text))
        return cls(words(mentions.rest), _taken_out(mentions))

    def bank_words(self, diacritics: Diacritics) -> list[str]:
        """Return ``bank_words(understand(text, diacritics))`` in a third of the time: marks make no difference to them."""
        return fold_tokens(" ".join([*diacritics.mend(written_out(list(self.words), diacritics)), *self.taken]).split())


def _taken_out(mentions: Mentions) -> list[str]:
    taken = [mention.serial for mention in mentions.numbers]
    taken += [place for place in (mentions.section, mentions.annex, mentions.article) if place]
    taken += [str(part) for day in mentions.dates for part in day if part]
    return [*taken, *mentions.phones, *mentions.percents]


def understand(text: str, diacritics: Diacritics) -> Question:
    """Read a question as typed (cut at ``MAX_LENGTH`` characters)."""
    text = cleaned(text)
    mentions, mended = _mended(text, diacritics)
    typed_words = [word for word in words(mentions.rest) if word.isalpha()]
    marked = sum(map(has_marks, typed_words))
    mostly_marked = marked >= _MOSTLY_MARKED * len(typed_words)
    restored = diacritics.restore(mended, mostly_marked=mostly_marked)
    fully_marked = marked >= _FULLY_MARKED * len(typed_words)
    typed = [has_marks(token) or (fully_marked and token == meant) for token, meant in zip(mended, restored, strict=True)]
    exact = [canonical(token) for token in restored]
    phrase = " ".join(" ".join(_cue_form(exact, typed, position) for position in range(len(exact))).split())
    return Question(
        text=text,
        whole=" ".join(restored),
        folded=phrase,
        kind=find_kind(phrase),
        kinds=frozenset(kinds_in(phrase)),
        terms=(terms := _terms(exact, typed, diacritics)),
        mentions=replace(mentions, names=tuple(name for name in mentions.names if not is_province(name))),
        audience=find_audience(" ".join(_party_form(*pair) for pair in zip(exact, typed, strict=True))),
        topic=" ".join(restored[term.position] for term in terms),
        said=phrase,
        typed=" ".join(token for token in mended if canonical(token) != _POLITE) if mostly_marked else phrase,
        marked=mostly_marked,
    )


def cleaned(text: str) -> str:
    """Return a message on one line, without tags and invisible characters, cut at ``MAX_LENGTH``."""
    return squeeze(lined(text))


def lined(text: str) -> str:
    """Return a message cleaned in the same way, with its lines: one may end a question. Years of days are whole (``10/01/26``)."""
    lines = _SHORT_YEAR.sub(r"\g<1>20\3", _TAG.sub(" ", normalise(text)[: MAX_LENGTH * 2])).split("\n")
    return "\n".join(line for line in map(squeeze, lines) if line)[:MAX_LENGTH].strip()


def spoken(text: str, diacritics: Diacritics) -> str:
    """Return all of a question as typed, its dates and numbers where they stand, with words written out and marked.

    This is what slots are read from.
    """
    pieces = _PIECE.findall(text)
    is_word = [piece.isalpha() or bool(JOINED.fullmatch(piece.lower())) for piece in pieces]
    raw = [piece if word else _STAND_INS[not any(map(str.isalnum, piece))] for piece, word in zip(pieces, is_word, strict=True)]
    marked = [has_marks(piece) for piece, word in zip(pieces, is_word, strict=True) if word]
    mended = diacritics.mend(written_out(raw, diacritics))
    restored = diacritics.restore(mended, mostly_marked=sum(marked) >= _MOSTLY_MARKED * len(marked))
    kept = iter([piece for piece, word in zip(pieces, is_word, strict=True) if not word])
    return _TIGHT.sub(r"\1", " ".join(next(kept) if word in _STAND_INS else word for word in restored))


def _mended(text: str, diacritics: Diacritics) -> tuple[Mentions, list[str]]:
    """What the text names, and its other words written out."""
    mentions = find_mentions(text)
    return mentions, diacritics.mend(written_out(words(mentions.rest), diacritics))


def _cue_form(exact: list[str], typed: list[bool], position: int) -> str:
    """The form of a token that cues are looked for in: folded, but ``máy`` is not ``mấy``."""
    token = exact[position]
    if token == _POLITE:
        return ""
    following = folded(exact[position + 1]) if position + 1 < len(exact) else ""
    is_machine = (
        token == _MACHINE and (typed[position] or following in _MACHINES) and not (position and folded(exact[position - 1]) == "so")
    )
    return "maymoc" if is_machine else folded(token)


def _party_form(token: str, typed: bool) -> str:
    """The form of a token that parties are looked for in: folded, but ``số`` typed with its mark is no ``sở``."""
    plain = folded(token)
    return "-" if typed and plain in _BODIES and token not in _BODIES.values() and plain != token else plain


def _terms(exact: list[str], typed: list[bool], diacritics: Diacritics) -> tuple[Term, ...]:
    plain = [folded(token) for token in exact]
    joined = [_is_compound(plain, position, diacritics) for position in range(len(plain))]
    mask = topic_mask(exact, typed, joined)
    is_topic = [topic and not (len(token) == 1 and not token.isdigit()) for topic, token in zip(mask, exact, strict=True)]
    others = _other_words(exact, plain)
    is_light = light_mask(exact, typed, joined)
    for position, (alternatives, size) in others.items():
        # a phrase that has synonyms is topic; a lone word only where it stands in no stop phrase
        if alternatives and size > 1:
            is_topic[position] = True
    result = []
    for position, token in enumerate(exact):
        if not is_topic[position]:
            continue
        left = plain[position - 1] if position and is_topic[position - 1] else ""
        right = plain[position + 1] if position + 1 < len(exact) and is_topic[position + 1] else ""
        light = is_light[position]
        result.append(Term(token, plain[position], typed[position], position, left, right, light, others.get(position, ((), 0))[0]))
    return tuple(result)


def _is_compound(plain: list[str], position: int, diacritics: Diacritics) -> bool:
    """A light word that the corpus often joins to its neighbour is half of a topic word (``năm học``, ``cán bộ``)."""
    pairs = [plain[max(0, position - 1) : position + 1], plain[position : position + 2]]
    return any(diacritics.joins(*pair) for pair in pairs if len(pair) == 2)


def _other_words(exact: list[str], plain: list[str]) -> dict[int, tuple[tuple[tuple[str, ...], ...], int]]:
    """For every position inside a phrase that has synonyms, what documents may say instead (longest phrase first)."""
    table, taken = synonyms(), dict[int, tuple[tuple[tuple[str, ...], ...], int]]()
    for size in range(longest_synonym(), 0, -1):
        for start in range(len(plain) - size + 1):
            phrase = tuple(plain[start : start + size]) if size > 1 else (exact[start],)
            if phrase in table and not any(position in taken for position in range(start, start + size)):
                taken.update(dict.fromkeys(range(start, start + size), (table[phrase], size)))
    return taken
