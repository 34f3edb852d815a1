"""What the settings of a rule may be."""

import math


def require_fraction(**values: float) -> None:
    """Raise ValueError for the first of `values` that is not in [0, 1)."""
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must be in [0, 1), got {value}")


def require_not_negative(**values: float) -> None:
    """Raise ValueError for the first of `values` that is below 0 or not finite."""
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be at least 0 and finite, got {value}")
