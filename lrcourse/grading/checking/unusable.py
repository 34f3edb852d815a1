"""Checks that cannot be used: why, for those who meant to be graded by them."""

from pathlib import Path

import pytest

from lrcourse.grading.exercise import exercises_in

_SHOWN = 300


class Unusable:
    """Pytest's plugin that keeps why an exercise's checks could not be collected.

    `reasons` has an entry for every exercise of the folder until its tests are there.
    """

    def __init__(self, checks: Path) -> None:
        self.checks = checks
        self.reasons = {each.slug: "no test is there" for each in exercises_in(checks)}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what a failed collection said, in one line."""
        slug = report.nodeid.rsplit("/", 1)[-1]
        if report.failed and slug in self.reasons:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message if crash else report.longreprtext
            self.reasons[slug] = " ".join(said.split())[:_SHOWN]

    def said(self, slug: str = "") -> str:
        """Say what is wrong with the checks of an exercise, or of all that are."""
        known = slug in self.reasons
        found = {slug: self.reasons[slug]} if known else self.reasons
        return " ".join(
            f"the checks in {self.checks / name} cannot be used: {reason}."
            for name, reason in found.items()
        )
