"""minibatches, chapter 03: Three names for one loop."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close

from .exercise import passes, rows

HINTS = [
    "Write the loop over epochs first. What has to be new in every pass?",
    "rng = np.random.default_rng(seed), once; rng.permutation(examples) in each pass.",
    "Cut the order at 0, batch_size, 2 * batch_size, ...: order[first : first + size].",
    "A slice that reaches past the end is shorter: that is the last batch, keep it.",
]


def sizes(batches):
    return [len(batch) for batch in batches]


def test_ten_examples_in_fours_are_three_batches_a_pass(minibatches):
    found = sizes(rows(minibatches(10, batch_size=4, epochs=2, seed=0)))
    assert close(found, [4, 4, 2, 4, 4, 2]), (
        "4 + 4 + 2 examples in each of two passes: which batches do you have?"
    )


def test_a_batch_size_above_the_examples_gives_one_batch_a_pass(minibatches):
    found = sizes(rows(minibatches(3, batch_size=5, epochs=2, seed=0)))
    assert close(found, [3, 3]), "a pass of three examples is one batch of three"


def test_each_pass_holds_every_example_once(minibatches):
    batches = rows(minibatches(10, batch_size=4, epochs=3, seed=1))
    found = [sorted(each) for each in passes(batches, 10)]
    assert close(found, 3 * [list(range(10))]), (
        "sorted, a pass is 0, 1, ..., 9: is an example missing, or there twice?"
    )


def complete(batches, examples):
    """Say whether each pass holds every example once."""
    wanted = list(range(examples))
    return all(sorted(each) == wanted for each in passes(batches, examples))


@pytest.mark.points(0)
def test_the_first_pass_is_shuffled(minibatches):
    batches = rows(minibatches(50, batch_size=5, epochs=1, seed=2))
    in_order = passes(batches, 50)[0] == list(range(50))
    assert close(in_order, False), "the examples come in the order they have"


def test_the_second_pass_has_an_order_of_its_own(minibatches):
    batches = rows(minibatches(50, batch_size=5, epochs=2, seed=2))
    whole = complete(batches, 50)
    first, second = passes(batches, 50)[:2]
    assert close([whole, first == second], [True, False]), (
        "two whole passes, and the second in another order: when is it drawn?"
    )


def test_the_second_pass_puts_other_examples_together(minibatches):
    batches = rows(minibatches(50, batch_size=5, epochs=2, seed=2))
    whole = complete(batches, 50)
    first, second = ({*map(frozenset, batches[i : i + 10])} for i in (0, 10))
    assert close([whole, first == second], [True, False]), (
        "the same fives come back in another order: shuffle examples, not batches"
    )


def test_a_seed_gives_the_same_batches_again_and_another_gives_others(minibatches):
    once, again, other = (rows(minibatches(50, 5, 2, seed)) for seed in (7, 7, 8))
    whole = complete(once, 50)
    assert close([whole, once == again, once == other], [True, True, False]), (
        "all that is random comes from one generator, made from the seed"
    )


@pytest.mark.points(2)
def test_random_settings_cut_every_pass_right(minibatches, rng):
    for _ in range(10):
        examples, size = int(rng.integers(1, 40)), int(rng.integers(1, 15))
        epochs, seed = int(rng.integers(1, 5)), int(rng.integers(1000))
        batches = rows(minibatches(examples, size, epochs, seed))
        pass_sizes = [size] * (examples // size)
        pass_sizes += [examples % size] if examples % size else []
        assert close(sizes(batches), epochs * pass_sizes), (
            f"{examples} examples in batches of {size}, {epochs} passes"
        )
        found = [sorted(each) for each in passes(batches, examples)]
        assert close(found, epochs * [list(range(examples))]), (
            "every pass holds every example once"
        )


def test_every_example_comes_first_about_equally_often(minibatches, rng):
    batches = rows(minibatches(4, 1, epochs=400, seed=int(rng.integers(1000))))
    firsts = [batch[0] for batch in batches[::4]]
    often = [firsts.count(example) > 50 for example in range(4)]
    assert close(often, [True] * 4), (
        "in 400 passes each of four examples should come first about 100 times"
    )


MISTAKES = Mistakes(
    see="Three names for one loop",
    drops_the_last_batch=Edit(
        "You drop the last, smaller batch: ten examples in fours are three batches, "
        "and those left out in a pass teach nothing in it.",
        {
            "range(0, examples, batch_size)": (
                "range(0, examples - batch_size + 1, batch_size)"
            )
        },
    ),
    has_one_order_for_all_passes=Edit(
        "Your order is the same in every pass: shuffle anew in each.",
        {
            "rng = np.random.default_rng(seed)": (
                "order = np.random.default_rng(seed).permutation(examples)"
            ),
            "order = rng.permutation(examples)": "pass",
        },
    ),
    seeds_anew_in_every_pass=Edit(
        "You make the generator anew in every pass, and from the same seed it gives "
        "the same order again.",
        {
            "rng.permutation(examples)": (
                "np.random.default_rng(seed).permutation(examples)"
            )
        },
    ),
    draws_with_replacement=Edit(
        "You draw with replacement: in a pass some examples come twice and others not "
        "at all.",
        {"rng.permutation(examples)": "rng.integers(examples, size=examples)"},
    ),
    does_not_shuffle=Edit(
        "You go through the examples in the order they have: sorted data would give "
        "batches of one class.",
        {"rng.permutation(examples)": "np.arange(examples)"},
    ),
    shuffles_once_over_all_passes=Edit(
        "You shuffle all passes together: then one pass has an example twice, and "
        "another none.",
        {
            "for _ in range(epochs):": "for examples in [epochs * examples]:",
            "order = rng.permutation(examples)": (
                "order = rng.permutation(examples) % (examples // epochs)"
            ),
        },
    ),
    splits_into_equal_parts=Edit(
        "You split a pass into parts that are nearly equal (np.array_split): every "
        "batch has batch_size examples, and only the last of a pass has fewer.",
        {
            "first in range(0, examples, batch_size)": (
                "part in np.array_split(order, -(-examples // batch_size))"
            ),
            "order[first : first + batch_size]": "part",
        },
    ),
    forgets_the_epochs=Edit(
        "You make one pass: there is one for each epoch.",
        {
            "for _ in range(epochs):": "for _ in range(1):",
        },
    ),
    counts_from_one=Edit(
        "Your examples are numbered from 1: Python's rows are numbered from 0.",
        {
            "rng.permutation(examples)": "rng.permutation(examples) + 1",
        },
    ),
)


@MISTAKES.written_out()
def cuts_across_passes(examples, batch_size, epochs, seed):
    """You cut all passes as one: a batch then has the end of one pass and the
    beginning of the next. Each pass ends with its own smaller batch."""
    rng = np.random.default_rng(seed)
    passes = np.concatenate([rng.permutation(examples) for _ in range(epochs)])
    starts = range(0, len(passes), batch_size)
    return [passes[first : first + batch_size] for first in starts]


@MISTAKES.written_out()
def shares_one_array(examples, batch_size, epochs, seed):
    """You shuffle one array in place and keep slices of it. A slice of an array is a
    view: all passes show the last order. Draw a new order in each pass."""
    rng = np.random.default_rng(seed)
    order = np.arange(examples)
    batches = []
    for _ in range(epochs):
        rng.shuffle(order)
        for first in range(0, examples, batch_size):
            batches.append(order[first : first + batch_size])
    return batches
