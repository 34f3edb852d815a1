"""The recipes under "Use this" run as they stand, on digits, in each library."""

import json
import os
import re

import numpy as np
import pytest

from lrcourse.data import digits
from tests import ROOT

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
TAB = re.compile(r"```\{tab-item\} (\w+)\n~~~python\n(.*?)~~~", re.DOTALL)
RATES = "(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)"


def recipes(slug):
    """Return the code of each tab of a chapter's recipe, by the library's name."""
    cells = json.loads((ROOT / f"book/{slug}.ipynb").read_text("utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    return dict(TAB.findall("\n".join(texts)))


def arrays(library):
    inputs, labels, *_ = digits()
    parts = [inputs[300:], labels[300:], inputs[:300], labels[:300]]
    if library == "PyTorch":
        torch = pytest.importorskip("torch")
        parts = [torch.from_numpy(part) for part in parts]
        parts[0], parts[2] = parts[0].float(), parts[2].float()
    if library == "Optax":
        jnp = pytest.importorskip("jax.numpy")
        parts = [jnp.asarray(part) for part in parts]
    return dict(zip(("x", "y", "x_val", "y_val"), parts, strict=True))


@pytest.mark.parametrize("library", ["PyTorch", "Keras", "Optax"])
def test_the_first_rate_is_found_with_each_library(library):
    pytest.importorskip(library.lower().replace("py", ""))
    source = recipes("01_one_number")[library]
    assert source.count(RATES) == 1
    names = arrays(library)
    exec(source.replace(RATES, "(0.001, 0.3)"), names)
    low, good = names["scores"].values()
    assert low < 0.5 < 0.85 < good
    assert np.isfinite([low, good]).all()


@pytest.mark.parametrize(
    ("library", "slope", "wrong"),
    [
        ("PyTorch", "grad * 2 * x", "grad * 2"),
        ("JAX", "grad * 2 * x", "grad * 2"),
        ("SciPy", "return 2 * w", "return 3 * w"),
    ],
)
def test_the_gradient_checks_of_the_libraries_pass_a_right_one_alone(
    library, slope, wrong
):
    pytest.importorskip({"PyTorch": "torch"}.get(library, library.lower()))
    source = recipes("02_backprop")[library]
    assert source.count(slope) == 1
    names = {}
    exec(source, names)
    assert names.get("holds", True)
    assert names.get("distance", 0) < 1e-6
    broken = {}
    if library == "SciPy":
        exec(source.replace(slope, wrong), broken)
        assert broken["distance"] > 1
        return
    with pytest.raises((AssertionError, RuntimeError)):
        exec(source.replace(slope, wrong), broken)
