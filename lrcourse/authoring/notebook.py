"""What a notebook's code cells are, for those who read it as plain JSON too."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TORCH = re.compile(r"\btorch|lrcourse\.sweep")


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


def needs_torch(notebook: Path) -> bool:
    """Tell whether a notebook's own cells need PyTorch."""
    document = json.loads(notebook.read_text(encoding="utf-8"))
    return any(_TORCH.search(source_of(cell)) for cell in code_cells(document))


def document_text(document: Mapping[str, Any]) -> str:
    """Return the text of a notebook's file, as the course keeps them."""
    return f"{json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)}\n"


def write_document(notebook: Path, document: Mapping[str, Any]) -> None:
    """Write a notebook as the course keeps them."""
    text = document_text(document)
    notebook.write_text(text, encoding="utf-8", newline="\n")
