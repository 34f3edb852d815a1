"""Settings of the environment in which JupyterLab runs; `make lab` writes them.

``python -m lrcourse.grading.entrances.lab_settings`` writes them beside this Python.
Its kernels begin with a `check` and an `auto_check` that say what to do, until the
first cell of a notebook replaces them; nothing of the course is imported for that. The
lab does not ask whether it may fetch news, with a box that lies over the cards. And it
draws all of a notebook at once, not piece by piece when it has time: so a link to a
chapter's heading lands there.
"""

import json
import sys
from pathlib import Path

SENTENCE = "Run the first cell of this notebook first: it brings {name}."
_LINE = "def {name}(*answers): print({sentence!r})"
LAB = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


def places(environment: Path) -> tuple[Path, Path]:
    """Return the files from which an environment's kernels and its lab are set."""
    kernels = environment / "etc" / "ipython" / "ipython_kernel_config.py"
    lab = environment / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    return kernels, lab


def for_kernels() -> str:
    """Return what stands in the first."""
    lines = [
        _LINE.format(name=name, sentence=SENTENCE.format(name=name))
        for name in ("check", "auto_check")
    ]
    return f"c.InteractiveShellApp.exec_lines = {lines!r}\n"


def write(environment: Path) -> None:
    """Write both files."""
    texts = (for_kernels(), json.dumps(LAB))
    for path, text in zip(places(environment), texts, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.prefix))
