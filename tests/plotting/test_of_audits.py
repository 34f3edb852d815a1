import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse.audit import audit
from lrcourse.plotting import plot_audit
from lrcourse.schedules import cosine, table


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def labels():
    return [text.get_text() for text in plt.gca().get_legend().texts]


def test_used_stands_against_meant_with_a_mark_at_each_finding():
    plan = cosine(0.1, 99)
    rates = table(plan, 100)
    plot_audit(audit(rates * 0.5, plan=plan))
    used, meant, mark = plt.gca().lines
    assert np.array_equal(used.get_ydata(), rates * 0.5)
    assert meant.get_ydata() == pytest.approx(rates)
    assert (list(mark.get_xdata()), list(mark.get_ydata())) == ([0], [0.05])
    assert labels() == ["used", "meant", "scaled, update 0"]


def test_without_a_plan_the_nearest_schedule_stands_there():
    rates = table(cosine(0.1, 99), 100)
    rates[60:] *= 0.3
    plot_audit(audit(rates))
    assert labels() == ["used", "nearest", "departs, update 60"]


def test_a_right_run_has_one_line_and_a_missing_rate_is_marked_on_the_axis():
    rates = table(cosine(0.1, 99), 100)
    plot_audit(audit(rates))
    assert labels() == ["used"]
    plt.figure()
    rates[40] = np.nan
    plot_audit(audit(rates), plt.gca())
    assert list(plt.gca().lines[-1].get_ydata()) == [0]


def test_every_group_has_a_line():
    rates = table(cosine(0.1, 99), 100)
    plot_audit(audit(np.stack([rates, rates / 2], axis=1)))
    assert labels() == ["used, group 0", "used, group 1"]
