"""Hidden parameters: everybody's without a secret, each student's own with one."""

import hashlib
import hmac
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.grading.seeds import generator

SECRET = b"a secret of some length"


def drawn(*args, **kwargs):
    return generator(*args, **kwargs).integers(2**63, size=2).tolist()


def test_without_a_secret_the_tests_name_is_the_seed():
    seed = zlib.crc32(b"test_x")
    expected = np.random.default_rng(seed).integers(2**63, size=2).tolist()
    assert drawn("test_x", "06_decay") == expected


def test_with_a_secret_the_seed_is_the_hmac_of_the_parts_behind_their_lengths():
    text = b"".join(
        len(part).to_bytes(8) + part for part in (b"ann", b"06_decay", b"test_x")
    )
    digest = hmac.digest(SECRET, text, hashlib.sha256)
    expected = np.random.default_rng(int.from_bytes(digest))
    assert drawn("test_x", "06_decay", "ann", SECRET) == (
        expected.integers(2**63, size=2).tolist()
    )


def test_a_grade_can_be_drawn_again_in_another_year():
    found = generator("test_x", "06_decay", "ann", SECRET).integers(2**32)
    assert found == 272351136


@pytest.mark.parametrize(
    "other",
    [
        ("test_y", "06_decay", "ann", SECRET),
        ("test_x", "09_optimizers", "ann", SECRET),
        ("test_x", "06_decay", "bob", SECRET),
        ("test_x", "06_decay", "ann", SECRET + b"!"),
        ("test_x", "06_decay"),
    ],
)
def test_student_exercise_test_and_secret_all_count(other):
    assert drawn("test_x", "06_decay", "ann", SECRET) != drawn(*other)


@given(st.lists(st.text(), min_size=3, max_size=3), st.data())
def test_no_two_splits_of_one_text_draw_the_same(parts, data):
    text = "".join(parts)
    cuts = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    other = [text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :]]
    same = [f"x{part}" for part in parts] == [f"x{part}" for part in other]
    # a student has a name
    mine = drawn(parts[0], parts[1], f"x{parts[2]}", SECRET)
    theirs = drawn(other[0], other[1], f"x{other[2]}", SECRET)
    assert (mine == theirs) is same


@pytest.mark.parametrize(
    ("student", "secret", "sentence"),
    [
        ("", SECRET, "needs a student"),
        ("ann", b"", "'ann' needs a secret.*secrets.token_hex"),
        ("ann", b"short", "16 bytes, got 5.*secrets.token_hex"),
    ],
)
def test_what_would_make_guessable_settings_is_refused(student, secret, sentence):
    with pytest.raises(ValueError, match=sentence):
        generator("test_x", "06_decay", student, secret)
