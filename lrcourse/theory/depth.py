"""What depth does to a network before its first update."""

import math
from collections.abc import Sequence

import numpy as np

from lrcourse._settings import plain_numbers, require_choice, require_counts


@plain_numbers
def batch_norm_growth(activation: str) -> float:
    """Return by which factor gradients grow per layer, backwards, under BatchNorm.

    At the start, where weights are random, layers wide and batches large; `activation`
    is "relu", "tanh" or "sigmoid", applied to what BatchNorm returns. Three lines:

    1. What enters BatchNorm is ``W @ phi(z)`` with z standard normal over the batch;
       its variance, about its mean, is ``norm(w)**2 * Var(phi(z))`` for a row w of W,
       and BatchNorm divides by the root of that, forwards and so backwards.
    2. Back through W a gradient keeps its length times ``norm(w)``, and back through
       the activation times ``sqrt(mean(phi'(z)**2))``.
    3. The product of the two is ``sqrt(mean(phi'(z)**2) / Var(phi(z)))``, whatever W.

    For ReLU ``sqrt(1/2 / (1/2 - 1 / (2 * pi)))``, which is ``sqrt(pi / (pi - 1))``, or
    1.211. No activation has less than 1, and only straight lines have 1 (Chernoff, A
    note on an inequality involving the normal distribution, 1981). ValueError for
    another name. Yang et al., A Mean Field Theory of Batch Normalization, 2019.

    >>> [round(batch_norm_growth(name), 3) for name in ("relu", "tanh", "sigmoid")]
    [1.211, 1.085, 1.017]
    """
    require_choice("activation", activation, ("relu", "tanh", "sigmoid"))
    if activation == "relu":
        return math.sqrt(math.pi / (math.pi - 1))
    z, weights = np.polynomial.hermite_e.hermegauss(99)
    share = weights / weights.sum()
    scale = 1.0 if activation == "tanh" else 0.5  # sigmoid(z) = (1 + tanh(z / 2)) / 2
    values = np.tanh(scale * z)  # of mean zero: symmetric
    slopes = scale * (1 - values**2)
    return math.sqrt(float(share @ slopes**2) / float(share @ values**2))


@plain_numbers
def relu_length_variance(widths: Sequence[int]) -> float:
    """Return how far the signal's length scatters from network to network.

    The variance, over random first weights, of the logarithm of the squared length of
    the activations after ReLU layers of `widths`, each with weights of variance 2 over
    its inputs (He) and no biases. About ``5 * sum(1 / width)``, so ``5 * depth /
    width``: a unit's squared value has mean 1/2 and mean square 3/2, six times the
    square of its mean, and 6 - 1 = 5 over the width is what one layer adds. Exact: of a
    layer's n units k are on, with chance ``comb(n, k) / 2**n``, and the sum of their
    squares is chi-squared; a layer with none on is left out. Hanin & Rolnick, How to
    Start Training, 2018, have the sum of the reciprocal widths.

    Raises:
        ValueError: `widths` are no positive integers, or there are none.

    >>> round(relu_length_variance([256] * 10), 3), 5 * 10 / 256
    (0.198, 0.1953125)
    """
    from scipy.special import digamma, gammaln, polygamma  # here: only this needs SciPy

    if not len(widths):
        raise ValueError("widths must hold at least one layer, got none")
    total = 0.0
    for width in widths:
        require_counts(**{"each of widths": width})
        on = np.arange(1, width + 1)
        logs = -gammaln(on + 1) - gammaln(width - on + 1)
        chances = np.exp(logs - logs.max())
        shares = chances / chances.sum()
        means = digamma(on / 2)
        spread = shares @ (means - shares @ means) ** 2
        total += float(shares @ polygamma(1, on / 2) + spread)
    return total
