"""What confinement and grading cost, as ratios measured in one run.

``python -m benchmarks.grading``, on a machine that does nothing else; about two
minutes. Each line says what is allowed.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail import Level, best_level
from lrcourse.grading.sandbox.messages import Call, Load

Result = TypeVar("Result")
ROUNDS = 21
SUBMISSIONS = 200
FORBIDDEN = ["lrcourse.schedules", "torch.optim.lr_scheduler", "keras", "optax"]
ANSWERS = """
import numpy as np

def scaled(x):
    return 2 * np.asarray(x)

def total(x):
    return float(np.sum(x))

def cosine(t):
    return 0.5 * (1 + float(np.cos(np.pi * t)))
"""
WITH_TORCH = """
import torch

def slope(x):
    w = torch.tensor(x, requires_grad=True)
    (w**2).backward()
    return w.grad
"""
NOTHING = "FORBIDDEN = ()\n"
IMPORTS = "import numpy as np\nfrom lrcourse.grading import close\n\n\n"
CHECKS = {
    "01_numpy/exercise.py": NOTHING,
    "01_numpy/test_scaled.py": f"""{IMPORTS}def test_scaled(scaled):
    assert close(scaled(np.array([1.0, 2.0])), np.array([2.0, 4.0])), "twice"
""",
    "01_numpy/test_total.py": f"""{IMPORTS}def test_total(total):
    assert close(total(np.ones(3)), 3.0), "the sum"
""",
    "01_numpy/test_cosine.py": f"""{IMPORTS}def test_cosine(cosine):
    assert close(cosine(1.0), 0.0), "half a period"
""",
    "02_torch/exercise.py": NOTHING,
    "02_torch/test_slope.py": f"""{IMPORTS}def test_slope(slope):
    assert close(slope(3.0), 6.0), "the slope"
""",
}


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        course = _course(Path(folder))
        cold, checker = _timed(lambda: _started(course))
        numpy, torch = (course / name for name in ("01_numpy.ipynb", "02_torch.ipynb"))
        _grade(checker, torch)
        print(f"Medians of {ROUNDS}; a learner's code runs at {checker.level}.\n")
        check = _python("from lrcourse.grading import check")
        numpys = _python("import numpy")
        _say("importing check", check, "import numpy", numpys, "at most 1.4")
        ours = _median(lambda: _grade(checker, numpy))
        bare = _python("pass")
        _say("three numpy answers, warm", ours, "python -c pass", bare, "at most 5")
        fresh = _median(lambda: _pytest(course, numpy), rounds=5)
        _say("a fresh pytest on the same", fresh, "warm", ours, "at least 8")
        ours = _median(lambda: _grade(checker, torch))
        imports = _python("import torch", rounds=5)
        _say("import torch alone", imports, "a torch answer", ours, "at least 10")
        confined, free = _confinement()
        best = f"a worker at {best_level().name}"
        _say(best, confined, "without a layer", free, "at most 1.3")
        print(f"cold start to the first verdict: {cold:.2f} s (at most 5)")
        for _ in range(SUBMISSIONS):
            _grade(checker, numpy)
        assert checker.process is not None
        print(
            f"the checking process after {SUBMISSIONS} more submissions: "
            f"{_resident(checker.process.pid)} MiB (at most 300)"
        )
        checker.close()


def _course(folder: Path) -> Path:
    """Write two exercises with their checks and a notebook each."""
    for name, source in CHECKS.items():
        path = folder / "checks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    for name, source in {"01_numpy": ANSWERS, "02_torch": WITH_TORCH}.items():
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source}
        cell |= {"outputs": [], "execution_count": None}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    return folder


def _started(course: Path) -> Checker:
    checker = Checker(course)
    _grade(checker, course / "01_numpy.ipynb")
    return checker


def _grade(checker: Checker, notebook: Path) -> None:
    verdicts = checker.grade(notebook, "", "")["verdicts"]
    assert all(verdict["outcome"] == "passed" for verdict in verdicts), verdicts


def _pytest(course: Path, notebook: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:nbval"]
    subprocess.run(
        [*command, str(notebook)], check=True, capture_output=True, cwd=course
    )


def _python(code: str, rounds: int = ROUNDS) -> float:
    command = [sys.executable, "-c", code]
    return _median(lambda: subprocess.run(command, check=True), rounds)


def _confinement() -> tuple[float, float]:
    """Return the seconds of a worker's life, confined as well as can be and not.

    From its fork to its end: none is started ahead. Both may not use `FORBIDDEN`.
    """
    pools = [Pool(spares=0, level=level) for level in (best_level(), Level.L0)]

    def life(pool: Pool) -> None:
        worker = pool.take((), FORBIDDEN)
        worker.ask(Load([("cell", ANSWERS)], FORBIDDEN))
        for _ in range(20):
            worker.ask(Call("cosine", [0.5]))
        worker.kill()

    seconds: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for pool, taken in zip(pools, seconds, strict=True):
            taken.append(_timed(lambda pool=pool: life(pool))[0])
    for pool in pools:
        pool.close()
    confined, free = map(statistics.median, seconds)
    return confined, free


def _timed(run: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def _median(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    return statistics.median(_timed(run)[0] for _ in range(rounds))


def _say(what: str, seconds: float, against: str, other: float, limit: str) -> None:
    print(
        f"{what}: {1e3 * seconds:.0f} ms; {against}: {1e3 * other:.0f} ms; "
        f"ratio {seconds / other:.1f} ({limit})"
    )


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
