"""Public functions say what they return, and when they raise."""

import pytest

from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.docstrings import silent
from tests.course.imports import house


def test_every_public_function_has_a_docstring_that_says_what_it_raises():
    nothing_forgotten(silent(house(ROOT / "lrcourse")))


@pytest.fixture
def said_of(tmp_path):
    """Return a function that asks about a room of one text, in a package of another."""

    def said_of(text, package='"""A package."""'):
        (tmp_path / "__init__.py").write_text(package)
        (tmp_path / "room.py").write_text(text)
        sentences = silent(house(tmp_path))
        return [each.replace(f"{tmp_path.name}.", "") for each in sentences]

    return said_of


def test_what_has_no_docstring_is_named(said_of):
    text = "def f(): ...\nclass A:\n  def g(self): ...\n  def _h(self): ...\n"
    assert said_of(text) == [
        f"room{name} has no docstring: say in a sentence what it returns"
        for name in ("", ": A", ": f", ": A.g")
    ]


def test_a_method_that_is_documented_once_needs_no_docstring_elsewhere(said_of):
    text = '''"""A room."""
class Rule(Protocol[State]):
    """What a loop needs."""

    def step(self):
        """Return the next weights."""

class SGD:
    """A rule."""

    def step(self): ...

class Bowl:
    """A bowl."""

    def loss(self):
        """Return the loss."""

class Ravine(Bowl):
    """A long bowl."""

    def loss(self): ...

class Slider:
    """A number."""

    def allows(self):
        """Say whether it allows a value."""

class Choice:
    """A name."""

    def allows(self): ...
'''
    assert said_of(text) == []


CHECKED = '''"""A room."""
def rate(lr):
    """Return a rate."""
    require_positive(lr=lr)
'''
HELPED = '''"""A room."""
def rate(lr):
    """Return a rate. {}"""
    _checked(lr)

def _checked(lr):
    if lr == 13:
        raise ValueError(lr)
'''
MADE = '''"""A room."""
class Bowl:
    """A bowl."""

    def __post_init__(self):
        if not self.up:
            raise ValueError("up")

    def lift(self):
        """Lift it."""
        raise KeyError("how?")
'''


def test_a_setting_that_is_refused_without_a_word_is_named(said_of):
    assert said_of(CHECKED) == [
        "room: rate raises ValueError and does not say so: say when, under "
        '"Raises:", or once in the room\'s docstring'
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A room.", "A room. A ValueError names the setting that does not fit."),
        ("a rate.", "a rate. ValueError unless it is positive."),
    ],
)
def test_a_sentence_about_settings_is_enough_once(said_of, old, new):
    assert said_of(CHECKED.replace(old, new)) == []
    assert said_of(CHECKED, package='"""A ValueError names a bad setting."""') == []


def test_what_a_helper_raises_has_to_stand_under_raises(said_of):
    sentence = [
        'room: rate raises ValueError and does not say so: say when, under "Raises:"'
    ]
    assert said_of(HELPED.format("")) == sentence
    assert said_of(HELPED.format("ValueError at 13.")) == sentence
    under = "\n\n    Raises:\n        ValueError: it is 13.\n    "
    assert said_of(HELPED.format(under)) == []


def test_a_class_speaks_for_what_it_refuses_when_it_is_made(said_of):
    made, lifted = said_of(MADE)
    assert made.startswith("room: Bowl raises ValueError")
    assert made.endswith("or once in the room's docstring")
    assert lifted == (
        'room: Bowl.lift raises KeyError and does not say so: say when, under "Raises:"'
    )


def test_what_a_handler_takes_is_not_raised(said_of):
    text = HELPED.format("").replace(
        "    _checked(lr)",
        "    try:\n        _checked(lr)\n    except (KeyError, ValueError):\n"
        "        raise KeyError from None",
    )
    (sentence,) = said_of(text)
    assert sentence.startswith("room: rate raises KeyError")
