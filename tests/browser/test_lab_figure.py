"""Figures in JupyterLab: alive after run, save and reload, and their keys their own."""

import json

import pytest

from tests import ROOT
from tests.browser.chromium import BROWSER, FLAGS
from tests.browser.figures import descent
from tests.browser.lab import running_lab

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

CELLS = [
    ("markdown", 'Set it to <a href="#one-number-0-9-of-the-limit">0.18</a>.'),
    ("code", f"import sys; sys.path.insert(0, {str(ROOT)!r})"),
    ("code", "from tests.browser.figures import descent, momentum; descent()"),
    ("code", "momentum()"),
]
# not awaited: if the kernel loses a request, its promise stays open for ever
RUN = "void jupyterapp.commands.execute('notebook:run-all-cells')"
READY = "jupyterapp.commands.isEnabled('notebook:run-all-cells')"
SAVE = """Promise.race([
  jupyterapp.commands.execute('docmanager:save'),
  new Promise((_, late) => setTimeout(late, 60000, Error('it was not saved'))),
])"""
DARK = """void jupyterapp.commands.execute('apputils:change-theme',
  {theme: 'JupyterLab Dark'})"""
ALIVE = """count => count === [...document.querySelectorAll('lr-figure')]
  .filter(figure => figure.shadowRoot).length"""
SHOWN = "figure => [figure.state.lr, figure.hasAttribute('dark')]"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab in an empty home; return its address and its folder."""
    home = tmp_path_factory.mktemp("home")
    work = home / "work"
    work.mkdir()
    (work / "figures.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    with running_lab(home, work) as url:
        yield url, work


def notebook():
    cells = [
        {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for number, (kind, source) in enumerate(CELLS)
    ]
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": python}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def page(lab):
    from playwright.sync_api import sync_playwright

    url, _ = lab
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1800})
        page.goto(f"{url}lab/tree/figures.ipynb?reset")
        page.locator(".jp-Notebook .jp-Cell").nth(3).wait_for(timeout=60_000)
        page.locator("[data-status='idle']").first.wait_for(timeout=60_000)
        page.wait_for_function(READY, polling=200, timeout=60_000)
        run(page)
        yield page
        browser.close()


def run(page):
    """Run all cells; a command that comes before the notebook is ready is lost."""
    from playwright.sync_api import TimeoutError

    for last in (False, False, False, True):
        page.evaluate(RUN)
        try:
            page.wait_for_function(ALIVE, arg=2, polling=200, timeout=20_000)
            return
        except TimeoutError:
            if last:
                raise


def first(page):
    return page.locator("lr-figure").first


def test_keys_belong_to_the_control_that_has_the_focus(page):
    slider = first(page).get_by_role("slider", name="learning rate")
    slider.press("ArrowLeft")
    before = first(page).evaluate("figure => figure.state.lr")
    for key in ("d", "d", "a", "b", "x", "m", "0", "0"):
        slider.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
    assert page.locator(".jp-Dialog").count() == 0
    slider.press("ArrowLeft")
    assert first(page).evaluate("figure => figure.state.lr") < before


def test_a_link_in_the_text_sets_the_figure(page):
    page.locator(".jp-MarkdownCell a[href*='one-number']").click()
    assert first(page).evaluate("figure => figure.state.lr") == 0.18


def test_after_save_and_reload_it_is_alive_without_a_run(page):
    page.evaluate(SAVE)
    page.evaluate(
        "history.replaceState(null, '', location.pathname)"
    )  # no link's state
    page.reload()
    page.wait_for_function(ALIVE, arg=2, polling=200, timeout=60_000)
    assert first(page).locator(".said").inner_text() == repr(descent())
    first(page).get_by_role("slider", name="learning rate").press("ArrowLeft")
    assert first(page).evaluate(SHOWN) == [pytest.approx(0.205), False]


def test_it_follows_the_dark_theme(page):
    page.evaluate(DARK)
    page.wait_for_function(
        "document.querySelector('lr-figure').hasAttribute('dark')", timeout=30_000
    )


def test_a_notebook_that_is_not_trusted_shows_the_sentence(lab, page):
    url, work = lab
    stored = json.loads((work / "figures.ipynb").read_text(encoding="utf-8"))
    stored["cells"][3]["source"] = "somebody_else()"
    (work / "untrusted.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    page.goto(f"{url}lab/tree/untrusted.ipynb?reset")
    page.get_by_text("the loss goes from 24.5 to 1.85e6").first.wait_for(timeout=60_000)
    assert page.locator("lr-figure").count() == 0
