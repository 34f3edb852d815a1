"""Losses with known curvature: where the answer is exact.

- `quadratic`: the bowl, two wells, a saddle, and noise on any of them
- `bowls`: ravines, rotated bowls, least squares
- `counterexamples`: small problems on which a famous rule fails; by name, it needs
  what `data` needs
"""

from lrcourse.problems.bowls import (
    GeneralQuadratic,
    LeastSquares,
    random_rotation,
    ravine,
    rotated,
    rotation_by,
)
from lrcourse.problems.quadratic import (
    Noisy,
    Problem,
    Quadratic,
    Saddle,
    TwoWells,
)

__all__ = [
    "GeneralQuadratic",
    "LeastSquares",
    "Noisy",
    "Problem",
    "Quadratic",
    "Saddle",
    "TwoWells",
    "random_rotation",
    "ravine",
    "rotated",
    "rotation_by",
]
