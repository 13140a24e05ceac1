"""What people think of the answers: 👍, 👎 with an optional reason, which of the provisions offered was meant, and /gopy."""

from __future__ import annotations

import re

from bot.telegram import reading, texts
from bot.telegram.groups import without_name, words_of
from bot.telegram.html import plain
from bot.telegram.turn import CHANNEL, Turn

_PROMPT_OF_REASON = re.compile(re.escape(texts.REASON).replace(re.escape("{id}"), r"([0-9a-f]+)"))


def up(turn: Turn, id: str) -> None:
    """Keep that an answer was good."""
    kept = turn.desk.journal.vote(f"{CHANNEL}:{id}", "up")
    turn.toast(texts.THANKS_UP if kept else texts.STALE)


def down(turn: Turn, id: str) -> None:
    """Keep that an answer was not good, and ask why with buttons in the place of the votes."""
    if not turn.desk.journal.vote(f"{CHANNEL}:{id}", "down"):
        turn.toast(texts.STALE)
        return
    turn.toast(texts.THANKS_DOWN)
    reasons = [(name, f"y:{id}:{key}") for key, name in texts.REASONS.items()]
    other = [(texts.OTHER_REASON, f"y:{id}:?"), (texts.SKIP_REASON, f"y:{id}:")]
    turn.set_buttons([*_other_rows(turn), reasons[:2], reasons[2:], other])


def meant(turn: Turn, id: str, key: str) -> None:
    """Keep which of the provisions offered was meant, where the question is still kept, and show its text."""
    if not reading.show_text(turn, key, 0, in_place=False, words=texts.MEANT):
        return
    place, question = turn.desk.mailbox.place(key), turn.desk.journal.question(f"{CHANNEL}:{id}")
    if place and question:
        turn.set_buttons(_without_rows(turn, "p:"))
        turn.afterwards.append(lambda: turn.desk.picks.add(question, place.document, place.section))


def reason(turn: Turn, id: str, key: str) -> None:
    """Keep why; with ``?`` ask for it in words."""
    if key in texts.REASONS:
        turn.desk.journal.vote(f"{CHANNEL}:{id}", "down", texts.REASONS[key])
    turn.toast(texts.THANKS_UP)
    turn.set_buttons([*_other_rows(turn), [("👍", f"u:{id}"), ("👎", f"d:{id}")]])
    if key == "?":
        turn.ask_back([plain(texts.REASON.format(id=id))], texts.REASON_HINT)


async def on_command(turn: Turn) -> None:
    """Keep what stands behind ``/gopy``, or ask for it."""
    words = words_of(turn.message).partition(" ")[2].strip()
    if words:
        _keep_suggestion(turn, words)
    else:
        turn.ask_back([plain(texts.SUGGEST)], texts.SUGGEST_HINT)


def is_reply_to_prompt(turn: Turn) -> bool:
    """Say whether the message answers one of our own requests for words."""
    replied = turn.message.reply_to_message
    if not turn.message.text or not replied or not replied.from_user or replied.from_user.id != turn.desk.bot_id:
        return False
    return replied.text == texts.SUGGEST or bool(_PROMPT_OF_REASON.fullmatch(replied.text or ""))


def keep_written(turn: Turn) -> None:
    """Keep a reason or a suggestion that was written as a reply."""
    replied = turn.message.reply_to_message
    words = without_name(words_of(turn.message), turn.desk.name)
    found = _PROMPT_OF_REASON.fullmatch(replied.text or "") if replied else None
    if found:
        turn.desk.journal.vote(f"{CHANNEL}:{found.group(1)}", "down", words)
        turn.say([plain(texts.THANKS)])
    else:
        _keep_suggestion(turn, words)


def _keep_suggestion(turn: Turn, words: str) -> None:
    turn.desk.journal.suggest(f"{CHANNEL}:{turn.update.update_id:x}", CHANNEL, turn.alias, words)
    turn.say([plain(texts.THANKS)])


def _other_rows(turn: Turn) -> list[list[tuple[str, str]]]:
    """The rows of buttons under the message that are not about votes."""
    return _without_rows(turn, "u:", "d:", "y:")


def _without_rows(turn: Turn, *kinds: str) -> list[list[tuple[str, str]]]:
    """The rows of buttons under the message whose data does not begin with one of these."""
    markup = getattr(turn.pressed.message, "reply_markup", None)
    rows = markup.inline_keyboard if markup else ()
    return [[(button.text, str(button.callback_data)) for button in row] for row in rows if not str(row[0].callback_data).startswith(kinds)]
