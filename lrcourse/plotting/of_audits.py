"""Recorded rates beside those that were meant, marked where something is wrong."""

from matplotlib.axes import Axes

from lrcourse.audit import Audit
from lrcourse.plotting.style import legend_above, new_axes


def plot_audit(audit: Audit, ax: Axes | None = None) -> None:
    """Draw the rates used, group by group, the plan dashed, a mark for each finding.

    Without a plan the nearest schedule stands in its place, where the rates leave it.
    Each mark is named in the legend; a finding that shows where there is no rate (nan)
    stands on the axis.
    """
    ax = ax or new_axes()
    groups = audit.rates.shape[1]
    for group, rates in enumerate(audit.rates.T):
        label = f"used, group {group}" if groups > 1 else "used"
        ax.plot(rates, label=label, linewidth=1.8)
    meant, label = _meant(audit)
    if meant is not None:
        ax.plot(meant, "--", color="0.3", linewidth=1, label=label)
    markers = "ovs^DP*X"
    for number, finding in enumerate(audit.findings):
        rate = audit.rates[finding.update, finding.group]
        ax.plot(
            finding.update,
            rate if rate >= 0 else 0,
            markers[number % len(markers)],
            color="C3",
            fillstyle="none",
            markersize=8,
            linestyle="none",
            label=f"{finding.slug.replace('_', ' ')}, update {finding.update}",
        )
    ax.set(xlabel="update", ylabel="learning rate")
    legend_above(ax, columns=2)


def _meant(audit: Audit) -> tuple[list[float] | None, str]:
    """Return the rates meant and their name: the plan, or what the rates leave."""
    if audit.plan is not None:
        return [float(rate) for rate in audit.plan], "meant"
    if not audit.named or audit.named[0].certain:
        return None, ""
    schedule = audit.named[0].recipe.schedule
    return [schedule(step) for step in range(len(audit.rates))], "nearest"
