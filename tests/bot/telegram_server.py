"""A Bot API server for tests and benchmarks: real HTTP, as strict as Telegram, with faults on demand.

It runs in a thread. Tests write as users (``says``, ``presses``, ``looks_up``), and read what the bot said (``sent``).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import tornado.httpserver
import tornado.netutil
import tornado.web

from tests.bot import telegram_calls as calls
from tests.bot.telegram_calls import Refused

TOKEN = "123456:TEST-token_of_the-simulator_AAAA"
NAME = "tracuu_bot"
BOT = {"id": 123456, "is_bot": True, "first_name": "Tra Cứu", "username": NAME}
FaultKind = Literal["401", "proxy", "nameless", "429", "500", "502", "hang", "lost", "reset", "garbage"]


@dataclass(slots=True)
class Sent:
    """A message that the bot sent: ``text`` as people see it, ``html`` as it came."""

    chat: int
    id: int
    text: str
    html: str
    at: float
    buttons: list[tuple[str, str]] = field(default_factory=list)
    reply_to: int = 0
    markup: dict[str, Any] = field(default_factory=dict)
    edits: int = 0
    is_deleted: bool = False
    file: tuple[str, bytes] = ("", b"")

    def data_of(self, label: str) -> str:
        """The data of the first button whose label contains ``label``."""
        return next(data for name, data in self.buttons if label in name)


@dataclass(slots=True)
class Fault:
    """What happens to the next ``times`` calls of a method, after ``skip`` good ones, in ``chat`` only where given."""

    method: str
    kind: FaultKind
    times: int = 1
    skip: int = 0
    chat: int = 0
    seconds: float = 1.0


class TelegramServer:
    """The server; ``url`` is its address."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[str] = []
        self.faults: list[Fault] = []
        self.blocked: set[int] = set()
        self.chats: dict[int, str] = {}
        self.delivered: dict[int, float] = {}
        self.toasts: list[str] = []
        self.results: dict[str, list[dict[str, Any]]] = {}
        self.webhook: dict[str, Any] = {}
        self.keep_calls = True
        self.bots: list[subprocess.Popen[bytes]] = []
        self._messages: dict[tuple[int, int], dict[str, Any]] = {}
        self._pending: list[dict[str, Any]] = []
        self._presses: set[str] = set()
        self._polls = 0
        self._ids = itertools.count(1)
        self._update_ids = itertools.count(7000)
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._arrived: asyncio.Event
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    # --- what users do ---

    def says(self, user: int, text: str, chat: int | None = None, *, edit: int = 0, **more: Any) -> int:
        """A user writes (in a private chat, or in ``chat``); returns the update's id. ``edit`` is an own message, written anew."""
        chat = chat or user
        message = self._message(user, chat) | {"text": text, "entities": calls.entities(text)} | more
        if edit:
            message |= {"message_id": edit, "edit_date": int(time.time())}
        self._messages[chat, message["message_id"]] = message
        return self._push({"edited_message" if edit else "message": message})

    def sends(self, user: int, chat: int | None = None, **content: Any) -> int:
        """A user sends something that is no text: ``voice={…}``, ``document={…}``."""
        message = self._message(user, chat or user) | content
        self._messages[chat or user, message["message_id"]] = message
        return self._push({"message": message})

    def presses(self, user: int, sent: Sent, label: str, data: str | None = None) -> int:
        """A user presses a button."""
        id = f"press{next(self._ids)}"
        self._presses.add(id)
        query = {
            "id": id,
            "from": _user(user),
            "chat_instance": "1",
            "data": data or sent.data_of(label),
            "message": self._messages[sent.chat, sent.id],
        }
        return self._push({"callback_query": query})

    def looks_up(self, user: int, words: str) -> str:
        """A user types ``@bot words`` in some chat; returns the query's id."""
        id = f"inline{next(self._ids)}"
        self._push({"inline_query": {"id": id, "from": _user(user), "query": words, "offset": ""}})
        return id

    def moves_the_bot(self, user: int, chat: int, before: str, now: str) -> int:
        """A user puts the bot into a chat, promotes it, blocks it … (``member``, ``administrator``, ``left``, ``kicked``)."""
        where = self._message(user, chat)["chat"]
        old, new = ({"user": BOT, "status": status} | calls.MEMBERS.get(status, {}) for status in (before, now))
        changed = {"chat": where, "from": _user(user), "date": int(time.time()), "old_chat_member": old, "new_chat_member": new}
        return self._push({"my_chat_member": changed})

    def push_together(self, *updates: dict[str, Any]) -> None:
        """Deliver updates made by hand with one poll."""
        self._pending += updates
        self._loop.call_soon_threadsafe(self._arrived.set)

    def repeats(self, update: dict[str, Any]) -> None:
        """Deliver an update again, under the same id."""
        self._pending.append(update)
        self._loop.call_soon_threadsafe(self._arrived.set)

    def last_message_of(self, user: int, chat: int | None = None) -> int:
        """The id of the last message that a user wrote in a chat."""
        return max(id for (where, id), message in self._messages.items() if where == (chat or user) and message["from"]["id"] == user)

    def update(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        """An update made by hand."""
        return {"update_id": next(self._update_ids), kind: value}

    # --- what tests read ---

    def to(self, chat: int) -> list[Sent]:
        """What the bot said in a chat and did not take back."""
        return [sent for sent in self.sent if sent.chat == chat and not sent.is_deleted]

    def ages(self, sent: Sent, hours: float) -> None:
        """Let a message be as old as this."""
        self._messages[sent.chat, sent.id]["date"] = int(time.time() - hours * 3600)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something holds; it is looked at after every call of the bot's, and now and then."""
        end = time.monotonic() + seconds
        with self._changed:
            while not condition():
                assert time.monotonic() < end, f"không xảy ra sau {seconds} giây; từ chối: {self.refused}"
                self._changed.wait(0.05)

    def answer_to(self, user: int, text: str, chat: int | None = None, **more: Any) -> Sent:
        """Write as a user and return the last message of the reply."""
        before = len(self.to(chat or user))
        self.says(user, text, chat, **more)
        self.wait_for(lambda: len(self.to(chat or user)) > before)
        return self.to(chat or user)[-1]

    def forget(self) -> None:
        """Forget what was said, so that a long run keeps its memory."""
        self.sent.clear()
        self.calls.clear()
        self.delivered.clear()
        self._messages.clear()

    def close(self) -> None:
        """Stop the server, and every bot that a failed test left behind."""
        for bot in self.bots:
            bot.kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # --- the server ---

    def _run(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._arrived = asyncio.Event()
        sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        self.port = sockets[0].getsockname()[1]
        web = tornado.web.Application([(r"/bot([^/]+)/(\w+)", _Handler, {"server": self})], log_function=lambda handler: None)
        self._http = tornado.httpserver.HTTPServer(web)
        self._http.add_sockets(sockets)
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()

    def _message(self, user: int, chat: int) -> dict[str, Any]:
        self.chats.setdefault(chat, "private" if chat > 0 else "supergroup")
        kind = self.chats[chat]
        where = {"id": chat, "type": kind} | ({"title": "Tổ chuyên môn"} if chat < 0 else {"first_name": f"Cô {chat}"})
        return {"message_id": next(self._ids), "date": int(time.time()), "chat": where, "from": _user(user)}

    def _push(self, content: dict[str, Any]) -> int:
        update = {"update_id": next(self._update_ids)} | content
        self._pending.append(update)
        self._loop.call_soon_threadsafe(self._arrived.set)
        return int(update["update_id"])

    def notify(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._changed.notify_all()

    def fault_for(self, method: str, given: dict[str, Any]) -> Fault | None:
        """The fault that this call meets."""
        for fault in self.faults:
            if fault.method == method and fault.times > 0 and fault.chat in (0, int(given.get("chat_id", 0) or 0)):
                if fault.skip > 0:
                    fault.skip -= 1
                else:
                    fault.times -= 1
                    return fault
        return None

    async def call(self, method: str, given: dict[str, Any]) -> Any:
        """Do what a method does."""
        act = getattr(self, f"_do_{method}", None)
        if act is None:
            raise Refused(404, "Not Found")
        if self.keep_calls and method != "getUpdates":
            self.calls.append((method, given))
        result = act(given)
        if asyncio.iscoroutine(result):
            result = await result
        self.notify()
        return result

    def _do_getMe(self, given: dict[str, Any]) -> Any:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}

    def _do_deleteWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    def _do_setWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = given
        return True

    def _do_setMyCommands(self, given: dict[str, Any]) -> Any:
        calls.known(given, "commands scope language_code")
        for command in given["commands"]:
            if not 1 <= len(command["command"]) <= 32 or not command["command"].islower() or not 1 <= len(command["description"]) <= 256:
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    async def _do_getUpdates(self, given: dict[str, Any]) -> Any:
        offset, timeout = int(given.get("offset", 0)), float(given.get("timeout", 0))
        self._pending = [update for update in self._pending if update["update_id"] >= offset or update["update_id"] in self.delivered]
        self._pending = [update for update in self._pending if not (update["update_id"] < offset and update["update_id"] in self.delivered)]
        self._polls += 1
        self.notify()
        poll = self._polls
        end = time.monotonic() + timeout
        while not self._pending and time.monotonic() < end and poll == self._polls:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), max(end - time.monotonic(), 0.001))
            except TimeoutError:
                break
        if poll != self._polls:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        batch = self._pending[: int(given.get("limit", 100))]
        now = time.monotonic()
        for update in batch:
            self.delivered.setdefault(update["update_id"], now)
        return batch

    def _do_sendChatAction(self, given: dict[str, Any]) -> Any:
        self._chat(given)
        return True

    def _do_sendMessage(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        calls.known(
            given, "chat_id text parse_mode reply_markup reply_parameters message_thread_id link_preview_options disable_notification"
        )
        shown = calls.text(given)
        buttons = calls.buttons(given)
        reply = given.get("reply_parameters") or {}
        if reply and (chat, reply["message_id"]) not in self._messages and not reply.get("allow_sending_without_reply"):
            raise Refused(400, "Bad Request: message to be replied not found")
        id = next(self._ids)
        markup = given.get("reply_markup") or {}
        message = {"message_id": id, "date": int(time.time()), "chat": {"id": chat, "type": self.chats[chat]}, "from": BOT, "text": shown}
        if "inline_keyboard" in markup:
            message["reply_markup"] = markup
        self._messages[chat, id] = message
        self.sent.append(Sent(chat, id, shown, given["text"], time.monotonic(), buttons, reply.get("message_id", 0), markup))
        return message

    def _do_sendDocument(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        calls.known(given, "chat_id document caption message_thread_id disable_notification")
        name, content = calls.file(given.get("document"))
        id = next(self._ids)
        message = {"message_id": id, "date": int(time.time()), "chat": {"id": chat, "type": self.chats[chat]}, "from": BOT}
        message |= {"document": {"file_id": f"f{id}", "file_unique_id": f"u{id}", "file_name": name}, "caption": given.get("caption", "")}
        self._messages[chat, id] = message
        self.sent.append(Sent(chat, id, given.get("caption", ""), "", time.monotonic(), file=(name, content)))
        return message

    def _do_editMessageText(self, given: dict[str, Any]) -> Any:
        calls.known(given, "chat_id message_id text parse_mode reply_markup link_preview_options")
        return self._edit(given, calls.text(given))

    def _do_editMessageReplyMarkup(self, given: dict[str, Any]) -> Any:
        calls.known(given, "chat_id message_id reply_markup")
        return self._edit(given, None)

    def _edit(self, given: dict[str, Any], shown: str | None) -> Any:
        chat = self._chat(given)
        message = self._messages.get((chat, int(given["message_id"])))
        if message is None or message["from"]["id"] != BOT["id"]:
            raise Refused(400, "Bad Request: message to edit not found")
        if "force_reply" in next(sent for sent in self.sent if sent.chat == chat and sent.id == message["message_id"]).markup:
            raise Refused(400, "Bad Request: message can't be edited")
        buttons, markup = calls.buttons(given), given.get("reply_markup") or {}
        if (shown is None or shown == message["text"]) and markup.get("inline_keyboard", []) == message.get("reply_markup", {}).get(
            "inline_keyboard", []
        ):
            raise Refused(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")
        sent = next(sent for sent in self.sent if sent.chat == chat and sent.id == message["message_id"])
        if shown is not None:
            message["text"] = sent.text = shown
            sent.html = given["text"]
        message["reply_markup"] = sent.markup = markup
        sent.buttons = buttons
        sent.edits += 1
        return message

    def _do_deleteMessage(self, given: dict[str, Any]) -> Any:
        calls.known(given, "chat_id message_id")
        chat, id = self._chat(given), int(given["message_id"])
        sent = next((sent for sent in self.to(chat) if sent.id == id), None)
        if sent is None:
            raise Refused(400, "Bad Request: message to delete not found")
        if time.time() - self._messages[chat, id]["date"] > 48 * 3600:
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        sent.is_deleted = True
        return True

    def _do_answerCallbackQuery(self, given: dict[str, Any]) -> Any:
        if given["callback_query_id"] not in self._presses:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self._presses.discard(given["callback_query_id"])
        self.toasts.append(given.get("text", ""))
        return True

    def _do_answerInlineQuery(self, given: dict[str, Any]) -> Any:
        results = given["results"]
        if len(results) > 50 or len({result["id"] for result in results}) < len(results):
            raise Refused(400, "Bad Request: RESULT_ID_DUPLICATE")
        for result in results:
            content = result["input_message_content"]
            if not 1 <= len(result["id"].encode()) <= 64 or not result["title"].strip():
                raise Refused(400, "Bad Request: RESULT_ID_INVALID")
            calls.text({"text": content["message_text"], "parse_mode": content.get("parse_mode", "")})
        self.results[given["inline_query_id"]] = results
        return True

    def _chat(self, given: dict[str, Any]) -> int:
        chat = int(given["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat not in self.chats:
            raise Refused(400, "Bad Request: chat not found")
        return chat


class _Handler(tornado.web.RequestHandler):
    def initialize(self, server: TelegramServer) -> None:
        self._server = server

    async def post(self, token: str, method: str) -> None:
        given = self._given()
        try:
            if token != TOKEN:
                raise Refused(401, "Unauthorized")
            fault = self._server.fault_for(method, given)
            if fault and await self._fail(fault, method, given):
                return
            self.finish({"ok": True, "result": await self._server.call(method, given)})
        except Refused as error:
            if error.code in (400, 404):
                self._server.refused.append(f"{method}: {error}")
            told = {"ok": False, "error_code": error.code, "description": str(error)}
            self.set_status(error.code)
            self.finish(told | ({"parameters": error.parameters} if error.parameters else {}))
            self._server.notify()

    get = post

    def _given(self) -> dict[str, Any]:
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            return dict(json.loads(self.request.body))
        fields = {name: calls.value(name, values[-1].decode()) for name, values in self.request.arguments.items()}
        return fields | {name: (files[-1].filename, files[-1].body) for name, files in self.request.files.items()}

    async def _fail(self, fault: Fault, method: str, given: dict[str, Any]) -> bool:
        """Fail as the fault says; ``False`` where the call goes on."""
        match fault.kind:
            case "429":
                raise Refused(429, f"Too Many Requests: retry after {int(fault.seconds)}", {"retry_after": int(fault.seconds)})
            case "401":
                raise Refused(401, "Unauthorized")
            case "proxy":
                self.set_status(403)
                self.finish("<html>Truy cập bị chặn</html>")
            case "nameless":
                self.finish({"ok": True, "result": [{"message": {"text": "bimatcuatoi"}}, 7, None]})
            case "500" | "502":
                raise Refused(int(fault.kind), "Internal Server Error")
            case "garbage":
                self.finish("<html>gateway</html>")
            case "hang":
                await asyncio.sleep(fault.seconds)
                self.request.connection.stream.close()  # type: ignore[union-attr]
            case "reset":
                self.request.connection.stream.close()  # type: ignore[union-attr]
            case "lost":
                await self._server.call(method, given)
                await asyncio.sleep(fault.seconds)
                self.request.connection.stream.close()  # type: ignore[union-attr]
        return True


def _user(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": f"Cô {user}", "language_code": "vi"}
