"""What an audit says: findings, each with the update where it shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrcourse._arrays import Array
from lrcourse.audit.naming import Named


@dataclass(frozen=True)
class Finding:
    """A mistake by its name, in a sentence, with the update where it first shows.

    Updates and parameter groups count from 0.
    """

    slug: str
    sentence: str
    update: int
    group: int = 0

    def __str__(self) -> str:
        """Write the finding in a line."""
        where = f", group {self.group}" if self.group else ""
        return f"update {self.update}{where}: {self.sentence} [{self.slug}]"


@dataclass(frozen=True)
class Audit:
    """What the rates of a run are, and what is wrong with them.

    `rates` have the shape (updates, groups), `named` one entry for each group that was
    ever there; `plan` holds the rates meant for group 0, of shape (updates,).
    """

    rates: Array
    plan: Array | None
    named: tuple[Named, ...]
    findings: tuple[Finding, ...]

    @property
    def family(self) -> str | None:
        """Return the name of the schedule of group 0, None if it is none known here."""
        return self.named[0].recipe.family if self.named[0].certain else None

    @property
    def settings(self) -> dict[str, object]:
        """Return the settings of `family`, empty without one."""
        return dict(self.named[0].recipe.settings) if self.named[0].certain else {}

    def has(self, slug: str) -> bool:
        """Say whether a finding has the name `slug`."""
        return any(finding.slug == slug for finding in self.findings)

    def __str__(self) -> str:
        """Write the account: what the rates are, then what is wrong, line by line."""
        lines = [f"{len(self.rates)} updates, {_range(self.rates)}"]
        many = len(self.named) > 1
        for group, named in enumerate(self.named):
            before = f"group {group}: " if many else ""
            lines.append(before + sentence(named))
        lines += [str(finding) for finding in self.findings]
        return "\n".join(lines if self.findings else [*lines, "nothing wrong found"])


def sentence(named: Named) -> str:
    """Say which schedule it is, how nearly, and else where it departs from one."""
    if named.certain:
        return f"{named.recipe} ({named.tolerance.reason})"
    return (
        f"no family I know; nearest is {named.recipe}, which update {named.agreed} "
        "leaves"
    )


def _range(rates: Array) -> str:
    known = rates[np.isfinite(rates)]
    if not len(known):
        return "no rate is a number"
    return f"rates from {known.min():.6g} to {known.max():.6g}"
