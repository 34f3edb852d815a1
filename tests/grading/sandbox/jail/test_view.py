"""What a learner's code may read, and where no secret may lie."""

import os
import sys
from pathlib import Path

import pytest

from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail.confine import _files
from lrcourse.grading.sandbox.jail.view import (
    COURSE,
    View,
    of_this_python,
    refuse_secrets,
)


def test_a_learner_may_read_python_and_the_open_rooms():
    assert may_read(of_this_python(), Path(os.__file__))
    assert may_read(of_this_python(), COURSE / "schedules" / "curves.py")


@pytest.mark.parametrize(
    "place",
    [
        COURSE / "grading" / "sandbox" / "guest" / "worker.py",
        COURSE / "authoring" / "chapters.py",
        COURSE / "__pycache__",
        COURSE.parent / "solutions",
        COURSE.parent / "exercises" / "checks",
        COURSE.parent / "tests",
        Path.home(),
        Path("/etc/passwd"),
        Path("/proc"),
    ],
    ids=str,
)
def test_a_learner_may_not_read(place):
    assert not may_read(of_this_python(), place)


def test_what_an_exercise_forbids_is_taken_out_of_the_view():
    view = of_this_python().without(["lrcourse.schedules", "numpy.fft"])
    assert not may_read(view, COURSE / "schedules" / "curves.py")
    assert may_read(view, COURSE / "problems" / "bowls.py")
    numpy = Path(sys.modules["numpy"].__file__).parent
    assert not may_read(view, numpy / "fft" / "__init__.py")
    assert may_read(view, numpy / "linalg" / "__init__.py")


def test_the_twins_that_python_compiled_go_with_their_module(tmp_path, monkeypatch):
    package = tmp_path / "part"
    (package / "__pycache__").mkdir(parents=True)
    for name in ("one.py", "two.py", "__pycache__/one.pyc", "__pycache__/two.pyc"):
        (package / name).write_text("")
    monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path)])
    view = View((tmp_path,), ()).without(["part.one"])
    assert not may_read(view, package / "one.py")
    assert not may_read(view, package / "__pycache__" / "one.pyc")
    assert may_read(view, package / "two.py")
    assert may_read(view, package / "__pycache__" / "two.pyc")


def test_of_what_is_hidden_nothing_lies_in_another_and_nothing_is_half_written(
    tmp_path, monkeypatch
):
    package = tmp_path / "part"
    (package / "__pycache__").mkdir(parents=True)
    for name in ("one.py", "__pycache__/one.cpython-311.pyc"):
        (package / name).write_text("")
    (package / "__pycache__" / "one.cpython-311.pyc.140234").write_text("")
    monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path)])
    view = View((tmp_path,), ())
    assert view.files_of(["part.one", "part"]) == [package]
    assert [path.name for path in view.files_of(["part.one"])] == [
        "one.py",
        "one.cpython-311.pyc",
    ]


def test_another_copy_of_the_course_is_a_hole(tmp_path, monkeypatch):
    (tmp_path / "lrcourse").mkdir()
    (tmp_path / "lrcourse" / "schedules.py").write_text("")
    (tmp_path / "other").mkdir()
    monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path)])
    assert not may_read(of_this_python(), tmp_path / "lrcourse" / "schedules.py")
    assert may_read(of_this_python(), tmp_path / "other")


def test_a_secret_where_a_learner_may_read_is_refused_by_name(tmp_path):
    key = Path(os.__file__).parent / "key"
    view = View((key.parent,), ())
    refuse_secrets(view, [tmp_path])
    with pytest.raises(ValueError, match="must stay secret") as caught:
        refuse_secrets(view, [Path(os.__file__)])
    assert os.__file__ in str(caught.value)
    assert str(key.parent) in str(caught.value)


def test_a_secret_folder_around_what_must_be_readable_is_refused(tmp_path):
    (tmp_path / "packages").mkdir()
    with pytest.raises(ValueError, match=r"it holds .*packages"):
        refuse_secrets(View((tmp_path / "packages",), ()), [tmp_path])


def test_a_secret_in_a_hole_is_safe(tmp_path):
    (tmp_path / "hole" / "again").mkdir(parents=True)
    secret = tmp_path / "hole" / "again" / "key"
    secret.write_text("")
    refuse_secrets(View((tmp_path,), (tmp_path / "hole",)), [secret])
    reached = View((tmp_path, secret.parent), (tmp_path / "hole",))
    with pytest.raises(ValueError, match="must stay secret"):
        refuse_secrets(reached, [secret])


@pytest.mark.skipif(sys.platform != "linux", reason="the jail is Linux'")
def test_the_pool_refuses_secrets_before_it_starts_anything():
    with pytest.raises(ValueError, match="must stay secret"):
        Pool(secrets=[COURSE / "schedules" / "curves.py"])


def may_read(view, path):
    """Say whether a grant covers `path`, so that its content could be read."""
    around = {str(path), *map(str, path.parents)}
    return any(
        grant.path in around and not grant.is_listed_only for grant in view.grants
    )


def test_a_module_inside_a_hidden_package_is_hidden_with_it():
    both = ("lrcourse.training", "lrcourse.training.torch_loop")
    hidden = _files(of_this_python(), both)
    assert hidden == _files(of_this_python(), both[:1])
    assert hidden
