"""One engine, four entrances: the same verdicts and sentences for the same notebook."""

import ast
import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from jupyter_client.manager import start_new_kernel

from lrcourse.cli import main as cli
from lrcourse.grading.entrances.submission import grade_submission
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.notebook import Cell, read_cells
from lrcourse.grading.points import points_table
from lrcourse.grading.verdict import Verdict
from tests.course.test_exercises import CHECKS, mistaken, references
from tests.grading.halves import write_notebook

SLUG = "06_decay_formulas"
EXERCISE = Exercise(SLUG, CHECKS)
SOLUTION = [c for c in read_cells(EXERCISE.solution) if "check(" not in c.source]
BLANK = read_cells(CHECKS.parent / f"{SLUG}.ipynb")
IMPORT = [Cell("", "from lrcourse.grading import auto_check, check\nauto_check(False)")]


(RECALL,) = [place.name for place in EXERCISE.asked][:1]
RIGHT = EXERCISE.kind(RECALL).question(417).value
FIRST = [reference.known[0] for reference in references(EXERCISE).values()]


BANK = {
    "solved": SOLUTION,
    "blank": BLANK,
    "mistakes": mistaken(EXERCISE, FIRST[::2], SOLUTION),
    "other mistakes": mistaken(EXERCISE, FIRST[1::2], SOLUTION),
    "cases": [
        *SOLUTION,
        Cell("", "def tell_cosine_apart():\n    return [((1, 1.0, 3), 0.75), 1]"),
    ],
    "a recall, right": [
        *SOLUTION,
        Cell("", f"def {RECALL}():\n    return 417, {RIGHT}"),
    ],
    "a recall, named": [
        *SOLUTION,
        Cell("", f"def {RECALL}():\n    return 417, {RIGHT - 1}"),
    ],
    "a recall without its number": [
        *SOLUTION,
        Cell("", f"def {RECALL}():\n    return {RIGHT}"),
    ],
    "broken cell": [
        *SOLUTION,
        Cell("", "def cosine_lr(step, total_steps:\n    return 0"),
    ],
    "raises": [*SOLUTION, Cell("", "def cosine_lr(*args):\n    return 1 / 0")],
    "ends Python": [*SOLUTION, Cell("", "def cosine_lr(*args):\n    exit()")],
    "talks": [
        *SOLUTION,
        Cell("", "import os\nos.chdir('/')\nprint('x' * 10**5)\n1 / 0"),
        Cell("", "def cosine_lr(*args):\n    print('well')\n    return 0.5"),
    ],
}


OTHERS = {  # of another exercise
    "claims": (
        "13_cyclical",
        "def supported_by_cycles():\n    return {'A', 'B'}",
    ),
    "cases without a list": (
        "01_one_number",
        "def tell_limit_apart():\n    return (np.eye(2),), 2.0",
    ),
}


@pytest.fixture(params=[*BANK, *OTHERS])
def notebook(request, tmp_path):
    slug, wrong = OTHERS.get(request.param, (SLUG, ""))
    path = tmp_path / f"{slug}.ipynb"
    cells = [*IMPORT, *(BANK.get(request.param) or solved(slug, wrong))]
    write_notebook(path, [cell.source for cell in cells])
    return path


def test_the_four_entrances_say_the_same(notebook, capsys):
    graded = grade_submission(notebook, trust_students=True)
    assert by_pytest(notebook) == list(graded.verdicts)
    cli.main(["check", str(notebook)])
    said = capsys.readouterr().out
    assert said.startswith("\n".join(points_table(graded.answers, reasons=True)))
    cards = by_kernel(notebook, [result.answer for result in graded.answers])
    for result, card in zip(graded.answers, cards, strict=True):
        assert card.startswith("\n".join(points_table([result], reasons=True)[1:-1]))


def solved(slug, wrong):
    """Return the solution of an exercise, and one answer that is wrong."""
    cells = read_cells(Exercise(slug, CHECKS).solution)
    return [*[c for c in cells if "check(" not in c.source], Cell("", wrong)]


def by_pytest(notebook):
    report = notebook.with_name("report.xml")
    command = [sys.executable, "-m", "pytest", "-p", "no:nbval"]
    subprocess.run(
        [*command, f"--notebooks={notebook}", f"--junitxml={report}", CHECKS.parent],
        capture_output=True,
        check=False,
        cwd=notebook.parent,
    )
    properties = ElementTree.parse(report).iter("property")
    return [Verdict(**ast.literal_eval(each.get("value"))) for each in properties]


def by_kernel(notebook, answers):
    """Run the notebook's cells in a kernel, then check; return the cards as text."""
    folder = CHECKS.parent  # where the checks are found
    manager, client = start_new_kernel(
        cwd=str(folder),
        env=os.environ | {"JPY_SESSION_NAME": str(notebook)},
        kernel_name="python3",
    )
    try:
        for cell in json.loads(notebook.read_text())["cells"]:
            run(client, cell["source"], cell["id"])
        return [run(client, f"check({name!r})", None) for name in answers]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, source, cell_id):
    """Run one cell; return the text of what it displayed last."""
    content = {"code": source, "silent": False, "store_history": True}
    content |= {"user_expressions": {}, "allow_stdin": False, "stop_on_error": False}
    message = client.session.msg("execute_request", content)
    message["metadata"]["cellId"] = cell_id
    client.shell_channel.send(message)
    shown = ""
    while True:
        reply = client.get_iopub_msg(timeout=60)
        if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        if reply["content"].get("execution_state") == "idle":
            return shown
        if reply["msg_type"] == "display_data":
            shown = reply["content"]["data"]["text/plain"]
