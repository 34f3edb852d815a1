"""Predictions in a real browser: committed to, answered, read without a script."""

from importlib.resources import files

import pytest

from lrcourse.prediction import asked, predict, settle
from tests.browser.pages import LOW_CONTRAST

OPTIONS = ["not at all", "to `chance`", "nearly as <far>"]
WHY = {
    "not at all": "The others still learn.",
    "to `chance`": "Chance is 10 percent; it gets 52.",
    "nearly as <far>": "The layer above learns to read it.",
}


@pytest.fixture(autouse=True)
def _a_fresh_kernel(monkeypatch):
    monkeypatch.setattr(asked, "_asked", {})


def question(name="cloud", options=OPTIONS):
    return predict(name, "How far does it train?", options)


def answer(name="cloud", right="nearly as <far>", options=OPTIONS):
    predict(name, "How far does it train?", options)
    return settle(name, {option: (option == right, WHY[option]) for option in options})


def status(page, which=0):
    return page.get_by_role("status").nth(which).text_content()


def card(page, which=0):
    return page.locator("lr-predict[data-asks]").nth(which)


def settled(page, which=0):
    """Return the options as they stand, each with its mark, then its reason."""
    lines = card(page, which).locator("li").all_inner_texts()
    return [line.split("\n") for line in lines]


def test_a_click_commits_and_the_chosen_ones_reason_comes_first(show):
    page = show(question(), "<p>The cell.</p>", answer())
    assert card(page).get_by_role("button").all_inner_texts() == [
        "not at all", "to chance", "nearly as <far>",
    ]  # fmt: skip
    card(page).get_by_role("button", name="to chance").click()
    texts = [" ".join(each) for each in settled(page)]
    assert [text.split(" ✗")[0].split(" ✓")[0] for text in texts] == [
        "to chance", "nearly as <far>", "not at all",
    ]  # fmt: skip
    assert "✗ your prediction" in texts[0]
    assert texts[0].endswith("Chance is 10 percent; it gets 52.")
    assert "✓ right" in texts[1]
    assert "✗ not so" in texts[2]
    assert status(page) == (
        "Not so: to chance. Chance is 10 percent; it gets 52. Right is: nearly as "
        "<far>. The layer above learns to read it."
    )
    assert page.locator("summary").inner_text() == (
        "You predicted to chance. It is nearly as <far>."
    )
    assert page.wrong == []


def test_who_is_right_is_told_so_and_why(show):
    page = show(question(), answer(right="not at all"))
    card(page).get_by_role("button", name="not at all").click()
    assert status(page) == "Right: not at all. The others still learn."
    assert "✓ right, as you said" in " ".join(settled(page)[0])
    assert page.locator("summary").inner_text() == (
        "You predicted not at all, and so it is."
    )


def test_a_second_click_changes_nothing(show):
    page = show(question(), answer())
    card(page).get_by_role("button", name="to chance").click()
    before = card(page).inner_html()
    card(page).locator("li button").click(force=True)
    card(page).locator("li").nth(1).click()
    assert card(page).inner_html() == before
    assert card(page).get_by_role("button").count() == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_is_enough(show, key):
    page = show(question(), answer())
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "nearly as <far>"
    page.keyboard.press(key)
    assert status(page).startswith("Right: nearly as <far>.")
    assert page.evaluate("document.activeElement.textContent") == "nearly as <far>"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press(key)
    assert page.get_by_text("Chance is 10 percent; it gets 52.").last.is_visible()


def test_who_commits_to_nothing_can_unfold_the_answer(show):
    page = show(question(), answer())
    summary = page.locator("summary")
    assert summary.inner_text() == "The answer to “How far does it train?”"
    assert not page.get_by_text("The others still learn.").is_visible()
    summary.click()
    assert page.locator("details li").all_inner_texts() == [
        "nearly as <far> (right): The layer above learns to read it.",
        "not at all (not so): The others still learn.",
        "to chance (not so): Chance is 10 percent; it gets 52.",
    ]
    assert card(page).get_by_role("button").count() == 3


def test_the_answer_may_stand_first(show):
    page = show(answer(), question())
    card(page).get_by_role("button", name="not at all").click()
    assert status(page).startswith("Not so: not at all.")
    assert "You predicted" in page.locator("summary").inner_text()


def test_two_predictions_on_a_page_keep_to_themselves(show):
    page = show(question("one"), question("two"), answer("two"), answer("one"))
    card(page, 1).get_by_role("button", name="not at all").click()
    assert status(page, 0) == ""
    assert status(page, 1).startswith("Not so")
    lines = page.locator("summary").all_inner_texts()
    assert [line.startswith("You predicted") for line in lines] == [True, False]


# what a notebook does: outputs come late, again, and go
LATER = """([place, html]) => { const cell = document.querySelector(place);
  cell.innerHTML = html; }"""


def test_a_question_waits_until_its_cell_has_run(show):
    asks, first, again = question(), answer(), answer(right="not at all")
    page = show(asks, "<div id='cell'></div>")
    card(page).get_by_role("button", name="to chance").click()
    waits = "Noted. Run the cell below; the answer comes when it has run."
    assert status(page) == waits
    assert "your prediction" in card(page).inner_text()
    assert page.get_by_text(waits).is_visible()
    page.evaluate(LATER, ["#cell", first._repr_html_()])
    assert status(page).startswith("Not so: to chance. Chance is 10")
    page.evaluate(LATER, ["#cell", again._repr_html_()])
    assert "Right is: not at all" in status(page)
    assert settled(page)[1][0].startswith("not at all")
    page.evaluate(LATER, ["#cell", ""])
    assert "Right is: not at all" in status(page)  # what was told stays


def test_an_answer_to_other_options_is_none(show, monkeypatch):
    asks = question(options=["yes", "no"])
    monkeypatch.setattr(asked, "_asked", {})
    page = show(asks, answer())
    card(page).get_by_role("button", name="yes").click()
    assert status(page).startswith("Noted.")


def test_after_the_outputs_are_cleared_a_question_asks_anew(show):
    asks, tells = question(), answer()
    page = show("<div id='asks'></div><div id='tells'></div>")
    for place, shown in (("#asks", asks), ("#tells", tells)):
        page.evaluate(LATER, [place, shown._repr_html_()])
    page.evaluate(f"document.body.append({SCRIPT})")
    card(page).get_by_role("button", name="to chance").click()
    page.evaluate(LATER, ["#tells", ""])
    page.evaluate(LATER, ["#asks", asks._repr_html_()])
    card(page).get_by_role("button", name="to chance").click()
    assert status(page).startswith("Noted.")
    page.evaluate(LATER, ["#tells", tells._repr_html_()])
    assert status(page).startswith("Not so")


# innerHTML runs no script; a notebook runs it itself
SCRIPT = """Object.assign(document.createElement('script'),
  {textContent: document.querySelector('lr-predict ~ script').textContent})"""


def test_two_views_of_a_notebook_commit_apart(show):
    view = f"{question()._repr_html_()}{answer()._repr_html_()}"
    page = show(*[f"<div class='jp-Notebook'>{view}</div>"] * 2)
    card(page, 0).get_by_role("button", name="to chance").click()
    assert status(page, 0).startswith("Not so")
    assert status(page, 1) == ""
    card(page, 1).get_by_role("button", name="nearly as <far>").click()
    lines = page.locator("summary").all_inner_texts()
    assert [line.split(".")[0] for line in lines] == [
        "You predicted to chance",
        "You predicted nearly as <far>, and so it is",
    ]


def test_a_cell_that_is_taken_out_of_sight_and_back_keeps_its_state(show):
    cells = [
        f"<div class='jp-Cell'><div class='jp-OutputArea'>{each._repr_html_()}"
        "</div></div>"
        for each in (question(), answer())
    ]
    page = show(f"<div class='jp-Notebook'>{''.join(cells)}</div>")
    out = """([which, back]) => { window.kept ??= [...document.querySelectorAll(
      '.jp-Cell')]; const cell = kept[which];
      if (back) document.querySelector('.jp-Notebook').append(cell);
      else cell.remove(); }"""
    page.evaluate(out, [1, False])
    card(page).get_by_role("button", name="to chance").click()
    assert status(page).startswith("Not so")
    page.evaluate(out, [0, False])
    page.evaluate(out, [1, True])
    assert page.locator("summary").inner_text().startswith("You predicted")
    page.evaluate(out, [0, True])
    assert status(page).startswith("Not so")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1200])
def test_it_can_be_read_and_axe_finds_nothing(show, scheme, width):
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    size = {"width": width, "height": 900}
    page = show(question(), answer(), color_scheme=scheme, viewport=size)
    page.evaluate((files(axe) / "axe.min.js").read_text(encoding="utf-8"))
    for act in (lambda: None, card(page).get_by_role("button").nth(1).click):
        act()
        page.locator("details").evaluate("each => { each.open = true }")
        assert page.evaluate(LOW_CONTRAST, "lr-predict") == []
        assert page.evaluate("axe.run()")["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.eval_on_selector_all(
        "lr-predict li button:not([aria-disabled])",
        "all => all.map(each => each.getBoundingClientRect().height)",
    )
    assert min(heights, default=40) >= 40


def test_it_prints_folded_whatever_was_picked(show):
    page = show(question(), answer())
    card(page).get_by_role("button", name="to chance").click()
    page.locator("summary").click()
    page.emulate_media(media="print")
    for text in WHY.values():
        for place in page.get_by_text(text).all():
            assert not place.is_visible()
    assert not page.get_by_text("your prediction").is_visible()
    options = card(page).locator("li").all_inner_texts()
    assert {option.strip() for option in options} == {
        "not at all", "to chance", "nearly as <far>",
    }  # fmt: skip


def test_without_a_script_the_options_are_a_list_and_the_answer_is_folded(show):
    page = show(question(), answer(), java_script_enabled=False)
    assert card(page).get_by_role("listitem").all_inner_texts() == [
        "not at all", "to chance", "nearly as <far>",
    ]  # fmt: skip
    assert page.get_by_role("button").count() == 0
    assert not page.get_by_text("The others still learn.").is_visible()
    page.locator("summary").click()
    assert page.get_by_text("The others still learn.").is_visible()
