"""What reading and exercises need is there: rooms that need it import this one first.

The package alone brings NumPy and pytest: enough to check answers in a terminal.
"""

import importlib.util

_NEEDED = ("joblib", "matplotlib", "mnist1d", "pandas", "scipy", "sklearn", "tqdm")
_MISSING = [name for name in _NEEDED if importlib.util.find_spec(name) is None]

if _MISSING:
    raise ModuleNotFoundError(
        f"this part of lrcourse needs {', '.join(_MISSING)}: run "
        'pip install "lrcourse[lab]", then restart the kernel',
        name=_MISSING[0],
    )
