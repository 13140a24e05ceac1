"""One turn of a conversation: a question answered alone, and with what went before it; what is remembered of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.answers import base
from rag.answers.base import Reply
from rag.answers.deciding import Asking, Offer
from rag.answers.families import answer
from rag.answers.outcomes import Refused
from rag.answers.sections import show
from rag.answers.sureness import SECOND_READING
from rag.answers.trace import NTH, Trace
from rag.choosing.evidence import Words
from rag.choosing.features import Before
from rag.documents import Answer
from rag.finding.choice import Choice
from rag.finding.school_year import outlived, over_note
from rag.finding.search import Searcher
from rag.language.honorifics import NAME_WORD, SIGNING
from rag.language.numbers import clean_number, find_numbers, same_number
from rag.question.audience import Audience, with_levels
from rag.question.conversation import Conversation
from rag.question.followup import asks_for_person, goes_on, is_half, merge
from rag.question.items import nth_of_before
from rag.question.understanding import Question, bank_words, understand

_KEPT_KINDS = ("document", "contact", "address", "deadline")
_PERSON = re.compile(rf"(?:{SIGNING})\s+((?:{NAME_WORD}\s?){{2,5}})")


_SMALL_TALK = {
    "hello": "Xin chào! Tôi tra cứu các văn bản chỉ đạo của ngành giáo dục và luôn dẫn nguồn. Thầy cô muốn hỏi gì?",
    "thanks": "Rất vui được giúp thầy cô. Thầy cô cần hỏi gì thêm cứ nhắn nhé.",
    "bye": "Tạm biệt thầy cô. Khi cần tra cứu, thầy cô cứ quay lại nhé.",
    "ok": "Vâng. Thầy cô cần hỏi gì thêm cứ nhắn nhé.",
    "help": (
        "Tôi là Tra Cứu: tôi trả lời từ văn bản chỉ đạo của ngành giáo dục và luôn dẫn số văn bản, mục, trang và nguyên văn. "
        "Thầy cô có thể hỏi về thời hạn báo cáo, đầu mối liên hệ, địa chỉ phần mềm, nhiệm vụ của từng đơn vị, số hiệu và nội dung văn bản. "
        "Ví dụ: “Bao giờ nộp báo cáo sơ kết học kì 1?”, “Liên hệ ai về thống kê giáo dục?”, “QĐ 4725 về việc gì?”"
    ),
}
_EMPTY = "Thầy cô chưa nhập câu hỏi. Hãy hỏi một câu, ví dụ: “Bao giờ nộp báo cáo sơ kết học kì 1?”"
_REMEMBERED = 2  # questions
_OWN_WORDS = 2  # topic words; who says more than that starts anew or says it in words of the answer
_ITEM_WORDS = 4  # topic words at most of a question about the nth item


@dataclass(frozen=True, slots=True)
class Found:
    """Who found it, the answer, what it is made from (``None`` where nothing is claimed), how the question was understood.

    ``own`` is the question as it stands alone, ``sureness`` how sure (0-1) the chooser was, ``offer`` what is offered, ``told``
    the documents of which a note says that their school year is over. ``trace`` says how it came about; ``None`` for small talk.
    Of several questions of one message, ``parts`` are what was found for each, in order. ``places``: those that the
    conversation is of now.
    """

    searcher: Searcher
    answer: Answer
    reply: Reply | None
    meant: Question
    own: Question
    sureness: float
    offer: Offer | None = None
    told: tuple[str, ...] = ()
    trace: Trace | None = None
    parts: tuple[Found, ...] = ()
    places: tuple[str, ...] = ()


def small_talk(searcher: Searcher, text: str, kind: str) -> Found:
    """Return what is said to a message that asks nothing: a greeting, thanks …; to an empty one that it is empty."""
    asked = understand(text, searcher.diacritics)
    made = base.chat(text, _SMALL_TALK[kind]) if kind else base.not_found(searcher, text, _EMPTY, [])
    return Found(searcher, made, None, asked, asked, 1.0)


def refused_after_all(found: Found, refused: Refused, notes: tuple[str, ...] = ()) -> Found:
    """Return a refusal with its reason in the place of what was found."""
    made = base.not_found(found.searcher, found.answer.question, refused.told, [], notes)
    trace = replace(found.trace, kind="", refused=refused) if found.trace else None
    return replace(found, answer=replace(made, why=refused.why), reply=None, offer=None, trace=trace)


def answer_turn(
    searcher: Searcher, asked: Question, conversation: Conversation, audience: frozenset[Audience], today: date, taught: Choice | None
) -> Found:
    """Answer a question, and say once a conversation of a directive whose school year is over that it is.

    ``taught`` is what an admin taught ``searcher`` of it.
    """
    return with_year_told(_answered(searcher, asked, conversation, audience, today, taught), conversation, today)


def with_year_told(found: Found, conversation: Conversation, today: date) -> Found:
    """Add the notes on directives whose school year is over, where they were not told yet."""
    if found.answer.status != "answered":
        return found
    searcher, notes, told = found.searcher, [], []
    cited = list(dict.fromkeys(citation.document for citation in found.answer.citations))
    for number in cited:
        if number in conversation.told:
            continue
        head = searcher.store.head(number) if not searcher.documents[number].title else None
        if year := outlived(searcher.documents[number], searcher.validity(number, today), today, head.text if head else ""):
            notes.append(over_note(searcher.documents[number], year, alone=len(cited) == 1))
            told.append(number)
    return replace(found, answer=replace(found.answer, notes=(*found.answer.notes, *notes)), told=tuple(told)) if told else found


def _answered(
    searcher: Searcher, asked: Question, conversation: Conversation, audience: frozenset[Audience], today: date, taught: Choice | None
) -> Found:
    """Answer a question alone, and with what went before it; what the chooser is surer of counts.

    A question that shows to be a follow-up counts alone only where that makes nothing of it, and alone is very sure.
    """
    if ordinal := _nth(searcher, asked, conversation):
        made_of = base.answered(searcher, asked.text, ordinal, today)
        return Found(searcher, made_of, ordinal, asked, asked, 1.0, trace=Trace(asked, kind=NTH))
    readings = _readings(searcher, asked, conversation, audience)
    likely, *others = [(answer(searcher, replace(one, taught=taught), today), one.question) for one in readings]
    made, meant = likely
    marked = goes_on(asked, conversation)
    for other, question in others:
        enough = SECOND_READING if marked else made.sureness
        if not marked and not _shares_words(asked, other.answer):
            continue
        if other.reply is not None and other.sureness > enough and (made.reply is None or not marked):
            made, meant = other, question
    return Found(searcher, made.answer, made.reply, meant, asked, made.sureness, made.offer, trace=made.trace)


def _readings(searcher: Searcher, asked: Question, conversation: Conversation, audience: frozenset[Audience]) -> list[Asking]:
    alone = _asked_by(asked, audience)
    half = is_half(asked) and (conversation.left or not conversation.asked)
    merged = merge(asked, conversation, searcher.diacritics, searcher.fields)
    if merged is None:
        return [Asking(alone, alone, half=half)]
    unsure = conversation.left and not (merged.mentions.numbers or asks_for_person(asked))
    follows = Asking(_asked_by(merged, audience), alone, _before(searcher, asked, conversation), half=unsure)
    return [follows, Asking(alone, alone, half=half)] if goes_on(asked, conversation) else [Asking(alone, alone), follows]


def _shares_words(asked: Question, made: Answer) -> bool:
    """Whether what answers the question with the topic before it has a word of its own, where it has enough of them to be one itself."""
    if len(asked.terms) <= _OWN_WORDS:
        return True
    said = Words(" ".join([made.text, *(citation.quote for citation in made.citations)]))
    return any(term.exact in said.exact or (not term.typed and term.folded in said.folded) for term in asked.terms)


def _before(searcher: Searcher, question: Question, conversation: Conversation) -> Before | None:
    """What a conversation adds to the question: the words of the last ones, and the provisions that were cited."""
    if not conversation.asked:
        return None
    words = [word for said in conversation.asked for word in said.split()]
    places = [place.partition("|") for place in conversation.sections]
    cited = [provision.id for number, _, section in places if (provision := searcher.store.section(number, section))]
    return searcher.before([*words, *bank_words(question)], cited, searcher.bank)


def _asked_by(question: Question, audience: frozenset[Audience]) -> Question:
    return replace(question, audience=with_levels(question.audience, question.whole, audience))


def _named_documents(question: Question, made: Answer, reply: Reply) -> list[str]:
    """The documents that "văn bản đó" means next: those the answer is about, or the one it newly brought up."""
    mentioned = list(dict.fromkeys(clean_number(found.group()) for found in find_numbers(made.text)))
    new = [number for number in mentioned if not any(same_number(number, asked.text) for asked in question.mentions.numbers)]
    if reply.numbers:
        return new[:1] if question.kind == "document" and question.mentions.numbers and new else list(reply.numbers)
    return mentioned if len(mentioned) == 1 else []


def _nth(searcher: Searcher, question: Question, conversation: Conversation) -> Reply | None:
    """``nhóm thứ 2 là gì?`` after a list: the item of that number in what was cited last."""
    number = nth_of_before(question)
    if not number or len(question.terms) > _ITEM_WORDS:
        return None
    for place in conversation.sections:
        document, _, section = place.partition("|")
        whole = re.sub(r"\(\d+\)$", "", section)
        item = searcher.store.section(document, f"{whole}({number})")
        if item is not None:
            return show(searcher, item)
    return None


def remember(conversation: Conversation, found: Found) -> None:
    """Keep what the next question may go on with; of what was not answered, that the conversation has left what was."""
    conversation.places = list(found.places)
    if found.reply is None:
        conversation.left = conversation.left or (found.trace is not None and not goes_on(found.own, conversation))
        return
    conversation.left = False
    question, made, reply = found.meant, found.answer, found.reply
    conversation.told = [*conversation.told, *found.told]
    if not (asks_for_person(question) and reply.kind == "contact"):
        conversation.topic = question.topic or conversation.topic
    conversation.kind = reply.kind if reply.kind in _KEPT_KINDS else question.kind
    conversation.numbers = _named_documents(question, made, reply)
    conversation.sections = [f"{citation.document}|{citation.section}" for citation in made.citations]
    conversation.audience = sorted(question.audience)
    conversation.asked = [*conversation.asked, " ".join(bank_words(found.own))][-_REMEMBERED:]
    conversation.people = list(reply.people) or [name.strip() for name in _PERSON.findall(made.text)][-1:]
