"""Schedules as curves over steps."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from lrcourse.plotting.style import legend_above, new_axes, new_panels
from lrcourse.schedules import Schedule


def plot_schedules(
    schedules: Mapping[str, Schedule], total_steps: int, ax: Axes | None = None
) -> None:
    """Draw each named schedule over `total_steps` steps."""
    ax = ax or new_axes()
    steps = range(total_steps + 1)
    for label, schedule in schedules.items():
        ax.plot(steps, [schedule(step) for step in steps], label=label)
    ax.set(xlabel="step", ylabel="learning rate")
    ax.legend()


def plot_panels(panels: Mapping[str, Mapping[str, Schedule]], total_steps: int) -> None:
    """Draw groups of schedules side by side, with beads on every curve.

    The beads of one curve fall between those of the next, so that curves which
    coincide show as one string of many colours.
    """
    axes = new_panels(1, len(panels), sharey=True)[1]
    steps = range(total_steps + 1)
    for ax, (title, schedules) in zip(axes, panels.items(), strict=True):
        for number, (label, schedule) in enumerate(schedules.items()):
            ax.plot(
                steps,
                [schedule(step) for step in steps],
                linewidth=0.8,
                marker="o",
                markersize=5,
                markevery=(2 * number, 2 * len(schedules)),
                label=label,
            )
        ax.set_xlabel("step")
        ax.legend(title=title)
    axes[0].set_ylabel("learning rate")


def plot_past_the_end(
    schedules: Mapping[str, Schedule], total_steps: int, last_step: int
) -> None:
    """Draw schedules beyond their horizon `total_steps`, that part shaded.

    The first one is drawn broad, so that it shows where another covers it.
    """
    ax = new_axes()
    ax.axvspan(total_steps, last_step, color="0.5", alpha=0.15, linewidth=0)
    ax.axhline(0, color="0.5", linewidth=0.8)
    plot_schedules(schedules, last_step, ax)
    ax.lines[1].set(linewidth=5, alpha=0.5)
    ax.set_xlim(0, last_step)
    ax.annotate(
        "past the end",
        (total_steps, 1),
        xycoords=ax.get_xaxis_transform(),
        xytext=(6, -6),
        textcoords="offset points",
        va="top",
        color="0.4",
    )
    legend_above(ax, columns=len(schedules))


def plot_halvings(schedules: Mapping[str, Schedule], total_steps: int) -> None:
    """Draw schedules on a logarithmic axis, with a dot wherever one has halved."""
    ax = new_axes()
    steps = np.arange(total_steps + 1)
    for label, schedule in schedules.items():
        shares = np.array([schedule(int(step)) for step in steps]) / schedule(0)
        shown = shares >= 1 / 20
        (line,) = ax.plot(steps[shown], shares[shown], label=label)
        halved = [np.flatnonzero(shares <= 2.0**-n * (1 + 1e-12)) for n in range(5)]
        at = [first[0] for first in halved if first.size]
        ax.plot(at, shares[at], "o", color=line.get_color())
    ax.set(xlabel="step", ylabel="share of the first rate", ylim=(1 / 20, 1.1))
    ax.set_yscale("log", base=2)
    ax.yaxis.set_major_formatter(
        lambda share, _: "1" if share == 1 else f"1/{1 / share:.0f}"
    )
    ax.legend()
