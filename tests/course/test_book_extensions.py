"""The book's own Sphinx extensions, as functions."""

import importlib.util

import pytest

from lrcourse.authoring import pdf
from lrcourse.prediction import predict, settle
from tests import ROOT


def extension(name):
    place = ROOT / "book" / "_ext" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"book_{name}", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("True.", "true"),
        ("Correct, and silent:", "true"),
        ("Right in sense", "true"),
        ("Half true:", "half"),
        ("Half false.", "half"),
        ("False here.", "false"),
        ("Wrong.", "false"),
        ("Not shown.", "open"),
        ("Open:", "open"),
        ("Truer than most", None),
        ("Falsely", None),
        ("may", None),
    ],
)
def test_emphasised_words_at_the_head_of_a_verdict_are_one(words, kind):
    assert extension("verdicts").verdict_of(words) == kind


def test_a_figures_number_begins_with_its_files():
    chapter_of = extension("chapter_numbers").chapter_of
    pages = ("book/06_decay_formulas", "book/13_cyclical", "book/intro", "book/house")
    assert [*map(chapter_of, pages)] == [(6,), (13,), (), ("A",)]


def test_figures_are_counted_page_by_page_in_the_order_of_the_text():
    class Env:
        toc_fignumbers = {  # noqa: RUF012
            "book/06_a": {"figure": {"b": (9,), "a": (10,)}, "exercise": {"e": (3,)}},
            "book/13_b": {"figure": {"c": (11,)}},
        }

    extension("chapter_numbers").renumber(None, Env)
    assert Env.toc_fignumbers == {
        "book/06_a": {"figure": {"b": (6, 1), "a": (6, 2)}, "exercise": {"e": (6, 1)}},
        "book/13_b": {"figure": {"c": (13, 1)}},
    }


def test_a_description_ends_with_a_whole_word():
    shortened = extension("page_head").shortened
    assert shortened("A short text.") == "A short text."
    long = shortened("word, " * 60)
    assert len(long) <= 163
    assert long.endswith("word …")


def test_an_empty_heading_of_a_column_is_no_heading():
    class Button(dict):
        pass

    context = {
        "body": '<th class="head"><p></p></th><th class="head"><p>mode</p></th>',
        "header_buttons": [Button(tooltip="Print to PDF")],
    }
    extension("tidy").put_right(None, "", "", context, None)
    assert context["body"] == '<td></td><th class="head"><p>mode</p></th>'
    assert context["header_buttons"][0]["tooltip"] == "Print, or save as PDF"


def test_every_exercise_is_handed_out():
    links = extension("exercise_links")
    names = [notebook.name for notebook in links.exercises(ROOT)]
    assert names == sorted(each.name for each in (ROOT / "solutions").glob("*.ipynb"))


def test_a_chapter_that_trains_with_pytorch_needs_it():
    links = extension("exercise_links")
    assert links.extra_of(ROOT / "book/01_one_number.ipynb") == "lab-torch"
    assert links.extra_of(ROOT / "exercises/01_one_number.ipynb") == "lab"


PAGE = (
    '<html><head></head>\n<body class="x">top'
    '<article class="bd-article">{}</article>rest</body></html>'
)


def test_the_pages_of_a_book_become_one_and_its_links_stay_in_it(tmp_path):
    first, second = tmp_path / "intro.html", tmp_path / "06_a.html"
    first.write_text(
        PAGE.format('<h1 id="start">A</h1><a href="06_a.html#cosine">c</a>'
                    '<a href="06_a.html">b</a><a href="https://x.org/">x</a>')
    )  # fmt: skip
    second.write_text(PAGE.format('<h2 id="cosine">B</h2><a href="#cosine">here</a>'))
    whole = pdf.joined([first, second])
    assert 'id="intro--start"' in whole
    assert whole.count('href="#06_a--cosine"') == 2
    assert 'href="#06_a"' in whole
    assert '<div id="06_a">' in whole
    assert 'href="https://x.org/"' in whole
    assert "rest" not in whole


def test_the_contents_stand_in_front_with_the_sections_of_each_page(tmp_path):
    page = tmp_path / "06_a.html"
    mark = '<a class="headerlink" href="#x">#</a>'
    page.write_text(
        PAGE.format(
            f'<section id="a"><h1>6 · <em>A</em>{mark}</h1>'
            f'<section id="use-this">\n<h2>Use this{mark}</h2></section></section>'
        )
    )
    front = pdf.joined([page]).split('<div id="06_a">')[0]
    assert '<a href="#06_a">6 · A</a>' in front
    assert '<a href="#06_a--use-this">Use this</a>' in front
    assert "headerlink" not in front


def test_a_page_that_is_not_built_and_a_browser_that_is_not_there_are_said(
    tmp_path, monkeypatch
):
    with pytest.raises(ValueError, match="run make book first"):
        pdf.joined([tmp_path / "intro.html"])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="printed by Chromium, and none is found"):
        pdf.browser()


def test_a_page_keeps_the_first_script_of_figures_and_of_predictions():
    figure = "<p></p><script>(() => {\nif (customElements.get('lr-figure')) x</script>"
    ask, tell = predict("one", "?", ["a", "b"]), {"a": (True, "x"), "b": (False, "y")}
    html = [ask._repr_html_(), settle("one", tell)._repr_html_()]
    page = {"body": "".join([figure, *html, figure, *html])}
    extension("one_script").keep_first(None, "", "", page, None)
    assert page["body"].count("<script>") == 2
    assert page["body"].count("<style>") == 1
    assert page["body"].count("<lr-predict data-settles") == 2
    assert page["body"].index("<script>(() => {\nif (customElements.get('lr-p") < (
        page["body"].index("<lr-predict data-settles")
    )
