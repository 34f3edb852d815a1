"""`grade_submission`: whose notebook it is, which exercise, and what is refused."""

import pytest

from lrcourse.grading.entrances import checkers
from lrcourse.grading.entrances.submission import NotConfined, grade_submission
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.seeds import generator
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
    shown = {"show_hidden": True}
    calls = {
        (student, secret): [v.call for v in graded.verdicts if v.hidden]
        for student, secret in (("ada", SECRET), ("ben", SECRET), ("ada", SECRET[::-1]))
        for graded in [hand_in(seen, student=student, secret=secret, **shown)]
    }
    assert len({str(call) for call in calls.values()}) == 3
    again = hand_in(seen, student="ada", secret=SECRET, **shown)
    assert [v.call for v in again.verdicts if v.hidden] == calls["ada", SECRET]


def drawn():
    """Return the settings that Ada's hidden check of `half` draws, as she would see."""
    rng = generator("test_half_of_random_numbers", "01_halves", "ada", SECRET)
    return [repr(float(x)) for x in rng.random(3)]


def hidden_of(graded):
    return next(verdict for verdict in graded.verdicts if verdict.hidden)


def test_a_students_report_of_a_hidden_check_says_its_kind_and_no_numbers(hand_in):
    graded = hand_in("def half(x):\n    return x / 4", student="ada", secret=SECRET)
    assert hidden_of(graded).lines == ["any number"]
    public = graded.answers[0].failed[0]
    assert "half(1.0) gave 0.25" in public.lines


def test_the_instructor_may_see_them_and_so_may_a_learner_alone(hand_in):
    wrong = "def half(x):\n    return x / 4"
    class_ = {"student": "ada", "secret": SECRET, "show_hidden": True}
    assert f"half({drawn()[0]})" in hidden_of(hand_in(wrong, **class_)).call
    assert "gave" in hidden_of(hand_in(wrong)).call


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("raise ValueError(f'{x}')", "half raised ValueError for settings"),
        ("raise type(f'x{x}', (Exception,), {})", "half raised an exception for"),
        ("return undefined", "half raised NameError for settings"),
        ("return None", "half returned None: is a return missing?"),
        ("import os; os._exit(0)", "half: Python itself ended for settings"),
    ],
)
def test_what_an_answer_says_itself_is_not_repeated(hand_in, body, kind):
    source = f"def half(x):\n    if x == 1: return 0.5\n    {body}"
    graded = hand_in(source, student="ada", secret=SECRET)
    assert hidden_of(graded).lines[0].startswith(kind)
    assert not [number for number in drawn() if number in str(graded)]


def test_what_a_hidden_check_gave_is_not_told_by_a_later_call(hand_in):
    tells = "seen = []\n\ndef half(x):\n    seen.append(x)\n    return 7"
    tells += "\n\ndef double(x):\n    print(seen)\n    raise ValueError(f'{seen}')"
    graded = hand_in(tells, student="ada", secret=SECRET)
    assert not [number for number in drawn() if number in str(graded)]
    assert [v.answer for v in graded.verdicts] == ["half", "half", "double"]
    shown = hand_in(tells, student="ada", secret=SECRET, show_hidden=True)
    assert drawn()[0] in str(shown)


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


def test_texts_do_for_paths_and_for_the_secret(hand_in, checks, tmp_path):
    place = tmp_path / "01_halves.ipynb"
    write_notebook(place, ["def half(x):\n    return x / 4"])
    how = {"student": "ada", "show_hidden": True}
    text = "a secret of some length"
    graded = grade_submission(str(place), checks=str(checks), secret=text, **how)
    again = grade_submission(place, checks=checks, secret=text.encode(), **how)
    assert graded == again
    with pytest.raises(ValueError, match="secret must be bytes or a text, got a int"):
        grade_submission(place, checks=checks, secret=2**200, student="ada")


def test_a_file_that_is_no_notebook_is_refused_with_the_way_out(tmp_path, checks):
    place = tmp_path / "01_halves.py"
    place.write_text("def half(x): return x / 2")
    with pytest.raises(ValueError, match=r"Python file: .* graded from .*halves.ipynb"):
        grade_submission(place, checks=checks)
    with pytest.raises(ValueError, match="is a folder: name the notebook in it"):
        grade_submission(tmp_path, checks=checks)


def test_pasted_data_costs_nothing(hand_in):
    data = f"data = [{'0,' * 300_000}]"
    assert hand_in(f"{data}\n{RIGHT}").points == 4


def test_a_folder_of_checks_is_taken_by_whatever_name(tmp_path):
    easy = {"exercise.py": "FORBIDDEN = ()\n"}
    easy["test_cosine_lr.py"] = "def test_it_runs(cosine_lr):\n    cosine_lr(1)\n"
    folder = tmp_path / "of our own"
    write_checks(folder, "06_decay_formulas", easy)
    place = tmp_path / "06_decay_formulas.ipynb"
    write_notebook(place, ["def cosine_lr(step):\n    return 7"])
    graded = grade_submission(place, checks=folder)
    assert [v.test for v in graded.verdicts] == ["test_it_runs"]
    assert graded.points == 1


def test_a_folder_without_checks_is_an_error_and_no_other_is_taken(tmp_path):
    place = tmp_path / "06_decay_formulas.ipynb"
    write_notebook(place, ["def cosine_lr(step):\n    return 7"])
    folder = tmp_path / "empty"
    (folder / "06_decay_formulas").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="empty holds no checks: a folder of"):
        grade_submission(place, checks=folder)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"test_half.py": "def test_it(half)\n    half(1)\n"}, "SyntaxError"),
        ({"test_half.py": "import nothing_of_that_name\n"}, "nothing_of_that_name"),
        ({}, "no test is there"),
    ],
)
def test_checks_that_cannot_be_used_are_named_and_others_go_on(tmp_path, files, reason):
    write_checks(tmp_path / "ours")
    write_checks(
        tmp_path / "ours", "02_broken", {"exercise.py": "FORBIDDEN = ()\n"} | files
    )
    for name in ("01_halves", "02_broken", "homework"):
        write_notebook(tmp_path / f"{name}.ipynb", [RIGHT if "01" in name else "x = 1"])
    how = {"checks": tmp_path / "ours", "trust_students": True}
    assert grade_submission(tmp_path / "01_halves.ipynb", **how).points == 4
    for name in ("02_broken", "homework"):
        said = rf"checks in .*ours.02_broken cannot be used: .*{reason}"
        with pytest.raises(RuntimeError, match=said):
            grade_submission(tmp_path / f"{name}.ipynb", **how)


def test_a_folder_in_which_no_checks_can_be_used_is_an_error(tmp_path):
    files = {"exercise.py": "FORBIDDEN = ()\n", "test_half.py": "1 / 0\n"}
    write_checks(tmp_path / "ours", "01_halves", files)
    write_notebook(tmp_path / "01_halves.ipynb", [RIGHT])
    with pytest.raises(RuntimeError, match=r"01_halves cannot be used: .*division"):
        grade_submission(tmp_path / "01_halves.ipynb", checks=tmp_path / "ours")


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
    class Unconfined(checkers.Checker):
        def wait_until_ready(self):
            super().wait_until_ready()
            self.level = level.name

    monkeypatch.setattr(checkers, "Checker", Unconfined)
    checkers.close_all()
    with pytest.raises(NotConfined) as refused:
        hand_in(RIGHT, trust_students=False)
    assert f"at {level.name} only" in str(refused.value)
    assert "trust_students=True" in str(refused.value)
    assert "--" not in str(refused.value)  # there is no such option
    assert hand_in(RIGHT, trust_students=True).points == 4
    checkers.close_all()
