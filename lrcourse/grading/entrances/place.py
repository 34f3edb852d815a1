"""Where a notebook lies in the course's folders, and how links from there begin."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """The folder that holds `exercises` and `book`, and the way `up` to it.

    A link to a file in it is `up` and the file's path there.
    """

    root: Path
    up: str = "../"

    @classmethod
    def of(cls, folder: Path) -> "Place":
        """Return where a notebook in `folder` lies; anywhere else is as an exercise."""
        for depth, path in enumerate((folder, *folder.parents)):
            if (path / "exercises").is_dir():
                return cls(path, "../" * depth)
        return cls(folder.parent)

    def to(self, path: str) -> str:
        """Return the link to the file at `path`, or "" where there is none."""
        return f"{self.up}{path}" if (self.root / path).is_file() else ""
