import random
from functools import partial

import numpy as np
import pytest
import torch

from lrcourse.data import collected as data


@pytest.fixture
def made(monkeypatch):
    """Count how often MNIST-1D is made, and make a small stand-in instead."""
    calls = []

    def make():
        calls.append("made")
        return data.Split(np.eye(2), np.arange(2), np.ones((1, 2)), np.arange(1))

    monkeypatch.setattr(data, "_make_mnist1d", make)
    data._mnist1d.cache_clear()
    yield calls
    data._mnist1d.cache_clear()


def test_digits_are_pixels_from_zero_to_one():
    split = data.digits()
    assert split.inputs.shape == (1438, 64)
    assert split.test_inputs.shape == (359, 64)
    assert split.inputs.dtype == np.float64
    assert (split.inputs.min(), split.inputs.max()) == (0, 1)
    assert set(split.labels) == set(split.test_labels) == set(range(10))


def test_the_same_seed_splits_the_digits_in_the_same_way():
    assert np.array_equal(data.digits(seed=3).inputs, data.digits(seed=3).inputs)
    assert not np.array_equal(data.digits(seed=3).inputs, data.digits(seed=4).inputs)


def test_no_digit_is_lost_or_tested_on_twice():
    split = data.digits()
    rows = np.concatenate([split.inputs, split.test_inputs])
    everything = data.digits(seed=1)
    again = np.concatenate([everything.inputs, everything.test_inputs])
    assert np.array_equal(np.sort(rows.sum(axis=1)), np.sort(again.sum(axis=1)))


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_a_test_share_of_nothing_or_everything_is_refused(share):
    with pytest.raises(ValueError, match="test_share must be above 0 and below 1"):
        data.digits(test_share=share)


def test_mnist1d_is_made_once_and_leaves_global_seeds_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("LRCOURSE_CACHE", str(tmp_path))
    data._mnist1d.cache_clear()
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    split = data.mnist1d()
    seen = random.random(), np.random.rand()  # noqa: NPY002
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    assert seen == (random.random(), np.random.rand())  # noqa: NPY002
    assert split.inputs.shape == (4000, 40)
    assert split.test_inputs.shape == (1000, 40)
    assert np.bincount(np.concatenate([split.labels, split.test_labels])).tolist() == (
        [500] * 10
    )
    data._mnist1d.cache_clear()
    again = data.mnist1d()
    assert all(map(np.array_equal, split, again))


def test_mnist1d_comes_from_the_cache_folder(made, tmp_path, monkeypatch):
    monkeypatch.setenv("LRCOURSE_CACHE", str(tmp_path / "new" / "folder"))
    first = data.mnist1d()
    data._mnist1d.cache_clear()
    second = data.mnist1d()
    assert len(made) == 1
    assert all(map(np.array_equal, first, second))
    assert [path.suffix for path in (tmp_path / "new" / "folder").iterdir()] == [".npz"]


def test_where_nothing_can_be_written_memory_serves(made, tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("LRCOURSE_CACHE", str(blocked))
    data.mnist1d()
    data.mnist1d()
    assert len(made) == 1


def test_without_a_home_memory_serves(made, tmp_path, monkeypatch):
    def nobody(user):
        raise KeyError(f"getpwuid(): uid not found: {user}")

    for name in ("LRCOURSE_CACHE", "XDG_CACHE_HOME", "HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    monkeypatch.chdir(tmp_path)
    assert data._cache_folder() is None
    assert np.array_equal(data.mnist1d().inputs, np.eye(2))
    data.mnist1d()
    assert len(made) == 1
    assert not list(tmp_path.iterdir())  # no folder by the name of ~ either


@pytest.mark.parametrize("broken", [b"", b"half a file", b"PK\x03\x04"])
def test_a_broken_cache_is_made_again(made, tmp_path, monkeypatch, broken):
    monkeypatch.setenv("LRCOURSE_CACHE", str(tmp_path))
    data.mnist1d()
    (cached,) = tmp_path.iterdir()
    cached.write_bytes(broken)
    data._mnist1d.cache_clear()
    assert np.array_equal(data.mnist1d().inputs, np.eye(2))
    assert len(made) == 2


def test_changing_what_came_back_does_not_change_the_next(made, tmp_path, monkeypatch):
    monkeypatch.setenv("LRCOURSE_CACHE", str(tmp_path))
    data.mnist1d().inputs[:] = 7
    assert np.array_equal(data.mnist1d().inputs, np.eye(2))


@pytest.mark.parametrize("make", [np.asarray, torch.tensor])
def test_every_pass_visits_every_example_once(make):
    inputs, labels = make([[10.0], [11], [12], [13], [14]]), make([0, 1, 2, 3, 4])
    seen = list(data.batches(inputs, labels, batch_size=2, epochs=2, seed=0))
    assert [len(labels) for _, labels in seen] == [2, 2, 1, 2, 2, 1]
    assert all((rows[:, 0] == labels + 10).all() for rows, labels in seen)
    orders = [
        [int(label) for _, part in seen for label in part][i:][:5] for i in (0, 5)
    ]
    assert sorted(orders[0]) == sorted(orders[1]) == [0, 1, 2, 3, 4]
    assert orders[0] != orders[1]


def test_the_seed_decides_the_order():
    order = partial(
        data.batches, np.arange(50.0), np.arange(50), batch_size=50, epochs=1
    )
    first, same, other = (next(order(seed=seed))[1] for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("labels", "batch_size", "message"),
    [
        (np.arange(3), 0, "batch_size must be a positive integer, got 0"),
        (np.arange(3), 2.0, "batch_size must be a positive integer, got 2.0"),
        (np.arange(2), 1, "got 3 inputs and 2 labels"),
    ],
)
def test_bad_batches_are_refused_at_once(labels, batch_size, message):
    with pytest.raises(ValueError, match=message):
        data.batches(np.arange(3.0), labels, batch_size, epochs=1, seed=0)


def test_reversed_curves_run_backwards_and_keep_their_labels():
    split = data.digits()
    backwards = data.reversed_curves(split)
    assert np.array_equal(backwards.inputs[:, 0], split.inputs[:, -1])
    assert np.array_equal(backwards.test_inputs[3], split.test_inputs[3][::-1])
    assert np.array_equal(backwards.labels, split.labels)
    assert all(map(np.array_equal, data.reversed_curves(backwards), split))
    torch.from_numpy(backwards.inputs)  # which refuses a view with negative strides


@pytest.mark.parametrize("seed", range(5))
def test_permuted_labels_rename_every_class_and_mix_none(seed):
    split = data.digits()
    permuted = data.permuted_labels(split, seed)
    pairs = set(zip(split.labels, permuted.labels, strict=True))
    tested = set(zip(split.test_labels, permuted.test_labels, strict=True))
    assert pairs == tested
    assert len(pairs) == len({new for _, new in pairs}) == 10
    assert all(old != new for old, new in pairs)
    assert permuted.labels.dtype == np.int64
    assert np.array_equal(permuted.inputs, split.inputs)


def test_the_seed_decides_the_new_names():
    split = data.digits()
    same, again, other = (data.permuted_labels(split, seed) for seed in (1, 1, 2))
    assert np.array_equal(same.labels, again.labels)
    assert not np.array_equal(same.labels, other.labels)


def test_one_class_cannot_be_renamed():
    split = data.digits()
    ones = split._replace(labels=0 * split.labels, test_labels=0 * split.test_labels)
    with pytest.raises(ValueError, match="at least two classes"):
        data.permuted_labels(ones)


@pytest.mark.parametrize(("steps", "features"), [(8, 8), (16, 4), (64, 1), (1, 64)])
def test_digits_are_read_in_steps_from_the_top_row_on(steps, features):
    split = data.digits()
    sequences = data.as_sequences(split, steps)
    assert sequences.inputs.shape == (1438, steps, features)
    assert sequences.test_inputs.shape == (359, steps, features)
    assert np.array_equal(sequences.inputs[5, 0], split.inputs[5, :features])
    assert np.array_equal(sequences.test_inputs[5].ravel(), split.test_inputs[5])
    assert np.array_equal(sequences.labels, split.labels)
    again = data.as_sequences(sequences, 64)
    assert np.array_equal(again.inputs[:, :, 0], split.inputs)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (7, "divide the 64 features, got 7"),
        (128, "divide the 64 features, got 128"),
        (0, "steps must be a positive integer, got 0"),
        (-8, "steps must be a positive integer, got -8"),
        (8.0, "steps must be a positive integer, got 8.0"),
    ],
)
def test_steps_that_do_not_divide_the_features_are_refused(steps, message):
    with pytest.raises(ValueError, match=message):
        data.as_sequences(data.digits(), steps)
