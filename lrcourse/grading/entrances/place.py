"""Where a notebook lies in the course's folders, and the links that work from there."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Whereabouts:
    """The `folder` of a notebook, and the `root` that holds `exercises` and `book`."""

    root: Path
    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "Whereabouts":
        """Return where a notebook in `folder` lies; anywhere else is as an exercise."""
        for path in (folder, *folder.parents):
            if (path / "exercises").is_dir():
                return cls(path, folder)
        return cls(folder.parent, folder)

    @property
    def up(self) -> str:
        """The way from the notebook to `root`, to be followed by a path there."""
        return "../" * len(self.folder.relative_to(self.root).parts)

    def to(self, path: str) -> str:
        """Return the link to the file at `path` in `root`, "" where there is none."""
        file = self.root / path
        return Path(os.path.relpath(file, self.folder)).as_posix() * file.is_file()
