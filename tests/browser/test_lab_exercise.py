"""An exercise in JupyterLab, from its first cell to its last card."""

import re

import pytest

from lrcourse.grading.entrances.way import chapter_link
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.solution import solution_of
from tests import ROOT
from tests.browser.cards import (
    HERE,
    NEAR,
    OPEN,
    SHOTS,
    active,
    distance,
    look_at,
    shown,
)
from tests.browser.lab import lab_page, run_cell, write_cell

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

EXERCISE = Exercise("01_one_number", ROOT / "exercises" / "checks")
PATH = f"exercises/{EXERCISE.slug}.ipynb"
SAVE = "jupyterapp.commands.execute('docmanager:save')"


@pytest.fixture(scope="module")
def page(course_lab):
    with lab_page(course_lab, PATH) as page:
        yield page


def answer(name):
    """Return the reference, as a learner would write it."""
    return solution_of(EXERCISE.solution, name)["source"]


def test_the_first_cell_says_that_it_comes_first(page):
    begin = page.locator(".jp-Notebook .jp-Cell").first
    assert "Begin here" in begin.inner_text()
    output, _ = run_cell(page, "imports")
    assert output.inner_text().strip() == ""


def test_a_blank_is_not_started(page):
    text, _ = shown(page, "max_stable_lr-check", "blank")
    assert "not started" in text
    assert "✗" not in text


def test_an_answer_that_did_not_run_is_there(page):
    write_cell(page, "gradient_step-answer", answer("gradient_step"))
    page.evaluate(SAVE)
    text, _ = shown(page, "gradient_step-check", "not-run")
    assert "run its cell first" in text
    assert "defines no" not in text


def test_a_wrong_answer_is_named_and_its_link_lands_at_the_heading(page):
    wrong = "def gradient_step(params, grads, lr):\n    return {}"
    write_cell(page, "gradient_step-answer", wrong)
    shown(page, "gradient_step-answer", "wrong")
    write_cell(
        page, "gradient_step-answer", answer("gradient_step").replace("- lr", "+ lr")
    )
    text, _ = shown(page, "gradient_step-answer", "named")
    assert "You walk uphill" in text
    output = active(page)
    output.get_by_text("Hint 1").click()
    look_at(page, output, "hint")
    output.get_by_role("link", name="Read: The update rule").click()
    assert distance(page, "The update rule") < NEAR
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/chapter.png")


def test_the_chapter_shows_its_figures_and_boxes(page):
    notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    notebook.locator("aside", has_text="What the articles say").first.wait_for()
    texts = notebook.locator(".jp-RenderedMarkdown").all_inner_texts()
    assert not re.search(r":::|\{note\}|```\{", "".join(texts))
    outputs = notebook.locator(".jp-OutputArea").all_inner_texts()
    assert "<Figure size" not in "".join(outputs)
    page.wait_for_function("document.querySelector('lr-figure')?.shadowRoot")


def test_a_name_that_is_nearly_right_and_the_function_itself(page):
    page.evaluate(OPEN, PATH)
    page.wait_for_function(HERE, arg=PATH)
    write_cell(page, "gradient_step-check", 'check("gradient_stp")')
    text, _ = shown(page, "gradient_step-check")
    assert "did you mean 'gradient_step'" in text
    write_cell(page, "gradient_step-check", "check(gradient_step)")
    assert "You walk uphill" in shown(page, "gradient_step-check")[0]


def test_after_the_hints_a_line_is_left_and_then_nothing(page):
    output, _ = run_cell(page, "max_stable_lr-check")
    for hint in range(1, len(EXERCISE.check("max_stable_lr").HINTS) + 1):
        assert not output.get_by_text("Still stuck?").is_visible()
        output.get_by_text(f"Hint {hint} of").click()
    output.get_by_text("Still stuck?").click()
    marked = output.locator("mark")
    assert marked.inner_text().strip() == "return ____  # left to you"
    assert "Reading earns nothing" in output.inner_text()
    assert "eigvalsh" not in output.locator("pre:visible").inner_text()
    look_at(page, output, "step_blank")
    output.get_by_text("The whole solution").click()
    assert output.get_by_text("Usual mistakes").is_visible()
    assert "0 of" in output.inner_text()
    look_at(page, output, "step_whole")


@pytest.mark.parametrize(
    ("chapter", "heading"),
    [
        ("01_one_number", "What a larger rate can escape"),
        ("09_optimizers", "Where small gradients end"),
        ("13_cyclical", "Pitfalls"),
    ],
)
def test_a_cards_link_lands_at_the_heading_of_a_chapter(page, chapter, heading):
    """Three seconds after it came into sight: what is drawn late has moved it by then.

    The first time, and again while the chapter is open and was scrolled elsewhere.
    """
    link = chapter_link(EXERCISE.checks, chapter, heading).link("Read it")
    card = f"from IPython.display import HTML\n\nHTML({link!r})"
    write_cell(page, "gradient_step-check", card)
    output, _ = run_cell(page, "gradient_step-check")
    for _ in range(2):
        output.get_by_role("link", name="Read it").click()
        assert distance(page, heading) < NEAR
        page.mouse.move(800, 700)
        page.mouse.wheel(0, -900)  # who scrolls is let go
        page.wait_for_timeout(500)
        assert distance(page, heading, seconds=0) > NEAR
        page.evaluate(OPEN, PATH)
        page.wait_for_function(HERE, arg=PATH)


def test_a_loop_that_never_ends_is_said_soon(page):
    endless = "def gradient_step(params, grads, lr):\n    while True:\n        pass"
    write_cell(page, "gradient_step-answer", endless)
    output, took = run_cell(page, "gradient_step-answer")
    assert "loop that never ends" in output.inner_text()
    print(f"an endless loop: {took:.1f} s")


def test_a_right_answer_says_what_is_next_and_unfolds_the_solution(page):
    write_cell(page, "gradient_step-answer", answer("gradient_step"))
    text, _ = shown(page, "gradient_step-answer", "right")
    assert "1 of 6 answers hold · next: tell_limit_apart" in text
    output = active(page)
    output.get_by_text("Compare with the solution").click()
    assert "Usual mistakes" in output.inner_text()
    look_at(page, output, "right-unfolded")


def test_the_last_right_answer_leads_on(page):
    for name in EXERCISE.answers[1:-1]:
        write_cell(page, f"{name}-answer", answer(name))
        shown(page, f"{name}-answer")
    write_cell(page, "classify_run-check", "check()")
    text, _ = shown(page, "classify_run-check", "overview")
    assert "5 of 6 answers hold · next: classify_run" in text
    write_cell(page, "classify_run-answer", answer("classify_run"))
    text, html = shown(page, "classify_run-answer", "last")
    assert "All 6 answers hold" in text
    assert "02_backprop.ipynb" in html
