"""What `check` says before a notebook's first cell has brought it.

``python -m lrcourse.grading.entrances.before``, which `make lab` runs, writes a setting
into this environment: its kernels begin with a `check` and an `auto_check` that say
what to do, until the first cell replaces them. Nothing of the course is imported.
"""

import sys
from pathlib import Path

SENTENCE = "Run the first cell of this notebook first: it brings {name}."
_SETTING = "c.InteractiveShellApp.exec_lines = {lines!r}\n"
_LINE = "def {name}(*answers): print({sentence!r})"


def place(environment: Path) -> Path:
    """Return the file from which kernels of an environment take their settings."""
    return environment / "etc" / "ipython" / "ipython_kernel_config.py"


def setting() -> str:
    """Return what stands in it."""
    names = ("check", "auto_check")
    said = {name: SENTENCE.format(name=name) for name in names}
    lines = [_LINE.format(name=name, sentence=said[name]) for name in names]
    return _SETTING.format(lines=lines)


def main() -> None:
    """Write the setting into the environment of this Python."""
    path = place(Path(sys.prefix))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(setting(), encoding="utf-8")


if __name__ == "__main__":
    main()
