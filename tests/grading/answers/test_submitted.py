"""A learner's code, run elsewhere: what comes back, and what every accident costs."""

import numpy as np
import pytest

from lrcourse.grading.answers.errors import AnswerRaised, NotStarted
from lrcourse.grading.answers.stand_in import held
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host.pool import Pool


@pytest.fixture(scope="module")
def pool():
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def answers_of(pool):
    opened = []

    def make(*sources, forbidden=()):
        cells = [Cell(f"cell {n}", source) for n, source in enumerate(sources, 1)]
        opened.append(Answers(cells, forbidden, pool.take))
        return opened[-1]

    yield make
    for answers in opened:
        answers.close()


def refusal(function, *args, **kwargs):
    with pytest.raises(AnswerRaised) as caught:
        function(*args, **kwargs)
    return caught.value


def test_arguments_go_out_and_results_come_back(answers_of):
    answers = answers_of(
        "import numpy as np", "def f(x, *, k=1): return np.float64(x) * k"
    )
    assert answers.f(2, k=3) == 6.0
    assert type(answers.f(2)) is float
    assert repr(answers.f) == "f"


def test_arguments_hold_what_the_answer_left_in_them(answers_of):
    answers = answers_of("def f(w, d, xs): w -= 1; d['k'] = 2; xs.append(3)")
    w, d, xs = np.ones(2), {}, [1]
    answers.f(w, d, xs)
    assert w.tolist() == [0, 0]
    assert d == {"k": 2}
    assert xs == [1, 3]


def test_a_check_may_give_an_answer_as_much_as_it_likes(answers_of):
    answers = answers_of("def f(xs): return len(xs)")
    assert answers.f([0] * 400_000) == 400_000


def test_functions_are_called_on_both_sides(answers_of):
    answers = answers_of(
        "def make(a): return lambda x: a * x", "def use(f): return f(3)"
    )
    seen = []
    assert answers.make(3)(4) == 12
    assert answers.use(lambda x: seen.append(x) or 7) == 7
    assert seen == [3]
    assert answers.use(answers.make(5)) == 15


def test_an_error_in_a_checks_own_function_is_raised_there(answers_of):
    answers = answers_of(
        "def use(f):\n    try: return f()\n    except Exception: return 1"
    )

    def broken():
        raise AssertionError("the check's own")

    with pytest.raises(AssertionError, match="own"):
        answers.use(broken)


def test_classes_keep_their_state(answers_of):
    answers = answers_of(
        "class C:\n    def __init__(self): self.n = 0\n"
        "    def step(self): self.n += 1; return self.n"
    )
    counter = answers.C()
    assert [counter.step(), counter.step()] == [1, 2]
    assert counter.n == 2


def test_a_stub_is_not_started(answers_of):
    with pytest.raises(NotStarted):
        answers_of("def f(): raise NotImplementedError('replace')").f()


def test_an_exception_comes_with_its_type_and_cell(answers_of):
    error = refusal(answers_of("x = 1", "def f():\n    return 1 / 0").f)
    assert (error.type, error.cell) == ("ZeroDivisionError", "cell 2")
    assert "cell 2, line 2" in error.message


def test_a_syntax_error_costs_its_own_answer_only(answers_of):
    answers = answers_of("def f(:\n    pass", "def g(): return 2")
    assert answers.g() == 2
    assert refusal(answers.f).type == "SyntaxError"
    assert "cell 1, line 1" in refusal(answers.f).message


def test_an_answer_that_is_not_there_is_missing(answers_of):
    error = refusal(answers_of("def g(): return 2").f)
    assert error.type == "Missing"
    assert "defines no f" in error.message


def test_of_an_answer_pasted_twice_the_last_one_counts(answers_of):
    assert answers_of("def f(): return 1", "def f(): return 2").f() == 2


def test_a_broken_copy_hides_the_good_one_above_it_and_not_the_one_below(answers_of):
    good, broken = "def f(): return 1", "def f() return 1"
    assert refusal(answers_of(good, broken).f).type == "SyntaxError"
    assert answers_of(broken, good).f() == 1


def test_ipython_lines_are_stepped_over(answers_of):
    answers = answers_of(
        "%matplotlib inline\n!ls\nimport math\nmath?",
        "%%time\ndef f(): return 3",
        "def g(): return 7 \\\n % 4",
        "%%bash\nexit 1",
    )
    assert answers.f() == answers.g() == 3


def test_a_wrong_signature_is_said(answers_of):
    error = refusal(answers_of("def f(a): return a").f, a=1, b=2)
    assert error.type == "WrongSignature"
    assert "'b'" in error.message
    assert "first line of f" in error.message


def test_prints_plots_and_experiments_do_not_run(answers_of):
    answers = answers_of(
        "def f(): print('noise'); return 1",
        "raise SystemExit",
        "while True: pass",
        "f() / 0",
    )
    assert answers.f() == 1


def test_a_name_that_does_not_exist_is_said_with_its_line_and_the_nearest(answers_of):
    answers = answers_of("def f(total_steps):\n    return 2 * totalsteps")
    error = refusal(answers.f, 3)
    assert error.is_clear
    assert "name 'totalsteps' is not defined; did you mean total_steps?" in str(error)
    assert "cell 1, line 2" in str(error)


def test_what_a_call_returned_can_be_looked_at_again(answers_of):
    counter = "class Counter:\n    def __init__(self): self.n = 0\n"
    counter += "    def step(self): self.n += 1\n"
    counter += "    def live(self): return vars(self)\n"
    counter += "    def copy(self): return dict(vars(self))"
    made = answers_of(counter).Counter()
    live, copy, arrived = held(made.live), held(made.copy), made.live()
    assert live() == copy() == arrived == {"n": 0}
    made.step()
    assert [live(), copy(), arrived] == [{"n": 1}, {"n": 0}, {"n": 0}]


def test_whole_cells_run_when_a_name_is_missing(answers_of):
    answers = answers_of("for i in range(3):\n    total = i", "def f(): return total")
    assert answers.f() == 2


def test_a_cell_that_hangs_is_left_out_and_the_rest_is_graded(answers_of, monkeypatch):
    monkeypatch.setattr("lrcourse.grading.sandbox.host.interpreter.CELL_SECONDS", 0.3)
    answers = answers_of("x = [i for i in iter(int, 1)]", "def f(): return 1")
    assert answers.f() == 1


def test_a_call_that_hangs_fails_and_the_others_are_graded(answers_of, monkeypatch):
    monkeypatch.setattr("lrcourse.grading.sandbox.host.interpreter.CALL_SECONDS", 0.3)
    answers = answers_of("def f():\n    while True: pass", "def g(): return 1")
    assert "never ends" in refusal(answers.f).message
    assert answers.g() == 1
    refusal(answers.f)
    assert "not tried again" in refusal(answers.f).message


def test_ending_python_costs_its_own_call_only(answers_of):
    answers = answers_of("import os", "def f(): os._exit(0)", "def g(): return 1")
    assert refusal(answers.f).type == "Died"
    assert answers.g() == 1


def test_what_the_exercise_asks_for_cannot_be_imported(answers_of):
    answers = answers_of(
        "from lrcourse.schedules import cosine",
        "def f(): return cosine(1.0, 2)(1)",
        "def g():\n    import lrcourse.schedules",
        forbidden=["lrcourse.schedules"],
    )
    assert "may not be used here" in refusal(answers.f).message
    assert refusal(answers.g).type == "ImportError"


def test_the_notebooks_own_check_lines_do_nothing_there(answers_of):
    answers = answers_of(
        "from lrcourse.grading import check",
        "y = check('f')",
        "def f(): return 1",
    )
    assert answers.f() == 1


def test_calls_are_recorded_for_naming_the_mistake(answers_of):
    answers = answers_of("def f(x): return x", "def g(x): return 1 / 0")
    answers.f(3)
    refusal(answers.g, 1)
    first, second = answers.calls
    assert (first.answer, first.outcome.value) == ("f", 3)
    assert second.outcome.type == "ZeroDivisionError"


def test_nothing_of_the_learners_runs_on(pool, monkeypatch):
    monkeypatch.setattr("lrcourse.grading.sandbox.host.interpreter.CALL_SECONDS", 0.3)
    cells = [Cell("c", "def f():\n    while True: pass\ndef g(): return 1")]
    started = []
    answers = Answers(cells, (), lambda: started.append(pool.take()) or started[-1])
    refusal(answers.f)
    answers.g()
    answers.close()
    assert len(started) == 2
    assert all(interpreter.process.has_ended() for interpreter in started)
