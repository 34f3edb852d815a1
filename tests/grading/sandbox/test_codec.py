"""Plain data crosses between processes unchanged; everything else is named."""

import io
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse.grading.sandbox.codec import (
    AnswerLink,
    CallbackLink,
    Codec,
    NotPlain,
    ObjectLink,
)
from lrcourse.grading.sandbox.wire import read_frame, write_frame

Pair = namedtuple("Pair", "first second")
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def across(value):
    stream = io.BytesIO()
    write_frame(stream, Codec().encode(value))
    stream.seek(0)
    return Codec().decode(read_frame(stream))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(PLAIN)
def test_plain_values_come_back_as_they_were(value):
    assert across(value) == value
    assert type(across(value)) is type(value)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "u1", "?", "c16", ">f8"])
def test_arrays_keep_shape_type_and_values(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    back = across(array)
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)
    back[0, 0] = 1  # a copy of one's own, not a read-only view


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Pair(1, 2.5), (1, 2.5)),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(int, a=1), {"a": 1}),
        ([Pair(OrderedDict(a=1), 2)], [({"a": 1}, 2)]),
    ],
)
def test_a_named_tuple_is_a_tuple_and_a_dict_of_any_order_a_dict(value, plain):
    assert across(value) == plain
    assert type(across(value)) is type(plain)


def test_numpy_scalars_and_zero_dimensional_arrays_become_numbers():
    assert type(across(np.float64(0.5))) is float
    assert type(across(np.int64(3))) is int
    assert type(across(np.bool_(True))) is bool
    assert type(across(np.array(2.0))) is float


@pytest.mark.parametrize(
    "value",
    [
        object(),
        frozenset({1, 2}),
        (x for x in []),
        np.array([None]),
        10**2000,
        b"bytes",
    ],
)
def test_what_is_not_plain_arrives_as_that(value):
    assert isinstance(across(value), NotPlain)


def test_a_value_within_itself_ends():
    loop: list[object] = []
    loop.append(loop)
    assert isinstance(across(loop), list)


def test_lone_surrogates_do_not_crash_a_report():
    across("\ud800").encode()


def test_numbers_that_are_none_cross_too():
    assert across(float("inf")) == float("inf")
    assert across(float("nan")) != across(float("nan"))


def test_the_longest_value_that_is_sent_is_also_read():
    pairs = {number: None for number in range(40_000)}
    assert across(pairs) == pairs


class Links(Codec):
    """Sends links, and returns those it receives."""

    def export(self, value):
        return value

    def adopt(self, link):
        return link


@pytest.mark.parametrize("link", [AnswerLink("f"), ObjectLink(3, "C"), CallbackLink(0)])
def test_a_link_comes_back_as_it_was(link):
    stream = io.BytesIO()
    write_frame(stream, Links().encode([link]))
    stream.seek(0)
    assert Links().decode(read_frame(stream)) == [link]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"tuple": 5},
        {"dict": [[1]]},
        {"dict": [[{"dict": []}, 1]]},
        {"complex": ["a", 1]},
        {"array": {}},
        {"array": {"data": "", "dtype": "O", "shape": [0]}},
        {"array": {"data": "", "dtype": "f8,f8", "shape": [0]}},
        {"array": {"data": "", "dtype": "f8", "shape": [10**9]}},
        {"array": {"data": "AAAA", "dtype": "u1", "shape": [-3]}},
        {"array": {"data": "!", "dtype": "u1", "shape": ["1"]}},
        {"array": {"data": "AAAA", "dtype": "u1", "shape": [3] + [1] * 40}},
        {"not_plain": 5},
        {"reference": 5},
        {"reference": {}},
        {"reference": {"callback": "0"}},
        {"reference": {"callback": -1}},
        {"reference": {"callback": True}},
        {"reference": {"object": [1]}},
        {"reference": {"object": 1, "kind": ["x"]}},
        {"reference": {"name": 1}},
        {"unheard": 1},
        {"tuple": [], "dict": []},
    ],
    ids=str,
)
def test_data_that_stands_for_no_value_is_not_plain(data):
    assert isinstance(Codec().decode(data), NotPlain)


def test_tensors_of_kinds_that_numpy_lacks_are_not_plain():
    torch = pytest.importorskip("torch")
    assert across(torch.nn.Parameter(torch.ones(2))).tolist() == [1, 1]
    assert across(torch.tensor(0.5)) == 0.5
    for odd in (torch.ones(2, dtype=torch.bfloat16), torch.ones(2).to_sparse()):
        assert isinstance(across(odd), NotPlain)
