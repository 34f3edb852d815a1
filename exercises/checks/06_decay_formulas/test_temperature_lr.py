"""temperature_lr, chapter 06: Temperature annealing."""

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "How much of the way is done at `step`? Call it progress, from 0 to 1.",
    "At the end the temperature has been multiplied by end / start in all.",
    "The same factor at each step, so that share of the way is a power of it.",
    "The rate is proportional to the temperature: no exp is needed.",
]
CURVE = Curve(
    range(151), schedules.temperature, base_lr=0.1, start=1.0, end=0.1, total_steps=100
)


def test_the_first_update_is_the_hottest(temperature_lr):
    lr = temperature_lr(0, base_lr=0.1, start=4.0, end=1.0, total_steps=100)
    assert close(lr, 0.4), "the temperature is 4 there, and the rate 0.1 times it"


def test_the_temperature_reaches_its_end_at_total_steps(temperature_lr):
    lr = temperature_lr(100, base_lr=0.1, start=4.0, end=2.0, total_steps=100)
    assert close(lr, 0.2), "the temperature is 2 there: is the end really reached?"


def test_half_way_it_has_cooled_by_the_same_factor_as_from_there_on(temperature_lr):
    lr = temperature_lr(50, base_lr=0.1, start=9.0, end=1.0, total_steps=100)
    assert close(lr, 0.3), "9, then 3, then 1: half-way is the same factor from both"


def test_after_the_end_the_temperature_stays(temperature_lr):
    lr = temperature_lr(150, base_lr=0.1, start=4.0, end=1.5, total_steps=100)
    assert close(lr, 0.15), "the temperature is 1.5 at step 100, and then?"


@agrees_with(schedules.temperature, points=2)
def test_the_temperature_is_right_for_random_settings(rng):
    """base_lr times a temperature that falls by the same factor at each step"""
    base_lr, start = 10 ** rng.uniform(-4, 0), rng.uniform(0.5, 5)
    end, total_steps = start * rng.uniform(0.01, 0.9), int(rng.integers(2, 300))
    return {
        "base_lr": base_lr,
        "start": start,
        "end": end,
        "total_steps": total_steps,
        "step": int(rng.integers(0, 2 * total_steps)),
    }


MISTAKES = Mistakes(
    see="Temperature annealing",
    rises=Edit(
        "Your rate rises: exp(-temperature) grows as the temperature falls.",
        {"* start": "* math.exp(-start", "** progress": "** progress)"},
    ),
    turns_the_sign_only=Edit(
        "You turn the sign only: exp(temperature) falls, but never below base_lr, "
        "however cold it is.",
        {"* start": "* math.exp(start", "** progress": "** progress)"},
    ),
    is_a_probability=Edit(
        "You use exp(-1 / temperature), the chance of a jump in simulated annealing: "
        "the rate is to be proportional to the temperature.",
        {"* start": "* math.exp(-1 / (start", "** progress": "** progress))"},
    ),
    cools_in_a_straight_line=Edit(
        "You cool in a straight line: each step is to divide by the same factor, not "
        "to take off the same amount.",
        {"start * (end / start) ** progress": "(start + (end - start) * progress)"},
    ),
    forgets_to_stop=Edit(
        "You cool on after total_steps: the temperature is to stay at `end`.",
        {"min(step / total_steps, 1.0)": "step / total_steps"},
    ),
    is_upside_down=Edit(
        "Your temperature rises: it is multiplied by end / start on the way, not by "
        "start / end.",
        {"(end / start)": "(start / end)"},
    ),
    forgets_the_root=Edit(
        "`** 1 / total_steps` is read as a division of the ratio: put 1 / total_steps "
        "in brackets, and it is a root.",
        {
            "(end / start) ** progress": "((end / start) ** 1 / total_steps) ** "
            "min(step, total_steps)"
        },
    ),
    cools_as_article_a=Edit(
        "You use A's rule as it stands: exp(-temperature) rises, and each of its steps "
        "takes a share of what is left, so the end is never reached.",
        {
            "start * (end / start) ** progress": "math.exp(-end - (start - end) * "
            "(1 - 1 / total_steps) ** min(step, total_steps))"
        },
    ),
    cools_like_article_a_with_the_sign_turned=Edit(
        "You have turned the sign in A's rule, and kept its cooling: exp(temperature) "
        "is not proportional to it, and each step takes a share of what is left.",
        {
            "start * (end / start) ** progress": "math.exp(end + (start - end) * "
            "(1 - 1 / total_steps) ** min(step, total_steps))"
        },
    ),
    cools_by_hundredths=Edit(
        "You take a hundredth of what is left at each step, as article A does: "
        "total_steps has no effect, and the end is never reached.",
        {
            "start * (end / start) ** progress": "(end + (start - end) * "
            "0.99 ** min(step, total_steps))"
        },
    ),
    never_stops_cooling_by_shares=Edit(
        "You never arrive: each of your steps takes a share of what is left, as "
        "article A does, and goes on after total_steps.",
        {
            "start * (end / start) ** progress": "(end + (start - end) * "
            "(1 - 1 / total_steps) ** step)"
        },
    ),
    adds_the_temperature=Edit(
        "You add the temperature to the rate: the rate is base_lr times it.",
        {"base_lr * ": "base_lr + "},
    ),
    mixes_two_logarithms=Edit(
        "You mix two logarithms: exp undoes math.log, not math.log10.",
        {"(end / start) ** progress": "math.exp(math.log10(end / start) * progress)"},
    ),
    forgets_the_rate=Edit(
        "You return the temperature itself: the learning rate is base_lr times it.",
        {"base_lr * ": ""},
    ),
)


@MISTAKES.written_out()
def never_arrives(step, base_lr, start, end, total_steps):
    """You never arrive: each of your steps takes a share of what is left, as article A
    does."""
    temperature = start
    for _ in range(min(step, total_steps)):
        temperature -= (temperature - end) / total_steps
    return base_lr * temperature
