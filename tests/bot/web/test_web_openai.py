"""The API in the manner of OpenAI's, called by the ``openai`` package and as Open WebUI does."""

from __future__ import annotations

import asyncio
import json
import shutil
from urllib.parse import urlsplit

import openai
import pytest

from bot.web.keys import new_key
from tests.bot.web.site import DUE, UNKNOWN, Site, found_in_a_moment

MODEL = "tra-cuu"
HALF_A_LETTER = b'{"model": "tra-cuu", "messages": [{"role": "user", "content": "\\ud800"}]}'
TITLE = """### Task:
Generate a concise, 3-5 word title with an emoji summarizing the chat history.
### Output:
JSON format: { "title": "your concise title here" }
### Chat History:
<chat_history>USER: hạn nộp báo cáo sơ kết học kì 1</chat_history>"""
KEY, KEPT = new_key("truong-a")
OTHER_KEY, OTHER_KEPT = new_key("truong-b")


@pytest.fixture(scope="module")
def keyed(repo, directive_index, tmp_path_factory):
    """A service that asks for keys, and is known by another address."""
    data = tmp_path_factory.mktemp("keyed")
    shutil.copytree(directive_index, data, dirs_exist_ok=True)
    public = "https://tracuu.truong.edu.vn"
    started = Site(repo, data, repo / "corpus", TRACUU_API_KEYS=f"{KEPT},{OTHER_KEPT}", TRACUU_PUBLIC_URL=public)
    yield started
    assert started.stop() == 0
    assert not [line for line in started.lines() if line["level"] == "ERROR"]


@pytest.mark.parametrize("path", ["/thoi-han.ics", "/moi.xml"])
def test_what_is_subscribed_to_has_the_address_that_the_settings_tell(keyed, path):
    content = keyed.http.get(path).text.replace("\r\n ", "")

    assert "https://tracuu.truong.edu.vn/" in content
    assert keyed.base not in content


@pytest.fixture(scope="module")
def client(site):
    with openai.OpenAI(base_url=f"{site.base}/v1", api_key="khong-can", max_retries=0) as made:
        yield made


def turns(*questions):
    """A chat whose last question is to be answered; what was answered before does not matter."""
    messages = [{"role": "system", "content": "Bạn là cướp biển."}]
    for question in questions[:-1]:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": "…"}]
    return [*messages, {"role": "user", "content": questions[-1]}]


def said(client, *questions, **more):
    return client.chat.completions.create(model=MODEL, messages=turns(*questions), **more)


def post(site, headers=None, **body):
    return site.http.post("/v1/chat/completions", json=body, headers=headers)


def test_an_answer_is_the_api_s_with_its_source_linked(client, site):
    completion = said(client, DUE)

    message = completion.choices[0].message
    assert message.tracuu | {"seconds": 0} == site.ask(DUE) | {"seconds": 0}
    fact, _, rest = message.content.partition("\n")
    assert "10/01/2026" in fact
    link = f"{site.base}/van-ban/2607-SGDDT-GDPT/IV.2-2"
    assert f"({link})" in rest
    assert site.http.get(urlsplit(link).path).status_code == 200
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.completion_tokens == len(message.content.split())


def test_a_follow_up_is_understood_by_the_questions_before_it(client):
    followed = said(client, DUE, "thế còn cuối năm?").choices[0].message
    alone = said(client, "thế còn cuối năm?").choices[0].message
    late = said(client, *["xin chào", UNKNOWN] * 8, DUE, "thế còn cuối năm?").choices[0].message

    assert "10/06/2026" in followed.tracuu["answer"]
    assert "10/06/2026" not in alone.tracuu["answer"]
    assert "10/06/2026" in late.tracuu["answer"]


def test_what_is_streamed_is_what_is_said_whole(client):
    whole = said(client, DUE)
    chunks = list(said(client, DUE, stream=True, stream_options={"include_usage": True}))

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].tracuu["citations"] == whole.choices[0].message.tracuu["citations"]
    assert (chunks[-1].choices, chunks[-1].usage) == ([], whole.usage)
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert all(chunk.usage is None for chunk in list(said(client, DUE, stream=True)))


def test_many_ask_at_once(site):
    async def ask_all():
        async with openai.AsyncOpenAI(base_url=f"{site.base}/v1", api_key="khong-can", max_retries=0) as client:
            return await asyncio.gather(*(client.chat.completions.create(model=MODEL, messages=turns(DUE)) for _ in range(8)))

    assert all("10/01/2026" in completion.choices[0].message.content for completion in asyncio.run(ask_all()))


def test_a_refusal_and_an_offer_are_words(client, question_with):
    for status in ("not_found", "offered"):
        message = said(client, question_with(status)).choices[0].message
        assert message.tracuu["status"] == status
        assert message.tracuu["answer"].splitlines()[0] in message.content
        near = message.tracuu["related"] or message.tracuu["citations"]
        assert message.content.count("](http") >= len(near)


def test_words_may_come_in_parts_and_pictures_are_not_read(client):
    parts = [{"type": "text", "text": DUE}]
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}

    read = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": parts}])
    unread = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": [*parts, picture]}])

    assert "10/01/2026" in read.choices[0].message.content
    assert "không xem được ảnh" in unread.choices[0].message.content
    assert "10/01/2026" not in unread.choices[0].message.content


def test_open_webui_is_served_and_its_chores_are_not_taken_for_questions(keyed):
    with openai.OpenAI(base_url=f"{keyed.base}/v1", api_key=KEY, max_retries=0) as client:
        assert [model.id for model in client.models.list()] == [MODEL]
        assert client.models.retrieve(MODEL).id == MODEL
        first = "".join(chunk.choices[0].delta.content or "" for chunk in said(client, DUE, stream=True))
        assert "https://tracuu.truong.edu.vn/van-ban/2607-SGDDT-GDPT/IV.2-2" in first
        assert "10/06/2026" in said(client, DUE, "thế còn cuối năm?").choices[0].message.content
        title = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": TITLE}]).choices[0].message
        assert json.loads(title.content) == {"title": ""}
        chore = said(client, "### Task:\nRespond to the user query using the provided context.").choices[0].message.content
        assert "không phải câu hỏi" in chore
    with openai.OpenAI(base_url=f"{keyed.base}/v1", api_key=OTHER_KEY, max_retries=0) as other:
        assert "10/06/2026" not in said(other, "thế còn cuối năm?").choices[0].message.tracuu["answer"]
    with openai.OpenAI(base_url=f"{keyed.base}/v1", api_key="sai", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError) as refused:
            stranger.models.list()
        assert refused.value.code == "invalid_api_key"


def test_questions_are_counted_where_they_came_from(client, site):
    said(client, DUE)

    assert found_in_a_moment(lambda: ",openai," in site.command("stats", "--csv").stdout)
    assert 'route="/v1/chat/completions",status="200"' in site.http.get("/metrics").text


@pytest.mark.parametrize(
    ("change", "status", "param"),
    [
        ({"model": "gpt-4o"}, 404, "model"),
        ({"messages": []}, 400, "messages"),
        ({"messages": [{"role": "system", "content": "a"}]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": "a" * 3000}]}, 400, "messages"),
        ({"messages": [{"role": "vua", "content": "a"}]}, 400, "messages.0.role"),
        ({"messages": "a"}, 400, "messages"),
        ({"messages": [{"role": "user", "content": 5}]}, 400, "messages.0.content"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]}, 400, "messages.0.content.0.text"),
        ({"n": 2}, 400, "n"),
        ({"n": 0}, 400, "n"),
        ({"logprobs": True}, 400, "logprobs"),
        ({"tool_choice": "required"}, 400, "tool_choice"),
        ({"response_format": {"type": "json_object"}}, 400, "response_format"),
    ],
)
def test_what_cannot_be_met_is_told_as_openai_tells_it(site, change, status, param):
    response = post(site, **{"model": MODEL, "messages": turns(DUE)} | change)

    error = response.json()["error"]
    assert response.status_code == status
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["param"], error["type"]) == (param, "invalid_request_error")
    assert param in error["message"] or param in ("model", "messages")
    assert "union" not in error["message"] and "body" not in error["message"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe{}", b"{", b"[]", b"null", HALF_A_LETTER, HALF_A_LETTER.replace(b"tra-cuu", b"\\udfff")]
)
def test_a_body_that_is_none_is_told(site, content):
    response = site.http.post("/v1/chat/completions", content=content, headers={"Content-Type": "application/json"})

    assert response.status_code == 400
    assert response.json()["error"]["type"] == "invalid_request_error"
    assert not response.json()["error"]["message"].isascii()


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/ask"])
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{}", b"{}"])
def test_nobody_without_a_key_is_told_of_his_body(keyed, path, content):
    assert keyed.http.post(path, content=content, headers={"Content-Type": "application/json"}).status_code == 401


def test_llms_txt_says_that_a_key_is_needed(keyed):
    assert "khóa API" in keyed.http.get("/llms.txt").text


def test_other_faults_have_the_same_shape(site):
    away = {"X-Forwarded-For": "198.51.100.41"}
    large = site.http.post("/v1/chat/completions", content=b"x" * 1_000_001)
    calls = [site.http.get("/v1/models", headers=away) for _ in range(301)]

    assert (large.status_code, large.json()["error"]["code"]) == (413, "request_too_large")
    assert (calls[-1].status_code, calls[-1].json()["error"]["code"]) == (429, "rate_limit_exceeded")
    assert int(calls[-1].headers["retry-after"]) > 0
    assert site.http.get("/v1/embeddings").json()["error"]["code"] == "not_found"
    assert site.http.get("/v1/models/gpt-4o").json()["error"]["code"] == "model_not_found"


def test_what_does_no_harm_is_let_be(site):
    tools = [{"type": "function", "function": {"name": "tim", "parameters": {}}}]
    more = {
        "temperature": 0.3,
        "max_tokens": 5,
        "tools": tools,
        "tool_choice": "auto",
        "user": "lan",
        "la": 1,
        "response_format": {"type": "text"},
    }

    response = post(site, model=MODEL, messages=turns("", "a" * 3000, DUE), **more)

    assert "10/01/2026" in response.json()["choices"][0]["message"]["content"]


def test_a_long_chat_is_taken_whole(site):
    response = post(site, model=MODEL, messages=turns(*[f"câu hỏi số {at} {'a' * 900}" for at in range(80)], DUE))

    assert len(response.request.content) > 64_000
    assert "10/01/2026" in response.json()["choices"][0]["message"]["content"]
