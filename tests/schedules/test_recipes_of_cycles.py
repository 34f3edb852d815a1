"""The recipes at the end of chapter 13, run as they stand there."""

import json
import os
import re

import pytest
import torch

from lrcourse.schedules import linear, triangular, warmup
from tests import ROOT

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
CHAPTER = ROOT / "book" / "13_cyclical.ipynb"
OURS = {
    "end_known": warmup(linear(0.18, 600), 200),
    "end_open": triangular(0.012, 0.12, 200),
}
STEPS = range(0, 2001, 20)


def recipe(library):
    """Run the tab of `library`, and return the names that it makes."""
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    tab = re.search(rf"{{tab-item}} {library}\n~~~python\n(.*?)~~~", text, re.DOTALL)
    names = {}
    exec(tab[1], names)
    return names


def torch_rates(names):
    found = {}
    for name in OURS:
        scheduler = names[name]
        optimizer = scheduler.optimizer
        rates = []
        for _ in range(STEPS[-1] + 1):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        found[name] = [rates[step] for step in STEPS]
        assert optimizer.param_groups[0]["momentum"] == 0.9
    return found


def called_rates(names):
    return {name: [float(names[name](step)) for step in STEPS] for name in OURS}


@pytest.mark.parametrize(
    ("library", "rates"),
    [("PyTorch", torch_rates), ("Keras", called_rates), ("Optax", called_rates)],
)
def test_a_recipe_plays_our_schedules(library, rates):
    torch.manual_seed(0)
    found = rates(recipe(library))
    for name, schedule in OURS.items():
        expected = [schedule(step) for step in STEPS]
        assert found[name] == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", OURS)
def test_keras_saves_its_schedules(name):
    schedule = recipe("Keras")[name]
    again = type(schedule).from_config(schedule.get_config())
    assert float(again(300)) == float(schedule(300))
