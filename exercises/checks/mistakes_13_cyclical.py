"""Known mistakes of chapter 13. The checks must catch every one and call it by name."""

# ruff: noqa: N801 (a wrong class is called CyclicSchedule__what_is_wrong)

import math

_NO_SIGN = "the distance from the peak has no sign"
_ZIP_RAISES = "zip with strict=True raises ValueError by itself"

EQUIVALENT = {
    "triangular_lr: x = abs(1 - step % (2 * half_period) / half_period)": _NO_SIGN,
    "triangular2_lr: x = abs(1 - place / half_period)": _NO_SIGN,
    "exp_range_lr: x = abs(1 - step % (2 * half_period) / half_period)": _NO_SIGN,
    "scaled_cycle_lr: x = abs(1 - place / half_period)": _NO_SIGN,
    "CyclicSchedule: x = abs(1 - place / self.half_period)": _NO_SIGN,
    "CyclicSchedule: if len(max_lrs) != len(max_lrs):": _ZIP_RAISES,
    "CyclicSchedule: if len(min_lrs) != len(min_lrs):": _ZIP_RAISES,
    "CyclicSchedule: without if len(min_lrs) != len(max_lrs):": _ZIP_RAISES,
    "CyclicSchedule: without raise ValueError": _ZIP_RAISES,
    "CyclicSchedule: self.updates -= 1": "a triangle is the same played backwards",
}


def _height(step, half_period):
    return 1 - abs(step % (2 * half_period) / half_period - 1)


# triangular_lr


def triangular_lr__stands_on_its_head(step, min_lr, max_lr, half_period):
    """Your triangle stands on its head, from max_lr down and up again: at the ends of a
    cycle x is 1, and the height is 1 - x.

    See 13_cyclical: The triangle
    """
    return min_lr + (max_lr - min_lr) * (1 - _height(step, half_period))


def triangular_lr__never_cycles(step, min_lr, max_lr, half_period):
    """Your rate stands at max_lr for ever: the factor 1 - x is missing.

    See 13_cyclical: A class that never cycles
    """
    return min_lr + (max_lr - min_lr) * 1.0


def triangular_lr__takes_half_for_whole(step, min_lr, max_lr, half_period):
    """Your whole cycle lasts half_period updates: that is the way up alone.

    See 13_cyclical: The triangle
    """
    return min_lr + (max_lr - min_lr) * _height(2 * step, half_period)


def triangular_lr__is_a_sawtooth(step, min_lr, max_lr, half_period):
    """Your rate jumps from the peak to the floor: it should come down as slowly as it
    went up.

    See 13_cyclical: The triangle
    """
    return min_lr + (max_lr - min_lr) * (step % (half_period + 1)) / half_period


def triangular_lr__cycles_once(step, min_lr, max_lr, half_period):
    """Your rate makes one cycle and stays on the floor: take whole cycles away from the
    step first.

    See 13_cyclical: The triangle
    """
    x = min(abs(step / half_period - 1), 1)
    return min_lr + (max_lr - min_lr) * (1 - x)


def triangular_lr__falls_for_ever(step, min_lr, max_lr, half_period):
    """Your rate goes on falling below the floor: the next cycle never begins, because x
    measures the distance to the first peak only.

    See 13_cyclical: The triangle
    """
    return min_lr + (max_lr - min_lr) * (1 - abs(step / half_period - 1))


def triangular_lr__is_a_cosine(step, min_lr, max_lr, half_period):
    """Your way up is a cosine: a triangle changes by the same amount at every step.

    See 13_cyclical: The triangle
    """
    share = (1 - math.cos(math.pi * step / half_period)) / 2
    return min_lr + (max_lr - min_lr) * share


def triangular_lr__forgets_the_floor(step, min_lr, max_lr, half_period):
    """You return the height alone: it stands on min_lr.

    See 13_cyclical: The triangle
    """
    return (max_lr - min_lr) * _height(step, half_period)


def triangular_lr__adds_the_floor_on_top(step, min_lr, max_lr, half_period):
    """Your peak is min_lr too high: the height is max_lr - min_lr, not max_lr.

    See 13_cyclical: The triangle
    """
    return min_lr + max_lr * _height(step, half_period)


def triangular_lr__starts_one_step_late(step, min_lr, max_lr, half_period):
    """You are one update ahead: the first update is step 0, and uses min_lr.

    See 13_cyclical: The triangle
    """
    return min_lr + (max_lr - min_lr) * _height(step + 1, half_period)


# triangular2_lr


def triangular2_lr__does_not_halve(step, min_lr, max_lr, half_period):
    """Your cycles are all of the same height: each should be half of the one before.

    See 13_cyclical: Scale functions
    """
    return min_lr + (max_lr - min_lr) * _height(step, half_period)


def triangular2_lr__divides_by_the_cycle(step, min_lr, max_lr, half_period):
    """You divide by the number of the cycle, 1, 2, 3: halving divides by 1, 2, 4.

    See 13_cyclical: Scale functions
    """
    cycle = 1 + step // (2 * half_period)
    return min_lr + (max_lr - min_lr) * _height(step, half_period) / cycle


def triangular2_lr__halves_the_peak(step, min_lr, max_lr, half_period):
    """You halve max_lr: what is halved is the height above min_lr.

    See 13_cyclical: Scale functions
    """
    peak = max_lr * 0.5 ** (step // (2 * half_period))
    return min_lr + (peak - min_lr) * _height(step, half_period)


def triangular2_lr__halves_the_floor_too(step, min_lr, max_lr, half_period):
    """You halve the whole rate: min_lr is the ground of every cycle and stays.

    See 13_cyclical: Scale functions
    """
    lr = min_lr + (max_lr - min_lr) * _height(step, half_period)
    return lr * 0.5 ** (step // (2 * half_period))


def triangular2_lr__halves_too_early(step, min_lr, max_lr, half_period):
    """Your first cycle is halved already: no cycle is finished there.

    See 13_cyclical: Scale functions
    """
    scale = 0.5 ** (1 + step // (2 * half_period))
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


def triangular2_lr__halves_at_the_peak(step, min_lr, max_lr, half_period):
    """You halve after every half period, so the rate jumps at its peaks: count whole
    cycles.

    See 13_cyclical: Scale functions
    """
    scale = 0.5 ** (step // half_period)
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


def triangular2_lr__has_no_triangle(step, min_lr, max_lr, half_period):
    """The distance to the peak went into the power of one half and the factor 1 - x is
    missing: your rate never comes down to min_lr.

    See 13_cyclical: A class that never cycles
    """
    cycle, x = step // (2 * half_period), 1 - _height(step, half_period)
    return min_lr + (max_lr - min_lr) * 0.5 ** (cycle + x)


def triangular2_lr__doubles(step, min_lr, max_lr, half_period):
    """Your cycles double: divide by the power of two.

    See 13_cyclical: Scale functions
    """
    scale = 2 ** (step // (2 * half_period))
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


# exp_range_lr


def exp_range_lr__does_not_shrink(step, min_lr, max_lr, half_period, gamma):
    """gamma has no effect: multiply the height by it once for every update.

    See 13_cyclical: Scale functions
    """
    return min_lr + (max_lr - min_lr) * _height(step, half_period)


def exp_range_lr__counts_cycles(step, min_lr, max_lr, half_period, gamma):
    """Your height shrinks once a cycle: gamma counts updates.

    See 13_cyclical: Scale functions
    """
    scale = gamma ** (step // (2 * half_period))
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


def exp_range_lr__counts_cycles_from_one(step, min_lr, max_lr, half_period, gamma):
    """You raise gamma to the number of the cycle: it counts updates.

    See 13_cyclical: Scale functions
    """
    scale = gamma ** (1 + step // (2 * half_period))
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


def exp_range_lr__shrinks_the_floor_too(step, min_lr, max_lr, half_period, gamma):
    """You shrink the whole rate: min_lr is the ground and stays.

    See 13_cyclical: Scale functions
    """
    lr = min_lr + (max_lr - min_lr) * _height(step, half_period)
    return lr * gamma**step


def exp_range_lr__shrinks_the_peak(step, min_lr, max_lr, half_period, gamma):
    """You shrink max_lr: what shrinks is the height above min_lr.

    See 13_cyclical: Scale functions
    """
    return min_lr + (max_lr * gamma**step - min_lr) * _height(step, half_period)


def exp_range_lr__has_no_triangle(step, min_lr, max_lr, half_period, gamma):
    """Your rate falls without cycles: the factor 1 - x is missing.

    See 13_cyclical: A class that never cycles
    """
    return min_lr + (max_lr - min_lr) * gamma**step


def exp_range_lr__shrinks_one_step_early(step, min_lr, max_lr, half_period, gamma):
    """You are one gamma ahead: at step 0 no update is finished.

    See 13_cyclical: Scale functions
    """
    scale = gamma ** (step + 1)
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


def exp_range_lr__multiplies_by_the_step(step, min_lr, max_lr, half_period, gamma):
    """You multiply gamma by the step: shrinking again and again is a power.

    See 13_cyclical: Scale functions
    """
    scale = gamma * step
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale


# scaled_cycle_lr


def scaled_cycle_lr__counts_from_zero(step, min_lr, max_lr, half_period, scale):
    """You count the cycles from 0: the first one is number 1.

    See 13_cyclical: Scale functions
    """
    cycle = step // (2 * half_period)
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale(cycle)


def scaled_cycle_lr__gives_it_the_step(step, min_lr, max_lr, half_period, scale):
    """You ask scale for the step: it wants the number of the cycle.

    See 13_cyclical: Scale functions
    """
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale(step)


def scaled_cycle_lr__counts_half_cycles(step, min_lr, max_lr, half_period, scale):
    """You count half cycles: the number changes at the end of a cycle, not at its peak.

    See 13_cyclical: Scale functions
    """
    cycle = 1 + step // half_period
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale(cycle)


def scaled_cycle_lr__scales_the_floor_too(step, min_lr, max_lr, half_period, scale):
    """You scale the whole rate: min_lr is the ground and stays.

    See 13_cyclical: Scale functions
    """
    lr = min_lr + (max_lr - min_lr) * _height(step, half_period)
    return lr * scale(1 + step // (2 * half_period))


def scaled_cycle_lr__scales_the_peak(step, min_lr, max_lr, half_period, scale):
    """You scale max_lr: what is scaled is the height above min_lr.

    See 13_cyclical: Scale functions
    """
    peak = max_lr * scale(1 + step // (2 * half_period))
    return min_lr + (peak - min_lr) * _height(step, half_period)


def scaled_cycle_lr__has_no_triangle(step, min_lr, max_lr, half_period, scale):
    """The distance to the peak went into scale, and the factor 1 - x is missing: scale
    is asked for the number of the cycle and nothing else.

    See 13_cyclical: A class that never cycles
    """
    cycle, x = step // (2 * half_period), 1 - _height(step, half_period)
    return min_lr + (max_lr - min_lr) * scale(1 + cycle + x)


def scaled_cycle_lr__gives_it_a_fraction(step, min_lr, max_lr, half_period, scale):
    """You ask scale for a fraction of a cycle: round down to whole cycles first.

    See 13_cyclical: Scale functions
    """
    cycle = 1 + step / (2 * half_period)
    return min_lr + (max_lr - min_lr) * _height(step, half_period) * scale(cycle)


# bounds_from_range_test


def _lowest(losses):
    return losses.index(min(losses))


def bounds_from_range_test__reads_the_whole_curve(lrs, losses):
    """You look for min_lr on the whole curve: after the lowest loss it climbs again,
    and those rates are too high.

    See 13_cyclical: Bounds from a range test
    """
    fall = losses[0] - min(losses)
    curve = zip(lrs, losses, strict=True)
    waiting = [lr for lr, loss in curve if losses[0] - loss < fall / 10]
    return waiting[-1], lrs[_lowest(losses)]


def bounds_from_range_test__stops_at_the_first_dip(lrs, losses):
    """You stop where a tenth of the fall is done for the first time: noise at the start
    may do that. Take the last rate before the lowest loss with less than a tenth.

    See 13_cyclical: Bounds from a range test
    """
    fall = losses[0] - min(losses)
    first = next(i for i, loss in enumerate(losses) if losses[0] - loss >= fall / 10)
    return lrs[first - 1], lrs[_lowest(losses)]


def bounds_from_range_test__takes_the_rate_after(lrs, losses):
    """Your min_lr is one rate too far: there a tenth of the fall is done already.

    See 13_cyclical: Bounds from a range test
    """
    lowest = _lowest(losses)
    fall = losses[0] - losses[lowest]
    waiting = [i for i in range(lowest) if losses[0] - losses[i] < fall / 10]
    return lrs[waiting[-1] + 1], lrs[lowest]


def bounds_from_range_test__takes_a_tenth_of_the_loss(lrs, losses):
    """You wait for a tenth of the first loss: it is a tenth of the fall, which ends at
    the lowest loss and not at zero.

    See 13_cyclical: Bounds from a range test
    """
    lowest = _lowest(losses)
    waiting = [lrs[i] for i in range(lowest) if losses[i] > 0.9 * losses[0]]
    return waiting[-1], lrs[lowest]


def bounds_from_range_test__begins_at_the_first_rate(lrs, losses):
    """Your min_lr is the first rate of the test: nothing happens there yet.

    See 13_cyclical: Bounds from a range test
    """
    return lrs[0], lrs[_lowest(losses)]


def bounds_from_range_test__ends_at_the_last_rate(lrs, losses):
    """Your max_lr is the last rate of the test: the loss may have exploded long before.

    See 13_cyclical: Bounds from a range test
    """
    lowest = _lowest(losses)
    fall = losses[0] - losses[lowest]
    waiting = [lrs[i] for i in range(lowest) if losses[0] - losses[i] < fall / 10]
    return waiting[-1], lrs[-1]


def bounds_from_range_test__returns_losses(lrs, losses):
    """You return losses: the bounds are the rates at those places.

    See 13_cyclical: Bounds from a range test
    """
    lowest = _lowest(losses)
    fall = losses[0] - losses[lowest]
    waiting = [losses[i] for i in range(lowest) if losses[0] - losses[i] < fall / 10]
    return waiting[-1], losses[lowest]


def bounds_from_range_test__swaps_them(lrs, losses):
    """You return the bounds the other way round: min_lr comes first.

    See 13_cyclical: Bounds from a range test
    """
    lowest = _lowest(losses)
    fall = losses[0] - losses[lowest]
    waiting = [lrs[i] for i in range(lowest) if losses[0] - losses[i] < fall / 10]
    return lrs[lowest], waiting[-1]


def bounds_from_range_test__divides_the_peak_by_ten(lrs, losses):
    """You take a tenth of the rate of the lowest loss: that is a rule for a constant
    rate, not for the upper bound of a cycle.

    See 13_cyclical: Bounds from a range test
    """
    lowest = _lowest(losses)
    fall = losses[0] - losses[lowest]
    waiting = [lrs[i] for i in range(lowest) if losses[0] - losses[i] < fall / 10]
    return waiting[-1], lrs[lowest] / 10


# CyclicSchedule


class _Right:
    def __init__(self, min_lrs, max_lrs, half_period):
        if len(min_lrs) != len(max_lrs):
            raise ValueError("one upper bound for every lower one")
        self.min_lrs, self.max_lrs = min_lrs, max_lrs
        self.half_period, self.updates = half_period, 0

    def share(self):
        return _height(self.updates, self.half_period)

    def lrs(self):
        pairs = zip(self.min_lrs, self.max_lrs, strict=False)
        return [low + (high - low) * self.share() for low, high in pairs]

    def step(self):
        self.updates += 1

    def state_dict(self):
        return {"updates": self.updates}

    def load_state_dict(self, state):
        self.updates = state["updates"]


class CyclicSchedule__never_cycles(_Right):
    """Your rates stand at the upper bound for ever: the height needs the factor 1 - x.

    See 13_cyclical: A class that never cycles
    """

    def share(self):
        return 1.0


class CyclicSchedule__stands_on_its_head(_Right):
    """Your triangles stand on their heads: you multiply by x where 1 - x belongs.

    See 13_cyclical: A class that never cycles
    """

    def share(self):
        return 1 - _height(self.updates, self.half_period)


class CyclicSchedule__serves_the_first_group(_Right):
    """You return the rate of the first group alone: every group needs one.

    See 13_cyclical: A class that never cycles
    """

    def lrs(self):
        return _Right.lrs(self)[:1]


class CyclicSchedule__gives_all_the_first_rate(_Right):
    """All your groups get the rate of the first one: each has bounds of its own.

    See 13_cyclical: A class that never cycles
    """

    def lrs(self):
        return _Right.lrs(self)[:1] * len(self.min_lrs)


class CyclicSchedule__shares_the_floor(_Right):
    """Your groups all start from the first lower bound: each has one of its own.

    See 13_cyclical: A class that never cycles
    """

    def lrs(self):
        low = self.min_lrs[0]
        return [low + (high - low) * self.share() for high in self.max_lrs]


class CyclicSchedule__counts_when_asked(_Right):
    """Your lrs() counts an update each time it is asked: only step() may do that.

    See 13_cyclical: A class that never cycles
    """

    def lrs(self):
        rates = _Right.lrs(self)
        self.updates += 1
        return rates

    def step(self):
        pass


class CyclicSchedule__starts_one_update_late(_Right):
    """You are one update ahead: before the first step() no update is finished, and the
    rates are the lower bounds.

    See 13_cyclical: The triangle
    """

    def share(self):
        return _height(self.updates + 1, self.half_period)


class CyclicSchedule__takes_half_for_whole(_Right):
    """Your whole cycle lasts half_period updates: that is the way up alone.

    See 13_cyclical: The triangle
    """

    def share(self):
        return _height(2 * self.updates, self.half_period)


class CyclicSchedule__cycles_once(_Right):
    """Your rates make one cycle and stay on the floor: take whole cycles away from the
    count first.

    See 13_cyclical: The triangle
    """

    def share(self):
        return max(1 - abs(self.updates / self.half_period - 1), 0)


class CyclicSchedule__forgets_the_count(_Right):
    """A loaded schedule starts from the beginning: the number of updates is the one
    thing that a state must hold, and that loading must put back.

    See 13_cyclical: A class that never cycles
    """

    def load_state_dict(self, state):
        pass


class CyclicSchedule__loses_an_update(_Right):
    """A loaded schedule is one update behind: the saved count is that of finished
    updates, and is used as it is.

    See 13_cyclical: A class that never cycles
    """

    def load_state_dict(self, state):
        self.updates = state["updates"] - 1


class CyclicSchedule__rewinds_when_saved(_Right):
    """Saving sets your schedule back: state_dict only looks.

    See 13_cyclical: A class that never cycles
    """

    def state_dict(self):
        state = {"updates": self.updates}
        self.updates = 0
        return state


class CyclicSchedule__drops_what_does_not_match(_Right):
    """You drop the group that has no upper bound: it would train without a rate, and
    nobody would know.

    See 13_cyclical: A class that never cycles
    """

    def __init__(self, min_lrs, max_lrs, half_period):
        self.min_lrs, self.max_lrs = min_lrs, max_lrs
        self.half_period, self.updates = half_period, 0
