"""What several test files share, and what pytest prints after the tests."""

import pytest

from tests.difference_table import difference_table


@pytest.fixture(scope="module")
def double_precision():
    """Let Keras and JAX compute as precisely as we do."""
    import jax  # here, because only the oracles need them
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    with jax.enable_x64(True):
        yield
    keras.config.set_floatx(before)


def pytest_terminal_summary(terminalreporter):
    properties = [
        recorded
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for recorded in report.user_properties
    ]
    table = difference_table(properties)
    if table:
        terminalreporter.section("largest difference, as a share of the movement")
        for line in table:
            terminalreporter.write_line(line)
