"""Closed forms that the chapters check their runs against, each with its source.

In all rooms: `lr` and `base_lr` are learning rates; `curvature` is the second
derivative along a direction, `sharpness` the largest one; `noise` is the standard
deviation of the gradient noise in one direction; steps count updates. A ``ValueError``
names an argument for which a formula has no meaning.

- `decay`: half-lives; `budgets`: what a schedule spends and how far that carries
- `stability`, `momentum`: which constant rates converge on a bowl, and the best
- `one_step`: the loss after one update as a function of its rate
- `noise`: the floor of the loss, its expected course, and the steps to a loss
- `best_rates`: the best schedule on a noisy bowl, and the greedy one
- `convergence`: Robbins and Monro's sums, the 1/t law, bounds for the last point
- `averaging`: decay as an average of an undecayed run
- `batch`: the noise of a batch, and the rate that belongs to its size
- `plateau`: what pure noise makes of a rule that waits for improvement
- `depth`: what depth does to a network before its first update
- `invariance`: scaled losses, scaled inputs, weights without a scale
- `adaptive`: Adam's first steps, AdamW's memory
"""

from lrcourse.theory.adaptive import (
    adam_first_step,
    decay_memory,
    uncorrected_adam_step,
)
from lrcourse.theory.averaging import (
    averaging_weights,
    ema_schedule,
    schedule_of_average,
)
from lrcourse.theory.batch import (
    batch_noise,
    merged_steps_error,
    noise_scale,
    noise_scale_from_two,
    optimal_lr_for_batch,
    scaled_lr,
)
from lrcourse.theory.best_rates import best_schedule, greedy_schedule
from lrcourse.theory.budgets import (
    budget,
    cosine_budget,
    distance_left,
    exponential_budget,
)
from lrcourse.theory.convergence import (
    best_base_lr,
    inverse_time_exponent,
    inverse_time_loss,
    last_iterate_bound,
    loss_exponent,
    optimal_bound,
    optimal_linear_decay,
    satisfies_robbins_monro,
)
from lrcourse.theory.decay import (
    half_life_exponential,
    half_life_inverse_power,
    half_life_polynomial,
    halving_steps,
)
from lrcourse.theory.depth import batch_norm_growth, relu_length_variance
from lrcourse.theory.invariance import (
    equilibrium_angle,
    lr_for_scaled_features,
    lr_for_scaled_loss,
    scale_invariant_lr,
    schedule_without_weight_decay,
)
from lrcourse.theory.momentum import (
    AfterCut,
    HeavyBall,
    effective_lr,
    heavy_ball_factor,
    heavy_ball_optimum,
    max_stable_lr_momentum,
    step_after_cut,
)
from lrcourse.theory.noise import (
    expected_loss,
    lr_for_noise_floor,
    momentum_noise_floor,
    noise_floor,
    relaxation_steps,
    steps_to_loss,
)
from lrcourse.theory.one_step import best_step_lr, hypergradient, loss_change, polyak_lr
from lrcourse.theory.plateau import false_cut
from lrcourse.theory.stability import (
    best_constant_factor,
    best_constant_lr,
    max_stable_lr,
    steps_to_tolerance,
)

__all__ = [
    "AfterCut",
    "HeavyBall",
    "adam_first_step",
    "averaging_weights",
    "batch_noise",
    "batch_norm_growth",
    "best_base_lr",
    "best_constant_factor",
    "best_constant_lr",
    "best_schedule",
    "best_step_lr",
    "budget",
    "cosine_budget",
    "decay_memory",
    "distance_left",
    "effective_lr",
    "ema_schedule",
    "equilibrium_angle",
    "expected_loss",
    "exponential_budget",
    "false_cut",
    "greedy_schedule",
    "half_life_exponential",
    "half_life_inverse_power",
    "half_life_polynomial",
    "halving_steps",
    "heavy_ball_factor",
    "heavy_ball_optimum",
    "hypergradient",
    "inverse_time_exponent",
    "inverse_time_loss",
    "last_iterate_bound",
    "loss_change",
    "loss_exponent",
    "lr_for_noise_floor",
    "lr_for_scaled_features",
    "lr_for_scaled_loss",
    "max_stable_lr",
    "max_stable_lr_momentum",
    "merged_steps_error",
    "momentum_noise_floor",
    "noise_floor",
    "noise_scale",
    "noise_scale_from_two",
    "optimal_bound",
    "optimal_linear_decay",
    "optimal_lr_for_batch",
    "polyak_lr",
    "relaxation_steps",
    "relu_length_variance",
    "satisfies_robbins_monro",
    "scale_invariant_lr",
    "scaled_lr",
    "schedule_of_average",
    "schedule_without_weight_decay",
    "step_after_cut",
    "steps_to_loss",
    "steps_to_tolerance",
    "uncorrected_adam_step",
]
