"""PyTorch is there: rooms that need it import this one first.

It is no part of what exercises need, so a learner may meet its absence.
"""

import importlib.util

if importlib.util.find_spec("torch") is None:
    raise ModuleNotFoundError(
        "this part of lrcourse needs PyTorch: run `make lab-torch` in the course's "
        'folder, elsewhere pip install "lrcourse[lab-torch]", then restart the kernel',
        name="torch",
    )
