"""Where the course lies: its chapters, exercises, checks and solutions."""

from pathlib import Path

PACKAGE = Path(__file__).parent
CARRIED = PACKAGE / "course"  # where an installed package has it, see pyproject.toml


def course_folder() -> Path:
    """Return the checkout that this package lies in, or else what it carries itself."""
    checkout = PACKAGE.parent
    if (checkout / "_toc.yml").is_file() and (checkout / "exercises/checks").is_dir():
        return checkout
    return CARRIED
