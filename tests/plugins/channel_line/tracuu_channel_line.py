"""Answers on a TCP port: a line is a question, its answer a line of JSON; ``+`` and ``-`` say what one thought of the last answer."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic import Field

from bot.channels import ask
from bot.loading import load_settings
from bot.render import to_json
from bot.settings_reading import ChannelSettings, read
from bot.vietnamese import VietnameseTyper
from rag.errors import AnswerFailed

if TYPE_CHECKING:
    from bot.service import Service

verbs = VietnameseTyper()


class settings(ChannelSettings):
    """What the channel can be set to."""

    line_port: int = Field(default=7007, ge=0, le=65535, description="Cổng trên máy mà kênh từng dòng nghe; 0 là cổng trống bất kỳ.")


@verbs.command()
def line() -> None:
    """Trả lời từng dòng gửi tới một cổng của máy này cho đến khi dừng bằng Ctrl-C."""
    from bot.messenger.running import until_stopped
    from bot.service import Service

    port, service = read(settings).line_port, Service.open(load_settings())
    try:
        service.make_ready()
        until_stopped(lambda: serve(service, port))
    finally:
        service.close()


async def serve(service: Service, port: int) -> None:
    """Take calls until cancelled."""
    server = await asyncio.start_server(partial(talk, service), "127.0.0.1", port)
    print(f"Kênh từng dòng nghe ở cổng {server.sockets[0].getsockname()[1]} (dừng: Ctrl-C)", flush=True)
    await server.serve_forever()


async def talk(service: Service, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
    """Answer the lines of one caller, of whom nobody knows who it is: a person for each call."""
    person, last = f"line:{uuid4().hex}", ""
    async for line in incoming:
        said = line.decode(errors="replace").strip()
        try:
            if said in ("+", "-"):
                told = {"kept": await service.run(service.kept.journal.vote, last, "up" if said == "+" else "down")}
            else:
                last, answer = await ask(service, "line", person, said)
                told = to_json(answer)
        except AnswerFailed as error:
            told = {"error": str(error)}
        outgoing.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    outgoing.close()
