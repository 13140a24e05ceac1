"""The service that most tests ask, and the browser in which people see it."""

from __future__ import annotations

import shutil

import pytest

from bot.web.admin.passwords import hash_of
from tests.bot.web.site import PASSWORD, Site
from tests.rag.scripted_models import ScriptedModels, helpful

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@pytest.fixture(scope="session")
def site(repo, directive_index, tmp_path_factory):
    """The service with the documents that ship; what is asked of it changes no document."""
    data = tmp_path_factory.mktemp("site")
    shutil.copytree(directive_index, data, dirs_exist_ok=True)
    started = Site(repo, data, repo / "corpus", TRACUU_WIDGET_ORIGINS="http://localhost:*,http://127.0.0.1:*")
    yield started
    assert started.stop() == 0
    assert not [line for line in started.lines() if line["level"] == "ERROR"]


@pytest.fixture(scope="session")
def office(repo, small_corpus, directive_index, tmp_path_factory):
    """A service whose admin page is open, with documents of its own to change and few questions on them."""
    data, corpus = tmp_path_factory.mktemp("office"), tmp_path_factory.mktemp("shelf")
    shutil.copytree(directive_index, data, dirs_exist_ok=True)
    shutil.copytree(small_corpus, corpus, dirs_exist_ok=True)
    listening = {"PYTHONPATH": f"{repo / 'tests/bot/listening'}:{repo}"}
    started = Site(repo, data, corpus, TRACUU_ADMIN_PASSWORD_HASH=hash_of(PASSWORD), TRACUU_WORKERS="2", **listening)
    yield started
    assert started.stop() == 0
    assert not [line for line in started.lines() if line["level"] == "ERROR"]


@pytest.fixture(scope="module")
def models():
    """The server that plays a language model."""
    with ScriptedModels.start(helpful) as started:
        yield started


@pytest.fixture(scope="module")
def site_with_model(repo, directive_index, tmp_path_factory, models):
    """Start a service with that language model."""
    started: list[Site] = []

    def start(**variables: str) -> Site:
        data = tmp_path_factory.mktemp("model")
        shutil.copytree(directive_index, data, dirs_exist_ok=True)
        model = {"TRACUU_LLM": "openai:scripted", "TRACUU_LLM_URL": models.url, "TRACUU_LLM_SECONDS": "60", "TRACUU_LLM_CACHE_DAYS": "0"}
        started.append(Site(repo, data, repo / "corpus", **model, **variables))
        return started[-1]

    yield start
    for site in started:
        assert site.stop() == 0
        assert not [line for line in site.lines() if line["level"] == "ERROR"]


@pytest.fixture(scope="module")  # Playwright's loop runs as long as it does, and other tests have loops of their own
def chromium():
    """The browser of the system."""
    if not shutil.which(CHROMIUM):
        pytest.skip("cần trình duyệt Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page of a fresh browser; whatever a page complains of is a fault."""
    with chromium.new_context(locale="vi-VN", viewport={"width": 1280, "height": 800}) as context:
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda message: complaints.append(message.text) if _is_fault(message) else None)
        opened.on("dialog", lambda dialog: (complaints.append(f"hộp thoại: {dialog.message}"), dialog.dismiss()))
        yield opened
        assert not complaints


def _is_fault(message) -> bool:
    """What the browser says of itself; that a form was refused is the page's own business."""
    return message.type in ("error", "warning") and "status of 422" not in message.text


@pytest.fixture
def desk(page, office):
    """A browser in which the admin is logged in."""
    from playwright.sync_api import expect

    page.goto(f"{office.base}/quan-tri")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Chỉ mục", exact=True)).to_be_visible()
    return page
