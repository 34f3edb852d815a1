"""What a learner means by a word: an exercise, one of its answers, or a file."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.exercise import checks_folder, exercises_in
from lrcourse.learner.folder import Folder, folder_around
from lrcourse.learner.progress import answers_of


class NotMeant(Exception):
    """The word stands for nothing here; the message says what could be meant."""


@dataclass(frozen=True)
class Meant:
    """A notebook, and the `answer` in it where one was named."""

    notebook: Path
    answer: str = ""


def own_folder(place: Path | None = None) -> Folder:
    """Return the learner's folder that `place` lies in, by default where one is.

    Raises:
        NotMeant: it lies in none.
    """
    place = place or Path.cwd()
    found = folder_around(place)
    if found is None:
        raise NotMeant(
            f"{place} is in no folder of the course: `lrcourse start FOLDER` makes "
            "one, then go there"
        )
    return found


def meant_by(word: str, folder: Folder) -> Meant:
    """Return what `word` stands for: "06", "06_decay_formulas" or "cosine_lr".

    Raises:
        NotMeant: no exercise or answer in `folder` is called so.
    """
    answers = answers_of(folder)
    if word in answers:
        return Meant(answers[word], word)
    notebooks = {path.stem: path for path in dict.fromkeys(answers.values())}
    stem = word.removesuffix(".ipynb")
    for name, path in notebooks.items():
        if stem in (name, name.split("_")[0], name.split("_")[0].lstrip("0")):
            return Meant(path)
    if away := _away(word, stem, folder):
        raise NotMeant(away)
    near = difflib.get_close_matches(stem, [*answers, *notebooks], n=1)
    hint = f"; did you mean {near[0]}?" if near else f": {', '.join(notebooks)}"
    raise NotMeant(f"no exercise and no answer is called {word}{hint}")


def _away(word: str, stem: str, folder: Folder) -> str:
    """Return what to do where the course asks for it, and its notebook is gone."""
    checks = checks_folder(folder.exercises)
    for exercise in exercises_in(checks) if checks else ():
        name = f"{exercise.slug}.ipynb"
        number = exercise.slug.split("_")[0]
        means = stem in (exercise.slug, number, number.lstrip("0"))
        if (means or word in exercise.answers) and not (
            folder.exercises / name
        ).exists():
            return (
                f"{word} belongs into {name}, which is not in {folder.exercises}: give "
                f"yours that name again, or `lrcourse start {folder.path}` writes it"
            )
    return ""


def answer_meant_by(word: str, folder: Folder) -> Meant:
    """Return the answer that `word` stands for.

    Raises:
        NotMeant: it stands for none, or for a whole exercise.
    """
    meant = meant_by(word, folder)
    if not meant.answer:
        raise NotMeant(f"{word} is an exercise: name one of its answers")
    return meant
