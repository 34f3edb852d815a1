"""Where names cannot be followed by reading, and where source and docstrings count."""

from collections.abc import Collection

# after these, any name of the room can be read
_ANY_OF_ROOM = {f"builtins.{name}" for name in ("dir", "globals", "locals", "vars")}
# after these, any name of any room
_ANY_AT_ALL = {
    *(f"builtins.{name}" for name in ("__import__", "compile", "eval", "exec")),
    *(f"importlib.{name}" for name in ("__import__", "import_module", "reload")),
    *(f"os.{name}" for name in ("popen", "system")),
    *("gc", "pkgutil", "runpy", "subprocess", "sys.modules", "typing.get_type_hints"),
}
_ANY_BY_WORD = {
    *("__builtins__", "__globals__", "__loader__", "__spec__", "__subclasses__"),
    *("f_builtins", "f_globals", "run_cell", "run_cell_magic", "run_line_magic"),
    "user_ns",
}
# these show source, docstrings or hints
_SHOWS_SOURCE = {"builtins.help", "doctest", "inspect", "linecache", "pydoc"}
_SHOWS_BY_WORD = {"__annotations__", "__doc__"}


def opens_room(foreign: Collection[str]) -> bool:
    """Tell whether code that uses these full names can read any name of its room."""
    return _among(foreign, _ANY_OF_ROOM)


def opens_package(foreign: Collection[str], words: Collection[str]) -> bool:
    """Tell whether code with these full names and words can reach any definition."""
    return _among(foreign, _ANY_AT_ALL) or not _ANY_BY_WORD.isdisjoint(words)


def shows_source(foreign: Collection[str], words: Collection[str]) -> bool:
    """Tell whether code with these full names and words can show source or hints."""
    return _among(foreign, _SHOWS_SOURCE) or not _SHOWS_BY_WORD.isdisjoint(words)


def _among(foreign: Collection[str], known: Collection[str]) -> bool:
    """Tell whether a name is known, is inside what is, or is a module that holds it."""
    return any(
        f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
        for one in foreign
        for other in known
    )
