"""``lrcourse start``: a folder of the learner's own, and JupyterLab in it."""

import argparse
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lrcourse.learner.folder import START, Folder
from lrcourse.learner.start import CannotStart, Written, write_course

STARTED, CANNOT_WORK = 0, 4
HERE = Path("lrcourse")
WITHOUT_LAB = """JupyterLab is not installed here. Either
  pip install "lrcourse[lab]"     then `lrcourse start` again, as the course is meant
or write your answers in any editor of notebooks, and in {folder}
  lrcourse check --watch          checks them whenever you save
  lrcourse status                 shows how far you are"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "start",
        help="write the course's notebooks into a folder of yours, and open them",
        description="Write the course's notebooks into a folder of yours, or bring "
        "them up to date there, and open JupyterLab in it. Your work is never written "
        "over. Exit status: 0 it is written, 4 it cannot be.",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=HERE, help=f"default: {HERE}"
    )
    parser.add_argument(
        "--no-lab", action="store_true", help="write the notebooks, open nothing"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the folder, open JupyterLab in it, and return the exit status."""
    try:
        folder = Folder(chosen.folder.expanduser().absolute())
        written = write_course(folder)
    except (CannotStart, RuntimeError, FileNotFoundError) as error:  # no home, no "."
        print(f"lrcourse start: {error}", file=sys.stderr)
        return CANNOT_WORK
    print("\n".join(said(written, folder)), flush=True)
    if chosen.no_lab:
        return STARTED
    if importlib.util.find_spec("jupyterlab") is None:
        print(WITHOUT_LAB.format(folder=folder.path))
        return STARTED
    return open_lab(folder)


def said(written: Sequence[Written], folder: Folder) -> list[str]:
    """Return what became of the notebooks, as sentences."""
    counts = {how: 0 for how in ("new", "updated", "merged", "same", "left")}
    for each in written:
        counts[each.how] += 1
    words = {
        "new": "new",
        "updated": "brought up to date",
        "merged": "brought up to date around your work",
        "same": "as they were",
        "left": "left alone",
    }
    parts = [f"{count} {words[how]}" for how, count in counts.items() if count]
    named = [f"  {each.name}: {each.why}" for each in written if each.why]
    changed = counts["updated"] + counts["merged"]
    open_ = ["If one is open in JupyterLab, answer Revert when it asks."]
    return [f"{folder.path}: {', '.join(parts)}.", *named, *open_ * bool(changed)]


def open_lab(folder: Folder) -> int:
    """Open JupyterLab in `folder` and wait until it ends; return its exit status."""
    # here: elsewhere the command needs neither
    from lrcourse.grading.entrances import lab_settings

    try:
        lab_settings.write(Path(sys.prefix))
    except OSError as error:  # an environment of the system's: the lab works without
        print(f"JupyterLab keeps its own settings: {error.strerror}.", file=sys.stderr)
    jupyter = [sys.executable, "-m", "jupyter"]
    chapters = sorted(map(str, folder.chapters.glob("*.ipynb")))
    subprocess.run([*jupyter, "trust", *chapters], check=False, capture_output=True)
    lab = [
        *("lab", f"--ServerApp.root_dir={folder.path}"),
        f"--LabApp.default_url=/lab/tree/{START}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        lab.append("--allow-root")  # as in a container; Jupyter asks for the word
    try:
        return subprocess.run([*jupyter, *lab], check=False).returncode
    except KeyboardInterrupt:
        return STARTED
