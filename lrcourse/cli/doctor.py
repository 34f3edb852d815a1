"""``lrcourse doctor``: what of the course works here, what a missing piece costs."""

import argparse
import importlib.util
import os
import platform
import sys
import webbrowser
from collections.abc import Iterator

PIECES = {  # what it is for, and how it is added
    "numpy": ("answers", "pip install numpy"),
    "pytest": ("checks", 'pip install "pytest>=9.1"'),
    "jupyterlab": (
        "notebooks with cards; without it, `lrcourse check --watch`",
        'pip install "lrcourse[lab]"',
    ),
    "matplotlib": ("the figures of chapters", 'pip install "lrcourse[lab]"'),
    "scipy": (
        "chapters, and exercises about recorded runs",
        'pip install "lrcourse[lab]"',
    ),
    "torch": (
        "chapters with sweeps; no answer of the exercises so far",
        'pip install "lrcourse[lab-torch]"',
    ),
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "doctor",
        help="show what of the course works here, and how well code is confined",
        description="Show versions, the notebooks' kernel, the browser, and how well "
        "this machine confines a learner's code; of what is missing, what it costs.",
    )
    parser.set_defaults(run=lambda chosen: run())


def run() -> int:
    """Print what is there, then try what confinement must stop; return 0."""
    # here: other commands need neither, and they are not light
    from lrcourse.grading.entrances.doctor import ONLY_HONESTY, try_everything
    from lrcourse.grading.sandbox.jail import best_level

    print("\n".join(lines()))
    level = best_level()
    print(f"\nA learner's code runs at {level.name}: {level.sentence}.\n")
    for row in try_everything(level):
        print(f"  {'stopped    ' if row.stopped else 'NOT STOPPED'}  {row.attempt}")
    print(f"\n{ONLY_HONESTY}")
    return 0


def lines() -> Iterator[str]:
    """Yield what is there, a line each; of what is missing, its use and its source."""
    # here: all commands import this room, and this takes a tenth of a second
    from importlib.metadata import PackageNotFoundError, version

    yield f"  Python      {platform.python_version()}, {platform.system()}"
    for name, (use, how) in PIECES.items():
        try:
            yield f"  {name:<11} {version(name)}"
        except PackageNotFoundError:
            yield f"  {name:<11} MISSING, for {use}: {how}"
    yield f"  kernel      {kernel()}"
    yield f"  browser     {browser()}"


def kernel() -> str:
    """Return which Python the notebooks' kernel is, or what is wrong with it."""
    if importlib.util.find_spec("ipykernel") is None:
        return 'MISSING, for notebooks: pip install "lrcourse[lab]"'
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return f"MISSING: {sys.executable} -m ipykernel install --sys-prefix"
    command = spec.argv[0]
    if command in ("python", "python3") or _is_this(command):
        return "python3, this Python"
    return (
        f"python3 is {command}, where lrcourse may not be: "
        f"{sys.executable} -m ipykernel install --sys-prefix"
    )


def _is_this(command: str) -> bool:
    return os.path.realpath(command) == os.path.realpath(sys.executable)


def browser() -> str:
    """Return the browser that JupyterLab and the book would open in."""
    try:
        return webbrowser.get().__class__.__name__
    except webbrowser.Error:
        return "MISSING: open the address that JupyterLab prints in one yourself"
