"""The recipes under "Use this" run as they stand, on digits, in each library."""

import json
import os
import re
import sys

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


@pytest.fixture
def jax_precision_as_it_was():
    """Put JAX's precision back: its recipe switches to float64."""
    yield
    if jax := sys.modules.get("jax"):
        jax.config.update("jax_enable_x64", False)


@pytest.mark.usefixtures("jax_precision_as_it_was")
@pytest.mark.parametrize(
    ("library", "slope", "wrong"),
    [
        ("PyTorch", "grad * 2 * x", "grad * 2"),
        ("JAX", "grad * 2 * x", "grad * 2"),
        ("JAX", "grad * 2 * x", "grad * 2.0001 * x"),  # passes in float32
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


def test_unequal_chunks_make_the_update_of_their_whole_batch():
    torch = pytest.importorskip("torch")
    names = {}
    exec(recipes("03_noise")["PyTorch"], names)
    whole, chunked = (torch.nn.Linear(3, 2) for _ in range(2))
    chunked.load_state_dict(whole.state_dict())
    inputs, labels = torch.randn(10, 3), torch.tensor([0, 1] * 5)
    chunks = list(zip(inputs.split([4, 4, 2]), labels.split([4, 4, 2]), strict=True))
    names["update"](chunked, torch.optim.SGD(chunked.parameters(), lr=0.1), chunks)
    torch.nn.functional.cross_entropy(whole(inputs), labels).backward()
    torch.optim.SGD(whole.parameters(), lr=0.1).step()
    assert torch.allclose(chunked.weight, whole.weight, atol=1e-6)
    assert torch.allclose(chunked.bias, whole.bias, atol=1e-6)


FOUR_GRADIENTS = [1.0, 2.0, 3.0, 6.0]  # their mean is 3, the rate 0.1


def test_keras_makes_one_update_of_four_batches():
    keras = pytest.importorskip("keras")
    names = {}
    exec(recipes("03_noise")["Keras"], names)
    weight = keras.Variable([1.0])
    seen = []
    for slope in FOUR_GRADIENTS:
        names["sgd"].apply([keras.ops.convert_to_tensor([slope])], [weight])
        seen += weight.value.detach().tolist()  # the backend is torch
    assert seen == pytest.approx([1.0, 1.0, 1.0, 0.7], abs=1e-6)


def test_optax_makes_one_update_of_four_batches():
    jnp = pytest.importorskip("jax.numpy")
    names = {}
    exec(recipes("03_noise")["Optax"], names)
    state, moves = names["sgd"].init(jnp.zeros(1)), []
    for slope in FOUR_GRADIENTS:
        move, state = names["sgd"].update(jnp.array([slope]), state)
        moves.append(float(move[0]))
    assert moves == pytest.approx([0, 0, 0, -0.3], abs=1e-6)
