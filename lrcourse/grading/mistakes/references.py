"""The reference of each answer, out of the solution, and its mistakes beside it.

Only the trusted side reads solutions. Where there are none, there is no reference, and
no mistake is named.
"""

import ast
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lrcourse.grading.exercise import Exercise
from lrcourse.grading.mistakes.known import Edit, Mistakes, WrittenOut, edited
from lrcourse.grading.mistakes.learners_code import Code
from lrcourse.grading.mistakes.mutants import Definition, Mutant, mutants
from lrcourse.grading.mistakes.operators.expressions import Vocabulary
from lrcourse.grading.notebook import MODULE, read_cells

_DEFINES = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)


OR = "__or__"  # between the slugs of mistakes that cannot be told apart


@dataclass(frozen=True)
class Mistake:
    """A wrong twin of `answer`, and the sentence that names what is wrong with it.

    `mutant` is the small edit that made it, where it is not a known one.
    """

    answer: str
    slug: str
    function: Callable[..., Any]
    sentence: str
    chapter: str = ""
    heading: str = ""
    mutant: Mutant | None = None

    @property
    def slugs(self) -> list[str]:
        """Its slug, or those of the known mistakes that it may be."""
        return self.slug.split(OR)

    @property
    def name(self) -> str:
        """What reports count it by, whatever becomes of the sentence."""
        return f"{self.answer}__{self.slug}"

    def as_dict(self) -> dict[str, str]:
        """Return what a reader needs: the sentence, and where the book explains it."""
        return {
            "name": self.name,
            "sentence": self.sentence,
            "chapter": self.chapter,
            "heading": self.heading,
        }


@dataclass(frozen=True)
class Reference:
    """The solution's function or class `name`, with all that its notebook defines.

    Its check file declares known mistakes and the mutants that are `equivalent`, each
    with the reason; its exercise says by `vocabulary` what its names stand for.
    """

    name: str
    source: str
    names: dict[str, Any]
    chapter: str = ""
    declared: Mistakes = field(default_factory=lambda: Mistakes(see=""))
    equivalent: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @property
    def function(self) -> Any:
        """The right answer."""
        return self.names[self.name]

    @functools.cached_property
    def tree(self) -> Definition:
        """The definition as a syntax tree."""
        (definition,) = ast.parse(self.source).body
        assert isinstance(definition, Definition)
        return definition

    @property
    def parameters(self) -> list[str]:
        """The names of a function's parameters, in order; none for a class."""
        found = [] if isinstance(self.tree, ast.ClassDef) else self.tree.args.args
        return [parameter.arg for parameter in found]

    @functools.cached_property
    def code(self) -> Code:
        """The definition as code that a learner's can be compared with."""
        nodes = (each for each in ast.walk(self.tree) if isinstance(each, ast.arg))
        return Code((self.tree,), frozenset(node.arg for node in nodes) - {"self"})

    @functools.cached_property
    def known(self) -> list[Mistake]:
        """The known mistakes: edits first, then those written out.

        Raises:
            OutOfDate: an edit no longer fits the solution.
        """
        declared = self.declared.by_slug.items()
        return [self._known(slug, mistake) for slug, mistake in declared]

    @functools.cached_property
    def mutants(self) -> list[Mutant]:
        """What one small edit would have made of it, the likeliest first."""
        return list(mutants(self.tree, self.vocabulary))

    @functools.cached_property
    def mutated(self) -> list[Mistake]:
        """The mutants as mistakes that can be named; no chapter explains them."""
        return [
            Mistake(
                self.name,
                each.slug,
                each.function(self.names),
                each.sentence,
                mutant=each,
            )
            for each in self.mutants
        ]

    def twin(self, slug: str, edit: Edit) -> str:
        """Return the answer's definition as somebody wrote it who made this mistake."""
        return edited(self.source, edit.instead, f"{self.name}, {slug}")

    def _known(self, slug: str, declared: Edit | WrittenOut) -> Mistake:
        if isinstance(declared, WrittenOut):
            function = declared.twin
        else:
            names = dict(self.names)
            code = compile(self.twin(slug, declared), f"<{self.name}, {slug}>", "exec")
            exec(code, names)
            function = names[self.name]
        heading = declared.see or self.declared.see
        return Mistake(
            self.name, slug, function, declared.sentence, self.chapter, heading
        )


def references(exercise: Exercise) -> dict[str, Reference]:
    """Return the references of an exercise's answers; none without a solution.

    An answer of a kind of its own has none: many are right.
    """
    if not exercise.solution.is_file():
        return {}
    shared, answers = vars(exercise.shared), exercise.answers
    words = (shared.get(name, ()) for name in ("COUNTS", "LENGTHS", "ROLES"))
    vocabulary, names = Vocabulary(*words), {"__name__": MODULE}
    found = {}
    for name, source in _definitions(exercise, names):
        if name in answers and exercise.kind(name) is None:
            check = vars(exercise.check(name))
            known = check.get("MISTAKES") or Mistakes(see="")
            equivalent = check.get("EQUIVALENT", {})
            found[name] = Reference(
                name, source, names, exercise.slug, known, equivalent, vocabulary
            )
    return found


def _definitions(
    exercise: Exercise, names: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """Run the solution's definitions into `names`; yield each with its source."""
    for cell in read_cells(exercise.solution):
        tree = ast.parse(cell.source)
        tree.body = [node for node in tree.body if isinstance(node, _DEFINES)]
        exec(compile(tree, f"<{exercise.slug}, {cell.title}>", "exec"), names)
        for node in tree.body:
            source = ast.get_source_segment(cell.source, node)
            if isinstance(node, Definition) and source is not None:
                yield node.name, source
