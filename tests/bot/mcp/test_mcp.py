"""The tools as programs with a language model call them: over HTTP and on standard input, with the protocol's own client."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
from urllib.parse import quote

import jsonschema
import pytest
from mcp.shared.exceptions import MCPError

from bot.web.keys import new_key
from tests.bot.command import DEADLINE, UNKNOWN, started, the_error
from tests.bot.mcp_clients import over_http, over_stdio
from tests.bot.web.site import DUE, Site

HANDSHAKE = "2025-06-18"
MODERN = "2026-07-28"
NUMBER = "2607/SGDĐT-GDPT"
URI = "tracuu://van-ban/" + quote(NUMBER, safe="")
KEY, KEPT = new_key("truong-a")
OTHER, KEPT_TOO = new_key("truong-b")
WITH_KEY = {"Authorization": f"Bearer {KEY}"}
PLAIN = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": HANDSHAKE}


@pytest.fixture(scope="module")
def served(repo, directive_index, tmp_path_factory):
    """A service of two workers that asks for keys."""
    data = tmp_path_factory.mktemp("mcp")
    shutil.copytree(directive_index, data, dirs_exist_ok=True)
    chosen = {"TRACUU_API_KEYS": f"{KEPT},{KEPT_TOO}", "TRACUU_CORS_ORIGINS": "https://truong.edu.vn", "TRACUU_REQUESTS_PER_MINUTE": "60"}
    site = Site(repo, data, repo / "corpus", TRACUU_WORKERS="2", **chosen)
    yield site
    assert site.stop() == 0
    assert not [line for line in site.lines() if line["level"] == "ERROR"], site.lines()


@pytest.fixture
def call(served):
    """One message as bytes, and what came back over HTTP."""

    def sent(content, **headers):
        return served.http.post("/mcp", content=content, headers=PLAIN | {"Content-Type": "application/json"} | WITH_KEY | headers)

    return sent


def message(method, **params):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


async def _looked_around(client):
    tools = (await client.list_tools()).tools
    given = {
        "ask": await client.call_tool("ask", {"question": DUE}),
        "search": await client.call_tool("search", {"query": DUE, "k": 3}),
        "show": await client.call_tool("show", {"number": "2607/sgddt-gdpt", "section": "IV.2"}),
    }
    templates = (await client.list_resource_templates()).resource_templates
    return tools, given, (await client.list_resources()).resources, templates, await client.read_resource(f"{URI}/IV.2")


@pytest.mark.parametrize("mode", [MODERN, "auto", "legacy"])
def test_what_a_model_is_offered_over_http_is_what_the_api_gives(served, mode):
    # given a client, of the protocol as it is and as it was
    tools, given, resources, templates, read = over_http(served, _looked_around, mode, **WITH_KEY)

    # then every tool only reads, says what it takes, and keeps to what it promises
    assert sorted(tool.name for tool in tools) == ["ask", "search", "show"]
    for tool in tools:
        assert tool.annotations.read_only_hint and not tool.annotations.destructive_hint
        assert not given[tool.name].is_error
        jsonschema.validate(given[tool.name].structured_content, tool.output_schema)
    assert "wording" not in given["ask"].structured_content
    # and the answers are those of the API
    with_key = {"headers": WITH_KEY}
    answer = served.http.post("/api/ask", json={"question": DUE}, **with_key).json()
    found = served.http.get("/api/search", params={"q": DUE, "k": 3}, **with_key).json()
    section = served.http.get("/api/documents/2607-SGDDT-GDPT/IV.2", **with_key).json()
    unlike = ("seconds", "wording")
    assert _without(given["ask"].structured_content, unlike) == _without(answer, unlike)
    assert answer["status"] == "answered"
    assert _without(given["search"].structured_content, unlike) == _without(found, unlike)
    shown = given["show"].structured_content
    assert (shown["text"], shown["label"], shown["validity"]) == (section["text"], section["label"], section["document"]["validity"])
    # and documents are resources, under their numbers
    assert URI in [resource.uri for resource in resources]
    assert len(templates) == 2
    assert section["text"] in read.contents[0].text and section["label"] in read.contents[0].text


@pytest.mark.parametrize(
    ("written", "section"),
    [
        ("mục IV.2", "IV.2"),
        ("Mục IV.2, gạch đầu dòng thứ 2", "IV.2-2"),
        ("phụ lục 4", "PL4"),
        ("Phụ lục IV", "PL4"),
        ("PHẦN IV", "IV"),
    ],
)
def test_what_is_shown_may_be_named_as_the_sources_of_answers_name_it(served, written, section):
    async def work(client):
        return (await client.call_tool("show", {"number": "Công văn 2607/SGDĐT-GDPT", "section": written})).structured_content

    shown = over_http(served, work, MODERN, **WITH_KEY)

    assert (shown["document"], shown["section"]) == (NUMBER, section)
    assert "đoạn kết" not in shown["label"]


def _without(content, names):
    return {name: value for name, value in content.items() if name not in names}


def test_on_standard_input_the_same_is_offered_and_a_conversation_goes_on(environment):
    async def work(client):
        told = client.instructions
        tools = (await client.list_tools()).tools
        answer = await client.call_tool("ask", {"question": DEADLINE, "conversation": "mot"})
        refused = await client.call_tool("ask", {"question": UNKNOWN})
        resources = (await client.list_resources()).resources
        return told, tools, answer, refused, await client.read_resource(resources[0].uri)

    told, tools, answer, refused, read = over_stdio(environment, work)

    assert "not_found" in told
    schema = next(tool.output_schema for tool in tools if tool.name == "ask")
    for given in (answer, refused):
        jsonschema.validate(given.structured_content, schema)
    assert answer.structured_content["citations"]
    assert refused.structured_content["status"] == "not_found"
    assert "1422" in read.contents[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": "a" * 3000}, "question"),
        ("ask", {"question": "a", "conversation": "../x y"}, "conversation"),
        ("ask", {"question": " "}, "Chưa có câu hỏi"),
        ("search", {"query": DUE, "k": 1000}, "k"),
        ("search", {"query": 5}, "query"),
        ("show", {"number": "9999/KHONG-CO"}, "không có văn bản 9999/KHONG-CO"),
        ("show", {"number": NUMBER, "section": "XX.9"}, "không có mục XX.9"),
        ("show", {"number": NUMBER, "section": "phụ lục 99"}, "không có mục phụ lục 99"),
        ("show", {"number": NUMBER, "section": "Phụ lục 1 mục 99"}, "không có mục"),
        ("show", {"number": "../../etc/passwd"}, "không có văn bản"),
        ("khong-co", {}, "khong-co"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_for_the_model(served, tool, arguments, said):
    async def work(client):
        try:
            failed = await client.call_tool(tool, arguments)
        except MCPError as error:
            return str(error)
        assert failed.is_error
        return failed.content[0].text

    told = over_http(served, work, MODERN, **WITH_KEY)

    assert said in told
    assert "Traceback" not in told and "pydantic" not in told


@pytest.mark.parametrize(
    "uri",
    [
        "tracuu://van-ban/9999%2FKHONG-CO",
        f"{URI}/XX.9",
        "tracuu://van-ban/..%2F..%2Fcurrent",
        "tracuu://van-ban/%2Fetc%2Fpasswd",
        "tracuu://van-ban/%00",
        "tracuu://van-ban/a/b/c/d",
        "file:///etc/passwd",
        "tracuu://van-ban/" + "a" * 5000,
        "khong phai uri",
    ],
)
def test_a_resource_that_is_not_there_is_an_error_of_the_protocol(served, uri):
    async def work(client):
        with pytest.raises(MCPError) as caught:
            await client.read_resource(uri)
        return caught.value

    assert "hông có" in str(over_http(served, work, MODERN, **WITH_KEY))


def test_several_calls_at_once_each_get_their_own_answer(served, environment):
    async def work(client):
        asked = [client.call_tool("search", {"query": f"báo cáo {n}", "k": 1}) for n in range(8)]
        return [given.structured_content["question"] for given in await asyncio.gather(*asked)]

    expected = [f"báo cáo {n}" for n in range(8)]
    assert over_http(served, work, MODERN, **WITH_KEY) == expected
    assert over_stdio(environment, work, "legacy") == expected


def test_a_conversation_is_its_callers_own_whichever_worker_answers(served):
    async def work(client):
        return [(await client.call_tool("ask", {"question": DUE, "conversation": "an"})).structured_content["status"] for _ in range(2)]

    assert over_http(served, work, MODERN, **WITH_KEY) == ["answered"] * 2
    assert len(served.http.get("/api/conversations/an", headers=WITH_KEY).json()["turns"]) == 2
    assert served.http.get("/api/conversations/an", headers={"X-API-Key": OTHER}).status_code == 404


def test_without_a_key_nothing_is_served(served, call):
    refused = call(message("tools/list"), Authorization="Bearer sai")

    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert "khóa API" in refused.json()["error"]["message"]
    with pytest.raises(BaseException) as caught:
        over_http(served, lambda client: client.list_tools(), "legacy")
    assert "khóa API" in _all_of(caught.value)


def _all_of(error):
    return " ".join([str(error), *map(_all_of, getattr(error, "exceptions", ()))])


def test_who_calls_too_often_waits(call):
    far = {"X-Forwarded-For": "203.0.113.9"}
    answers = [call(message("ping"), **far) for _ in range(130)]

    last = answers[-1]
    assert last.status_code == 429 and int(last.headers["retry-after"]) > 0
    assert "đợi một phút" in last.json()["error"]["message"]


@pytest.mark.parametrize("version", [HANDSHAKE, MODERN])
def test_no_bytes_are_a_fault_of_the_server(served, call, version):
    as_version = {"MCP-Protocol-Version": version}
    too_large = call(b"a" * 70_000, **as_version)
    in_pieces = call((b"a" * 10_000 for _ in range(7)), **as_version)
    assert (too_large.status_code, in_pieces.status_code) == (413, 413)
    assert "quá lớn" in in_pieces.json()["error"]["message"]
    deep = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":' + '{"a":' * 5000 + "1" + "}" * 5002
    lone = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{"question":"\\ud800"}}}'
    for odd in (
        b"",
        b"\xff\xfe",
        b"[" * 30_000,
        deep,
        lone,
        b"[]",
        b"null",
        b"1" * 30_000,
        b'{"jsonrpc":"2.0","id":1}',
        message("khong/co"),
    ):
        assert call(odd, **as_version).status_code < 500
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert call(message("tools/list"), **as_version, **{"Content-Type": kind}).status_code in (400, 415)
    for method in ("GET", "DELETE", "PUT"):
        assert served.http.request(method, "/mcp", headers=WITH_KEY | PLAIN | as_version).status_code == 405


def test_a_page_of_another_site_reaches_nothing_by_whatever_name_it_calls_the_server(served, call):
    listed = message("tools/list")

    assert call(listed).status_code == 200
    for origin in ("http://evil.example", "null", served.base):
        refused = call(listed, Origin=origin, Host="evil.example")
        assert refused.status_code == 403
        assert "TRACUU_CORS_ORIGINS" in refused.json()["error"]["message"]
    let_in = call(listed, Origin="https://truong.edu.vn")
    assert (let_in.status_code, let_in.headers["access-control-allow-origin"]) == (200, "https://truong.edu.vn")


def test_standard_output_holds_the_protocol_alone_and_garbage_ends_nothing(environment):
    hello = message("initialize", protocolVersion=HANDSHAKE, capabilities={}, clientInfo={"name": "t", "version": "1"})
    asked = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": DEADLINE}}})
    lines = ["rác", "", "[" * 5000, '{"jsonrpc":"2.0"}', hello, '{"jsonrpc":"2.0","method":"notifications/initialized"}', asked]

    # given garbage before a client that begins as it should
    process = started(environment, "mcp")
    process.stdin.write(b"\xff\xfe\n" + "\n".join(lines).encode() + b"\n")
    process.stdin.flush()
    # then it is answered all the same, and the end of input is the end
    written = []
    while not written or written[-1].get("id") != 2:
        written.append(json.loads(process.stdout.readline()))
    rest, errors = process.communicate(timeout=20)

    assert all(line["jsonrpc"] == "2.0" for line in written)
    assert written[-1]["result"]["structuredContent"]["citations"]
    assert (process.returncode, rest) == (0, b"")
    assert b"Traceback" not in errors


def test_it_is_stopped_with_ctrl_c_and_says_what_is_missing(environment, tracuu, tmp_path):
    process = started(environment, "mcp")
    process.stdin.write(
        message("initialize", protocolVersion=HANDSHAKE, capabilities={}, clientInfo={"name": "t", "version": "1"}).encode() + b"\n"
    )
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "tracuu"
    process.send_signal(signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert (process.returncode, errors) == (130, b"")

    assert "tracuu ingest" in the_error(tracuu("mcp", TRACUU_DATA=str(tmp_path / "trong")))
