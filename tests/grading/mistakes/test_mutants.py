"""Mutants: which there are, what they say, and that the checks see them all."""

import ast
import re
import subprocess
import sys

import pytest

from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.mistakes.budget import (
    Overrun,
    bounded_range,
    call_within,
    exponent,
)
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.mistakes.mutants import mutants
from lrcourse.grading.mistakes.operators.expressions import Vocabulary
from lrcourse.grading.mistakes.references import references
from lrcourse.grading.mistakes.score import fates, main
from tests import ROOT
from tests.grading.halves import GOOD, write_checks, write_notebook

EXERCISES = exercises_in(ROOT / "exercises" / "checks")
# fewer than the full run's: what one of these students sees, one of 20 sees
STUDENTS = 4
WORDS, NONE = Vocabulary(counts=["step"], lengths=["total_steps"]), Vocabulary()
each_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES, ids=lambda exercise: exercise.slug
)


@each_exercise
def test_every_mutant_is_seen_by_a_check_or_listed_with_a_reason(exercise):
    checks, public, total = checks_of(exercise), 0, 0
    for name, reference in references(exercise).items():
        found = list(fates(reference, checks[name], STUDENTS))
        assert [mutant.change for mutant, fate in found if fate == "survivor"] == []
        listed = {mutant.change for mutant, fate in found if fate == "equivalent"}
        assert listed == set(reference.equivalent)
        assert all(reference.equivalent.values())
        public += sum(fate == "public" for _, fate in found)
        total += len(found)
    assert public >= 0.75 * total


@each_exercise
def test_the_reference_passes_for_every_student(exercise):
    checks = checks_of(exercise)
    for name, reference in references(exercise).items():
        for seed in range(STUDENTS + 1):
            some = checks[name].all if seed == 0 else checks[name].hidden
            answers = in_process(reference.names)
            assert list(checks[name].failing(some, answers, seed)) == []


@each_exercise
def test_a_sentence_names_only_what_the_learner_was_given(exercise):
    signs = r"[<>=!+\-*/%@]+|and|or|not|log1p\(x\)|1 - \w+"
    for reference in references(exercise).values():
        given = {n.arg for n in ast.walk(reference.tree) if isinstance(n, ast.arg)}
        for mutant in reference.mutants:
            for token in re.findall("`(.*?)`", mutant.sentence):
                assert token in given or re.fullmatch(signs, token)
            assert mutant.sentence.endswith(("?", "."))
            assert len(mutant.sentence) < 130


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("return a < b", "return a <= b"),
        ("return a >= b", "return a > b"),
        ("return a == b", "return a != b"),
        ("return a + 1", "return a + 0"),
        ("return a + b", "return a - b"),
        ("return a * b", "return a / b"),
        ("return a // b", "return a / b"),
        ("return a / b", "return a // b"),
        ("return a / b", "return b / a"),
        ("return a // b", "return round(a / b)"),
        ("return a ** b", "return a * b"),
        ("return a @ b", "return a * b"),
        ("return a @ b", "return b @ a"),
        ("return a ** b", "return a ** (b + 1)"),
        ("return a * b", "return b"),
        ("return a + b * 2", "return (a + b) * 2"),
        ("return a * b + a", "return a * b + (1 - a) * a"),
        ("return (1 - a) * b", "a = 1 - a"),
        ("return f(a, b)", "return f(b, a)"),
        ("return cos(pi * a)", "return sin(pi * a)"),
        ("return math.cos(math.pi * a)", "return math.cos(180 * a)"),
        ("return min(a, 1)", "return a"),
        ("return np.clip(a, 0, 1)", "return a"),
        ("return abs(a)", "return a"),
        ("return math.sqrt(a)", "return a"),
        ("return math.ceil(a)", "return math.floor(a)"),
        ("return a ** 0.5 + b", "return (a + b) ** 0.5"),
        ("return a and b", "return a or b"),
        ("return not a", "return a"),
        ("return a if b else 1", "return 1 if b else a"),
        ("return range(a)", "return range(a + -1)"),
        ("return a[:b]", "return a[:b + 1]"),
        ("return a[b]", "return a.get(b, 0.0)"),
        ("return [x for x in a if x]", "return [x for x in a]"),
        ("return (a, b)", "return (b, a)"),
        ("return min_lr", "return max_lr"),
        ("return beta1", "beta1, beta2 = (beta2, beta1)"),
        ("return step", "step = step + 1"),
        ("return total_steps", "total_steps = total_steps - 1"),
        ("a += b", "a = b"),
        ("a += b", "a -= b"),
        ("a = b", "pass"),
        ("if a: return b", "pass"),
        ("if a: return b", "if not a:"),
        ("raise a", "pass"),
    ],
)
def test_a_line_has_this_wrong_twin(line, wrong):
    assert wrong in [mutant.after for mutant in mutants(function(line), WORDS)]


def test_what_names_stand_for_is_said_by_the_exercise_alone():
    line = "return start + step / period"
    told = Vocabulary(["step"], ["period"], [{"start", "end"}])
    tree = ast.parse(f'def f(step, start, end, period):\n    """Say."""\n    {line}')
    kinds = [{m.kind for m in mutants(tree.body[0], words)} for words in (told, NONE)]
    by_words = {"one ahead", "one behind", "one short", "one long"}
    by_words |= {"names exchanged", "another name"}
    assert kinds[0] - kinds[1] == by_words


def test_a_wrong_twin_leaves_the_reference_as_it_was_and_is_never_the_same():
    tree = function("x = min(a / b, 1.0)\n    return a + (b - a) * (1 - x) ** 2")
    before = ast.unparse(tree)
    found = list(mutants(tree))
    assert ast.unparse(tree) == before
    assert all(mutant.before != mutant.after for mutant in found)
    assert len({(mutant.before, mutant.after) for mutant in found}) == len(found)


def test_a_mutant_finds_the_names_of_its_notebook_and_has_a_name_for_reports():
    found = mutants(function("return min(a, limit)"))
    wrong = next(mutant for mutant in found if mutant.kind == "max for min")
    assert wrong.function({"limit": 3})(5) == 5
    assert wrong.slug == "max_for_min"


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "return [x for x in iter(int, 1)]",
        "return sum(1 for x in iter(int, 1))",
        "try:\n        while True: pass\n    except Exception: return 1",
        "for x in range(10 ** 12): pass",
    ],
)
def test_what_never_ends_is_ended(body):
    names = {}
    exec(ast.unparse(function(body)), names)
    before = sys.gettrace()
    with pytest.raises(Overrun):
        call_within(names["f"], 1)
    assert sys.gettrace() is before


@pytest.mark.parametrize(
    "line",
    [
        "while 1: pass",
        "while True: ...",
        "while True: continue",
        "while not None: pass",
        "while True: x = 1",
        "while x: pass",
        "for y in iter(int, 1): pass",
        "return [y for y in iter(int, 1)]",
        "return (lambda: [0 for y in iter(int, 1)])()",
    ],
)
def test_a_loop_on_one_line_is_ended(line):
    """A process of its own: one that did not end would take the tests with it."""
    code = (
        "from lrcourse.grading.mistakes.budget import Overrun, call_within\n"
        f"def f(x):\n    {line}\n"
        "try:\n    call_within(f, 1)\nexcept Overrun:\n    print('ended')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout == "ended\n"


def test_what_would_fill_the_machine_in_one_line_is_ended():
    power = [m for m in mutants(function("return a ** b ** b")) if m.kind == "operator"]
    for mutant in power:
        assert mutant.function({})(9, 9) < float("inf")
    with pytest.raises(OverflowError):
        9 ** exponent(9**9)
    with pytest.raises(Overrun):
        bounded_range(10**9)


def test_a_check_that_fails_for_the_solution_too_proves_nothing(tmp_path):
    write_checks(tmp_path / "exercises" / "checks")
    wrong = ["def half(x):\n    return x / 3", GOOD[1]]
    write_notebook(tmp_path / "solutions" / "01_halves.ipynb", wrong)
    (exercise,) = exercises_in(tmp_path / "exercises" / "checks")
    half, checks = references(exercise)["half"], checks_of(exercise)["half"]
    with pytest.raises(RuntimeError, match="test_half_of_one fails for the solution's"):
        list(fates(half, checks))


def test_the_run_prints_a_row_for_each_answer(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["score", "01", "--seeds", "1"])
    assert main() == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[1] for row in rows[1:]] == [*references(EXERCISES[0])]


def test_the_run_names_the_exercises_it_knows(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["score", "77"])
    with pytest.raises(SystemExit):
        main()
    assert "no exercise begins with 77: 01_one_number, 0" in capsys.readouterr().err


def function(body):
    parameters = "a, b=1, step=0, total_steps=1, min_lr=0, max_lr=1, beta1=0, beta2=0"
    return ast.parse(f'def f({parameters}):\n    """Say."""\n    {body}').body[0]
