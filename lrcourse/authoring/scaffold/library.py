"""A new schedule, a new update rule."""

import re
from pathlib import Path

from lrcourse.authoring.scaffold.course import (
    Course,
    exported,
    filled,
    imported,
    into,
    require_file,
    require_new_name,
    tidy,
)


def new_schedule(root: Path, name: str, room: str = "curves") -> list[str]:
    """Add a schedule to `lrcourse.schedules`, its room `room`; return what was touched.

    Raises:
        ValueError: `name` is no name or is taken, or there is no such room.
    """
    course = Course(root)
    place = f"lrcourse/schedules/{room}.py"
    require_file(course, place, "room")
    require_new_name(name, course, "lrcourse/schedules")
    function = filled("schedule.py.txt", name=name)
    touched = [
        course.change(place, lambda text: f"{text.rstrip()}\n\n\n{function}"),
        exported(course, "lrcourse/schedules/__init__.py", room, name),
        course.change(
            "tests/schedules/test_schedules.py",
            into("TO_A_FLOOR = {", filled("schedule_entry.txt", name=name)),
        ),
        course.change(
            "tests/schedules/test_oracles.py",
            into("TORCH = {", filled("schedule_twin.txt", name=name)),
        ),
        course.change(
            "tests/schedules/test_odd_settings.py",
            into("CASES = {", filled("schedule_case.txt", name=name)),
        ),
    ]
    tidy(course, touched)
    return touched


def new_rule(root: Path, name: str) -> list[str]:
    """Add an update rule to `lrcourse.optimizers`; return what was touched.

    Raises:
        ValueError: `name` is no class's name, or is taken.
    """
    course = Course(root)
    if not name[:1].isupper():
        raise ValueError(f"a rule is a class: write {name[:1].upper()}{name[1:]}")
    require_new_name(name, course, "lrcourse/optimizers")
    room = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    twin = filled("rule_twin.txt", name=name)
    touched = [
        course.add(f"lrcourse/optimizers/{room}.py", filled("rule.py.txt", name=name)),
        exported(course, "lrcourse/optimizers/__init__.py", room, name),
        course.change(
            "tests/optimizers/test_oracles.py",
            lambda text: imported(
                into("TORCH = {", twin)(text), "lrcourse.optimizers", name
            ),
        ),
    ]
    tidy(course, touched)
    return touched
