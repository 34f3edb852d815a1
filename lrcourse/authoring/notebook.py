"""What a notebook's code cells are, for those who read it as plain JSON too."""

from collections.abc import Mapping
from typing import Any


def code_cells(document: Mapping[str, Any]) -> list[Any]:
    """Return the code cells of a notebook, counted from 1 wherever one is named."""
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's text, which a file may hold as a list of lines."""
    return "".join(cell["source"])


def is_blank(cell: Mapping[str, Any]) -> bool:
    """Tell whether a cell has nothing to run: kernels never count such a cell."""
    return not source_of(cell).strip()


def not_python(error: SyntaxError) -> str:
    """Return a sentence about code that cannot be parsed, with its line."""
    line = f", line {error.lineno}, `{(error.text or '').strip()}`"
    return f"{error.filename}{line}, is not Python: {error.msg}"
