"""What people think of the answers: 👍, 👎 with an optional reason, which of the provisions offered was meant, and /gopy."""

from __future__ import annotations

from bot.messenger import reading, texts
from bot.messenger.desk import Buttons
from bot.messenger.runs import plain
from bot.messenger.turn import Turn


def up(turn: Turn, id: str) -> None:
    """Keep that an answer was good."""
    kept = turn.desk.journal.vote(turn.in_journal(id), "up")
    turn.toast(texts.THANKS_UP if kept else texts.STALE)


def down(turn: Turn, id: str) -> None:
    """Keep that an answer was not good, and ask why with buttons in the place of the votes."""
    if not _found_wrong(turn, id):
        turn.toast(texts.STALE)
        return
    turn.toast(texts.THANKS_DOWN)
    reasons = [(name, f"y:{id}:{key}") for key, name in texts.REASONS.items()]
    other = [(texts.OTHER_REASON, f"y:{id}:?"), (texts.SKIP_REASON, f"y:{id}:")]
    turn.set_buttons([*_other_rows(turn), reasons[:2], reasons[2:], other])


def send_to_admin(turn: Turn, id: str) -> None:
    """Put the question on the list of what an admin may teach, once, and take the button away."""
    question = turn.desk.mailbox.answers.question(turn.chat, id)
    if not turn.desk.journal.send(turn.in_journal(id), "", question):
        turn.toast(texts.STALE, alert=True)
        return
    turn.toast(texts.SENT_TO_ADMIN, alert=True)
    turn.set_buttons(_without_rows(turn, "s:"))


def meant(turn: Turn, id: str, key: str) -> None:
    """Keep which of the provisions offered was meant, where the question is still kept, and show its text."""
    if not reading.show_text(turn, key, 0, in_place=False, words=texts.MEANT, id=id):
        return
    place, question = turn.desk.mailbox.place(key), turn.desk.journal.question(turn.in_journal(id))
    if place and question:
        turn.set_buttons(_without_rows(turn, "p:"))
        turn.afterwards.append(lambda: turn.desk.picks.add(question, place.document, place.section))


def reason(turn: Turn, id: str, key: str) -> None:
    """Keep why; with ``?`` ask for it in words."""
    if key in texts.REASONS:
        _found_wrong(turn, id, texts.REASONS[key])
    turn.toast(texts.THANKS_UP)
    turn.set_buttons([*_other_rows(turn), [("👍", f"u:{id}"), ("👎", f"d:{id}")]])
    if key == "?":
        kept = turn.desk.mailbox.answers.find(turn.chat, id)
        turn.ask_back([plain(texts.REASON.format(question=kept.name) if kept else texts.SUGGEST)], texts.REASON_HINT, id if kept else "")


def _found_wrong(turn: Turn, id: str, reason: str = "") -> bool:
    """Keep that an answer was not good, with the words of its question; ``False`` when it is no longer noted."""
    return turn.desk.journal.vote(turn.in_journal(id), "down", reason, turn.desk.mailbox.answers.question(turn.chat, id))


async def on_command(turn: Turn) -> None:
    """Keep what stands behind ``/gopy``, or ask for it."""
    if words := turn.behind_command:
        _keep_suggestion(turn, words)
    else:
        turn.ask_back([plain(texts.SUGGEST)], texts.SUGGEST_HINT)


def keep_written(turn: Turn) -> None:
    """Keep a reason or a suggestion that was written as a reply; a prompt is an answer's id, or its question's name."""
    answers, prompt = turn.desk.mailbox.answers, turn.prompt or ""
    kept = answers.find(turn.chat, prompt) or answers.called(turn.chat, prompt)
    if kept:
        _found_wrong(turn, kept.id, turn.words)
        turn.say([plain(texts.THANKS)])
    else:
        _keep_suggestion(turn, turn.words)


def _keep_suggestion(turn: Turn, words: str) -> None:
    turn.desk.journal.suggest(turn.journal_id, turn.desk.channel, turn.alias, words)
    turn.say([plain(texts.THANKS)])


def _other_rows(turn: Turn) -> Buttons:
    """The rows of buttons under the message that are not about votes."""
    return _without_rows(turn, "u:", "d:", "y:")


def _without_rows(turn: Turn, *kinds: str) -> Buttons:
    """The rows of buttons under the message whose data does not begin with one of these."""
    return [row for row in turn.rows if not row[0][1].startswith(kinds)]
