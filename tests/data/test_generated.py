import math
from itertools import pairwise

import numpy as np
import pytest

from lrcourse.data import entropy_rate, generated, grammar_text

VERBS = {"see", "sees", "hear", "hears", "like", "likes"}


def test_no_pair_of_user_and_item_is_rated_twice():
    made = generated.ratings()
    assert made.ratings.shape == made.users.shape == (4800,)
    assert made.test_ratings.shape == made.test_items.shape == (1200,)
    pairs = {*zip(made.users, made.items, strict=True)}
    tested = {*zip(made.test_users, made.test_items, strict=True)}
    assert len(pairs | tested) == 6000
    assert max(made.users.max(), made.test_users.max()) < 300
    assert max(made.items.max(), made.test_items.max()) < 200


@pytest.mark.parametrize("seed", range(3))
def test_what_is_tested_is_a_random_part_of_all_ratings(seed):
    made = generated.ratings(seed=seed)
    for train, test in (
        (made.users, made.test_users),
        (made.items, made.test_items),
    ):
        shares = [np.mean(part < 30) for part in (train, test)]
        # the standard error of the test's share is 0.014
        assert shares[1] == pytest.approx(shares[0], abs=0.05)
    assert made.test_ratings.std() == pytest.approx(made.ratings.std(), rel=0.1)


def test_few_items_get_most_ratings():
    items = generated.ratings(users=5000, count=4000, power=1.0).items
    counts = np.bincount(items, minlength=200)
    assert counts[:20].sum() > 0.5 * counts.sum()
    tens, hundreds = counts[9:19].sum(), counts[99:199].sum()  # sums of 1 / n
    assert tens / hundreds == pytest.approx(1, rel=0.25)


def test_without_power_all_items_are_met_alike():
    counts = np.bincount(generated.ratings(items=20, count=3000, power=0.0).items)
    assert counts.min() > 0.7 * counts.max()


def test_without_noise_a_full_table_has_the_asked_rank():
    made = generated.ratings(40, 30, count=600, rank=2, noise=0.0, power=0.0)
    users, items, values = made.users, made.items, made.ratings
    rng = np.random.default_rng(0)
    tastes, traits = rng.standard_normal((40, 2)), rng.standard_normal((30, 2))
    for _ in range(100):
        tastes = least_squares_side(users, items, values, traits, 40)
        traits = least_squares_side(items, users, values, tastes, 30)
    guesses = (tastes[made.test_users] * traits[made.test_items]).sum(axis=1)
    assert np.median(np.abs(guesses - made.test_ratings)) < 1e-6


@pytest.mark.parametrize("rank", [1, 9])
def test_ratings_have_variance_one_at_every_rank(rank):
    made = generated.ratings(900, 900, 10_000, rank, noise=0.0, power=0.0)
    assert made.ratings.std() == pytest.approx(1, rel=0.1)


def test_noise_is_the_only_thing_that_no_model_can_explain():
    clean, noisy = (generated.ratings(noise=noise) for noise in (0.0, 0.2))
    assert np.array_equal(clean.items, noisy.items)
    assert (noisy.ratings - clean.ratings).std() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"users": 0}, "users must be a positive integer, got 0"),
        ({"rank": 2.0}, "rank must be a positive integer, got 2.0"),
        ({"noise": -1.0}, "noise must be zero or more and finite, got -1.0"),
        ({"power": np.nan}, "power must be zero or more and finite, got nan"),
        ({"test_share": 1.0}, "test_share must be above 0 and below 1, got 1.0"),
        ({"count": 30_001}, "count must be at most half of the 60000 pairs"),
        (
            {"count": "6000"},
            "count must be a positive integer: a number, got the text '6000'",
        ),
    ],
)
def test_ratings_that_cannot_be_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        generated.ratings(**settings)


def test_rewards_scatter_around_the_mean_of_their_arm():
    made = generated.bandit(members=50, steps=400, arms=5)
    assert made.rewards.shape == made.means.shape == (50, 400, 5)
    noise = made.rewards - made.means
    assert noise.mean() == pytest.approx(0, abs=0.02)
    assert noise.std() == pytest.approx(1, rel=0.02)


def test_a_bandit_without_drift_stands_still():
    means = generated.bandit(members=500, steps=9, arms=10).means
    assert (means == means[:, :1]).all()
    assert means[:, 0].std() == pytest.approx(1, rel=0.05)


def test_a_drifting_arm_walks_with_the_root_of_time():
    means = generated.bandit(members=500, steps=101, arms=4, drift=0.1).means
    assert np.diff(means, axis=1).std() == pytest.approx(0.1, rel=0.02)
    assert (means[:, 100] - means[:, 0]).std() == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize(("drift", "best"), [(0.0, "1 / n"), (0.1, "constant")])
def test_an_arm_that_drifts_wants_a_constant_rate(drift, best):
    made = generated.bandit(members=500, steps=500, arms=1, drift=drift)
    errors = {
        "1 / n": tracking_error(made, lambda step: 1 / (step + 1)),
        "constant": tracking_error(made, lambda step: 0.1),
    }
    assert min(errors, key=errors.get) == best


@pytest.mark.parametrize(
    "settings", [{"arms": 0}, {"steps": 2.5}, {"drift": -0.1}, {"drift": np.nan}]
)
def test_a_bandit_that_is_none_is_refused(settings):
    ((name, value),) = settings.items()
    with pytest.raises(ValueError, match=rf"^{name} must be .*, got {value}$"):
        generated.bandit(**settings)


@pytest.mark.parametrize(
    "make",
    [
        generated.ratings,
        lambda seed: generated.bandit(members=2, steps=5, seed=seed),
        lambda seed: grammar_text(100, seed)[:1],
    ],
)
def test_the_same_seed_makes_the_same_data(make):
    first, again, other = make(seed=1), make(seed=1), make(seed=2)
    assert all(map(np.array_equal, first, again))
    assert not any(map(np.array_equal, first, other))


def test_a_text_is_numbers_into_its_alphabet():
    text = grammar_text(5000)
    assert text.codes.shape == (5000,)
    assert text.codes.dtype == np.int64
    assert set(text.codes) == set(range(len(text.alphabet)))
    assert text.alphabet == " .abcdefghiklorst"
    assert grammar_text(100).codes.tolist() == text.codes[:100].tolist()


def test_every_verb_goes_with_its_noun():
    for sentence in decoded(grammar_text(20_000)).split(". ")[:-1]:
        words, waiting = sentence.split(), []
        for before, word in pairwise(words):
            if before == "the":
                waiting.append(word.endswith("s"))
            elif word in VERBS:
                many = waiting[-1] if before == "that" else waiting[0]
                assert many != word.endswith("s"), sentence


def test_the_entropy_rate_is_the_text_s_own_surprise():
    text = decoded(grammar_text(300_000))
    words = text.replace(".", "").split()
    nouns, verbs = words.count("the"), sum(word in VERBS for word in words)
    surprise = (
        text.count(".") * math.log(2)  # one or many
        + nouns * (math.log(4) + math.log(2))  # which noun, and whether a "that"
        + verbs * (math.log(3) + math.log(2))  # which verb, and one object or many
    )
    assert surprise / len(text) == pytest.approx(entropy_rate(), rel=0.003)


@pytest.mark.parametrize(
    ("grammar", "rate"),
    [
        ({"S": ("a",)}, 0),
        ({"S": ("a", "b")}, math.log(2)),
        ({"S": ("N ",), "N": ("x", "yy", "zzz")}, math.log(3) / 3),
        ({"S": ("a", "bS")}, math.log(2)),  # geometric: 2 log 2 over 2 letters
    ],
)
def test_small_entropy_rates_can_be_found_on_paper(grammar, rate):
    assert entropy_rate(grammar) == pytest.approx(rate)


def test_knowing_more_of_the_past_comes_nearer_to_the_entropy_rate():
    codes = grammar_text(100_000).codes
    losses = [context_entropy(codes, length) for length in range(6)]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 2
    assert entropy_rate() < losses[5] < 2 * entropy_rate()


@pytest.mark.parametrize(
    ("grammar", "message"),
    [
        ({"A": ("a",)}, r"grammar must have lines for \['S'\]"),
        ({"S": ("aB",)}, r"grammar must have lines for \['B'\]"),
        ({"S": ("a", "SS")}, "grammar must lead to an end"),
    ],
)
def test_a_grammar_that_makes_no_text_is_refused(grammar, message):
    with pytest.raises(ValueError, match=message):
        grammar_text(10, grammar=grammar)
    with pytest.raises(ValueError, match=message):
        entropy_rate(grammar)


def test_a_text_of_nothing_is_refused():
    with pytest.raises(ValueError, match="characters must be a positive integer"):
        grammar_text(0)


def least_squares_side(rows, columns, values, vectors, count):
    """Return the best vector of each row, the others being given."""
    return np.array(
        [
            np.linalg.lstsq(vectors[columns[rows == row]], values[rows == row])[0]
            for row in range(count)
        ]
    )


def tracking_error(made, schedule):
    """Return the mean square distance of a running estimate from the true mean."""
    estimate, errors = np.zeros(len(made.rewards)), []
    for step in range(made.rewards.shape[1]):
        estimate = estimate + schedule(step) * (made.rewards[:, step, 0] - estimate)
        errors.append(((estimate - made.means[:, step, 0]) ** 2).mean())
    return np.mean(errors[100:])


def decoded(text):
    return "".join(text.alphabet[code] for code in text.codes)


def context_entropy(codes, length):
    """Return the entropy of a character, given the `length` before it, in nats."""
    past = np.zeros(len(codes) - length, dtype=np.int64)
    for place in range(length):
        past = 17 * past + codes[place : place + len(past)]
    return entropy(17 * past + codes[length:]) - entropy(past)


def entropy(keys):
    shares = np.unique(keys, return_counts=True)[1] / len(keys)
    return float(-(shares * np.log(shares)).sum())
