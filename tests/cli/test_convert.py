"""`lrcourse convert`, as a reader types it."""

from lrcourse.cli import main as cli
from lrcourse.cli.convert import CANNOT_WORK, CONVERTED

EXPONENTIAL = ["convert", "ExponentialLR(gamma=0.9)"]
RUN = ["--updates-per-epoch", "100", "--steps", "1000"]


def test_a_call_is_written_for_all_libraries(capsys):
    assert cli.main([*EXPONENTIAL, "--base-lr", "0.1", *RUN]) == CONVERTED
    assert capsys.readouterr().out.splitlines() == [
        "ExponentialLR(gamma=0.9), PyTorch",
        "  unit        one tick is one epoch of 100 updates; no end of its own",
        "  half-life   6.58 epochs, 658 updates",
        "  budget      65.1 in 1000 updates",
        "  update        0    500    1000    1001",
        "  rate        0.1  0.059  0.0349  0.0349",
        "  PyTorch     ExponentialLR(optimizer, gamma=0.9), lr=0.1, stepped once an "
        "epoch",
        "  Keras       ExponentialDecay(0.1, 100, 0.9, staircase=True)",
        "  Optax       exponential_decay(0.1, 100, 0.9, staircase=True)",
        "  lrcourse    step_decay(base_lr=0.1, gamma=0.9, period=100)",
    ]


def test_where_the_same_call_differs_it_says_so(capsys):
    cosine = ["convert", "CosineAnnealingLR(T_max=10)", "--base-lr", "0.1"]
    assert cli.main(cosine) == CONVERTED
    said = capsys.readouterr().out
    assert said.count("past the end: other rates from update 11 on, by up to 0.1") == 3
    assert cli.main([*cosine, "--updates-per-epoch", "100"]) == CONVERTED
    said = capsys.readouterr().out
    assert "near, not the same: other rates from update 1 on, most at 599" in said


def test_what_is_missing_is_named_as_it_is_typed(capsys):
    assert cli.main([*EXPONENTIAL, *RUN]) == CANNOT_WORK
    assert capsys.readouterr().err == (
        "lrcourse convert: ExponentialLR multiplies the optimizer's rate: say "
        "--base-lr, as 0.1\n"
    )
    assert cli.main([*EXPONENTIAL, "--base-lr", "0.1"]) == CANNOT_WORK
    assert "say --steps, the run's updates" in capsys.readouterr().err
    assert cli.main(["convert", "StepLR(3)", "--unit", "epoch", "--base-lr", "1"]) == 4
    assert "needs --updates-per-epoch, as 100" in capsys.readouterr().err
    assert cli.main(["convert", "CosineDecay(1.0, 9)", "--base-lr", "1"]) == CANNOT_WORK
    assert "leave --base-lr out" in capsys.readouterr().err
