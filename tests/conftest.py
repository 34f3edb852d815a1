"""What pytest prints after the tests, beside its own summary."""

from difference_table import difference_table


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
