"""A stand-in for the predictions, until their own room is there."""

from collections.abc import Mapping, Sequence


def predict(name: str, question: str, options: Sequence[str]) -> None:
    """Print a question."""
    print(question, *options, sep="\n")


def settle(name: str, options: Mapping[str, tuple[bool, str]]) -> None:
    """Print the answer."""
    assert sum(bool(true) for true, _ in options.values()) == 1, options
    for option, (true, reason) in options.items():
        print("yes" if true else "no", option, reason)
