"""A page of figures in a real browser, for the tests of figures."""

import pytest

from tests.browser.chromium import BROWSER, FLAGS
from tests.browser.pages import ALONE, html, outside


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(browser):
    """Return a function that gives one page to all tests with the same settings."""
    made = {}

    def page_with(settings):
        key = repr(sorted(settings.items()))
        if key not in made:
            page = made[key] = browser.new_context(**settings).new_page()
            page.wrong = []
            page.on("pageerror", lambda error: page.wrong.append(str(error)))
            page.on("request", lambda request: page.wrong.extend(outside(request)))
        return made[key]

    yield page_with
    for page in made.values():
        page.context.close()


@pytest.fixture
def show(pages, tmp_path):
    """Return a function that opens a page of figures; `wrong` keeps its errors."""

    def show(*figures, after="", at="", **settings):
        parts = [each if isinstance(each, str) else html(each) for each in figures]
        place = tmp_path / "page.html"
        place.write_text(f"{ALONE}{''.join(parts)}{after}</main>", encoding="utf-8")
        page = pages(settings)
        page.goto("about:blank")  # or another link to the page would not open it anew
        page.emulate_media(media="screen")
        page.wrong.clear()
        page.goto(f"{place.as_uri()}{at}")
        return page

    return show
