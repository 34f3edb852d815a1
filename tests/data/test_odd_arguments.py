"""Data at odd arguments: sizes that do not divide, one example, none, odd integers."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse import data
from lrcourse.data import Split, generated

some = settings(max_examples=25, deadline=None, derandomize=True)
COUNTS = st.integers(1, 9) | st.integers(1, 9).map(np.int32)


def split_of(classes, examples, features):
    """Return data in which every number is its own place."""
    inputs = np.arange(examples * features, dtype=float).reshape(examples, features)
    labels = np.arange(examples, dtype=np.int64) % classes
    return Split(inputs, labels, inputs[:1] + 0.5, labels[-1:])


@some
@given(st.integers(0, 12), st.integers(1, 15), st.integers(0, 3), st.integers(0, 99))
def test_batches_are_a_shuffle_of_all_in_each_pass(examples, size, epochs, seed):
    numbers = np.arange(examples)
    made = list(data.batches(numbers[:, None], numbers, size, epochs, seed))
    per_pass = -(-examples // size)
    assert len(made) == epochs * per_pass
    for first in range(0, len(made), per_pass or 1):
        of_pass = made[first : first + per_pass]
        assert sorted(x for _, labels in of_pass for x in labels) == numbers.tolist()
        assert [len(labels) for _, labels in of_pass[:-1]] == [size] * (per_pass - 1)
        assert all((inputs[:, 0] == labels).all() for inputs, labels in of_pass)


@some
@given(st.integers(2, 6), st.integers(1, 12), st.integers(0, 99))
def test_classes_are_renamed_by_one_cycle(classes, examples, seed):
    split = split_of(classes, classes + examples, 2)
    renamed = data.permuted_labels(split, seed)
    names = dict(zip(split.labels, renamed.labels, strict=True))
    assert sorted(names) == sorted(names.values()) == list(range(classes))
    place, seen = 0, []
    while place not in seen:
        seen.append(place)
        place = names[place]
    assert len(seen) == classes
    assert renamed.test_labels[0] == names[split.test_labels[0]]


@some
@given(st.integers(1, 6), st.integers(1, 5), COUNTS)
def test_sequences_and_reversed_curves_lose_no_number(steps, width, examples):
    split = split_of(2, int(examples), steps * width)
    sequences = data.as_sequences(split, steps)
    assert sequences.inputs.shape == (examples, steps, width)
    assert np.array_equal(sequences.inputs.ravel(), split.inputs.ravel())
    backwards = data.reversed_curves(split)
    assert np.array_equal(backwards.inputs, np.flip(split.inputs, axis=1))
    assert np.array_equal(backwards.test_inputs, np.flip(split.test_inputs, axis=1))


@pytest.mark.parametrize("share", [0.001, np.float32(0.25), 0.5, 0.999])
def test_digits_are_split_by_any_share(share):
    split = data.digits(test_share=share)
    assert len(split.test_labels) == round(float(share) * 1797)
    assert len(split.labels) + len(split.test_labels) == 1797


@some
@given(COUNTS, COUNTS, COUNTS, st.sampled_from([0, 0.5, 3.0]), st.integers(0, 99))
def test_few_ratings_are_ratings_too(users, items, rank, power, seed):
    count = int(users) * int(items) // 2
    if count < 2:
        return  # one rating is no test and a training
    made = data.ratings(users, items, count, rank, 0, power, 0.5, seed)
    pairs = Counter(zip(made.users, made.items, strict=True))
    pairs += Counter(zip(made.test_users, made.test_items, strict=True))
    assert pairs.total() == count
    assert set(pairs.values()) <= {1}
    assert len(made.test_ratings) == round(0.5 * count)


@some
@given(COUNTS, COUNTS, COUNTS, st.sampled_from([0, 0.0, np.float32(0.5)]))
def test_small_bandits_have_a_mean_for_each_reward(members, steps, arms, drift):
    made = data.bandit(members, steps, arms, drift)
    assert made.rewards.shape == made.means.shape == (members, steps, arms)
    assert np.isfinite(made.rewards).all()
    if not drift:
        assert (made.means == made.means[:, :1]).all()


@some
@given(st.integers(1, 300), st.integers(0, 99))
def test_a_text_of_any_length_is_the_beginning_of_a_longer_one(characters, seed):
    text = data.grammar_text(np.int64(characters), seed)
    longer = data.grammar_text(characters + 50, seed)
    assert text.codes.tolist() == longer.codes[:characters].tolist()


@some
@given(st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_entropy_of_sentences_alone_is_that_of_a_choice(sentences):
    # equally likely lines, equal ones among them counted apart: the log of their number
    length = np.mean([len(sentence) for sentence in sentences])
    rate = data.entropy_rate({"S": sentences})
    assert rate == pytest.approx(np.log(len(sentences)) / length)


def test_every_maker_of_data_is_tried_here_or_beside():
    kinds = {"Bandit", "Ratings", "Split", "Text", "mnist1d"}
    tried = {"as_sequences", "bandit", "batches", "digits", "entropy_rate"}
    tried |= {"grammar_text", "permuted_labels", "ratings", "reversed_curves"}
    tried |= {"word_counts"}
    assert set(data.__all__) == kinds | tried


@pytest.mark.parametrize(
    "make",
    [
        lambda: data.digits(test_share="0.2"),
        lambda: data.digits(test_share=1e-9),
        lambda: data.digits(test_share=1 - 1e-9),
        lambda: data.batches([], [], "8", 1, seed=0),
        lambda: data.batches([1], [1], 1, -1, seed=0),
        lambda: data.batches([1], [1], 1, 1.0, seed=0),
        lambda: generated.bandit(members=True),
        lambda: generated.ratings(users=2, items=2, count=2, test_share=0.01),
        lambda: generated.grammar_text(2.0),
        lambda: generated.entropy_rate({}),
        lambda: generated.entropy_rate({"S": ("",)}),
    ],
)
def test_what_makes_no_data_is_refused(make):
    with pytest.raises(ValueError, match="must"):
        make()
