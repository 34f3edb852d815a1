import numpy as np
import pytest

from lrcourse.network.gradients import numerical_grads


def test_central_differences_find_the_slopes_of_a_cubic():
    params = {"a": np.array([[1.0, -2.0]]), "b": np.array(0.5)}
    grads = numerical_grads(lambda p: float((p["a"] ** 3).sum() * p["b"]), params)
    assert grads["a"] == pytest.approx(np.array([[1.5, 6.0]]), rel=1e-8)
    assert grads["b"] == pytest.approx(-7, rel=1e-8)
