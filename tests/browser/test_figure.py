"""Figures in a real browser: Python's numbers, every control, wherever they stand."""

import functools
import http.server
import threading
from importlib.resources import files

import numpy as np
import pytest

from lrcourse.figure import descent_figure
from lrcourse.figure.controls import Choice, Handles
from lrcourse.figure.element import script
from lrcourse.optimizers import SGD
from lrcourse.schedules import constant, linear, scale
from lrcourse.training import descend
from tests.browser.figures import BOWL, FIGURES, FIRST, RULES, SCHEDULES, STEPS, descent
from tests.browser.pages import html, said, state

LRS = (0.005, 0.19, 0.25)
PATHS = """(figure, lrs) => lrs.map(lr => Object.keys(figure.spec.shapes).map(
  schedule => Object.keys(figure.spec.rules).map(rule => {
    figure.set({lr, schedule, rule}); return figure.values.path })))"""
# every text of a figure against the nearest background behind it, shadow or not
LOW_CONTRAST = r"""figure => {
  const light = c => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 });
    return .2126 * r + .7152 * g + .0722 * b };
  const parse = c => c.match(/[\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement ?? e.getRootNode().host) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c }
    return [255, 255, 255] };
  const speaks = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  return [...figure.shadowRoot.querySelectorAll('*')]
    .filter(e => speaks(e) && !['STYLE', 'title'].includes(e.tagName))
    .map(e => { const style = getComputedStyle(e), svg = e instanceof SVGElement;
      const a = light(parse(svg ? style.fill : style.color).slice(0, 3));
      const b = light(behind(e).slice(0, 3));
      return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.textContent] })
    .filter(([ratio]) => !(ratio >= 4.5)) }"""
OVER_THE_EDGE = """figure => [...figure.shadowRoot.querySelectorAll(
  '.views > svg, input, p, button, select, output')]
  .filter(e => e.getBoundingClientRect().right > innerWidth).length"""

GRAPHICS = """figure => [...figure.shadowRoot.querySelectorAll('.views > svg')]
  .map(svg => svg.getAttribute('aria-label'))"""
# heights as they stand on the page, where they are shown
TEXTS = """figure => [...figure.shadowRoot.querySelectorAll('svg text')]
  .filter(e => e.getBoundingClientRect().width)
  .map(e => { const { a, b } = e.getScreenCTM(), size = getComputedStyle(e).fontSize;
    return [parseFloat(size) * Math.hypot(a, b), e.textContent] })"""
TARGETS = """figure => [...figure.shadowRoot.querySelectorAll(
  'button, select, input[type=range], .names label')]
  .map(e => [e.getBoundingClientRect().height, e.textContent || e.id])"""


def differences(page):
    """Return how far each of the page's paths is from Python's, relatively."""
    paths = page.locator("lr-figure").evaluate(PATHS, list(LRS))
    found = {}
    for lr, of_lr in zip(LRS, paths, strict=True):
        for name, of_schedule in zip(SCHEDULES, of_lr, strict=True):
            for rule, path in zip(RULES, of_schedule, strict=True):
                schedule = scale(SCHEDULES[name], lr)
                run = descend(BOWL, RULES[rule], schedule, np.array(FIRST), STEPS)
                found[lr, name, rule] = apart(np.array(path), run.weights)
    return found


def apart(page, python):
    if page.shape != python.shape:
        return np.inf
    largest = np.maximum(np.abs(page), np.abs(python))
    return float((np.abs(page - python) / np.maximum(largest, 1e-300)).max())


def test_every_path_of_the_page_is_the_path_of_python(show):
    found = differences(show(descent()))
    assert len(found) == len(LRS) * len(SCHEDULES) * len(RULES)
    worst = max(found, key=found.get)
    assert found[worst] < 1e-9, worst


PLANTED = [
    ("v = momentum * v + g;", "v = momentum * v + (1 - momentum) * g;", "momentum 0.9"),
    ("lr * (nesterov ?", "lr * (!nesterov ?", "momentum 0.9"),
    ("momentum * v - lr * g; return", "momentum * v - g; return", "Keras"),
    ("v += g * g", "v += g", "Adagrad"),
    ("t += 1; m", "m", "Adam"),
    ("(1 - beta2 ** t)) + eps", "(1 - beta2 ** t) + eps)", "Adam"),
]


@pytest.mark.parametrize(("right", "wrong", "rule"), PLANTED)
def test_a_wrong_recurrence_would_be_seen(right, wrong, rule, show):
    page = html(descent(rules={rule: RULES[rule]}, start=starting(rule)))
    assert page.count(right) == 1
    shown = show(page.replace(right, wrong)).locator("lr-figure")
    path = np.array(shown.evaluate("figure => figure.values.path"), dtype=float)
    schedule = scale(SCHEDULES["cosine"], 0.1)
    run = descend(BOWL, RULES[rule], schedule, np.array(FIRST), STEPS)
    assert not apart(path, run.weights) < 1e-9


def starting(rule):
    return {"lr": 0.1, "schedule": "cosine", "rule": rule, "step": 60}


@pytest.mark.parametrize("kind", FIGURES)
def test_at_every_mark_the_page_says_what_python_says(kind, show):
    figure = FIGURES[kind]()
    page = show(figure)
    for label, settings in figure.states.items():
        if len(figure.states) > 1:
            page.get_by_role("button", name=label, exact=True).click()
        assert state(page) == settings
        assert said(page) == figure.says(settings)
    assert page.wrong == []


@pytest.mark.parametrize("kind", FIGURES)
def test_every_control_has_a_name_and_moves_by_keyboard(kind, show):
    figure = FIGURES[kind]()
    page = show(figure)
    controls = [each for each in figure.controls if not isinstance(each, Handles)]
    for control in controls:
        page.locator("lr-figure").evaluate("f => f.set(f.spec.states[0].state)")
        before = state(page)
        focused(page, control).press("ArrowLeft")
        if state(page) == before:  # it stood at its end
            focused(page, control).press("ArrowRight")
        assert state(page)[control.key] != before[control.key]
        assert said(page) == figure.says(state(page))


def focused(page, control):
    """Return what has the focus of a control, found by role and name alone."""
    if not isinstance(control, Choice):
        return page.get_by_role("slider", name=control.label, exact=True)
    if len(control.values) > 4:
        return page.get_by_role("combobox", name=control.label, exact=True)
    group = page.get_by_role("radiogroup", name=control.label, exact=True)
    return group.get_by_role("radio", checked=True)


def test_from_the_top_of_the_page_the_keyboard_alone_changes_a_state(show):
    page = show(descent())
    page.keyboard.press("Tab")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    assert state(page)["lr"] == pytest.approx(0.18)
    assert said(page).startswith("constant, SGD, rate 0.18")
    spoken = page.locator("lr-figure [role=status]")
    spoken.filter(has_text="constant, SGD, rate 0.18").wait_for(state="attached")


def test_one_push_moves_all_views(show):
    page = show(descent())
    curves = page.locator("lr-figure .curve")
    before = curves.evaluate_all("all => all.map(e => e.getAttribute('d'))")
    page.get_by_role("slider", name="learning rate").press("ArrowLeft")
    after = curves.evaluate_all("all => all.map(e => e.getAttribute('d'))")
    assert len(before) == 3
    assert all(a != b for a, b in zip(before, after, strict=True))


def test_the_limit_turns_red_where_it_is_crossed(show):
    page = show(descent())
    line, alarm = page.locator("lr-figure .line.alarm"), "rgb(179, 0, 27)"
    assert line.evaluate("e => getComputedStyle(e).stroke") == alarm
    page.get_by_role("button", name="0.9 of the limit").click()
    assert line.count() == 0


def test_a_cell_of_the_map_can_be_tapped_and_keys_move_on(show):
    page = show(FIGURES["momentum"](), has_touch=True)
    plane = page.locator("lr-figure .plane")
    box = plane.bounding_box()
    plane.tap(position={"x": box["width"] / 2, "y": box["height"] / 2})
    tapped = state(page)
    assert tapped["momentum"] in (0.5, pytest.approx(0.669, abs=1e-3))
    plane.focus()
    page.keyboard.press("ArrowUp")
    assert state(page)["momentum"] > tapped["momentum"]
    page.keyboard.press("Home")
    assert state(page)["lr"] == 0.05


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_a_group_with_a_name_and_so_is_each_of_its_graphics(kind, show):
    page = show(FIGURES[kind]())
    figure = page.get_by_role("group", name=FIGURES[kind]().title).first
    names = figure.evaluate(GRAPHICS)
    assert names
    assert all(len(name.split()) > 1 for name in names), names


@pytest.mark.parametrize("kind", FIGURES)
def test_on_a_phone_texts_are_9_pixels_high_and_what_is_tapped_is_44(kind, show):
    size = {"width": 380, "height": 800}
    page = show(FIGURES[kind](), viewport=size, has_touch=True, is_mobile=True)
    figure = page.locator("lr-figure")
    assert [each for each in figure.evaluate(TEXTS) if each[0] < 9] == []
    assert [each for each in figure.evaluate(TARGETS) if each[0] < 44] == []


@pytest.mark.parametrize("lr", [0.06, 0.3, 0.4])
@pytest.mark.parametrize("schedule", ["constant", "falling"])
def test_the_loss_stays_on_its_axes_whatever_is_asked(schedule, lr, show):
    shapes = {"constant": constant(1.0), "falling": linear(1.0, STEPS)}
    figure = descent_figure(
        BOWL,
        shapes,
        {"SGD": SGD()},
        FIRST,
        STEPS,
        rates=(0.01, 0.4, 0.01),
        start={"lr": lr, "schedule": schedule, "rule": "SGD", "step": STEPS},
    )
    page = show(figure)
    curve = page.locator("lr-figure .views > svg").last.locator(".curve")
    inside = curve.evaluate("""curve => { const plot = curve.closest('svg');
      const { y, height } = plot.viewBox.baseVal, box = curve.getBBox();
      return box.y >= y - .1 && box.y + box.height <= y + height + .1 }""")
    assert inside


def test_neighbouring_steps_are_told_apart_by_the_distance_of_two_schedules(show):
    figure = FIGURES["schedules"]()
    page = show(figure)
    apart = set()
    for place in range(20, 31):
        state_ = {"shown": "cosine", "against": "linear", "place": place}
        page.locator("lr-figure").evaluate("(f, state) => f.set(state)", state_)
        assert said(page) == figure.says(state_)
        apart.add(said(page).split("They are ")[1].split(" apart")[0])
    assert len(apart) > 8


def test_a_conversion_says_and_draws_what_python_does(show):
    figure = FIGURES["conversions"]()
    page = show(figure)
    calls = figure.controls[0].values
    for call in calls:
        for library in ("PyTorch", "Keras", "Optax"):
            state_ = {"call": call, "library": library, "place": 55}
            page.locator("lr-figure").evaluate("(f, state) => f.set(state)", state_)
            assert said(page) == figure.says(state_)
    first = {"call": calls[0], "library": "Keras", "place": 60}
    page.locator("lr-figure").evaluate("(f, state) => f.set(state)", first)
    values = page.locator("lr-figure").evaluate("f => f.values")
    assert values["own"][60] == pytest.approx(0.05)
    assert values["twin"][60] == 0
    written = page.locator("lr-figure .calls code").all_inner_texts()
    assert "CosineDecay(0.1, 40, alpha=0.0)" in written


def test_the_step_is_spoken(show):
    page = show(descent())
    page.get_by_role("slider", name="step", exact=True).press("Home")
    assert " At step 0 it is 24.5." in said(page)


def test_a_step_after_the_end_of_a_lost_run_is_spoken_too(show):
    figure = descent()
    page = show(figure)
    for lr, step in ((0.25, 60), (0.25, 40), (0.2, 60)):
        state_ = {"lr": lr, "schedule": "constant", "rule": "Nesterov", "step": step}
        page.locator("lr-figure").evaluate("(f, state) => f.set(state)", state_)
        assert said(page) == figure.says(state_)
    page.locator("lr-figure").evaluate("(f, s) => f.set(s)", {"lr": 0.25, "step": 60})
    assert "It was given up before step 60." in said(page)


def test_exactly_at_the_limit_a_run_is_not_below_it(show):
    figure = descent()
    page = show(figure)
    for rule, lr in (("SGD", 0.2), ("momentum 0.9", 0.38), ("SGD", 0.195)):
        state_ = {"lr": lr, "schedule": "constant", "rule": rule, "step": 60}
        page.locator("lr-figure").evaluate("(f, state) => f.set(state)", state_)
        assert said(page) == figure.says(state_)
        assert (", and at 60 exactly on it." in said(page)) == (lr != 0.195)
    assert page.locator("lr-figure .line.alarm").count() == 0


def test_a_drag_over_titles_and_ticks_selects_nothing(show):
    page = show(descent())
    for place in range(3):
        box = page.locator("lr-figure .views > svg").nth(place).bounding_box()
        page.mouse.move(box["x"] + 2, box["y"] + 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
        page.mouse.up()
        assert page.evaluate("String(getSelection())") == ""


def test_exactly_at_the_limit_momentum_says_so(show):
    figure = FIGURES["momentum"]()
    limit = 2 * 1.9 / 10.0
    page = show(figure)
    for lr, where in ((0.379, "Below"), (limit, "At"), (0.385, "Above")):
        state_ = {**figure.states["start"], "rule": "PyTorch's form"}
        state_ |= {"momentum": 0.9, "lr": lr}
        page.locator("lr-figure").evaluate("(f, state) => f.set(state)", state_)
        assert f"{where} the limit of 0.38" in said(page)
        assert said(page) == figure.says(state_)


@pytest.mark.parametrize("kind", ["momentum", "map", "drawn"])
def test_dragging_selects_no_label(kind, show):
    page = show(FIGURES[kind]())
    view = page.locator("lr-figure .plane:visible").first
    box = view.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] - 5, steps=4)
    page.mouse.move(
        box["x"] + box["width"] / 2, box["y"] + box["height"] + 150, steps=4
    )
    page.mouse.up()
    assert page.evaluate("getSelection().toString()") == ""


def test_dragging_over_time_moves_the_step(show):
    page = show(descent())
    view = page.locator("lr-figure .scrub").last
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 10, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=3)
    page.mouse.up()
    assert 20 < state(page)["step"] < 35


LINK = '<p><a href="#one-number-cosine">a cosine</a></p>'


def test_a_link_in_the_text_sets_a_state_each_time_it_is_followed(show):
    page = show(descent(), after=LINK)
    for _ in range(2):
        page.get_by_role("link").click()
        assert state(page)["schedule"] == "cosine"
        page.get_by_role("button", name="start").click()
        assert state(page)["schedule"] == "constant"
    assert page.locator("[id=one-number-cosine]").count() == 1


def test_a_page_opened_at_a_link_begins_in_that_state(show):
    page = show(descent(), at="#one-number:lr=0.115&schedule=warm+restarts")
    assert (state(page)["lr"], state(page)["schedule"]) == (0.115, "warm restarts")
    page = show(descent(), at="#one-number-0-9-of-the-limit")
    assert state(page)["lr"] == 0.18


def test_going_back_to_the_page_itself_begins_anew(show):
    page = show(descent(), after=LINK)
    page.get_by_role("link").click()
    page.go_back()
    page.wait_for_function("!location.hash")
    assert state(page) == descent().states["start"]


def test_the_link_of_a_state_leads_back_to_it(show):
    page = show(descent())
    page.get_by_role("slider", name="learning rate").press("ArrowLeft")
    page.get_by_role("combobox", name="schedule").select_option("wsd")
    before = state(page)
    page.get_by_role("button", name="link to this state").click()
    page.reload()
    assert state(page) == before


@pytest.mark.parametrize("hash", ["lr=9", "lr=x", "schedule=mine", "what=1", "", "%"])
def test_a_link_that_asks_for_what_is_not_there_changes_nothing(hash, show):
    page = show(descent(), at=f"#one-number:{hash}")
    assert state(page) == descent().states["start"]
    assert page.wrong == []


def test_without_scripts_the_sentence_stands(show):
    page = show(descent(), java_script_enabled=False)
    assert page.get_by_text("the loss goes from 24.5 to 1.85e6").is_visible()


@pytest.mark.parametrize(
    "change",
    [('"mode":"descent"', '"mode":"rotation"'), ('{"mode', "{mode")],
)
def test_a_figure_that_the_script_does_not_know_stays_a_sentence(change, show):
    page = show(html(descent()).replace(*change))
    assert page.get_by_text("the loss goes from 24.5 to 1.85e6").is_visible()


def test_several_figures_share_a_script_and_keep_their_states_apart(show):
    page = show(*(FIGURES[kind]() for kind in FIGURES), descent(name="twin"))
    assert page.locator("lr-figure .said").count() == len(FIGURES) + 1
    page.get_by_role("slider", name="learning rate").first.press("ArrowLeft")
    assert state(page)["lr"] != state(page, len(FIGURES))["lr"]
    assert page.wrong == []


def test_one_script_is_enough_for_all(show):
    first, *others = map(html, (FIGURES[kind]() for kind in FIGURES))
    page = show(first, *(each.replace(script(), "") for each in others))
    assert page.locator("lr-figure .said").count() == len(FIGURES)


def test_what_is_printed_is_the_start(show):
    page = show(descent())
    page.get_by_role("button", name="cosine").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert said(page) == repr(descent())
    assert not page.get_by_role("slider").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert state(page)["schedule"] == "cosine"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_fits_a_phone_and_can_be_read(kind, scheme, show):
    size = {"width": 360, "height": 740}
    page = show(FIGURES[kind](), color_scheme=scheme, viewport=size)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("lr-figure").evaluate(OVER_THE_EDGE) == 0
    assert page.locator("lr-figure").evaluate(LOW_CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", FIGURES)
def test_axe_finds_nothing(kind, scheme, show):
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    page = show(FIGURES[kind](), color_scheme=scheme)
    page.evaluate((files(axe) / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [each["id"] for each in found] == []


@pytest.mark.parametrize(
    ("sets", "dark"),
    [
        ("document.documentElement.dataset.theme = 'dark'", True),
        ("document.documentElement.dataset.theme = 'light'", False),
        ("document.body.dataset.jpThemeLight = 'false'", True),
        ("document.body.dataset.jpThemeLight = 'true'", False),
    ],
)
def test_a_figure_follows_the_theme_of_the_book_and_of_jupyterlab(sets, dark, show):
    page = show(descent(), color_scheme="light" if dark else "dark")
    page.evaluate(sets)
    page.wait_for_function(
        "dark => document.querySelector('lr-figure').hasAttribute('dark') === dark",
        arg=dark,
    )


def test_from_a_server_it_is_the_same(show, browser, tmp_path):
    show(descent())

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/page.html")
        assert said(page) == repr(descent())
        page.close()
        server.shutdown()
