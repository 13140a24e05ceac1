"""Inline mode: ``@bot hạn nộp báo cáo`` in any chat gives cited snippets to send there."""

from __future__ import annotations

import logging

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, LinkPreviewOptions
from telegram.error import TelegramError

from bot.messenger.answers import shown
from bot.messenger.mailbox import Place
from bot.messenger.runs import Run, italic, quote
from bot.telegram.exchange import TelegramExchange
from bot.telegram.html import messages
from rag.documents import Answer
from rag.finding.search import Hit
from rag.language.text import squeeze
from rag.question.conversation import Conversation

_log = logging.getLogger(__name__)
_RESULTS = 8
_NEAREST = 3  # where nothing answers
_WORDS = 8  # a heading alone is no snippet
_KEPT_BY_TELEGRAM = 30  # seconds; short, since the index may change
_SNIPPET = 700
_TITLE = 60
_DESCRIPTION = 120


async def on_query(exchange: TelegramExchange) -> None:
    """Offer the answer and the nearest provisions, to each person as often as they may ask; nothing is kept of it."""
    query = exchange.update.inline_query
    assert query
    results: list[InlineQueryResultArticle] = []
    label = "Không thấy? Nhắn riêng cho Tra Cứu" if query.query.strip() else "Gõ câu hỏi, hoặc nhắn riêng cho Tra Cứu"
    if query.query.strip() and exchange.desk.flood.check(f"@{exchange.user}") != "pass":  # what is typed here stops no question elsewhere
        label = "Gõ nhanh quá, chờ một phút rồi gõ tiếp"
    elif query.query.strip():
        service = exchange.desk.service
        answer = (await service.ask(query.query, Conversation(), exchange.person.audience)).answer
        telling = [hit for hit in (await service.search(query.query, _RESULTS)).hits if len(hit.text.split()) >= _WORDS]
        near = telling if answer.status == "answered" else telling[:_NEAREST]
        results = _answered(answer) + _offered(answer) + [_found(hit) for hit in near]
    button = InlineQueryResultsButton(label, start_parameter="hoi")
    try:
        await query.answer(_unique(results)[:_RESULTS], cache_time=_KEPT_BY_TELEGRAM, is_personal=True, button=button)
    except TelegramError as error:  # people type on: an old query is no longer wanted
        _log.info("Không trả lời được một lần gõ @: %s", error)


def _answered(answer: Answer) -> list[InlineQueryResultArticle]:
    if answer.status != "answered":
        return []
    citation = answer.citations[0]
    text, _, _ = shown(answer, "")
    return [_article(Place(citation.document, citation.section), f"✅ {answer.text.removeprefix('- ')}", citation.label, text)]


def _offered(answer: Answer) -> list[InlineQueryResultArticle]:
    if answer.status != "offered":
        return []
    return [_quoted(Place(one.document, one.section), one.label, one.quote) for one in answer.citations]


def _found(hit: Hit) -> InlineQueryResultArticle:
    return _quoted(Place(hit.document, hit.section), hit.label, hit.text)


def _quoted(place: Place, label: str, text: str) -> InlineQueryResultArticle:
    words = text if len(text) <= _SNIPPET else text[:_SNIPPET].rsplit(" ", 1)[0] + " …"
    return _article(place, label, words, [quote(f"“{words}”"), italic(f"\n— {label}")])


def _article(place: Place, title: str, description: str, text: list[Run]) -> InlineQueryResultArticle:
    content = InputTextMessageContent(messages(text)[0], parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True))
    return InlineQueryResultArticle(place.key, _cut(title, _TITLE), content, description=_cut(description, _DESCRIPTION))


def _cut(text: str, limit: int) -> str:
    flat = squeeze(text)
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0] + "…"


def _unique(results: list[InlineQueryResultArticle]) -> list[InlineQueryResultArticle]:
    first: dict[str, InlineQueryResultArticle] = {}
    for result in results:
        first.setdefault(result.id, result)
    return list(first.values())
