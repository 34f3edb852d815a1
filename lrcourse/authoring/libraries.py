"""What of Python and of other libraries is known, by full names such as ``re.compile``.

Some hides which names code reads, some shows source or hints, which otherwise count for
nothing; some leaves a value behind when it is called, and no more.
"""

import builtins
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
_SHOWS_SOURCE = {"builtins.help", "doctest", "inspect", "linecache", "pydoc"}
_SHOWS_NO_SOURCE = ("inspect.Parameter", "inspect.Signature", "inspect.is")
_SHOWS_HINTS = {
    f"inspect.{name}" for name in ("get_annotations", "getfullargspec", "signature")
}
_LEAVES_VALUE = {
    "abc": "ABC ABCMeta abstractmethod",
    "builtins": "bool callable classmethod dict float frozenset hasattr int isinstance "
    "issubclass len list property range set slice staticmethod str tuple zip",
    "collections": "Counter OrderedDict defaultdict deque namedtuple",
    "contextlib": "contextmanager suppress",
    "dataclasses": "dataclass field fields",
    "decimal": "Context Decimal",
    "enum": "Enum IntEnum StrEnum auto",
    "functools": "cache cached_property lru_cache total_ordering wraps",
    "math": "log sqrt",
    "numpy": "arange array empty full linspace ones zeros",
    "pathlib": "Path",
    "re": "compile",
    "torch": "enable_grad inference_mode no_grad",
    "torch.nn": "Module",
    "typing": "Generic NamedTuple NewType ParamSpec Protocol TypeVar TypedDict "
    "dataclass_transform final overload runtime_checkable",
}
_HARMLESS = {
    f"{module}.{name}"
    for module, names in _LEAVES_VALUE.items()
    for name in names.split()
}
_CLASSES = {
    f"builtins.{name}": value
    for name, value in vars(builtins).items()
    if isinstance(value, type)
}
_ERRORS = {name for name, value in _CLASSES.items() if issubclass(value, BaseException)}


def opens_room(foreign: Collection[str]) -> bool:
    """Tell whether code that uses these full names can read any name of its room."""
    return _among(foreign, _ANY_OF_ROOM)


def opens_package(foreign: Collection[str], words: Collection[str]) -> bool:
    """Tell whether code with these full names and words can reach any definition."""
    return _among(foreign, _ANY_AT_ALL) or not _ANY_BY_WORD.isdisjoint(words)


def shows_source(foreign: Collection[str], words: Collection[str]) -> bool:
    """Tell whether code with these full names and words can show source."""
    other = {
        name
        for name in foreign
        if not (name in _SHOWS_HINTS or name.startswith(_SHOWS_NO_SOURCE))
    }
    return _among(other, _SHOWS_SOURCE) or "__doc__" in words


def shows_hints(foreign: Collection[str], words: Collection[str]) -> bool:
    """Tell whether code with these full names and words can look at type hints."""
    by_name = not _SHOWS_HINTS.isdisjoint(foreign)
    return by_name or "__annotations__" in words or shows_source(foreign, words)


def leaves_value(foreign: Collection[str]) -> bool:
    """Tell whether to call any of these leaves a value behind, and no more."""
    return _HARMLESS.issuperset(_without(foreign, _ERRORS))


def may_be_bases(foreign: Collection[str]) -> bool:
    """Tell whether to inherit from any of these leaves a class behind, and no more."""
    return _HARMLESS.issuperset(_without(foreign, _CLASSES))


def _without(names: Collection[str], known: Collection[str]) -> set[str]:
    return {name for name in names if name not in known}


def _among(foreign: Collection[str], known: Collection[str]) -> bool:
    """Tell whether a name is known, is inside what is, or is a module that holds it."""
    return any(
        f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
        for one in foreign
        for other in known
    )
