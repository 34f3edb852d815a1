"""Exercise notebooks as downloads, in a chapter's section "Exercises" and in a list.

They are the learner's: no checks, no solutions. The box beside them says what they
need.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from lrcourse.authoring.notebook import needs_torch


def exercises(source: Path) -> list[Path]:
    """Return the exercise notebooks of a course, by number."""
    return sorted((source / "exercises").glob("[0-9][0-9]_*.ipynb"))


def extra_of(notebook: Path) -> str:
    """Return which of the package's extras a notebook's own cells need."""
    return "lab-torch" if needs_torch(notebook) else "lab"


class ChapterBox(SphinxTransform):
    """Put the box at the end of a chapter's section "Exercises"."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        name = f"{Path(self.env.docname).name}.ipynb"
        source = Path(self.env.srcdir)
        if not (source / "exercises" / name).is_file():
            return
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title)
            if title is not None and title.astext() == "Exercises":
                section += _box(name, extra_of(source / "book" / name))
                return


class ExerciseList(SphinxDirective):
    """``{exercise-list}``: every exercise notebook, to download."""

    def run(self) -> list[nodes.Node]:
        found = nodes.bullet_list()
        for notebook in exercises(Path(self.env.srcdir)):
            number, _, slug = notebook.stem.partition("_")
            page = addnodes.pending_xref(
                refdomain="std", reftype="doc", reftarget=f"/book/{notebook.stem}",
                refexplicit=True, refwarn=True,
            )  # fmt: skip
            page += nodes.inline("", f"Chapter {int(number)}")
            chapter = Path(self.env.srcdir, "book", notebook.name)
            line = nodes.paragraph()
            line += [page if chapter.is_file() else nodes.Text(slug), nodes.Text(": ")]
            line += _download("exercises", notebook.name, "the exercise notebook")
            found += nodes.list_item("", line)
        return [found]


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when a page has been read."""
    app.add_transform(ChapterBox)
    app.add_directive("exercise-list", ExerciseList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _box(name: str, extra: str) -> nodes.admonition:
    box = nodes.admonition(classes=["admonition-do-them", "do"])
    box += nodes.title("", "Do them")
    line = nodes.paragraph()
    line += nodes.Text("In the course's folder, ")
    line += nodes.literal("", "make lab")
    line += nodes.Text(" installs what they need, opens the notebooks and checks each ")
    line += nodes.Text("answer. To look at: ")
    line += _download("exercises", name, "the exercise notebook")
    line += nodes.Text(" (without the course's folder it has nothing to check with). ")
    line += _download("book", name, "This chapter as a notebook")
    line += nodes.Text(" runs after ")
    line += nodes.literal("", f"make {extra}")
    line += nodes.Text(", or where ")
    line += nodes.literal("", f"pip install -e '.[{extra}]'")
    line += nodes.Text(" was run in that folder.")
    box += line
    return box


def _download(folder: str, name: str, text: str) -> addnodes.download_reference:
    link = addnodes.download_reference(
        reftarget=f"/{folder}/{name}", classes=["download"]
    )
    link += nodes.inline("", text)
    return link
