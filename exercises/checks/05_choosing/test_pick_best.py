"""pick_best, chapter 05: The best one stands in a corner."""

import pytest

from lrcourse.grading import Edit, Mistakes, close

from .exercise import NAN

HINTS = [
    "Collect the scores of each setting first: a dict by (lr, gamma).",
    "A setting counts with the mean of its tuning scores. What is a mean with a nan?",
    "The test scores are looked at once: of the setting that is chosen already.",
    "The edge: is the chosen lr the smallest or the largest of all rows? And gamma?",
]


def run(lr, gamma, tuning, test=0.5, seed=0):
    return {"lr": lr, "gamma": gamma, "seed": seed, "tuning": tuning, "test": test}


def cross(middle=0.9, test=0.8):
    """Return nine settings, the best in the middle."""
    return [
        run(lr, gamma, middle if (lr, gamma) == (0.1, 0.8) else 0.5, test)
        for lr in (0.01, 0.1, 1.0)
        for gamma in (0.7, 0.8, 0.9)
    ]


def parts(returned):
    """Return what an answer returned, which has to be a tuple of three."""
    shape = f"{type(returned).__name__} of {len(returned)}" if returned else None
    assert close(shape, "tuple of 3"), (
        "return the setting, its test score and its edges, as a tuple of three"
    )
    return returned


def test_the_best_setting_is_found(pick_best):
    setting, _, _ = parts(pick_best(cross()))
    assert close(setting, (0.1, 0.8)), "its tuning score is 0.9, of the others 0.5"


def test_inside_the_grid_there_is_no_edge(pick_best):
    _, _, edges = parts(pick_best(cross()))
    assert close(edges, []), "lower and higher values of both were tried"


def test_seeds_count_with_their_mean(pick_best):
    rows = [
        run(0.1, 0.8, 0.9, seed=0),
        run(0.1, 0.8, 0.3, seed=1),
        run(0.2, 0.8, 0.7, seed=0),
        run(0.2, 0.8, 0.7, seed=1),
    ]
    setting, _, _ = parts(pick_best(rows))
    assert close(setting, (0.2, 0.8)), "0.9 and 0.3 have the mean 0.6, below 0.7"


def test_more_seeds_are_no_more_points(pick_best):
    rows = [run(0.1, 0.8, 0.5, seed=seed) for seed in range(3)]
    setting, _, _ = parts(pick_best([*rows, run(0.3, 0.7, 0.7)]))
    assert close(setting, (0.3, 0.7)), "three seeds of 0.5 have the mean 0.5"


def test_the_last_seed_does_not_count_alone(pick_best):
    rows = [
        run(0.1, 0.8, 0.2, seed=0),
        run(0.1, 0.8, 0.9, seed=1),
        run(0.5, 0.6, 0.8, seed=0),
        run(0.5, 0.6, 0.8, seed=1),
    ]
    setting, _, _ = parts(pick_best(rows))
    assert close(setting, (0.5, 0.6)), "0.2 and 0.9 have the mean 0.55, below 0.8"


def test_the_test_set_does_not_choose(pick_best):
    rows = [run(0.6, 0.5, 0.9, test=0.25), run(0.7, 0.5, 0.7, test=0.75)]
    setting, test, _ = parts(pick_best(rows))
    assert close(setting, (0.6, 0.5)), "the tuning score chooses, 0.9 against 0.7"
    assert close(test, 0.25), "the test score of the chosen setting, 0.25"


def test_the_test_score_is_the_mean_of_its_seeds(pick_best):
    rows = [run(0.4, 0.75, 0.9, test) for test in (0.1, 0.7)]
    _, test, _ = parts(pick_best([*rows, run(0.3, 0.7, 0.3), run(0.5, 0.8, 0.3)]))
    assert close(test, 0.4), "the two seeds of the best have 0.1 and 0.7 on test data"


def test_the_lowest_rate_is_an_edge(pick_best):
    rows = [*cross(middle=0.5), run(0.01, 0.8, 2.0, seed=1)]
    _, _, edges = parts(pick_best(rows))
    assert close(edges, ["lr"]), "0.01 is the lowest of 0.01, 0.1 and 1"


def test_the_highest_rate_is_an_edge(pick_best):
    rows = [*cross(middle=0.5), run(1.0, 0.8, 2.0, seed=1)]
    _, _, edges = parts(pick_best(rows))
    assert close(edges, ["lr"]), "1 is the highest of 0.01, 0.1 and 1"


def test_the_lowest_gamma_is_an_edge(pick_best):
    rows = [*cross(middle=0.5), run(0.1, 0.7, 2.0, seed=1)]
    _, _, edges = parts(pick_best(rows))
    assert close(edges, ["gamma"]), "0.7 is the lowest of 0.7, 0.8 and 0.9"


def test_the_highest_gamma_is_an_edge(pick_best):
    rows = [*cross(middle=0.5), run(0.1, 0.9, 2.0, seed=1)]
    _, _, edges = parts(pick_best(rows))
    assert close(edges, ["gamma"]), "0.9 is the highest of 0.7, 0.8 and 0.9"


def test_a_corner_is_two_edges(pick_best):
    rows = [*cross(middle=0.5), run(1.0, 0.9, 2.0, seed=1)]
    _, _, edges = parts(pick_best(rows))
    assert close(edges, ["lr", "gamma"]), "1 and 0.9 are both the highest tried"


def test_a_setting_that_failed_once_cannot_be_the_best(pick_best):
    rows = [
        run(0.04, 0.9, NAN, seed=0),
        run(0.04, 0.9, 0.9, seed=1),
        run(0.02, 0.9, 0.7, test=0.3),
        run(0.01, 0.9, 0.6),
        run(0.02, 0.8, 0.1),
        run(0.02, 1.0, 0.1),
    ]
    setting, _, edges = parts(pick_best(rows))
    assert close(setting, (0.02, 0.9)), "0.04 lost one of its two trainings"
    assert close(edges, []), "0.04 was tried, too, so 0.02 is not the highest lr"


@pytest.mark.points(2)
def test_random_tables_are_read_right(pick_best, rng):
    for _ in range(5):
        rows = _random_rows(rng)
        expected = _best(rows)  # before an answer can touch them
        assert close(pick_best(rows), expected), (
            "the highest mean on tuning data, its mean on test data, and which of "
            "its two numbers is the smallest or the largest of the table"
        )


def _random_rows(rng):
    lrs = sorted(float(lr) for lr in 10 ** rng.uniform(-4, 0, size=3))
    gammas = sorted(float(gamma) for gamma in rng.uniform(0.1, 1, size=3))
    rows = [
        run(lr, gamma, float(rng.uniform()), float(rng.uniform()), seed)
        for lr in lrs
        for gamma in gammas
        for seed in range(2)
    ]
    rows[int(rng.integers(len(rows)))]["tuning"] = NAN
    return [rows[place] for place in rng.permutation(len(rows))]


def _best(rows):
    settings = sorted({(row["lr"], row["gamma"]) for row in rows})

    def mean(setting, part):
        of = [r[part] for r in rows if (r["lr"], r["gamma"]) == setting]
        return sum(of) / len(of)

    whole = [s for s in settings if mean(s, "tuning") == mean(s, "tuning")]
    best = max(whole, key=lambda setting: mean(setting, "tuning"))
    ends = [{min(values), max(values)} for values in zip(*settings, strict=True)]
    edges = [n for n, v, e in zip(("lr", "gamma"), best, ends, strict=True) if v in e]
    return best, mean(best, "test"), edges


MISTAKES = Mistakes(
    see="The best one stands in a corner",
    chooses_by_the_test_set=Edit(
        "You choose by the test scores: a test set that chooses is a training set, and "
        "nothing is left that judges.",
        {'append(row["tuning"])': 'append(row["test"])'},
        see="The winner is too good",
    ),
    believes_the_best_run=Edit(
        "You take the setting of the best single run: one lucky seed is enough for "
        "that. Average the seeds.",
        {"sum(of) / len(of) for": "max(of) for"},
        see="The winner is too good",
    ),
    keeps_the_last_seed=Edit(
        "You keep one seed of each setting, the last one: a later row overwrites the "
        "earlier.",
        {
            'tuning.setdefault(setting, []).append(row["tuning"])': (
                'tuning[setting] = [row["tuning"]]'
            )
        },
        see="The winner is too good",
    ),
    reports_the_tuning_score=Edit(
        "You report the score that chose: the winner's own score is too good. Report "
        "the test score.",
        {"sum(test[best]) / len(test[best])": "whole[best]"},
        see="The winner is too good",
    ),
    reports_one_test_run=Edit(
        "You report the best test run of the chosen setting: report the mean of its "
        "seeds.",
        {"sum(test[best]) / len(test[best])": "max(test[best])"},
        see="The winner is too good",
    ),
    takes_the_worst=Edit(
        "You take the lowest score: these are accuracies, larger is better.",
        {"max(whole": "min(whole"},
    ),
    reports_the_upper_edge_only=Edit(
        "You report only the highest value as an edge: the lowest is one, too.",
        {"(min(tried), max(tried))": "(max(tried),)"},
    ),
    reports_the_lower_edge_only=Edit(
        "You report only the lowest value as an edge: the highest is one, too.",
        {"(min(tried), max(tried))": "(min(tried),)"},
    ),
    says_nothing_of_edges=Edit(
        "You report no edge: at the end of a grid the best may lie beyond.",
        {"edges.append(name)": "pass"},
    ),
    forgets_what_failed=Edit(
        "You look for edges among the settings that survived: a rate that failed was "
        "tried, and beyond it there is nothing to find.",
        {"setting[place] for setting in means": "setting[place] for setting in whole"},
    ),
    lets_a_failed_one_win=Edit(
        "You let a nan into the comparison: nothing is larger than nan, so it stays "
        "where it stands first.",
        {"if mean == mean": "if True"},
    ),
    averages_the_survivors=Edit(
        "You drop the runs that failed and average the rest: then a rate that fails "
        "every second time looks good.",
        {
            'tuning.setdefault(setting, []).append(row["tuning"])': (
                "tuning.setdefault(setting, []).extend("
                '[row["tuning"]] if row["tuning"] == row["tuning"] else [])'
            )
        },
        see="Pitfalls",
    ),
    chooses_by_the_test_means=Edit(
        "You choose by the test scores: a test set that chooses is a training set, "
        "and nothing is left that judges.",
        {
            "max(whole, key=whole.get)": (
                "max(whole, key=lambda setting: sum(test[setting]) / "
                "len(test[setting]))"
            ),
        },
        see="The winner is too good",
    ),
    adds_the_seeds_up=Edit(
        "You add the scores up: a setting with more seeds has more of them. Take the "
        "mean.",
        {
            "sum(of) / len(of) for": "sum(of) for",
        },
    ),
    reports_the_lucky_seed=Edit(
        "You report the test score of the best seed: report the mean of all seeds of "
        "the chosen setting.",
        {
            "sum(test[best]) / len(test[best])": (
                "test[best][tuning[best].index(max(tuning[best]))]"
            ),
        },
        see="The winner is too good",
    ),
)

_WHOLE = "a setting has a test score for each tuning score, and the best is in both"

EQUIVALENT = {
    "return (best, sum(test[best]) / len(tuning[best]), edges)": _WHOLE,
    "return (best, sum(test.get(best, 0.0)) / len(test[best]), edges)": _WHOLE,
    "return (best, sum(test[best]) / len(test.get(best, 0.0)), edges)": _WHOLE,
}


@MISTAKES.written_out(see="The winner is too good")
def takes_the_best_row(rows):
    """You take the best single row: one lucky seed is enough for that. A setting counts
    with the mean of its seeds."""
    best = max(
        (row for row in rows if row["tuning"] == row["tuning"]),
        key=lambda row: row["tuning"],
    )
    edges = []
    for name in ("lr", "gamma"):
        tried = [row[name] for row in rows]
        if best[name] in (min(tried), max(tried)):
            edges.append(name)
    return (best["lr"], best["gamma"]), best["test"], edges


@MISTAKES.written_out(see="Pitfalls")
def drops_the_rows_that_failed(rows):
    """You drop the rows that failed and average the rest: then a rate that fails every
    second time looks good."""
    tuning, test = {}, {}
    for row in rows:
        if row["tuning"] == row["tuning"]:
            setting = row["lr"], row["gamma"]
            tuning.setdefault(setting, []).append(row["tuning"])
            test.setdefault(setting, []).append(row["test"])
    best = max(tuning, key=lambda setting: sum(tuning[setting]) / len(tuning[setting]))
    edges = []
    for place, name in enumerate(("lr", "gamma")):
        tried = [row[name] for row in rows]
        if best[place] in (min(tried), max(tried)):
            edges.append(name)
    return best, sum(test[best]) / len(test[best]), edges
