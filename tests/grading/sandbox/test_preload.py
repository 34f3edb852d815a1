"""What a fork server imports ahead follows from what the cells import."""

import pytest

from lrcourse.grading.sandbox.preload import imported_names, preload_for


@pytest.mark.parametrize(
    ("sources", "names", "preload"),
    [
        (["import math\nimport numpy as np"], {"math", "numpy"}, "numpy"),
        (["x = 1"], set(), "numpy"),
        (["if x:\n    from matplotlib import pyplot"], {"matplotlib"}, "plots"),
        (["import os, pandas.io as p"], {"os", "pandas"}, "science"),
        (["import torch.nn as nn", "import numpy"], {"torch", "numpy"}, "torch"),
        (["def f(:\n  import torch"], {"torch"}, "torch"),
    ],
)
def test_the_preload_follows_the_imports(sources, names, preload):
    assert imported_names(sources) == names
    assert preload_for(names) == preload


def test_what_a_room_of_ours_imports_counts_too():
    assert "torch" in imported_names(["from lrcourse.training.torch_loop import fit"])
    assert "matplotlib" in imported_names(["from lrcourse import plotting"])
    assert (
        preload_for(imported_names(["from lrcourse.grading import check"])) == "numpy"
    )
