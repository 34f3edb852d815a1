"""`lrcourse audit`, as somebody with a log types it."""

import pytest

from lrcourse.cli import main as cli
from lrcourse.cli.audit import read_rates
from lrcourse.schedules import cosine, table

RIGHT = table(cosine(0.1, 49), 50)
LATE = table(cosine(0.1, 99), 50)


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "log.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def log_of(rates, column="lr"):
    rows = [f"{step},{2 / (1 + step)},{rate}" for step, rate in enumerate(rates)]
    return "\n".join([f"step,loss,{column}", *rows])


@pytest.mark.parametrize(
    "column",
    ["lr", "LR", "learning_rate", "train/lr", "lr-AdamW", "optimizer.lr", "train/lr/0"],
)
def test_a_log_is_named_and_its_column_found(write, capsys, column):
    assert cli.main(["audit", str(write(log_of(RIGHT, column)))]) == 0
    said = capsys.readouterr().out
    assert "cosine(max_lr=0.1, min_lr=0, total_steps=49)" in said
    assert "nothing wrong found" in said


def test_what_is_wrong_is_said_and_is_the_exit_status(write, capsys):
    path = write(log_of(LATE))
    assert cli.main(["audit", str(path)]) == cli.SOMETHING_WRONG
    assert "the schedule ends at update 99, after the run's 50" in (
        capsys.readouterr().out
    )


def test_epochs_are_taken_into_account(write, capsys):
    path = write(log_of(table(cosine(0.1, 5), 50)))
    arguments = ["audit", str(path), "--updates-per-epoch", "10"]
    assert cli.main(arguments) == cli.SOMETHING_WRONG
    assert "stepped per update and means epochs" in capsys.readouterr().out


def test_rows_of_something_else_and_a_missing_header_do_no_harm(write):
    assert read_rates(write("step,lr\n0,0.1\n0,\n1,0.2\n")) == [[0.1], [0.2]]
    assert read_rates(write("0.1\n0.2\n")) == [[0.1], [0.2]]


def test_each_group_may_have_a_column(write):
    path = write("lr/a,lr/b\n0.1,0.2\n0.3,0.4\n")
    assert read_rates(path, ["lr/b", "lr/a"]) == [[0.2, 0.1], [0.4, 0.3]]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", [], "is empty"),
        ("step,loss\n0,1\n", [], "no column that is called a learning rate"),
        ("lr/a,lr/b\n1,2\n", [], "several columns of rates, lr/a, lr/b"),
        ("lr\n0.1\nhigh\n", [], "row 3: lr must be a number, got 'high'"),
        ("step,lr\n0,\n", [], "has no rate in column lr"),
        ("lr\n0.1\n", ["--column", "rate"], "has no column rate, only lr"),
        ("lr\n0.1\n", ["--updates-per-epoch", "0"], "updates_per_epoch must be"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    write, capsys, text, options, message
):
    assert cli.main(["audit", str(write(text)), *options]) == cli.CANNOT_WORK
    assert message in capsys.readouterr().err


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path, capsys):
    assert cli.main(["audit", str(tmp_path / "gone.csv")]) == cli.CANNOT_WORK
    assert "gone.csv" in capsys.readouterr().err
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    assert cli.main(["audit", str(tmp_path / "bytes.csv")]) == cli.CANNOT_WORK
    assert "is no CSV file" in capsys.readouterr().err
