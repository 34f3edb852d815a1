"""Attempts beside the answer: files in the submission's folder, forged records."""

from typing import Any

from tests.grading.cheats.rows import Attempt

_RUNS = 'open("MARKER", "w").write("ran")\n'
_BLANK = "def exponential_lr(*_, **__): return None\n"
_PASSES = "def test_exponential(exponential_lr): pass\n"

_FILES = {
    "conftest.py": _RUNS,
    "sitecustomize.py": _RUNS,
    "usercustomize.py": _RUNS,
    "pytest.py": _RUNS,
    "numpy.py": _RUNS,
    "math.py": _RUNS,
    "json.py": _RUNS,
    "lrcourse/__init__.py": _RUNS,
    "lrcourse/grading/comparison.py": _RUNS + "close = lambda *_, **__: True\n",
    "evil.py": _RUNS,
    "evil.pth": f"import os; {_RUNS}",
}

_CHECKS = {
    "checks/06_decay_formulas/test_exponential_lr.py": _RUNS + _PASSES,
    "checks/06_decay_formulas/exercise.py": _RUNS + "FORBIDDEN = ()\n",
}

_SETTINGS = {
    "evil.py": _RUNS,
    "pytest.ini": "[pytest]\naddopts = -p evil --co\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-p evil --co"\n',
    "setup.cfg": "[tool:pytest]\naddopts = -p evil --co\n",
    "tox.ini": "[pytest]\naddopts = -p evil --co\n",
}

_RECORDS = {
    "results.json": '{"score": 7, "tests": [{"status": "passed"}]}',
    "report.xml": '<testsuite tests="6" failures="0"/>',
    "06_decay_formulas.json": '{"exponential_lr": 7}',
    "06_decay_formulas.pkl": "cos\nsystem\n(S'touch MARKER'\ntR.",
    "grades.csv": "exponential_lr,7\n",
}

_FORGED: dict[str, dict[str, Any]] = {
    "nbgrader's points": {
        "metadata": {
            "nbgrader": {"grade": True, "points": 5, "score": 7, "locked": True}
        }
    },
    "tags and names": {
        "metadata": {"tags": ["passed", "exponential_lr"], "name": "passed"}
    },
    "a digest of its own": {"metadata": {"lrcourse": {"digest": "0" * 64}}},
    "a stored card that says 5/5": {
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {"points": 5},
                "data": {"text/plain": "exponential_lr 5/5", "text/html": "<b>5/5</b>"},
            }
        ]
    },
    "a stored result": {
        "outputs": [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "metadata": {},
                "data": {"application/json": {"outcome": "passed", "points": 5}},
            }
        ]
    },
}

SIDE_FILES = [
    Attempt("beside it: code that Python or pytest would load", _BLANK, files=_FILES),
    Attempt("beside it: a folder of checks", _BLANK, files=_CHECKS),
    Attempt("beside it: settings of pytest", _BLANK, files=_SETTINGS),
    Attempt("beside it: results", _BLANK, files=_RECORDS),
    *(
        Attempt(f"in the notebook: {name}", _BLANK, **forged)
        for name, forged in _FORGED.items()
    ),
    Attempt(
        "check called in the answer", f"{_BLANK}check = print\ncheck('exponential_lr')"
    ),
]
