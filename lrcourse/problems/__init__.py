"""Losses with known curvature: where the answer is exact.

- `quadratic`: the bowl, two wells, a saddle, and noise on any of them
- `bowls`: ravines, rotated bowls, least squares; `sampled`: least squares by examples
- `factors`: two factors, a network whose curvature moves
- `counterexamples`: small problems on which a famous rule fails; by name, it needs
  what `data` needs

Settings are checked when a problem is made; a ``ValueError`` names one that does not
fit.
"""

from lrcourse.problems.bowls import (
    GeneralQuadratic,
    LeastSquares,
    random_rotation,
    ravine,
    rotated,
    rotation_by,
)
from lrcourse.problems.factors import TwoFactors
from lrcourse.problems.quadratic import (
    Noisy,
    Problem,
    Quadratic,
    Saddle,
    TwoWells,
)
from lrcourse.problems.sampled import Sampled

__all__ = [
    "GeneralQuadratic",
    "LeastSquares",
    "Noisy",
    "Problem",
    "Quadratic",
    "Saddle",
    "Sampled",
    "TwoFactors",
    "TwoWells",
    "random_rotation",
    "ravine",
    "rotated",
    "rotation_by",
]
