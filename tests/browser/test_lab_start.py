"""The first minutes in JupyterLab: a fresh folder, START, and a first right answer."""

import pytest

from lrcourse.grading.exercise import Exercise
from lrcourse.grading.solution import solution_of
from lrcourse.learner.folder import Folder
from lrcourse.learner.progress import progress_in
from lrcourse.learner.start import write_course
from tests import ROOT
from tests.browser.cards import HERE, NEAR, OPEN, active, distance, shown
from tests.browser.lab import (
    lab_page,
    open_notebook,
    run_cell,
    running_lab,
    trust,
    write_cell,
)

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

FIRST = Exercise("01_one_number", ROOT / "exercises" / "checks")
REPAIRED = "def exponential_lr(step, base_lr, gamma):\n    return base_lr * gamma**step"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab in a learner's folder, as `lrcourse start` writes it."""
    home = tmp_path_factory.mktemp("home")
    folder = Folder(home / "work")
    write_course(folder)
    progress_in(folder)
    trust(home, folder.chapters)
    with running_lab(home, folder.path) as url:
        yield url


@pytest.fixture(scope="module")
def page(lab):
    with lab_page(lab, "START.ipynb") as page:
        yield page


def test_the_wrong_answer_is_named_and_its_link_lands_in_the_chapter(page):
    run_cell(page, "imports")
    text, _ = shown(page, "exponential_lr-answer", "start_wrong")
    assert "What is wrong:" in text
    link = active(page).get_by_role("link", name="Read: ")
    heading = link.inner_text().removeprefix("Read: ")
    link.click()
    assert distance(page, heading) < NEAR


def test_the_repaired_answer_is_green_and_offers_no_notebook_that_is_not_there(page):
    page.evaluate(OPEN, "START.ipynb")
    page.wait_for_function(HERE, arg="START.ipynb")
    write_cell(page, "exponential_lr-answer", REPAIRED)
    text, html = shown(page, "exponential_lr-answer", "start_right")
    assert "every check holds" in text
    assert "The solution notebook" not in html


def test_the_first_answer_and_the_whole_course_in_the_overview(lab, page):
    open_notebook(page, lab, f"exercises/{FIRST.slug}.ipynb")
    run_cell(page, "imports")
    right = solution_of(FIRST.solution, "gradient_step")["source"]
    write_cell(page, "gradient_step-answer", right)
    text, _ = shown(page, "gradient_step-answer", "start_first")
    assert "1 of 6 answers hold" in text
    write_cell(page, "gradient_step-check", "check()")
    text, _ = shown(page, "gradient_step-check", "start_overview")
    assert text.startswith("The course, as last checked: 1 of ")
    links = active(page).locator(".lrcourse-card a")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert f"book/{FIRST.slug}.ipynb" in addresses[0]
    links.last.click()
    page.wait_for_function(HERE, arg="exercises/02_backprop.ipynb")
