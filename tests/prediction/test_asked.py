"""What a prediction asks and answers, and what it refuses."""

from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest

from lrcourse.prediction import asked, predict, settle

OPTIONS = ["not at all", "to chance", "nearly as far"]


@pytest.fixture(autouse=True)
def _a_fresh_kernel(monkeypatch):
    monkeypatch.setattr(asked, "_asked", {})


def ask(name="cloud", question="How far does it train?", options=OPTIONS):
    return predict(name, question, options)


def answers(*truths, options=OPTIONS):
    return {o: (t, f"because of {o}.") for o, t in zip(options, truths, strict=True)}


class Text(HTMLParser):
    """What stands in HTML, and the attributes of its tags."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags = "", []
        self.feed(html.partition("\n<style>")[0])

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def test_the_plain_texts_are_short_and_only_the_answer_tells_the_right_option():
    question = ask()
    answer = settle("cloud", answers(False, False, True))
    assert repr(question) == "predict: cloud (3 options)"
    assert repr(answer) == "settle: cloud: nearly as far"
    assert "data-right" not in question._repr_html_().partition("<style>")[0]


def test_a_question_looks_the_same_whatever_is_right():
    before = ask()._repr_html_()
    settle("cloud", answers(True, False, False))
    assert ask()._repr_html_() == before
    first = settle("cloud", answers(True, False, False))._repr_html_()
    assert first == settle("cloud", answers(True, False, False))._repr_html_()


def test_options_stand_as_asked_and_the_answer_has_the_right_one_first():
    asked_for = [
        a["data-option"] for t, a in Text(ask()._repr_html_()).tags if t == "li"
    ]
    answer = Text(settle("cloud", answers(False, True, False))._repr_html_())
    listed = [a["data-option"] for t, a in answer.tags if t == "li"]
    right = [a["data-option"] for _, a in answer.tags if "data-right" in a]
    assert asked_for == OPTIONS
    assert listed == ["to chance", "not at all", "nearly as far"]
    assert right == ["to chance"]
    assert "to chance (right): Because of to chance." in answer.text


def test_what_is_typed_is_text_but_for_code_and_formulas():
    options = ['<b>"one"</b> & `a < b`', "$x < 1$, 'two'"]
    html = ask(question="Is `w -= g` <i>", options=options)._repr_html_()
    parsed = Text(html)
    assert 'Is w -= g <i><b>"one"</b> & a < b' in parsed.text
    assert r"\(x < 1\), 'two'" in parsed.text
    assert [a["data-option"] for t, a in parsed.tags if t == "li"] == options
    tags = [tag for tag, _ in parsed.tags]
    assert (tags.count("code"), tags.count("b"), tags.count("i")) == (2, 0, 0)
    assert "<code>a &lt; b</code>" in html


def test_a_lone_mark_is_a_character():
    assert (
        "costs 3$, a ` too"
        in Text(ask(question="costs 3$, a ` too")._repr_html_()).text
    )


@pytest.mark.parametrize(
    ("reason", "begins"),
    [("the sum.", "The"), ("a sum.", "A "), ("x is it.", "x "), ("β is.", "β "),
     ("`lr` is.", "<code>lr"), ("Here.", "Here")],
)  # fmt: skip
def test_a_reason_begins_with_a_capital_unless_with_a_symbol(reason, begins):
    ask()
    html = settle(
        "cloud", {o: (o == "to chance", reason) for o in OPTIONS}
    )._repr_html_()
    assert f'<span class="predict-why">{begins}' in html


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Two Words"}, "small letters, digits, hyphens and underscores"),
        ({"name": ""}, "got ''"),
        ({"name": 3}, "got 3"),
        ({"question": " "}, "'cloud': the question is empty"),
        ({"question": None}, "the question must be text"),
        ({"options": ["one"]}, "a list of 2 to 4 options, got"),
        ({"options": list("abcde")}, "a list of 2 to 4 options, got"),
        ({"options": "abc"}, "a list of 2 to 4 options, got 'abc'"),
        ({"options": ["a", "b", "a"]}, "an option twice"),
        ({"options": ["a", ""]}, "an option is empty"),
        ({"options": ["a", 0.1]}, "an option must be text, got 0.1"),
    ],
)
def test_a_question_that_is_none_is_refused(change, said):
    with pytest.raises((ValueError, TypeError), match="predict: ") as refused:
        ask(**change)
    assert said in str(refused.value)


GOOD = answers(False, False, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answers(False, False, False), "must be true, got 0: []"),
        (answers(True, False, True), "got 2: ['not at all', 'nearly as far']"),
        (answers(True, False, options=OPTIONS[:2]), "the options of 'cloud' are"),
        (GOOD | {"far": (False, "so.")}, "write them alike in both cells"),
        (GOOD | {"to chance": (0, "so.")}, "must be a bool, as a comparison gives it"),
        (GOOD | {"to chance": ("no", "so.")}, "got 'no'"),
        (GOOD | {"to chance": (np.zeros(2) > 1, "so.")}, "must be a bool"),
        (GOOD | {"to chance": (False, " ")}, "the reason of 'to chance' is empty"),
        (GOOD | {"to chance": (False, None)}, "must be text, got None"),
        (GOOD | {"to chance": False}, "needs a pair (truth, reason), got False"),
        (GOOD | {"to chance": "so."}, "needs a pair (truth, reason), got 'so.'"),
    ],
)
def test_an_answer_that_is_none_is_refused(given, said):
    ask()
    with pytest.raises((ValueError, TypeError), match="settle: ") as refused:
        settle("cloud", given)
    assert said in str(refused.value)


def test_an_answer_needs_a_question():
    ask()
    with pytest.raises(ValueError, match=r"no predict asked 'clouds' .*'cloud'"):
        settle("clouds", GOOD)


def test_numpy_s_truths_are_truths():
    ask()
    truths = np.array([0.1, 0.2, 0.9]) > 0.5
    assert settle("cloud", answers(*truths)).right == "nearly as far"


def test_asking_again_is_asking_and_asking_something_else_is_refused():
    ask()
    ask()
    with pytest.raises(ValueError, match=r"'cloud' asks 'How far .* another name"):
        ask(question="How fast?")


def test_the_same_cell_may_be_edited(monkeypatch):
    cell = {"metadata": {"cellId": "one"}}
    shell = SimpleNamespace(get_parent=lambda: cell)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    ask()
    assert ask(question="How fast?").question == "How fast?"
    cell["metadata"]["cellId"] = "two"
    with pytest.raises(ValueError, match="another name"):
        ask()
