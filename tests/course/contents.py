"""What belongs to a chapter that the contents list, and what is listed nowhere."""

import re
from collections.abc import Mapping
from pathlib import Path

from lrcourse.authoring.readme import CONTENTS


def missing_parts(root: Path, without_exercise: Mapping[str, str]) -> list[str]:
    """Return a sentence for each part of a chapter of the contents that is not there.

    `without_exercise` has the pages that need none, each with the reason.
    """
    text = (root / CONTENTS).read_text("utf-8")
    listed = re.findall(r"^root: (\S+)|^\s*- file: (\S+)", text, re.MULTILINE)
    pages = ["".join(each) for each in listed]
    found = []
    for page in pages:
        if not any((root / f"{page}{end}").is_file() for end in (".ipynb", ".md")):
            found.append(f"{CONTENTS} lists {page}, and there is no such page")
        if page not in without_exercise:
            slug = page.removeprefix("book/")
            found += [
                f"{CONTENTS} lists {page}, and {part} is missing: lrcourse new "
                f"exercise {slug} writes it, or say in WITHOUT_EXERCISE why there is "
                "none"
                for part in parts(slug)
                if not (root / part).exists()
            ]
    found += [
        f"{page} stands in WITHOUT_EXERCISE and not in {CONTENTS}: take it out"
        for page in without_exercise
        if page not in pages
    ]
    return found + unlisted(root, pages)


def parts(slug: str) -> list[str]:
    """Return the files that a chapter with an exercise has besides its page."""
    return [f"solutions/{slug}.ipynb", f"exercises/{slug}.ipynb"]


def unlisted(root: Path, pages: list[str]) -> list[str]:
    """Return a sentence for each numbered notebook that no page is listed for."""
    slugs = {page.removeprefix("book/") for page in pages}
    return [
        f"{path.relative_to(root).as_posix()} belongs to no page of {CONTENTS}: list "
        f"book/{path.stem} there, or take the file away"
        for folder in ("book", "solutions", "exercises")
        for path in sorted((root / folder).glob("*.ipynb"))
        if re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem) and path.stem not in slugs
    ]
