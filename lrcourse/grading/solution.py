"""What a solution notebook says about one answer: its source, and its discussion.

Only the trusted side reads it: a learner's card shows it when the answer holds, or
folded behind the last hint.
"""

import re
from pathlib import Path
from typing import Any

from lrcourse.grading.notebook import defined_names, read_document

_MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n", re.MULTILINE)


def solution_of(notebook: Path, answer: str) -> dict[str, str]:
    """Return the "source" of the reference `answer` and its "discussion" in Markdown.

    The discussion is what stands in the cells tagged `solution` between the answer's
    cell and the next one that defines something; "" where there is none. Without a
    notebook, or the answer in it, the result is empty.

    Raises:
        NotebookUnreadable: the file is there and is no notebook.
    """
    if not notebook.is_file():
        return {}
    found: dict[str, str] = {}
    for cell in read_document(notebook)["cells"]:
        source = "".join(cell["source"])
        defined = defined_names(source) if cell["cell_type"] == "code" else set()
        if answer in defined:
            found = {"source": _MARKS.sub("", f"{source}\n").strip(), "discussion": ""}
        elif defined and found:
            break
        elif found and _is_discussion(cell):
            found["discussion"] = f"{found['discussion']}\n\n{source}".strip()
    return found


def _is_discussion(cell: dict[str, Any]) -> bool:
    tagged = "solution" in cell.get("metadata", {}).get("tags", [])
    return tagged and cell["cell_type"] == "markdown"
