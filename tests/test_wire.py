"""Plain data crosses between processes unchanged; everything else is named."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse.grading.wire import (
    Codec,
    NotPlain,
    WireError,
    read_frame,
    write_frame,
)

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


def test_numpy_scalars_and_zero_dimensional_arrays_become_numbers():
    assert type(across(np.float64(0.5))) is float
    assert type(across(np.int64(3))) is int
    assert type(across(np.bool_(True))) is bool
    assert type(across(np.array(2.0))) is float


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, (x for x in []), np.array([None]), 10**2000, b"bytes"]
)
def test_what_is_not_plain_arrives_as_that(value):
    assert isinstance(across(value), NotPlain)


def test_a_value_within_itself_ends():
    loop: list[object] = []
    loop.append(loop)
    assert isinstance(across(loop), list)


def test_lone_surrogates_do_not_crash_a_report():
    across("\ud800").encode()


def test_a_frame_cut_short_or_too_long_or_broken_is_refused():
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(b"\x00\x00\x00\x05ab"))
    with pytest.raises(WireError, match="allowed"):
        read_frame(io.BytesIO(b"\xff\xff\xff\xff"))
    with pytest.raises(WireError, match="JSON"):
        read_frame(io.BytesIO(b"\x00\x00\x00\x01{"))
