"""What people think of the answers: 👍, 👎 with an optional reason, which of the provisions offered was meant, and /gopy."""

from __future__ import annotations

from bot.messenger import reading, texts
from bot.messenger.desk import Buttons
from bot.messenger.exchange import Exchange
from bot.messenger.runs import plain


def up(exchange: Exchange, id: str) -> None:
    """Keep that an answer was good."""
    kept = exchange.desk.service.kept.journal.vote(exchange.in_journal(id), "up")
    exchange.toast(texts.THANKS_UP if kept else texts.STALE)


def down(exchange: Exchange, id: str) -> None:
    """Keep that an answer was not good, and ask why with buttons in the place of the votes."""
    if not _found_wrong(exchange, id):
        exchange.toast(texts.STALE)
        return
    exchange.toast(texts.THANKS_DOWN)
    reasons = [(name, f"y:{id}:{key}") for key, name in texts.REASONS.items()]
    other = [(texts.OTHER_REASON, f"y:{id}:?"), (texts.SKIP_REASON, f"y:{id}:")]
    exchange.set_buttons([*_other_rows(exchange), reasons[:2], reasons[2:], other])


def send_to_admin(exchange: Exchange, id: str) -> None:
    """Put the question on the list of what an admin may teach, once, and take the button away."""
    question = exchange.desk.mailbox.answers.question(exchange.chat, id)
    if not exchange.desk.service.kept.journal.send(exchange.in_journal(id), "", question):
        exchange.toast(texts.STALE, alert=True)
        return
    exchange.toast(texts.SENT_TO_ADMIN, alert=True)
    exchange.set_buttons(_without_rows(exchange, "s:"))


def meant(exchange: Exchange, id: str, key: str) -> None:
    """Keep which of the provisions offered was meant, where the question is still kept, and show its text."""
    if not reading.show_text(exchange, key, 0, in_place=False, words=texts.MEANT, id=id):
        return
    place, question = exchange.desk.mailbox.place(key), exchange.desk.service.kept.journal.question(exchange.in_journal(id))
    if place and question:
        exchange.set_buttons(_without_rows(exchange, "p:"))
        exchange.afterwards.append(lambda: exchange.desk.service.kept.picks.add(question, place.document, place.section))


def reason(exchange: Exchange, id: str, key: str) -> None:
    """Keep why; with ``?`` ask for it in words."""
    if key in texts.REASONS:
        _found_wrong(exchange, id, texts.REASONS[key])
    exchange.toast(texts.THANKS_UP)
    exchange.set_buttons([*_other_rows(exchange), [("👍", f"u:{id}"), ("👎", f"d:{id}")]])
    if key == "?":
        kept = exchange.desk.mailbox.answers.find(exchange.chat, id)
        exchange.ask_back(
            [plain(texts.REASON.format(question=kept.name) if kept else texts.SUGGEST)], texts.REASON_HINT, id if kept else ""
        )


def _found_wrong(exchange: Exchange, id: str, reason: str = "") -> bool:
    """Keep that an answer was not good, with the words of its question; ``False`` when it is no longer noted."""
    return exchange.desk.service.kept.journal.vote(
        exchange.in_journal(id), "down", reason, exchange.desk.mailbox.answers.question(exchange.chat, id)
    )


async def on_command(exchange: Exchange) -> None:
    """Keep what stands behind ``/gopy``, or ask for it."""
    if words := exchange.behind_command:
        _keep_suggestion(exchange, words)
    else:
        exchange.ask_back([plain(texts.SUGGEST)], texts.SUGGEST_HINT)


def keep_written(exchange: Exchange) -> None:
    """Keep a reason or a suggestion that was written as a reply; a prompt is an answer's id, or its question's name."""
    answers, prompt = exchange.desk.mailbox.answers, exchange.prompt or ""
    kept = answers.find(exchange.chat, prompt) or answers.called(exchange.chat, prompt)
    if kept:
        _found_wrong(exchange, kept.id, exchange.words)
        exchange.say([plain(texts.THANKS)])
    else:
        _keep_suggestion(exchange, exchange.words)


def _keep_suggestion(exchange: Exchange, words: str) -> None:
    exchange.desk.service.kept.journal.suggest(exchange.journal_id, exchange.desk.channel, exchange.alias, words)
    exchange.say([plain(texts.THANKS)])


def _other_rows(exchange: Exchange) -> Buttons:
    """The rows of buttons under the message that are not about votes."""
    return _without_rows(exchange, "u:", "d:", "y:")


def _without_rows(exchange: Exchange, *kinds: str) -> Buttons:
    """The rows of buttons under the message whose data does not begin with one of these."""
    return [row for row in exchange.rows if not row[0][1].startswith(kinds)]
