"""A schedule that is drawn in a browser: the page's recurrence is Python's."""

import numpy as np
import pytest

from lrcourse import figure, theory
from tests.browser.figures import NOISY_BOWL, RAVINE, VALLEY, drawn
from tests.browser.pages import html, said, state

AT = "(figure, state) => { figure.set(state); return figure.values }"
STEPS, HANDLES = 40, [0, 8, 16, 23, 31, 39]
DRAWN = [
    [1.9] * 6,
    [0.0] * 6,
    [1.9, 1.52, 1.12, 0.78, 0.39, 0.0],
    [0.123, 1.9, 0.004, 1.7, 0.31, 0.02],
]


def expected(problem, rates):
    """Return both parts of the loss, from the formula in theory."""
    h, s, w = map(np.array, (problem.curvature, problem.noise, problem.start))
    lrs = np.interp(np.arange(STEPS), HANDLES, rates)
    runs = [(h, 0 * s, w), (h, s, 0 * w)]
    if problem.directions:
        runs = [(h[i], s[i], w[i]) for i in (0, 1)]
    return [theory.expected_loss(lambda t: lrs[t], *run, STEPS) for run in runs]


@pytest.mark.parametrize("rates", DRAWN)
@pytest.mark.parametrize("problem", ["ravine", "bowl"])
def test_every_course_of_the_page_is_the_course_of_python(problem, rates, show):
    page = show(drawn())
    given = {"problem": problem, "rates": rates}
    values = page.locator("lr-figure").evaluate(AT, given)
    lrs = np.interp(np.arange(STEPS), HANDLES, rates)
    assert values["rates"] == pytest.approx(lrs, rel=1e-12, abs=1e-15)
    parts = expected({"ravine": RAVINE, "bowl": NOISY_BOWL}[problem], rates)
    assert np.array(values["parts"]) == pytest.approx(np.array(parts), rel=1e-9)
    assert values["losses"] == pytest.approx(sum(parts), rel=1e-9)
    assert said(page) == drawn().says(given)


def test_a_valley_is_told_by_its_directions(show):
    start = {"problem": "valley", "rates": DRAWN[3]}
    valley = {"valley": VALLEY}
    made = figure.draw_figure(valley, STEPS, max_lr=1.9, handles=6, start=start)
    page = show(made)
    values = page.locator("lr-figure").evaluate(AT, start)
    parts = np.array(expected(VALLEY, DRAWN[3]))
    assert np.array(values["parts"]) == pytest.approx(parts, rel=1e-9)
    assert said(page) == repr(made)
    assert "hill" in said(page)
    assert "river" in said(page)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(1 - rates[t] * h) ** 2", "(1 - rates[t] * h)"),
        ("(rates[t] * noise[i]) ** 2", "rates[t] * noise[i] ** 2"),
        ("start[i] ** 2", "start[i]"),
        ("t >= at[k + 1]", "t > at[k + 1] + 1"),
    ],
)
def test_a_wrong_recurrence_would_be_seen(right, wrong, show):
    text = html(drawn())
    assert text.count(right) == 1
    page = show(text.replace(right, wrong))
    values = page.locator("lr-figure").evaluate(
        AT, {"problem": "ravine", "rates": DRAWN[3]}
    )
    parts = np.array(expected(RAVINE, DRAWN[3]))
    assert np.array(values["parts"], float) != pytest.approx(parts, rel=1e-9)


def grip(page, number=0):
    return page.locator("lr-figure .broad .grip").nth(number)


def test_handles_are_sliders_that_keys_move(show):
    page = show(drawn())
    first = page.get_by_role("slider", name="learning rate at update 0")
    first.focus()
    assert first.get_attribute("aria-valuetext") == "1.9, handle 1 of 6"
    page.keyboard.press("ArrowDown")
    assert state(page)["rates"][0] == pytest.approx(1.86)
    page.keyboard.press("PageDown")
    assert state(page)["rates"][0] == pytest.approx(1.67)
    page.keyboard.press("ArrowRight")  # to the next handle
    page.keyboard.press("Home")
    assert state(page)["rates"][:2] == [pytest.approx(1.67), 0]
    page.keyboard.press("End")
    assert state(page)["rates"][1] == 1.9
    assert said(page) == drawn().says(state(page))


def test_all_handles_are_one_stop_of_the_tab_key(show):
    page = show(drawn())
    grip(page).focus()
    page.keyboard.press("Tab")
    assert page.evaluate(
        "!document.querySelector('lr-figure').shadowRoot.activeElement"
    )


def test_a_stroke_over_all_handles_draws_a_schedule(show):
    page = show(drawn())
    first, last = grip(page, 0).bounding_box(), grip(page, 5).bounding_box()
    page.mouse.move(first["x"] + 8, first["y"] + 8)
    page.mouse.down()
    page.mouse.move(last["x"] + 8, first["y"] + 8)  # in one leap
    page.mouse.up()
    assert state(page)["rates"] == pytest.approx([1.9] * 6, abs=0.02)
    assert page.wrong == []


def test_yours_moves_among_the_rivals(show):
    page = show(drawn())
    rows = page.locator("lr-figure .row")
    texts = [row.text_content() for row in rows.all()]
    assert texts[0].startswith("yours")
    by_hand = RAVINE.course([0.2] * STEPS)[:, -1].sum()
    (constant,) = [text for text in texts if text.startswith("constant")]
    assert float(constant.removeprefix("constant")) == pytest.approx(by_hand, rel=0.005)


def test_a_drawn_schedule_can_be_linked(show):
    page = show(drawn(), at="#draw:problem=bowl&rates=1,0.5,0.3,0.2,0.1,0")
    assert state(page) == {"problem": "bowl", "rates": [1, 0.5, 0.3, 0.2, 0.1, 0]}
    grip(page).press("ArrowDown")
    before = state(page)
    page.get_by_role("button", name="link to this state").click()
    page.reload()
    assert state(page) == before


@pytest.mark.parametrize("rates", ["1,2", "1,1,1,1,1,9", "1,1,1,1,1,x", "1,,1,1,1,1"])
def test_a_link_to_what_no_handle_can_hold_changes_nothing(rates, show):
    page = show(drawn(), at=f"#draw:rates={rates}")
    assert state(page) == drawn().states["start"]
