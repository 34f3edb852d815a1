"""What learners wrote: every wrong answer is caught, and right about why."""

import functools

import pytest

from tests.grading.bank.answers import FACT, FOLDER, SLUGS, entries, graded

CASES = sorted((FOLDER / "cases").glob("*.json"))
each_exercise = pytest.mark.parametrize("slug", SLUGS)
graded_once = functools.cache(lambda slug: list(graded(slug)))
INTERNAL = ("NotPlain", "StandIn", "CallbackStub", "Oracle", "Unreadable", "None ==")


@each_exercise
def test_every_wrong_answer_is_caught_and_every_right_one_accepted(slug):
    for each in graded_once(slug):
        kind, said = each.entry["kind"], each.headline
        if kind != "arguable":
            assert bool(each.failed) == (kind == "wrong"), (each.entry["source"], said)


@pytest.mark.parametrize("slug", [path.stem for path in CASES])
def test_cases_and_claims_are_refused_and_accepted_as_they_should(slug):
    for each in graded(slug, "cases/"):
        kind, said = each.entry["kind"], each.headline
        if kind != "arguable":
            assert bool(each.failed) == (kind == "wrong"), (each.entry["source"], said)
        assert bool(said) == bool(each.failed)


@each_exercise
def test_what_was_named_rightly_stays_named_so_and_nothing_else_is_named(slug):
    for each in graded_once(slug):
        if each.entry["kind"] != "wrong":
            continue
        says, about = each.entry["says"], each.entry["cause"]
        if each.entry["named"] == "rightly":
            assert each.slug in says, about
        else:
            assert each.slug in (*says, FACT, ""), about


@each_exercise
def test_nothing_of_the_grader_s_own_shows(slug):
    for each in graded_once(slug):
        for verdict in each.failed:
            shown = f"{verdict['sentence']} {verdict['detail']} {verdict['call']}"
            assert not any(word in shown for word in INTERNAL), shown


def test_few_are_named_wrongly_or_read_something_unhelpful():
    wrong = [e for slug in SLUGS for e in entries(slug) if e["kind"] == "wrong"]
    named = [entry["named"] for entry in wrong]
    assert len(wrong) > 400
    assert named.count("wrongly") < 0.01 * len(wrong)
    assert named.count("unhelpful") < 0.01 * len(wrong)
