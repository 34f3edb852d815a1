"""Of the vendored MathJax keep one script and its fonts: 2 MB instead of 24."""

import shutil
from pathlib import Path

from sphinx.application import Sphinx


def prune(app: Sphinx, error: Exception | None) -> None:
    """Delete the other components from the finished book."""
    if error is not None:
        return
    for root in Path(app.outdir, "_static").rglob("mathjax*"):
        if root.is_dir():
            _prune_folder(root)


def setup(app: Sphinx) -> dict[str, bool]:
    """Run when the build has finished, after static files were copied."""
    app.connect("build-finished", prune, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _prune_folder(root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_file() and not _is_needed(path):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)


def _is_needed(path: Path) -> bool:
    return path.suffix == ".woff" or path.name == "tex-chtml.js"
