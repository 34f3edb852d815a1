"""`grade_submission`: whose notebook it is, which exercise, and what is refused."""

import pytest

from lrcourse.grading.entrances import submission
from lrcourse.grading.entrances.submission import NotConfined, grade_submission
from lrcourse.grading.sandbox.jail import Level
from tests.grading.halves import GOOD, write_checks, write_notebook

RIGHT = "def half(x):\n    return x / 2\n\ndef double(x):\n    return 2 * x"
PUBLIC_ONLY = "def half(x):\n    return 0.5\n\ndef double(x):\n    return 6"
SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    folder = course / "exercises" / "checks"
    write_checks(folder)
    write_notebook(course / "solutions" / "01_halves.ipynb", GOOD)
    other = {"exercise.py": "FORBIDDEN = ()\n"}
    other["test_other.py"] = "def test_other(other):\n    other()\n"
    write_checks(folder, "02_other", other)
    return folder


@pytest.fixture
def hand_in(tmp_path, checks):
    """Return a function that grades a notebook with this source."""

    def graded(source, name="01_halves.ipynb", **how):
        path = tmp_path / name
        write_notebook(path, [source])
        return grade_submission(path, checks=checks, **{"trust_students": True} | how)

    return graded


def test_points_add_up(hand_in):
    graded = hand_in(RIGHT, student="ada")
    assert (graded.exercise, graded.student) == ("01_halves", "ada")
    assert (graded.points, graded.possible) == (4, 4)
    assert [(r.answer, r.points) for r in graded.answers] == [
        ("half", 3),
        ("double", 1),
    ]
    assert {verdict.level for verdict in graded.verdicts} <= {
        each.name for each in Level
    }


def test_a_renamed_notebook_is_known_by_the_answers_it_defines(hand_in):
    assert hand_in(RIGHT, name="my homework (2).ipynb").points == 4
    assert hand_in(RIGHT, name="02_other.ipynb", exercise="01_halves").points == 4


def test_a_notebook_that_answers_nothing_is_refused_by_name(hand_in):
    with pytest.raises(
        ValueError, match=r"answers none of .* 01_halves, 02_other: name"
    ):
        hand_in("x = 1", name="untitled.ipynb")
    with pytest.raises(ValueError, match=r"untitled.ipynb answers none .* 02_other"):
        hand_in(RIGHT, name="untitled.ipynb", exercise="03_missing")


def test_checks_beside_the_notebook_are_not_looked_at(hand_in, tmp_path):
    easy = {"exercise.py": "FORBIDDEN = ()\n"}
    easy["test_half.py"] = "def test_x(half):\n    pass\n"
    write_checks(tmp_path / "checks", "01_halves", easy)
    (tmp_path / "conftest.py").write_text("raise SystemExit")
    assert hand_in("def half(x):\n    return 7").points == 0


def test_with_a_secret_every_student_meets_parameters_of_their_own(hand_in):
    seen = "seen = []\n\ndef half(x):\n    seen.append(x)\n    return [*seen]"
    calls = {
        (student, secret): [v.call for v in graded.verdicts if v.hidden]
        for student, secret in (("ada", SECRET), ("ben", SECRET), ("ada", SECRET[::-1]))
        for graded in [hand_in(seen, student=student, secret=secret)]
    }
    assert len({str(call) for call in calls.values()}) == 3
    again = hand_in(seen, student="ada", secret=SECRET)
    assert [v.call for v in again.verdicts if v.hidden] == calls["ada", SECRET]


def test_what_is_printed_is_shown_where_nothing_hidden_could_be_told(hand_in):
    tells = "def half(x):\n    print('given', x)\n    return 7"
    public, hidden = hand_in(tells).answers[0].verdicts
    assert public.printed == "it printed: given 1.0"
    assert (hidden.hidden, hidden.printed) == (True, "")
    flood = hand_in("def half(x):\n    print('n' * 10**6)\n    return 7")
    assert len(flood.answers[0].verdicts[0].printed) < 400


def test_what_a_hard_coded_answer_earns_is_what_the_public_checks_pay(hand_in):
    assert hand_in(PUBLIC_ONLY, student="eve", secret=SECRET).points == 2


def test_a_secret_needs_a_student_and_length(hand_in):
    with pytest.raises(ValueError, match="a secret needs a student"):
        hand_in(RIGHT, secret=SECRET)
    with pytest.raises(ValueError, match="at least 16 bytes, got 3"):
        hand_in(RIGHT, student="ada", secret=b"abc")


def test_links_and_missing_files_are_refused(tmp_path, checks):
    with pytest.raises(FileNotFoundError, match=r"no such notebook: .*gone"):
        grade_submission(tmp_path / "gone.ipynb", checks=checks)
    link = tmp_path / "01_halves.ipynb"
    link.symlink_to(checks / "01_halves" / "test_half.py")
    with pytest.raises(ValueError, match="is a link: hand in the file itself"):
        grade_submission(link, checks=checks)
    (tmp_path / "a.ipynb").write_text("{}")
    with pytest.raises(FileNotFoundError, match=r"no folder of checks: .*nowhere"):
        grade_submission(tmp_path / "a.ipynb", checks=tmp_path / "nowhere")


def test_a_notebook_that_cannot_be_read_earns_nothing_and_is_told_why(checks, tmp_path):
    path = tmp_path / "01_halves.ipynb"
    path.write_text("{")
    graded = grade_submission(path, checks=checks, trust_students=True)
    assert graded.points == 0
    assert all("cannot be read" in v.sentence for v in graded.verdicts)


@pytest.mark.parametrize("level", [Level.L1, Level.L0])
def test_others_code_is_not_run_where_it_could_do_harm(hand_in, monkeypatch, level):
    class Unconfined(submission.Checker):
        def wait_until_ready(self):
            super().wait_until_ready()
            self.level = level.name

    monkeypatch.setattr(submission, "Checker", Unconfined)
    submission._start_once.cache_clear()
    with pytest.raises(
        NotConfined, match=f"at {level.name} only .*trust_students=True"
    ):
        hand_in(RIGHT, trust_students=False)
    assert hand_in(RIGHT, trust_students=True).points == 4
    submission._start_once.cache_clear()
