"""Which sentences about an edit the learner's own code bears out."""

import ast
from collections import Counter
from collections.abc import Sequence

from lrcourse.grading.mistakes.learners_code import Code, Piece, pieces_in
from lrcourse.grading.mistakes.mutants import Mutant

# other sentences say what is done, whatever it is written with
_SAYS_WHAT_STANDS = {
    "operator",
    "comparison",
    "sides exchanged",
    "brackets",
    "arguments exchanged",
    "number",
    "degrees",
    "and-or",
    "another name",
}
_SAYS_WHAT_IS_MISSING = {
    "missing part",
    "no call",
    "no clamp",
    "no special case",
    "no assignment",
    "no filter",
    "sign",
}

_ROOTS: set[Piece] = {("constant", 0.5)}


def bears_out(mutant: Mutant, learners: Code, reference: Code) -> bool:
    """Say whether the learner's code holds what the mutant's sentence says of it.

    Where there is no code to look at, every sentence may be right.
    """
    kind = mutant.kind
    if not learners.trees:
        return True
    if kind == "names exchanged":
        swapped = reference.with_exchanged(mutant.after)
        return _all_stand(swapped.pieces - reference.pieces, learners, reference)
    if kind == "a root":
        return bool(_ROOTS & learners.pieces.keys()) or _calls("sqrt", learners)
    if " for " in kind and isinstance(mutant.put, ast.Call):
        twin = kind.partition(" for ")[0]
        return _calls(twin, learners)
    before = pieces_in([mutant.taken], reference.reach)
    after = pieces_in([mutant.put], reference.reach)
    if kind in _SAYS_WHAT_STANDS:
        return _all_stand(after - before, learners, reference)
    if kind in _SAYS_WHAT_IS_MISSING:
        lost = [each for each in before - after if not _is_number(each)]
        return not any(
            _stands(each, learners) or _alike(each, learners) for each in lost
        )
    return True


def _calls(name: str, code: Code) -> bool:
    return any(each[0] == name for each in code.pieces)


def _all_stand(made: Counter[Piece], learners: Code, reference: Code) -> bool:
    """Say whether each piece stands there, and more often than in what is right."""
    return bool(made) and all(
        _stands(each, learners) > _stands(each, reference) for each in made
    )


def _stands(wanted: Piece, code: Code) -> int:
    """Return how often a piece stands in code, longer sums and products included."""
    kind, *sides = wanted
    if kind not in (ast.Add, ast.Mult):
        return code.pieces[wanted]
    return sum(
        times
        for (other, *parts), times in code.pieces.items()
        if other == kind and _holds(parts, sides)
    )


def _alike(lost: Piece, code: Code) -> bool:
    """Say whether a division by the same stands there, of something else."""
    return lost[0] is ast.Div and any(
        each[0] is ast.Div and each[2:] == lost[2:] for each in code.pieces
    )


def _holds(parts: Sequence[object], sides: Sequence[object]) -> bool:
    return not Counter(sides) - Counter(parts)


def _is_number(each: Piece) -> bool:
    return each[0] == "constant" and not isinstance(each[1], str)
