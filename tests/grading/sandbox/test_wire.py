"""Frames: cut short, too long or made to exhaust, they are refused; texts are clean."""

import io

import pytest

from lrcourse.grading.sandbox.wire import (
    MAX_MARKS,
    WireError,
    body_length,
    clean,
    is_count,
    parse,
    read_frame,
    write_frame,
)


def test_a_frame_cut_short_or_too_long_or_broken_is_refused():
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(b"\x00\x00\x00\x05ab"))
    with pytest.raises(WireError, match="allowed"):
        read_frame(io.BytesIO(b"\xff\xff\xff\xff"))
    with pytest.raises(WireError, match="JSON"):
        read_frame(io.BytesIO(b"\x00\x00\x00\x01{"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "not JSON"),  # no crash of the reader's
        (b"9" * 5000, "not JSON"),  # a number that takes Python minutes to read
        (b"[" + b"0," * MAX_MARKS + b"0]", "parts"),
        (b"\xff", "not JSON"),
    ],
)
def test_a_body_made_to_exhaust_its_reader_is_refused(body, reason):
    with pytest.raises(WireError, match=reason):
        parse(body)


def test_the_parts_of_our_own_frames_are_not_counted():
    cell = ["cell 1", f"data = [{'0,' * MAX_MARKS}]"]
    stream = io.BytesIO()
    write_frame(stream, {"cells": [cell]})
    with pytest.raises(WireError, match="parts"):
        parse(stream.getvalue()[4:])
    stream.seek(0)
    assert read_frame(stream) == {"cells": [cell]}


def test_a_length_is_looked_at_before_anything_is_read():
    with pytest.raises(WireError, match="allowed"):
        body_length(b"\xff\xff\xff\xff")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\ttext \N{GREEK SMALL LETTER ETA}", None),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("\r\x00\x07", "\\r\\x00\\x07"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_a_text_is_harmless_to_print(text, shown):
    assert clean(text) == (text if shown is None else shown)


def test_a_text_is_cut_and_must_be_one():
    assert clean("x" * 5000, 10) == "x" * 10
    with pytest.raises(WireError, match="a list where a text belongs"):
        clean(["x"])


@pytest.mark.parametrize("number", [-1, True, 1.0, "1", None])
def test_what_is_no_count_does_not_pass_for_one(number):
    assert not is_count(number)
    assert is_count(0)
