"""Made-up data whose truth is known: ratings, bandits, a text with its entropy.

Each is made from its `seed` alone, so the same call gives the same data.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from lrcourse._arrays import Array, Integers
from lrcourse._settings import (
    require,
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
)
from lrcourse.data.collected import tested

# Words in lower case are text, capitals stand for one of their lines, equally likely.
# The verb goes with the noun it belongs to, which a "that ..." may push far away.
GRAMMAR = {
    "S": ("A V O. ", "B W O. "),
    "A": ("the N", "the N that V O"),
    "B": ("the Ns", "the Ns that W O"),
    "O": ("A", "B"),
    "N": ("cat", "dog", "bird", "frog"),
    "V": ("sees", "hears", "likes"),
    "W": ("see", "hear", "like"),
}


class Ratings(NamedTuple):
    """Who rated what, and how: one entry in each array per rating, no pair twice.

    `users` and `items` are numbered from the busiest and the most popular on.
    """

    users: Integers
    items: Integers
    ratings: Array
    test_users: Integers
    test_items: Integers
    test_ratings: Array


def ratings(
    users: int = 300,
    items: int = 200,
    count: int = 6000,
    rank: int = 2,
    noise: float = 0.2,
    power: float = 0.8,
    test_share: float = 0.2,
    seed: int = 0,
) -> Ratings:
    """Return `count` ratings of `items` by `users`, a few of which get most of them.

    A rating is the product of two hidden vectors of `rank` numbers, of variance one,
    plus noise of standard deviation `noise`: no model has a smaller mean squared error
    than ``noise**2``. The n-th user and the n-th item are drawn in proportion to
    ``n**-power``, from the pairs that are left; the test part is a random share of all.

    Raises:
        ValueError: a number that is no positive integer, a `noise` or `power` below
            zero, a `test_share` outside (0, 1), or more ratings than half of all pairs.
    """
    require_counts(users=users, items=items, count=count, rank=rank)
    require_nonnegative(noise=noise, power=power)
    require_counts_or_zero(seed=seed)
    tests = tested(test_share, count)
    rng = np.random.default_rng(seed)
    user, item = _pairs(rng, users, items, count, power)
    tastes = rng.standard_normal((users, rank)) / math.sqrt(rank)
    traits = rng.standard_normal((items, rank))
    rating = (tastes[user] * traits[item]).sum(axis=1)
    rating = rating + noise * rng.standard_normal(count)
    order = rng.permutation(count)  # pairs come busiest first
    test, train = order[:tests], order[tests:]
    return Ratings(
        user[train], item[train], rating[train], user[test], item[test], rating[test]
    )


def _pairs(
    rng: np.random.Generator, users: int, items: int, count: int, power: float
) -> tuple[Integers, Integers]:
    """Draw a user and an item for each of `count` ratings, no pair twice."""
    half = f"at most half of the {users * items} pairs"
    require(half, lambda n: n <= users * items / 2, count=count)
    popularity = np.outer(_power_law(users, power), _power_law(items, power)).ravel()
    pairs = rng.choice(users * items, size=count, replace=False, p=popularity)
    return np.divmod(pairs, items)


def _power_law(n: int, power: float) -> Array:
    weights = np.arange(1.0, n + 1) ** -power
    return np.asarray(weights / weights.sum())


class Bandit(NamedTuple):
    """What each arm pays at each step, and on average: shape (members, steps, arms)."""

    rewards: Array
    means: Array


def bandit(
    members: int = 200,
    steps: int = 1000,
    arms: int = 10,
    drift: float = 0.0,
    seed: int = 0,
) -> Bandit:
    """Return the rewards of `members` bandits, all arms at all steps.

    The mean of each arm starts at a standard normal number and takes a normal step of
    standard deviation `drift` before each further reward; rewards scatter around it
    with standard deviation one. Sutton & Barto, 2018, section 2.3 and exercise 2.5.

    Raises:
        ValueError: a count that is no positive integer, or a negative `drift`.
    """
    require_counts(members=members, steps=steps, arms=arms)
    require_nonnegative(drift=drift)
    require_counts_or_zero(seed=seed)
    rng = np.random.default_rng(seed)
    start = rng.standard_normal((members, 1, arms))
    walk = drift * rng.standard_normal((members, steps - 1, arms)).cumsum(axis=1)
    means = np.concatenate([start, start + walk], axis=1)
    return Bandit(means + rng.standard_normal(means.shape), means)


class Text(NamedTuple):
    """A text as numbers: ``alphabet[codes[0]]`` is its first character."""

    codes: Integers
    alphabet: str


def grammar_text(
    characters: int, seed: int = 0, grammar: Mapping[str, Sequence[str]] = GRAMMAR
) -> Text:
    """Return the first `characters` of endless sentences that follow `grammar`.

    Raises:
        ValueError: `grammar` has a symbol without lines, or sentences that need not
            end.

    >>> codes, alphabet = grammar_text(18, seed=1)
    >>> "".join(alphabet[code] for code in codes)
    'the frog that like'
    """
    require_counts(characters=characters)
    require_counts_or_zero(seed=seed)
    _offspring(grammar)
    rng = np.random.default_rng(seed)
    sentences: list[str] = []
    length = 0
    while length < characters:
        sentences.append(_expanded("S", grammar, rng))
        length += len(sentences[-1])
    text = "".join(sentences)[:characters]
    alphabet = "".join(sorted(set(_without_symbols("".join(_lines(grammar))))))
    return Text(np.array([alphabet.index(letter) for letter in text]), alphabet)


def entropy_rate(grammar: Mapping[str, Sequence[str]] = GRAMMAR) -> float:
    """Return the information in a character of the text, in nats.

    No model that reads the text has a smaller mean cross-entropy. It is the entropy
    of a sentence over its mean length. Both add up along the grammar: a symbol costs
    the logarithm of its number of lines, and then what the symbols in its lines cost
    on average. That is exact where every text can be read in one way only, as with
    `GRAMMAR`.

    Raises:
        ValueError: `grammar` has a symbol without lines, or sentences that need not
            end.

    >>> round(entropy_rate({"S": ("a", "bb")}), 4)  # log(2) / 1.5
    0.4621
    """
    below = np.eye(len(grammar)) - _offspring(grammar)
    choice = [math.log(len(lines)) for lines in grammar.values()]
    letters = [
        np.mean([len(_without_symbols(line)) for line in lines])
        for lines in grammar.values()
    ]
    start = list(grammar).index("S")
    entropy, length = np.linalg.solve(below, np.transpose([choice, letters]))[start]
    if not length:
        raise ValueError("grammar must write letters, got sentences without any")
    return float(entropy / length)


def _offspring(grammar: Mapping[str, Sequence[str]]) -> Array:
    """Return how many of each symbol (columns) a symbol's line (rows) has on average.

    Raises:
        ValueError: a symbol without lines, or sentences that need not end.
    """
    used = {"S", *re.findall("[A-Z]", "".join(_lines(grammar)))}
    if missing := sorted(symbol for symbol in used if not grammar.get(symbol)):
        raise ValueError(f"grammar must have lines for {missing}")
    offspring = np.array(
        [
            [np.mean([line.count(symbol) for line in lines]) for symbol in grammar]
            for lines in grammar.values()
        ]
    )
    if np.abs(np.linalg.eigvals(offspring)).max() >= 1:
        raise ValueError(
            "grammar must lead to an end: its symbols breed too many others"
        )
    return offspring


def _expanded(
    symbol: str, grammar: Mapping[str, Sequence[str]], rng: np.random.Generator
) -> str:
    """Return a line of `symbol`, drawn at random, with its own symbols expanded."""
    line = grammar[symbol][int(rng.integers(len(grammar[symbol])))]
    return re.sub("[A-Z]", lambda found: _expanded(found[0], grammar, rng), line)


def _lines(grammar: Mapping[str, Sequence[str]]) -> list[str]:
    return [line for lines in grammar.values() for line in lines]


def _without_symbols(line: str) -> str:
    return re.sub("[A-Z]", "", line)
