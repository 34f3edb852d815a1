"""``lrcourse convert``: a call of any library in, the same in every library out."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

CONVERTED, CANNOT_WORK = 0, 4  # as the other commands exit; a usage error is 2


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "convert",
        help="write a scheduler of PyTorch, Keras or Optax in the other two",
        description="Say what a call of a scheduler does, and write it for the other "
        "libraries. Nothing of the call is run. Exit status: 0 it is converted, 2 "
        "usage, 4 it cannot be.",
    )
    parser.add_argument("call", metavar="CALL", help='as in "ExponentialLR(gamma=0.9)"')
    rate = "the optimizer's rate, which PyTorch's schedulers multiply"
    settings: dict[str, tuple[Callable[[str], Any], str, str]] = {
        "--base-lr": (float, "RATE", rate),
        "--updates-per-epoch": (
            int,
            "N",
            "how many; PyTorch's then tick once an epoch",
        ),
        "--steps": (int, "N", "the run's length in updates"),
    }
    for name, (kind, metavar, words) in settings.items():
        parser.add_argument(name, type=kind, metavar=metavar, help=words)
    parser.add_argument(
        "--unit", choices=("update", "epoch"), help="when scheduler.step() is called"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print the conversion of a call and return the exit status."""
    from lrcourse.convert import convert  # here, because other commands need no NumPy

    try:
        found = convert(
            chosen.call,
            base_lr=chosen.base_lr,
            updates_per_epoch=chosen.updates_per_epoch,
            unit=chosen.unit,
            steps=chosen.steps,
        )
    except ValueError as error:
        print(f"lrcourse convert: {_with_options(str(error))}", file=sys.stderr)
        return CANNOT_WORK
    print(found)
    return CONVERTED


def _with_options(sentence: str) -> str:
    """Name the settings as they are typed here."""
    for name in ("base_lr, as", "steps, the run's", "updates_per_epoch, as"):
        word, _, rest = name.partition(",")
        option = f"--{word.replace('_', '-')}"
        sentence = sentence.replace(f" {name}", f" {option},{rest}")
    return sentence.replace("leave base_lr out", "leave --base-lr out")
