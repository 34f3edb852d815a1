"""Which edits of the real package make which chapters stale; tried on a copy of it."""

import json
import shutil
import subprocess
import sys

import pytest

from lrcourse.authoring import definitions, toc
from lrcourse.authoring.notebook import code_cells, source_of
from lrcourse.authoring.reach import Package
from lrcourse.authoring.seal import digest
from tests import ROOT
from tests.authoring.tiny import write

CELLS = {
    chapter.stem: [
        source_of(cell)
        for cell in code_cells(json.loads(chapter.read_text(encoding="utf-8")))
    ]
    for chapter in toc.chapters(ROOT)
}
WITH_FIGURES = {
    name for name, cells in CELLS.items() if any("_figure(" in cell for cell in cells)
}


def seals(package):
    package = Package(package)
    return {name: digest(cells, package) for name, cells in CELLS.items()}


@pytest.fixture(scope="module")
def before():
    return seals(ROOT / "lrcourse")


@pytest.fixture
def copy(tmp_path):
    caches = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(ROOT / "lrcourse", tmp_path / "lrcourse", ignore=caches)


def stale(package, before, *edits):
    """Return the chapters that edits of files make stale, each a text and a new one."""
    for name, old, new in edits:
        text = (package / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (package / name).write_text(text.replace(old, new), encoding="utf-8")
    return {name for name, seal in seals(package).items() if seal != before[name]}


def test_a_copy_of_the_package_gives_the_same_seals(copy, before):
    assert seals(copy) == before


NEW = {
    "schedule": (
        "schedules",
        "curves",
        "@plain_numbers\ndef cosine(",
        "cosine",
        "cubic",
    ),
    "update rule": ("optimizers", "sgd", "@update_rule\nclass L2", "L2", "L3"),
}


@pytest.mark.parametrize("kind", NEW)
def test_what_is_new_in_the_library_stales_no_chapter(kind, copy, before):
    package, room, begin, like, name = NEW[kind]
    file, init = copy / package / f"{room}.py", f"{package}/__init__.py"
    text = file.read_text(encoding="utf-8") + "\n\n"
    first = text.index(begin)
    new = text[first : text.index("\n\n\n", first)].replace(like, name)
    file.write_text(text + new + "\n", encoding="utf-8")
    export = f"from lrcourse.{package}.{room} import "
    imported = (init, export, f"{export}{name}\n{export}")
    public = (init, f'    "{like}",\n', f'    "{like}",\n    "{name}",\n')
    assert stale(copy, before, imported, public) == set()


def test_a_number_in_the_half_cosine_stales_those_that_draw_it(copy, before):
    edit = ("schedules/schedule.py", "math.pi * progress)) / 2", "math.pi)) / 2")
    assert stale(copy, before, edit) == {"06_decay_formulas", "09_optimizers"}


def test_a_docstring_stales_only_a_chapter_that_shows_source(copy, before):
    drawn_by_two = (
        "schedules/schedule.py",
        '"""Go from `first`',
        '"""Move from `first`',
    )
    assert stale(copy, before, drawn_by_two) == {"09_optimizers"}


def test_a_docstring_stales_nothing_where_no_source_is_shown(copy, before):
    edit = ("plotting/of_schedules.py", '"""Draw each named', '"""Show each named')
    assert stale(copy, before, edit) == set()


def test_a_plot_label_stales_those_that_plot_with_it(copy, before):
    edit = ("plotting/of_schedules.py", 'ylabel="learning rate")', 'ylabel="rate")')
    assert stale(copy, before, edit) == {"06_decay_formulas", "13_cyclical"}


def test_a_label_of_one_chapters_plot_stales_that_one(copy, before):
    edit = ("plotting/of_schedules.py", 'ylabel="share of', 'ylabel="part of')
    assert stale(copy, before, edit) == {"06_decay_formulas"}


def test_a_figures_script_stales_those_with_figures(copy, before):
    with (copy / "figure/script/map.js").open("a", encoding="utf-8") as file:
        file.write("const more = 1;\n")
    assert stale(copy, before) == WITH_FIGURES
    without = ["from lrcourse.plotting import plot_losses\nplot_losses({})"]
    seal = digest(without, Package(copy))
    assert seal == digest(without, Package(ROOT / "lrcourse"))


def test_the_style_stales_all(copy, before):
    with (copy / "plotting/book.mplstyle").open("a", encoding="utf-8") as file:
        file.write("lines.linewidth: 9\n")
    assert stale(copy, before) == set(CELLS)


def test_a_setting_of_a_library_stales_those_that_load_its_room(copy, before):
    edit = ("training/torch_loop.py", "set_num_threads(1)", "set_num_threads(2)")
    loading = {"01_one_number", "06_decay_formulas", "09_optimizers", "13_cyclical"}
    assert stale(copy, before, edit) == loading


def test_ends_of_lines_stale_nothing(copy, before):
    for file in copy.rglob("*.*"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert stale(copy, before) == set()


def test_a_seal_hangs_on_no_hash_seed(before):
    code = (
        "from pathlib import Path; from tests.authoring import test_seal;"
        f"print(test_seal.seals(Path('lrcourse')) == {before!r})"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
        )
        assert done.stdout == "True\n"


def test_each_room_is_read_once_for_all_chapters(monkeypatch):
    read = []
    parse = definitions.ast.parse

    def counting(text, title):
        read.append(title)
        return parse(text, title)

    monkeypatch.setattr(definitions.ast, "parse", counting)
    seals(ROOT / "lrcourse")
    rooms = [title for title in read if title.endswith(".py")]
    assert len(rooms) > 50
    assert len(rooms) == len(set(rooms))


@pytest.fixture
def package(tmp_path):
    return write(
        tmp_path,
        {
            "__init__.py": "",
            "a.py": "def f():\n    return 1\n",
            "deep/__init__.py": "from tiny.deep.well import w",
            "deep/well.py": "w = 1\n",
            "deep/script/draw.js": "draw()\n",
            "deep/other/__init__.py": "",
            "deep/other/data.txt": "1",
            "plotting/book.mplstyle": "lines.linewidth: 2\n",
        },
    )


FILES = {
    "deep/script/draw.js": [True, False],
    "deep/new.txt": [True, False],
    "deep/other/data.txt": [False, False],
    "plotting/book.mplstyle": [True, True],
    "deep/.hidden": [False, False],
    "deep/__pycache__/well.pyc": [False, False],
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_counts_where_a_room_beside_it_is_reached(name, package):
    cells = [["import tiny.deep\ntiny.deep.w"], ["import tiny.deep\nimport tiny.a"]]
    before = [digest(each, Package(package)) for each in cells]
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("other")
    after = [digest(each, Package(package)) for each in cells]
    assert [a != b for a, b in zip(after, before, strict=True)] == FILES[name]


def test_the_cells_themselves_count(package):
    def seal(*cells):
        return digest(cells, Package(package))

    assert seal("x = 1") != seal("x = 2")
    assert seal("x = 1") != seal("x = 1  # one")
    assert seal("x\ny") != seal("x", "y")


def test_code_that_is_not_python_is_named(package):
    with pytest.raises(SyntaxError) as refused:
        digest(["x = 1", "y =\nz = 1"], Package(package))
    assert (refused.value.filename, refused.value.lineno) == ("code cell 2", 1)
    (package / "a.py").write_text("def f(:")
    with pytest.raises(SyntaxError) as refused:
        digest(["import tiny.a"], Package(package))
    assert refused.value.filename == str(package / "a.py")
