"""How far a learner is comes from saved notebooks; what did not change waits."""

import json

import pytest

from lrcourse.cli.status import lines
from lrcourse.grading.verdict import AnswerResult, Verdict
from lrcourse.learner.folder import Folder
from lrcourse.learner.merge import stamped
from lrcourse.learner.progress import Memory, progress_in
from tests.grading.halves import write_checks, write_notebook


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    write_checks(made.exercises / "checks")
    write_notebook(made.exercises / "01_halves.ipynb", ["def half(x): return x / 2"])
    return made


class Run:
    """Stands for the checks: counts how often they ran."""

    def __init__(self, outcome="passed"):
        self.outcome, self.paths = outcome, []

    def __call__(self, path):
        self.paths.append(path.name)
        verdict = Verdict("01_halves", "half", "test_half", 3, self.outcome)
        return [AnswerResult("01_halves", "half", [verdict])]


def test_what_has_not_changed_is_not_run_again(folder):
    run = Run()
    first = progress_in(folder, run)
    assert (first[0].solved, first[0].points) == (1, 3)
    assert progress_in(folder, run) == first
    assert run.paths == ["01_halves.ipynb"]


@pytest.mark.parametrize("what", ["the notebook", "a check", "the file"])
def test_what_changed_is_run_again(folder, what):
    progress_in(folder, Run())
    if what == "the notebook":
        path = folder.exercises / "01_halves.ipynb"
        write_notebook(path, ["def half(x): return x / 3"])
    elif what == "a check":
        path = next((folder.exercises / "checks/01_halves").glob("test_*.py"))
        path.write_text(path.read_text("utf-8") + "\n# anew\n", "utf-8")
    else:
        folder.results.unlink()
    run = Run("failed")
    assert progress_in(folder, run)[0].solved == 0
    assert len(run.paths) == 1


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"form": 99}', '{"form": 1, "x": 1}']
)
def test_a_broken_file_of_results_costs_a_run_and_no_more(folder, text):
    folder.results.write_text(text)
    run = Run()
    assert progress_in(folder, run)[0].solved == 1
    assert Memory.of(folder).results["01_halves.ipynb"]["standings"]


def test_what_another_lab_keeps_while_the_checks_run_stays(folder):
    elsewhere = Memory(results={"02_other.ipynb": {}}, hints={"half": 2})

    def run(path):
        elsewhere.save(folder)
        return Run()(path)

    assert progress_in(folder, run)[0].solved == 1
    kept = Memory.of(folder)
    assert (kept.hints, {*kept.results}) == (
        elsewhere.hints,
        {"01_halves.ipynb", "02_other.ipynb"},
    )


def test_a_blank_notebook_needs_no_run(folder):
    path = folder.exercises / "01_halves.ipynb"
    document = json.loads(path.read_text("utf-8"))
    for number, cell in enumerate(document["cells"]):
        cell["id"] = str(number)
    path.write_text(json.dumps(stamped(document)), "utf-8")
    run = Run()
    (found,) = progress_in(folder, run)
    assert run.paths == []
    assert {each.outcome for each in found.standings} == {"not started"}


def test_a_notebook_that_cannot_be_read_is_named_and_the_others_stand(folder):
    (folder.exercises / "01_halves.ipynb").write_text("{")
    shown = "\n".join(lines(progress_in(folder, Run())))
    assert "01_halves: 01_halves.ipynb is broken" in shown


def test_the_lines_fit_forty_columns_and_ascii(folder):
    for line in lines(progress_in(folder, Run()), "ascii")[:1]:
        line.encode("ascii")
        assert len(line) <= 40
