"""A prediction in JupyterLab: it waits for its cell, in every view, after a reload."""

import json
import os

import pytest

from tests import ROOT
from tests.browser.lab import lab_page, run_cell, running_lab, write_cell
from tests.browser.pages import LOW_CONTRAST

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

ASK = """predict(
    "double", "Twice three is $2 \\\\cdot 3$. Is `x` more?", ["yes", "no"])"""
SETTLE = """settle("double", {
    "yes": (x > 6, f"It is {x}."), "no": (x <= 6, f"It is {x}, not $x > 6$."),
})"""
CELLS = {
    "imports": f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    "from lrcourse.prediction import predict, settle",
    "asks": ASK,
    "between": "x = 6",
    "tells": SETTLE,
}
SHOTS = os.environ.get("LRCOURSE_SHOTS")  # a folder for pictures to look at
WAITS = "Noted. Run the cell below; the answer comes when it has run."
SAVE = """Promise.race([
  jupyterapp.commands.execute('docmanager:save'),
  new Promise((_, late) => setTimeout(late, 60000, Error('it was not saved'))),
])"""
THEME = """theme => {
  void jupyterapp.commands.execute('apputils:change-theme', {theme}); }"""
THEMED = "light => document.body.dataset.jpThemeLight === light"
SECOND_VIEW = "void jupyterapp.commands.execute('docmanager:clone')"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab in an empty home; return its address and its folder."""
    home = tmp_path_factory.mktemp("home")
    work = home / "work"
    work.mkdir()
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source}
        | {"outputs": [], "execution_count": None}
        for name, source in CELLS.items()
    ]
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": python}}
    text = json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 5})
    (work / "asked.ipynb").write_text(text, encoding="utf-8")
    with running_lab(home, work) as url:
        yield url, work


@pytest.fixture(scope="module")
def page(lab):
    with lab_page(lab[0], "asked.ipynb", height=1200) as page:
        yield page


def asks(page, which=0):
    return page.locator(".jp-OutputArea lr-predict[data-asks]").nth(which)


def pick(page, option, which=0):
    asks(page, which).get_by_role("button", name=option).click()


def status(page, which=0):
    return asks(page, which).get_by_role("status").text_content()


def look_at(page, picture):
    """Look at all outputs in both themes, and end in the light one."""
    for theme in ("Dark", "Light"):
        light = "true" if theme == "Light" else "false"
        page.evaluate(THEME, f"JupyterLab {theme}")
        page.wait_for_function(THEMED, arg=light)
        page.wait_for_timeout(300)  # colours are faded over
        if SHOTS:
            notebook = page.locator(".jp-Notebook").first
            notebook.screenshot(path=f"{SHOTS}/{picture}_{theme.lower()}.png")
        assert page.evaluate(LOW_CONTRAST, ".jp-OutputArea-output lr-predict") == []


def test_a_question_waits_until_its_cell_has_run(page):
    run_cell(page, "imports")
    run_cell(page, "asks")
    asks(page).locator("mjx-container").wait_for()
    look_at(page, "predict_lab_asked")
    pick(page, "yes")
    assert status(page) == WAITS
    run_cell(page, "between")
    assert status(page) == WAITS
    run_cell(page, "tells")
    page.locator("lr-predict[data-settles] mjx-container").wait_for(state="attached")
    assert status(page).startswith("Not so: yes. It is 6. Right is: no. It is 6, not ")
    assert asks(page).locator("li mjx-container").count() == 1
    line = page.locator("lr-predict[data-settles] summary").inner_text()
    assert line == "You predicted yes. It is no."
    look_at(page, "predict_lab_settled")


def test_an_edit_and_another_run_ask_and_answer_anew(page):
    write_cell(page, "asks", ASK.replace("more", "seven or more"))
    run_cell(page, "asks")
    write_cell(page, "between", "x = 7")
    run_cell(page, "between")
    run_cell(page, "tells")
    pick(page, "yes")
    assert status(page) == "Right: yes. It is 7."


def test_the_same_question_run_again_keeps_what_was_picked(page):
    run_cell(page, "asks")
    page.get_by_text("right, as you said").wait_for()
    assert status(page) == "Right: yes. It is 7."


def test_keys_commit_and_do_not_reach_the_notebook(page):
    write_cell(page, "asks", ASK.replace("more", "eight or more"))
    run_cell(page, "asks")
    button = asks(page).get_by_role("button", name="no")
    for key in ("d", "d", "a", "x", "m", "0", "0"):
        button.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
    button.press("Enter")
    assert status(page).startswith("Not so: no. It is 7, not ")
    assert page.evaluate("document.activeElement.textContent") == "no"


def test_after_save_and_reload_it_asks_without_a_run(page):
    page.evaluate(SAVE)
    page.reload()
    asks(page).get_by_role("button", name="yes").wait_for(timeout=60_000)
    pick(page, "yes")
    assert status(page) == "Right: yes. It is 7."
    page.locator("summary").click()
    look_at(page, "predict_lab_unfolded")


def test_a_second_view_of_the_notebook_commits_apart(page):
    page.evaluate(SECOND_VIEW)
    page.wait_for_function("document.querySelectorAll('.jp-Notebook').length === 2")
    fresh = page.locator("lr-predict[data-asks] button:not([aria-disabled])")
    fresh.first.wait_for()
    assert fresh.count() == 2
    fresh.last.click()
    said = page.locator("lr-predict [role=status]").all_text_contents()
    assert sorted(each[:6] for each in said) == ["Not so", "Right:"]


def test_a_notebook_that_is_not_trusted_shows_lists_and_a_folded_answer(lab, page):
    url, work = lab
    stored = json.loads((work / "asked.ipynb").read_text(encoding="utf-8"))
    stored["cells"][0]["source"] = "somebody_else()"
    (work / "untrusted.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    page.goto(f"{url}lab/tree/untrusted.ipynb?reset")
    shown = page.locator(".jp-OutputArea-output")
    shown.get_by_text("eight or more").first.wait_for(timeout=60_000)
    assert shown.locator("ul").first.inner_text().split() == ["yes", "no"]
    assert shown.locator("button").count() == 0
    assert not shown.get_by_text("It is 7.").is_visible()
