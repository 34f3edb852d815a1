"""A table of rates as a schedule for Optax. By name, because it loads JAX."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from numpy.typing import ArrayLike

from lrcourse.schedules.tables import checked_table


def optax_schedule(table: ArrayLike) -> Callable[[Any], Any]:
    """Return `table`, of shape (steps,), as a schedule for Optax, also under ``jit``.

    Update number i, counted from 0, uses ``table[i]``; past the end the last rate
    holds. In JAX's default precision, float32 unless ``jax_enable_x64`` is set.
    ValueError unless `table` holds finite rates, none negative.
    """
    rates = jnp.asarray(checked_table(table))
    return lambda count: rates[jnp.clip(count, 0, len(rates) - 1)]
