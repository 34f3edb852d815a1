"""Known mistakes of chapter 6. The checks must catch every one and call it by name."""

import math


def exponential_lr__starts_one_step_late(step, base_lr, gamma):
    """You are one update ahead: the first update is step 0 and uses base_lr itself.

    See 06_decay_formulas: Exponential decay
    """
    return base_lr * gamma ** (step + 1)


def exponential_lr__falls_in_a_straight_line(step, base_lr, gamma):
    """You take the same amount off at every step: exponential decay takes the same
    share.

    See 06_decay_formulas: Exponential decay
    """
    return base_lr * (1 - (1 - gamma) * step)


def exponential_lr__takes_gamma_for_a_coefficient(step, base_lr, gamma):
    """You use gamma as the k in exp(-k * step): gamma is the factor of one step, k is
    minus its logarithm.

    See 06_decay_formulas: Exponential decay
    """
    return base_lr * math.exp(-gamma * step)


def exponential_lr__takes_the_power_of_the_rate_too(step, base_lr, gamma):
    """You raise base_lr to the power as well: only gamma is multiplied again at every
    step.

    See 06_decay_formulas: Exponential decay
    """
    return (base_lr * gamma) ** step


def exponential_lr__multiplies_by_the_step(step, base_lr, gamma):
    """You multiply by the step: repeated multiplication is a power.

    See 06_decay_formulas: Exponential decay
    """
    return base_lr * gamma * step


def exponential_lr__grows(step, base_lr, gamma):
    """Your rate grows: gamma lies below 1, so dividing by it goes up.

    See 06_decay_formulas: Exponential decay
    """
    return base_lr * gamma**-step


def gamma_from__divides_by_the_steps(rate, decay_steps):
    """You divide the factor by the number of steps: factors multiply, so take a root.

    See 06_decay_formulas: Exponential decay
    """
    return rate / decay_steps


def gamma_from__goes_the_other_way(rate, decay_steps):
    """You convert the other way: this is what many steps do if one does `rate`.

    See 06_decay_formulas: Exponential decay
    """
    return rate**decay_steps


def gamma_from__divides_the_loss_of_rate(rate, decay_steps):
    """You spread the loss evenly over the steps: that is close for many steps, and
    never exact.

    See 06_decay_formulas: Half-life
    """
    return 1 - (1 - rate) / decay_steps


def gamma_from__has_the_wrong_sign(rate, decay_steps):
    """Your factor is above 1: the logarithm of a share is negative already.

    See 06_decay_formulas: Exponential decay
    """
    return math.exp(-math.log(rate) / decay_steps)


def gamma_from__mixes_two_logarithms(rate, decay_steps):
    """You mix two logarithms: exp undoes math.log, not math.log10.

    See 06_decay_formulas: Exponential decay
    """
    return math.exp(math.log10(rate) / decay_steps)


def gamma_from__returns_the_coefficient(rate, decay_steps):
    """You return the k of exp(-k * step): the factor of one step is exp(-k).

    See 06_decay_formulas: Exponential decay
    """
    return -math.log(rate) / decay_steps


def half_life__has_one_formula_for_all(
    family, gamma=None, k=None, power=None, total_steps=None
):
    """You use ln 2 / k for the inverse power too: that is the half-life of exp(-k *
    step).

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(0.5) / math.log(gamma)
    if family == "inverse power":
        return math.log(2) / k
    if family == "polynomial":
        return total_steps * (1 - 0.5 ** (1 / power))
    raise ValueError(f"no such family: {family}")


def half_life__ignores_the_power_of_the_inverse(
    family, gamma=None, k=None, power=None, total_steps=None
):
    """You leave the power out of the inverse power: 1 / k is its half-life for power 1
    only.

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(0.5) / math.log(gamma)
    if family == "inverse power":
        return 1 / k
    if family == "polynomial":
        return total_steps * (1 - 0.5 ** (1 / power))
    raise ValueError(f"no such family: {family}")


def half_life__ignores_the_power_of_the_polynomial(
    family, gamma=None, k=None, power=None, total_steps=None
):
    """You leave the power out of the polynomial: half of the way is its half-life for
    power 1 only.

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(0.5) / math.log(gamma)
    if family == "inverse power":
        return (2 ** (1 / power) - 1) / k
    if family == "polynomial":
        return total_steps / 2
    raise ValueError(f"no such family: {family}")


def half_life__raises_where_it_takes_a_root(
    family, gamma=None, k=None, power=None, total_steps=None
):
    """You raise to the power where you solve for the step: a power is undone by a root,
    1 / power.

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(0.5) / math.log(gamma)
    if family == "inverse power":
        return (2**power - 1) / k
    if family == "polynomial":
        return total_steps * (1 - 0.5**power)
    raise ValueError(f"no such family: {family}")


def half_life__answers_how_much_is_left(
    family, gamma=None, k=None, power=None, total_steps=None
):
    """Your polynomial answers how far it is from its end: count the steps from its
    start.

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(0.5) / math.log(gamma)
    if family == "inverse power":
        return (2 ** (1 / power) - 1) / k
    if family == "polynomial":
        return total_steps * 0.5 ** (1 / power)
    raise ValueError(f"no such family: {family}")


def half_life__is_negative(family, gamma=None, k=None, power=None, total_steps=None):
    """Your exponential was at half before it began: the logarithm of gamma is negative.

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(2) / math.log(gamma)
    if family == "inverse power":
        return (2 ** (1 / power) - 1) / k
    if family == "polynomial":
        return total_steps * (1 - 0.5 ** (1 / power))
    raise ValueError(f"no such family: {family}")


def half_life__says_nothing_to_other_families(
    family, gamma=None, k=None, power=None, total_steps=None
):
    """You return nothing for a family you do not know: a misspelt name should raise
    ValueError.

    See 06_decay_formulas: Half-life
    """
    if family == "exponential":
        return math.log(0.5) / math.log(gamma)
    if family == "inverse power":
        return (2 ** (1 / power) - 1) / k
    if family == "polynomial":
        return total_steps * (1 - 0.5 ** (1 / power))
    return None


def staircase_lr__is_smooth(step, base_lr, gamma, period):
    """Your rate falls at every step: a staircase is level for a whole period.

    See 06_decay_formulas: Steps and staircases
    """
    return base_lr * gamma ** (step / period)


def staircase_lr__rounds_to_the_nearest_stair(step, base_lr, gamma, period):
    """You round to the nearest stair: your rate drops half a period too early.

    See 06_decay_formulas: Steps and staircases
    """
    return base_lr * gamma ** round(step / period)


def staircase_lr__drops_before_the_period(step, base_lr, gamma, period):
    """You round up: your rate drops at the start of a period, and should at its end.

    See 06_decay_formulas: Steps and staircases
    """
    return base_lr * gamma ** math.ceil(step / period)


def staircase_lr__drops_at_every_step(step, base_lr, gamma, period):
    """You multiply by gamma at every step: the period says how long to wait.

    See 06_decay_formulas: Steps and staircases
    """
    return base_lr * gamma**step


def staircase_lr__drops_one_step_late(step, base_lr, gamma, period):
    """You drop one update late: update `period` is the first to use the lower rate.

    See 06_decay_formulas: Off by one
    """
    return base_lr * gamma ** (max(step - 1, 0) // period)


def staircase_lr__drops_one_step_early(step, base_lr, gamma, period):
    """You drop one update early, as if the first one were step 1: it is step 0.

    See 06_decay_formulas: Off by one
    """
    return base_lr * gamma ** ((step + 1) // period)


def staircase_lr__drops_once(step, base_lr, gamma, period):
    """You drop once and then never again: every period multiplies by gamma.

    See 06_decay_formulas: Steps and staircases
    """
    return base_lr if step < period else base_lr * gamma


def inverse_time_lr__divides_again_and_again(step, base_lr, k):
    """You divide what was divided already: each step counts from base_lr, not from the
    rate before.

    See 06_decay_formulas: Inverse time and inverse power
    """
    lr = base_lr
    for number in range(1, step + 1):
        lr = lr / (1 + k * number)
    return lr


def inverse_time_lr__divides_by_the_same_each_step(step, base_lr, k):
    """You divide by 1 + k at every step: that is exponential decay.

    See 06_decay_formulas: Inverse time and inverse power
    """
    return base_lr / (1 + k) ** step


def inverse_time_lr__is_exponential(step, base_lr, k):
    """You use exp(-k * step): it starts with the same slope but falls faster than
    inverse time.

    See 06_decay_formulas: Inverse time and inverse power
    """
    return base_lr * math.exp(-k * step)


def inverse_time_lr__counts_from_one(step, base_lr, k):
    """You count from one: the first update is step 0 and uses base_lr itself.

    See 06_decay_formulas: Off by one
    """
    return base_lr / (1 + k * (step + 1))


def inverse_time_lr__falls_in_a_straight_line(step, base_lr, k):
    """You fall in a straight line, below zero in the end: inverse time divides, and
    never arrives.

    See 06_decay_formulas: Inverse time and inverse power
    """
    return base_lr * (1 - k * step)


def inverse_time_lr__forgets_the_brackets(step, base_lr, k):
    """Your rate grows: without brackets, base_lr is divided by 1 and the rest is added.

    See 06_decay_formulas: Inverse time and inverse power
    """
    return base_lr / 1 + k * step


def inverse_time_lr__takes_the_root(step, base_lr, k):
    """You take a square root: inverse time divides by 1 + k * step itself.

    See 06_decay_formulas: Inverse time and inverse power
    """
    return base_lr / math.sqrt(1 + k * step)


def polynomial_lr__forgets_to_stop(step, max_lr, total_steps, power, min_lr=0.0):
    """You go on beyond total_steps: there 1 - progress is negative, and its powers are
    anything.

    See 06_decay_formulas: Polynomial decay
    """
    return min_lr + (max_lr - min_lr) * (1 - step / total_steps) ** power


def polynomial_lr__takes_the_absolute_value(
    step, max_lr, total_steps, power, min_lr=0.0
):
    """Your rate climbs again after total_steps: the absolute value hides the sign and
    not the fault.

    See 06_decay_formulas: Polynomial decay
    """
    return min_lr + (max_lr - min_lr) * abs(1 - step / total_steps) ** power


def polynomial_lr__adds_min_lr_on_top(step, max_lr, total_steps, power, min_lr=0.0):
    """You start min_lr too high: the rate falls from max_lr to min_lr, so the way is
    their difference.

    See 06_decay_formulas: Polynomial decay
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + max_lr * (1 - progress) ** power


def polynomial_lr__cuts_off_at_min_lr(step, max_lr, total_steps, power, min_lr=0.0):
    """You fall towards zero and cut off at min_lr: the floor is reached too early, with
    a kink.

    See 06_decay_formulas: Polynomial decay
    """
    progress = min(step / total_steps, 1.0)
    return max(max_lr * (1 - progress) ** power, min_lr)


def polynomial_lr__is_an_inverse_power(step, max_lr, total_steps, power, min_lr=0.0):
    """You use (1 + progress) ** -power, which article B calls polynomial: it never
    arrives at min_lr.

    See 06_decay_formulas: Inverse time and inverse power
    """
    return min_lr + (max_lr - min_lr) * (1 + step / total_steps) ** -power


def polynomial_lr__arrives_one_step_early(step, max_lr, total_steps, power, min_lr=0.0):
    """You arrive one step early: min_lr belongs to step total_steps, not to the one
    before.

    See 06_decay_formulas: The convention
    """
    progress = min(step / (total_steps - 1), 1.0)
    return min_lr + (max_lr - min_lr) * (1 - progress) ** power


def polynomial_lr__bends_the_wrong_way(step, max_lr, total_steps, power, min_lr=0.0):
    """Your curve bends the wrong way: the power belongs to what is left, not to what is
    done.

    See 06_decay_formulas: Polynomial decay
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + (max_lr - min_lr) * (1 - progress**power)


def cosine_lr__forgets_to_stop(step, max_lr, total_steps, min_lr=0.0):
    """Your rate climbs again after total_steps: nothing stops it there.

    See 06_decay_formulas: Cosine
    """
    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * step / total_steps)) / 2


def cosine_lr__makes_a_whole_wave(step, max_lr, total_steps, min_lr=0.0):
    """You make a whole wave: down and up again. The decay is its first half, from 0 to
    pi.

    See 06_decay_formulas: Cosine
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + (max_lr - min_lr) * (1 + math.cos(2 * math.pi * progress)) / 2


def cosine_lr__makes_a_quarter_wave(step, max_lr, total_steps, min_lr=0.0):
    """You make a quarter of a wave: it lands steeply, where half a wave lands flat.

    See 06_decay_formulas: Cosine
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + (max_lr - min_lr) * math.cos(math.pi / 2 * progress)


def cosine_lr__forgets_the_half(step, max_lr, total_steps, min_lr=0.0):
    """You start at twice the height: 1 + cos goes from 2 down to 0.

    See 06_decay_formulas: Cosine
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * progress))


def cosine_lr__forgets_pi(step, max_lr, total_steps, min_lr=0.0):
    """Your curve stops on its way down: math.cos takes an angle, and half a turn is pi.

    See 06_decay_formulas: Cosine
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + (max_lr - min_lr) * (1 + math.cos(progress)) / 2


def cosine_lr__adds_min_lr_on_top(step, max_lr, total_steps, min_lr=0.0):
    """You start min_lr too high: the cosine falls from max_lr to min_lr, not to 0.

    See 06_decay_formulas: Cosine
    """
    progress = min(step / total_steps, 1.0)
    return min_lr + max_lr * (1 + math.cos(math.pi * progress)) / 2


def cosine_lr__takes_min_lr_for_a_share(step, max_lr, total_steps, min_lr=0.0):
    """You take min_lr for a share of max_lr, as Keras takes its alpha: here it is a
    learning rate.

    See 06_decay_formulas: Off by one
    """
    progress = min(step / total_steps, 1.0)
    height = (1 + math.cos(math.pi * progress)) / 2
    return max_lr * (min_lr + (1 - min_lr) * height)


def temperature_lr__rises(step, base_lr, start, end, total_steps):
    """Your rate rises: exp(-temperature) grows as the temperature falls.

    See 06_decay_formulas: Temperature annealing
    """
    progress = min(step / total_steps, 1.0)
    return base_lr * math.exp(-start * (end / start) ** progress)


def temperature_lr__turns_the_sign_only(step, base_lr, start, end, total_steps):
    """You turn the sign only: exp(temperature) falls, but never below base_lr, however
    cold it is.

    See 06_decay_formulas: Temperature annealing
    """
    progress = min(step / total_steps, 1.0)
    return base_lr * math.exp(start * (end / start) ** progress)


def temperature_lr__is_a_probability(step, base_lr, start, end, total_steps):
    """You use exp(-1 / temperature), the chance of a jump in simulated annealing: the
    rate is to be proportional to the temperature.

    See 06_decay_formulas: Temperature annealing
    """
    progress = min(step / total_steps, 1.0)
    return base_lr * math.exp(-1 / (start * (end / start) ** progress))


def temperature_lr__cools_in_a_straight_line(step, base_lr, start, end, total_steps):
    """You cool in a straight line: each step is to divide by the same factor, not to
    take off the same amount.

    See 06_decay_formulas: Temperature annealing
    """
    progress = min(step / total_steps, 1.0)
    return base_lr * (start + (end - start) * progress)


def temperature_lr__never_arrives(step, base_lr, start, end, total_steps):
    """You never arrive: each of your steps takes a share of what is left, as article A
    does.

    See 06_decay_formulas: Temperature annealing
    """
    temperature = start
    for _ in range(min(step, total_steps)):
        temperature -= (temperature - end) / total_steps
    return base_lr * temperature


def temperature_lr__forgets_to_stop(step, base_lr, start, end, total_steps):
    """You cool on after total_steps: the temperature is to stay at `end`.

    See 06_decay_formulas: Temperature annealing
    """
    return base_lr * start * (end / start) ** (step / total_steps)


def temperature_lr__forgets_the_rate(step, base_lr, start, end, total_steps):
    """You return the temperature itself: the learning rate is base_lr times it.

    See 06_decay_formulas: Temperature annealing
    """
    return start * (end / start) ** min(step / total_steps, 1.0)
