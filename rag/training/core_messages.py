"""Messages whose questions are known, composed of collected questions and of what people write around them."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.language.text import fold, strip_marks
from rag.question.tagger import BEGIN, INSIDE, OUTSIDE, Token
from rag.training.core_sources import (
    WORD,
    Sources,
    filled,
    folded_words,
)

_JOINTS = (
    ". ",
    "? ",
    "\n",
    " và ",
    " với lại ",
    " ngoài ra ",
    "; ",
    " cho em hỏi thêm ",
    " còn nữa, ",
    "\n\n",
    ". Ngoài ra ",
    ", với lại ",
)
EMOJI = ("😊", "🙏", "😭😭", "🤔", "😅", "🥰", "❤️", "👍", ":)", ":((", "=))", "^^", "!!!", "...", "🙏🙏🙏", "😂", "🌹", "🆘")
_AFTER_CIRCUMSTANCE = (*[", "] * 6, ". ", " ")
_TALK_AROUND = 0.1  # of what stands around questions is small talk
_OFTEN = 4  # an ending of so many questions is a part of them

Piece = tuple[str, bool]  # a text, and whether it is a question


@dataclass(frozen=True, slots=True)
class Message:
    """A composed message, and where its questions stand in it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    wrapped: bool


class Edges:
    """Finds wrappings at the ends of a collected question, whose writers were free to greet and to thank."""

    def __init__(self, wrappings: Iterable[tuple[str, str]], questions: Iterable[str]) -> None:
        ends = Counter(tuple(folded_words(question)[-count:]) for question in questions for count in (1, 2))
        pairs = list(wrappings)
        self._befores = {tuple(words) for before, _ in pairs if len(words := folded_words(before)) >= 2}
        afters = {tuple(words) for _, after in pairs if (words := folded_words(after)) and after.replace(" ", "").isalpha()}
        self.particles = {words for words in afters if len(words) <= 2 and ends[words] >= _OFTEN}
        self._afters = {words for words in afters - self.particles if len(words) >= 2}

    def pieces(self, question: str) -> list[Piece]:
        """Return the question in pieces: what is around it, itself, what is around it."""
        found = list(WORD.finditer(question))
        words = [fold(word.group()) for word in found]
        start, end = 0, len(words)
        while size := next((n for n in range(min(14, end - start - 2), 1, -1) if tuple(words[start : start + n]) in self._befores), 0):
            start += size
        asking = (at + n for n in (4, 3) for at in range(start, min(start + 12, end - n - 2)) if tuple(words[at : at + n]) in self._befores)
        start = next((at for at in asking if words[at - 1] == "hoi"), start)  # a word of introduction, then "cho em hỏi"
        while size := next((n for n in range(min(14, end - start - 2), 1, -1) if tuple(words[end - n : end]) in self._afters), 0):
            end -= size
        if start == 0 and end == len(words):
            return [(question, True)]
        first = found[start].start() if start else 0
        last = found[end - 1].end() if end < len(words) else len(question)
        if question[last : last + 1] == "?":
            last += 1
        pieces = [(question[:first], False), (question[first:last], True), (question[last:], False)]
        return [piece for piece in pieces if piece[0].strip()]


class Composer:
    """Draws messages."""

    def __init__(self, sources: Sources, edges: Edges, seed: int) -> None:
        self._sources, self._edges = sources, edges
        self._random = random.Random(seed)

    def message(self) -> Message:
        """Draw a message: 35 % bare questions, the others wrapped, two of them, or none."""
        draw = self._random
        kind = draw.choices(
            ("bare", "before", "after", "both", "befores", "afters", "two", "numbered", "none", "pointed"),
            (35, 17, 10, 9, 7, 2, 9, 2, 7, 1),
        )[0]
        pieces = self._pieces(kind)
        return self._written(pieces, wrapped=kind not in ("bare", "two", "numbered"))

    def _pieces(self, kind: str) -> list[Piece]:
        draw = self._random
        if kind == "none":
            return self._none()
        if kind == "numbered":
            style = draw.choice(("{}) ", "{}. ", "({}) ", "Câu {}: ", "{}/ ", "- ", "{}, "))
            listed: list[Piece] = [(self._before(), False), ("\n", False)] if draw.random() < 0.5 else []
            for number in range(1, draw.choice((3, 3, 4))):
                listed += [(style.format(number), False), *self._question(), (draw.choice(("\n", " ", "; ")), False)]
            return listed
        middle = [(self._pointed(), True)] if kind == "pointed" else self._question()
        if kind == "two":
            joint = draw.choice(_JOINTS)
            joint = joint[1:] if joint[0] in ".?" and middle[-1][0][-1:] in ".?!" else joint
            middle = [*middle, (joint, False), *self._question(plain=True)]
            kind = draw.choice(("bare", "bare", "before", "after", "both"))
        elif kind == "pointed":
            kind = draw.choice(("bare", "before", "after"))
        before: list[Piece] = []
        after: list[Piece] = []
        if kind in ("before", "both", "befores"):
            first = [filled(part, self._sources.slots, draw) for part in draw.choice(self._sources.befores)]
            if draw.random() < _TALK_AROUND:
                first = [self._before(), ""]
            before = [(first[0], False), (self._gap(first[0]), False)]
            if first[1] and kind == "before" and draw.random() < 0.5:
                after = [(self._gap(middle[-1][0], ", "), False), (first[1], False)]
        if kind == "befores":
            second = self._before()
            before += [(second, False), (self._gap(second), False)]
        if kind in ("after", "both", "afters"):
            after = [(self._gap(middle[-1][0], ", "), False), (self._after(), False)]
        if kind == "afters":
            after += [(self._gap(after[-1][0], ". "), False), (self._after(), False)]
        return [*before, *middle, *after]

    def _none(self) -> list[Piece]:
        draw = self._random
        told = [(self._talk(), False)]
        if draw.random() < 0.35:
            told = [(self._before(), False), (" ", False), (self._after() if draw.random() < 0.6 else self._before(), False)]
        elif draw.random() < 0.3:
            told += [(draw.choice((" ", ", ", ". ", "\n")), False), (self._talk(), False)]
        return told

    def _question(self, plain: bool = False) -> list[Piece]:
        pieces = self._edges.pieces(self._random.choice(self._sources.questions))
        return [piece for piece in pieces if piece[1]] if plain else pieces

    def _pointed(self) -> str:
        draw = self._random
        number = "".join(draw.choices("0123456789", k=9))
        gap = draw.choice(("", " ", "."))
        return draw.choice(
            (
                f"0{number[:3]}{gap}{number[3:6]}{gap}{number[6:]}",
                f"{number[:3]}/{draw.choice(('TT-BGDĐT', 'QĐ-UBND', 'SGDĐT-GDPT', 'KH-UBND'))}",
                f"{number[:2]}/20{number[2:4]}/{draw.choice(('TT-BGDĐT', 'NĐ-CP', 'QH15', 'QĐ-TTg'))}",
                f"https://{draw.choice(('csdl', 'quanly', 'thongke'))}.moet.{draw.choice(('gov', 'edu'))}.vn/{number[:3]}",
            )
        )

    def _talk(self, *kinds: str) -> str:
        texts = [text for kind, text in self._sources.smalltalk if not kinds or kind in kinds]
        return filled(self._random.choice(texts), self._sources.slots, self._random)

    def _before(self) -> str:
        if self._random.random() < _TALK_AROUND:
            return self._talk("hello", "thanks", "ok")
        return filled(self._random.choice(self._sources.befores)[0], self._sources.slots, self._random)

    def _after(self) -> str:
        if self._random.random() < _TALK_AROUND:
            return self._talk("thanks", "bye")
        return filled(self._random.choice(self._sources.afters)[1], self._sources.slots, self._random)

    def _gap(self, text: str, mark: str = "") -> str:
        """What stands after ``text``: seldom a line break; ``mark``, now and then, where it ends without one."""
        draw = self._random
        if draw.random() < 0.12:
            return "\n"
        bare = bool(text) and (text[-1].isalnum() or text[-1].isspace())
        return (mark if draw.random() < 0.5 else draw.choice((" ", ". ", ", "))) or " " if bare and mark else " "

    def _written(self, pieces: list[Piece], wrapped: bool) -> Message:
        """Put the pieces together as somebody types them, and note where the questions stand."""
        draw = self._random
        changes: list[Callable[[str], str]] = []
        case = draw.random()
        if draw.random() < 0.3:
            changes.append(strip_marks)
        if case < 0.05:
            changes.append(str.upper)
        elif case < 0.25:
            changes.append(str.lower)
        style = draw.random()
        if style < 0.15:
            changes.append(lambda text: re.sub(r"[.,;:!?]+(?=\s|$)", "", text))
        elif style < 0.3:
            changes.append(lambda text: re.sub(r"\?+\s*$", "", text))
        if draw.random() < 0.04:
            changes.append(lambda text: text.replace(" ", "  "))
        if draw.random() < 0.3:
            pieces = [(text[:1].lower() + text[1:] if asks and text[1:2].islower() else text, asks) for text, asks in pieces]
        if draw.random() < 0.08:
            at = draw.randrange(len(pieces) + 1)
            at = at if at in (0, len(pieces)) or not all(asks for _, asks in pieces[at - 1 : at + 1]) else len(pieces)
            pieces = [*pieces[:at], (f" {draw.choice(EMOJI)} ", False), *pieces[at:]]
        text = ""
        spans: list[tuple[int, int]] = []
        for piece, asks in pieces:
            if asks:
                piece = re.sub(r"^((?:\S+ ){5,}\S*\w), ", rf"\1{draw.choice(_AFTER_CIRCUMSTANCE)}", piece, count=1)
            for change in changes if asks or piece[:1] not in ".?;\n" else ():
                piece = change(piece)
            if text and piece and not text[-1].isspace() and not piece[0].isspace() and (piece[0].isalnum() or text[-1] not in '(["“'):
                text += " " if piece[0].isalnum() or (not asks and piece[0] not in ".,;?!") else ""
            if asks and piece.strip():
                spans.append((len(text), len(text) + len(piece)))
            text += piece
        start = len(text) - len(text.lstrip())
        return Message(text.strip(), tuple((first - start, last - start) for first, last in spans), wrapped)


def gold_labels(message: Message, tokens: Sequence[Token], particles: set[tuple[str, ...]]) -> list[int]:
    """Return the labels of a composed message; particles that close a question belong to it, marks after it do not, but ``?``."""
    labels = [OUTSIDE] * len(tokens)
    for start, end in message.spans:
        inside = [at for at, token in enumerate(tokens) if start <= token.start < end]
        first = [message.text[token.start] for token in tokens]
        while inside and (first[inside[-1]] in ".!…,;:" or first[inside[-1]].isspace()):
            inside.pop()
        while inside and not (first[inside[0]].isalnum() or first[inside[0]] in "\"“'("):
            inside.pop(0)
        if inside and message.text[tokens[inside[-1]].end : tokens[inside[-1]].end + 1] == "?" and inside[-1] + 1 < len(tokens):
            inside.append(inside[-1] + 1)
        for at in inside:
            labels[at] = INSIDE
        if inside:
            labels[inside[0]] = BEGIN
            _take_particles(message.text, tokens, labels, inside[-1] + 1, particles)
    return labels


def _take_particles(text: str, tokens: Sequence[Token], labels: list[int], at: int, particles: set[tuple[str, ...]]) -> None:
    following = [fold(text[token.start : token.end]) for token in tokens[at : at + 3]]
    for count in (2, 1):
        rest = following[count:]
        if len(following) >= count and tuple(following[:count]) in particles and not (rest and rest[0][:1].isalnum()):
            closes = rest[:1] == ["?"]
            labels[at : at + count + closes] = [INSIDE] * (count + closes)
            return
