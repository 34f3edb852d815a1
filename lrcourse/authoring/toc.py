"""Which notebooks are chapters: those that `_toc.yml` names."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path


def chapters(course: Path = Path()) -> list[Path]:
    """Return the notebooks that the contents of `course` name, in the book's order.

    One that does not exist is among them; pages that are no notebooks are not.

    Raises:
        ValueError: the folder holds no `_toc.yml`, or one that cannot be read.
    """
    places = [
        (course / f"{name}.ipynb", course / f"{name}.md") for name in pages(course)
    ]
    return [notebook for notebook, text in places if not text.is_file()]


def pages(course: Path = Path()) -> list[str]:
    """Return the pages that the contents of `course` name, as ``book/intro``, in order.

    Raises:
        ValueError: the folder holds no `_toc.yml`, or one that cannot be read.
    """
    # here, because only those who build or write the book have them
    import yaml  # type: ignore[import-untyped]
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    contents = course / "_toc.yml"
    if not contents.is_file():
        raise ValueError(f"no {contents}: run it from the course's top folder")
    try:
        return [str(name).removesuffix(".ipynb") for name in parse_toc_yaml(contents)]
    except (MalformedError, yaml.YAMLError) as error:
        raise ValueError(f"{contents} cannot be read: {error}") from error


def named(name: str, among: Sequence[Path]) -> Path:
    """Return the chapter that `name` means: its number, its name, or its file.

    A file that exists is meant itself, in the contents or not.

    Raises:
        ValueError: there is no such chapter; the error names the nearest.
    """
    file = Path(name)
    if file.suffix == ".ipynb" and file.is_file():
        return file
    wanted = file.name.removesuffix(".ipynb")
    known = {key: chapter for chapter in among for key in _names_of(chapter)}
    if wanted in known:
        return known[wanted]
    nearest = get_close_matches(wanted, known, n=1, cutoff=0)
    hint = f": did you mean {known[nearest[0]].stem}?" if nearest else ""
    raise ValueError(f"_toc.yml names no chapter {name!r}{hint}")


def _names_of(chapter: Path) -> set[str]:
    number = chapter.stem.partition("_")[0]
    return {chapter.stem, number, number.lstrip("0") or number}
