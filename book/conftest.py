"""nbval compares text only, and only in chapters."""

from pathlib import Path
from typing import Any

from lrcourse.authoring import toc

CHAPTERS = {chapter.resolve() for chapter in toc.chapters(Path(__file__).parents[1])}


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out a notebook that is no chapter."""
    loose = collection_path.suffix == ".ipynb" and collection_path not in CHAPTERS
    return loose or None


def pytest_collectstart(collector: Any) -> None:
    """Let figures differ; numbers may not. There is no option for that."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += "image/svg+xml", "image/png", "text/html"
