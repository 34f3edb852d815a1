"""The course's own tests, room by room as the package."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
