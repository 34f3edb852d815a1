"""Figures of recorded runs in a browser: each state is Python's, no control is idle.

What is drawn is held to the runs themselves, not to what was stored of them.
"""

import itertools
import math
import re

import numpy as np
import pytest

from lrcourse.figure.numbers import short
from tests.browser.figures import (
    BATCHES,
    EPOCHS,
    RATES,
    RUNS,
    cycles,
    ends,
    grid,
    stopping,
    trainability,
)
from tests.browser.pages import said, state

ROWS = ("W1", "b1", "W2")
AT = "(figure, state) => { figure.set(state); return figure.values }"
BRIGHTNESS = r"""figure => [...figure.shadowRoot.querySelectorAll('[class*=shade]')]
  .map(cell => [Number(cell.getAttribute('class').match(/shade(\d+)/)[1]),
    getComputedStyle(cell).fill.match(/[\d.e-]+/g).map(Number)])"""


def at(page, **settings):
    return page.locator("lr-figure").evaluate(AT, settings)


def states(*values):
    return list(itertools.product(("plain", "noisy"), RATES, BATCHES, *values))


def digits(value):
    """Return what three digits leave of a number, and infinity of one that was lost."""
    return float(short(value)) if math.isfinite(value) else math.inf


def test_every_curve_is_the_recorded_one_and_every_number_has_its_three_digits(show):
    page = show(grid())
    for rule, lr, batch in states():
        curves, across, _, number = at(page, rule=rule, lr=lr, batch=batch, epoch=3)
        run = RUNS[rule, lr, batch]
        losses = np.where(np.isnan(run["losses"]), np.inf, run["losses"])
        assert curves["losses"] == pytest.approx(losses, abs=3e-5)
        assert across["loss"] == [
            digits(RUNS[rule, rate, batch]["loss"]) for rate in RATES
        ]
        assert number["value"] == digits(run["spent"])
    assert page.wrong == []


def test_rows_stand_in_the_order_of_their_numbers(show):
    page = show(grid())
    for rule, lr, batch in states():
        _, _, rows, _ = at(page, rule=rule, lr=lr, batch=batch, epoch=3)
        errors = dict(zip(ROWS, RUNS[rule, lr, batch]["errors"], strict=True))
        assert rows["values"] == [digits(error) for error in errors.values()]
        assert rows["order"] == sorted(errors, key=errors.get, reverse=True)
    page.emulate_media(reduced_motion="reduce")
    for lr, top in ((0.3, "b1"), (0.01, "W2")):
        at(page, lr=lr, rule="plain")
        rows = page.locator("lr-figure .row").all()
        heights = {row.text_content()[:2]: row.bounding_box()["y"] for row in rows}
        assert min(heights, key=heights.get) == top


def test_every_state_is_said_as_python_says_it(show):
    figure = grid()
    page = show(figure)
    for rule, lr, batch, epoch in states(EPOCHS):
        settings = {"rule": rule, "lr": lr, "batch": batch, "epoch": epoch}
        at(page, **settings)
        assert said(page) == figure.says(settings)


def test_a_sentence_says_the_runs_own_numbers():
    settings = {"rule": "noisy", "lr": 0.03, "batch": 16, "epoch": 2}
    run = RUNS["noisy", 0.03, 16]
    least = min(RUNS["noisy", rate, 16]["loss"] for rate in RATES)
    assert grid().says(settings) == (
        f"noisy, 0.03, 16: {short(run['losses'][1])} at epoch 2, {short(run['loss'])} "
        f"at the end; batches count. The best is {short(least)}, at 0.3."
    )
    lost = {"rule": "plain", "lr": 0.3, "batch": 4, "epoch": 5}
    assert "beyond all bounds at the end" in grid().says(lost)


def test_counts_are_said_whole(show):
    page = show(trainability())
    at(page, rule="plain", lr=0.01, batch=4)
    assert said(page) == f"plain, 0.01, {9001 // 4} updates: 1.98 at the end."


def test_the_best_is_ringed_where_it_stands_and_lost_runs_are_not(show):
    page = show(grid())
    at(page, rule="plain", lr=0.01, batch=4, epoch=1)
    across = page.locator("lr-figure .views > svg").nth(1)
    ring = across.locator(".dot.mark")
    dots = [dot.get_attribute("cx") for dot in across.locator(".dot.first").all()]
    assert ring.get_attribute("cx") == dots[2]  # 0.3 was lost


def idle(page, name):
    control = page.locator("lr-figure .control").filter(has_text=name)
    disabled = [box.is_disabled() for box in control.locator("input, select").all()]
    said = control.locator(".idle").is_visible()
    assert disabled == [said] * len(disabled)
    return said


def test_a_control_that_changes_nothing_is_switched_off_with_a_word(show):
    page = show(grid())
    for rule in ("plain", "noisy"):
        at(page, rule=rule, lr=0.1, batch=16, epoch=3)
        assert idle(page, "batch size") == (rule == "plain")
        assert not idle(page, "learning rate")
        assert not idle(page, "epoch")
        assert not idle(page, "rule")
    at(page, rule="plain")
    named = page.get_by_role("slider", name="batch size no effect here")
    assert named.is_disabled()


def test_a_constant_rate_has_no_half_period(show):
    page = show(cycles())
    at(page, share=0.1)
    assert not idle(page, "half period")
    page = show(cycles(same_constants=True))
    at(page, share=1.0)
    assert idle(page, "half period")
    assert said(page).startswith("Constant at ")


def test_the_line_where_runs_are_stopped_moves_and_speaks(show):
    page = show(stopping())
    assert said(page).startswith("Stopped after 200 updates: linear at ")
    view = page.locator("lr-figure .scrub").first
    box = view.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 15, box["y"] + box["height"] / 2)
    assert state(page) == {"rival": "linear", "stop": 400}
    page.get_by_role("radio", name="constant").check()
    assert said(page).startswith("Stopped after 400 updates: constant at ")
    assert "its 95 % interval from " in said(page)


def test_a_drag_along_the_curves_walks_through_the_epochs(show):
    page = show(grid())
    view = page.locator("lr-figure .scrub").first
    box = view.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 15, box["y"] + box["height"] / 2)
    assert state(page)["epoch"] == 5
    across = page.locator("lr-figure .scrub").nth(1).bounding_box()
    page.mouse.click(across["x"] + 50, across["y"] + across["height"] / 2)
    assert state(page)["lr"] == 0.01


def test_the_cells_of_a_map_are_the_recorded_numbers(show):
    page = show(trainability())
    for rule in ("plain", "noisy"):
        cells, _ = at(page, rule=rule, lr=0.01, batch=4)
        expected = [digits(RUNS[rule, r, b]["loss"]) for b in BATCHES for r in RATES]
        assert cells["cells"] == expected


def test_the_best_cell_is_the_strongest_and_marked(show):
    page = show(trainability())
    at(page, rule="noisy", lr=0.01, batch=4)
    cells = page.get_by_role("application").locator("svg .cell").all()
    shades = [int(cell.get_attribute("class").split("shade")[1]) for cell in cells]
    losses = [RUNS["noisy", rate, batch]["loss"] for batch in BATCHES for rate in RATES]
    assert np.argmax(shades) == np.argmin(losses)
    assert page.locator("lr-figure .star:visible").count() == 1
    assert np.corrcoef(shades, np.log(losses))[0, 1] < -0.99


def test_what_was_lost_is_hatched_and_the_key_says_so(show):
    page = show(trainability())
    hatched = page.locator("lr-figure .views > svg").first.locator("svg .cell.lost")
    at(page, rule="noisy")
    assert hatched.count() == 0
    at(page, rule="plain")
    assert hatched.count() == len(BATCHES)
    key = page.get_by_role("application").locator("text", has_text="lost")
    assert key.is_visible()


def test_arrows_move_the_cursor_of_a_map_and_stop_at_its_edge(show):
    figure = trainability()
    page = show(figure)
    view = page.get_by_role(
        "application", name=re.compile("Arrow keys move the cursor")
    )
    assert "the faintest is 2.04, the strongest 0.0296; hatched is lost" in (
        view.get_attribute("aria-label")
    )
    view.focus()
    for key, lr, batch in [
        ("ArrowRight", 0.3, 16),
        ("ArrowRight", 0.3, 16),
        ("ArrowUp", 0.3, 64),
        ("ArrowUp", 0.3, 64),
        ("Home", 0.01, 64),
        ("PageDown", 0.01, 4),
        ("End", 0.3, 4),
        ("ArrowLeft", 0.1, 4),
    ]:
        page.keyboard.press(key)
        assert (state(page)["lr"], state(page)["batch"]) == (lr, batch)
    assert said(page) == figure.says(state(page))
    spoken = page.locator("lr-figure [role=status]")
    spoken.filter(has_text=said(page)).wait_for(state="attached")


def test_a_cell_can_be_tapped_and_a_point_too(show):
    page = show(trainability(), has_touch=True)
    page.get_by_role("application").locator("svg rect.cell").nth(5).tap()
    assert (state(page)["lr"], state(page)["batch"]) == (0.03, 16)
    points = page.locator("lr-figure .plane").nth(1)
    box = points.bounding_box()
    points.tap(position={"x": box["width"] - 20, "y": box["height"] - 60})
    assert state(page)["lr"] == 0.3


def test_cells_of_one_sum_carry_a_dot(show):
    page = show(trainability())
    at(page, rule="noisy", lr=0.03, batch=16)
    dots = page.locator("lr-figure .alike:visible")
    assert dots.count() == len(BATCHES)  # the sum is the rate's


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shades_go_in_even_steps_from_the_page_to_the_strongest(scheme, show):
    page = show(trainability(), color_scheme=scheme)
    shades = dict(page.locator("lr-figure").evaluate(BRIGHTNESS))
    light = [lightness(shades[number]) for number in range(32)]
    steps = np.diff(light) * (1 if scheme == "dark" else -1)
    assert (steps > 0).all()
    assert abs(light[-1] - light[0]) > 0.5
    assert steps.max() < 4 * np.median(steps)


def lightness(color):
    """Return the first of OKLab's three, from what the browser computed."""
    if len(color) == 3 and max(color) <= 1.0:
        return color[0]
    linear = [
        (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4)
        for c in color[:3]
    ]
    cones = np.cbrt(
        np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        )
        @ linear
    )
    return float(np.array([0.2104542553, 0.7936177850, -0.0040720468]) @ cones)


def test_a_histogram_has_the_recorded_shares(show):
    page = show(ends())
    (view,) = at(page, shape="constant", peak=1.0)
    shares = np.exp(-((np.linspace(-1.5, 1.5, 13) - 0.7) ** 2))
    assert view["shares"] == pytest.approx(shares, abs=1e-5)


def test_every_state_can_be_linked(show):
    page = show(grid(), at="#recorded:rule=plain&lr=0.03&batch=64&epoch=5")
    assert state(page) == {"rule": "plain", "lr": 0.03, "batch": 64, "epoch": 5}
    page.get_by_role("button", name="link to this state").click()
    page.reload()
    assert state(page) == {"rule": "plain", "lr": 0.03, "batch": 64, "epoch": 5}
