"""Figures of the book: one function per kind of figure.

Each takes things that exist and draws them; it trains nothing and returns nothing.
Importing this room sets the book's style, and in a notebook figures become SVG.
"""

import lrcourse._lab  # noqa: F401  # isort: skip
from lrcourse.plotting.of_audits import plot_audit
from lrcourse.plotting.of_checks import plot_gradient_check, plot_symptoms, plot_tuning
from lrcourse.plotting.of_comparisons import (
    plot_branches,
    plot_collapse,
    plot_intervals,
)
from lrcourse.plotting.of_curvature import plot_directions
from lrcourse.plotting.of_cycles import (
    plot_cycles,
    plot_ends,
    plot_peaks,
    plot_range_test,
    plot_waves,
)
from lrcourse.plotting.of_layers import plot_layer_norms
from lrcourse.plotting.of_maps import plot_map
from lrcourse.plotting.of_networks import (
    plot_functions,
    plot_regions,
    plot_scores_by_error,
)
from lrcourse.plotting.of_optimizers import (
    plot_first_moves,
    plot_momentum_factors,
    plot_moves,
    plot_turned,
    plot_usable_rates,
)
from lrcourse.plotting.of_runs import (
    plot_distances,
    plot_losses,
    plot_paths,
    plot_positions,
    plot_shrink_factors,
)
from lrcourse.plotting.of_schedules import (
    plot_halvings,
    plot_panels,
    plot_past_the_end,
    plot_schedules,
)
from lrcourse.plotting.of_trainings import plot_losses_by_distance, plot_scores

__all__ = [
    "plot_audit",
    "plot_branches",
    "plot_collapse",
    "plot_cycles",
    "plot_directions",
    "plot_distances",
    "plot_ends",
    "plot_first_moves",
    "plot_functions",
    "plot_gradient_check",
    "plot_halvings",
    "plot_intervals",
    "plot_layer_norms",
    "plot_losses",
    "plot_losses_by_distance",
    "plot_map",
    "plot_momentum_factors",
    "plot_moves",
    "plot_panels",
    "plot_past_the_end",
    "plot_paths",
    "plot_peaks",
    "plot_positions",
    "plot_range_test",
    "plot_regions",
    "plot_schedules",
    "plot_scores",
    "plot_scores_by_error",
    "plot_shrink_factors",
    "plot_symptoms",
    "plot_tuning",
    "plot_turned",
    "plot_usable_rates",
    "plot_waves",
]
