"""`check` in a real kernel: the card, the same verdict as pytest, state left behind."""

from tests.grading.entrances.conftest import IMPORT, save


def test_a_wrong_answer_gets_a_card_with_values_curve_and_hints(start):
    run = start()
    run(IMPORT)
    run("def half(x):\n    return x / 4")
    card = run("check('half')")["data"]
    for shown in ("one half", "half(1.0) gave 0.25", "<lr-figure", "Hint 1 of 2"):
        assert shown in card["text/html"]
    assert "got 0.25, expected 0.5" in card["text/plain"]


def test_what_ran_last_counts_and_no_link_leads_to_a_solution_not_there(start):
    run = start()
    run("def half(x):\n    return x / 4")  # before the import: from the history
    run(IMPORT)
    assert "one half" in run("check('half')")["data"]["text/plain"]
    both = "def half(x):\n    return x / 2\ncheck('half')"
    assert "1/1" in run(both)["data"]["text/plain"]
    assert "solutions/" not in run("check('half')")["data"]["text/html"]


def test_a_cell_that_defines_an_answer_is_checked_by_itself(start):
    run = start()
    wrong, right = ("def half(x):\n    return x / 4", "def half(x):\n    return x / 2")
    run(IMPORT)
    assert "half(1.0) gave 0.25" in run(wrong)["data"]["text/plain"]
    assert "1/1" in run(right)["data"]["text/plain"]
    assert run("def helper(x):\n    return x / 2") is None
    assert run("def half(x):\n    raise NotImplementedError") is None
    assert "TypeError" in run("def half(x):\n    return x / 2\nhalf(1, 2)")["ename"]


def test_checking_by_itself_can_be_switched_off_and_on(start):
    run = start()
    source = "def half(x):\n    return x / 2"
    run("from lrcourse.grading import auto_check, check")
    assert run(f"auto_check(False)\n{source}") is None
    assert "1/1" in run("check('half')")["data"]["text/plain"]
    assert "1/1" in run(f"auto_check()\n{source}")["data"]["text/plain"]


def test_what_cannot_be_drawn_costs_the_curve_and_no_card(start):
    run = start()
    run(IMPORT)
    for source in ("return 10**1000", "return [x]", "return x / 0"):
        assert "0/1" in run(f"def half(x):\n    {source}")["data"]["text/plain"]
    assert "<lr-figure" in run("def half(x):\n    return x / 4")["data"]["text/html"]


def test_an_unknown_name_is_a_sentence_that_helps(start):
    run = start()
    run(IMPORT)
    assert "did you mean 'half'" in run("check('halv')")["data"]["text/plain"]
    assert "no exercise asks for '3'" in run("check(3)")["data"]["text/plain"]


def test_the_function_itself_can_be_checked(start):
    run = start()
    run(IMPORT)
    run("def half(x):\n    return x / 2")
    assert "1/1" in run("check(half)")["data"]["text/plain"]


def test_an_answer_that_works_only_through_old_state_gets_a_note(start, folder):
    path = folder / "01_x.ipynb"
    cells = {"a": IMPORT, "b": "def half(x):\n    return x * factor"}
    save(path, cells)
    run = start(JPY_SESSION_NAME=str(path))
    run(IMPORT, "a")
    run("factor = 0.5", "gone")
    run(cells["b"], "b")
    said = run("check('half')", "c")["data"]["text/plain"]
    assert "1/1" in said
    assert "only through what the kernel still remembers" in said
    assert "'factor' is not defined" in said
    save(path, {"z": "factor = 0.5"} | cells)
    assert "remembers" not in run("check('half')", "c")["data"]["text/plain"]
