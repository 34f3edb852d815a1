"""Right answers in odd notebooks: the cells around them, their order, the file."""

import json
from collections.abc import Callable

from tests.grading.cheats.rows import Document, Learner

_SIMPLE = "def exponential_lr(step, base_lr, gamma):\n    return base_lr * gamma**step"

_AROUND = {
    "a cell that raises": "1 / 0",
    "an assignment that raises": "x = [][1]",
    "a cell that ends Python": "import os\nos._exit(1)",
    "a cell that quits": "quit()",
    "sys.exit in a cell": "import sys\nsys.exit('enough')",
    "an endless loop in an experiment": "while True:\n    pass",
    "an experiment that asks a question": "input('your name? ')",
    "an answer to a question kept": "name = input('your name? ')",
    "an experiment that prints megabytes": "for _ in range(9):\n    print('x' * 10**7)",
    "another folder": "import os\nos.chdir('/')\nhere = os.chdir('..')",
    "an assert that fails": "assert 1 + 1 == 3, 'no'",
    "a syntax error in a cell of its own": "for in range(3) print",
    "a broken answer to another question": "def gamma_from(rate, steps:\n    return",
    "a main guard": "if __name__ == '__main__':\n    print('ran')",
    "a cell of another language": "%%bash\nls -l | grep x",
    "a cell that is written to a file": "%%writefile note.txt\nthis is no Python",
    "a captured cell": "%%capture out\nprint(1)",
    "extensions": "%load_ext autoreload\n%autoreload 2",
    "help": "?math\nmath.cos?\nhelp(len)",
    "an await": "import asyncio\nslept = await asyncio.sleep(0)",
    "an async cell": "async def main():\n    return 1\ntask = await main()",
    "NumPy's stars": "from numpy import *",
    "stars of math": "from math import *",
    "a name of a builtin used again": "sum = 3\nlist = [1]\nmax = min = abs = None",
    "a variable called like a module": "json = math_ = os = sys = 3",
    "a deleted name": "x = 3\ndel x",
    "environment variables": "import os\nos.environ['OMP_NUM_THREADS'] = '4'",
    "a subprocess": "import subprocess\nout = subprocess.run(['ls'])",
    "a download": (
        "import urllib.request\n"
        "page = urllib.request.urlopen('http://127.0.0.1:9/', timeout=1)"
    ),
    "an unknown package": "import a_package_nobody_has as nobody",
}

_SHOWING = {
    "get_ipython": "get_ipython().run_line_magic('matplotlib', 'inline')\n" + _SIMPLE,
    "display": "display('start')\n" + _SIMPLE + "\ndisplay(exponential_lr(1, 1, 1))",
}

_CONSTANT = (
    "def exponential_lr(step, base_lr, gamma):\n    return base_lr * gamma**step * "
)

_ELSEWHERE = {
    "a constant in another cell": ["ONE = 1.0"],
    "a constant made by a loop": ["ONE = 0.5", "for _ in range(1):\n    ONE += 0.5"],
    "a constant only a loop makes": ["for n in range(2):\n    ONE = float(n)"],
    "a constant from a with": [
        "import io\nwith io.StringIO('1.0') as f:\n  ONE = float(f.read())"
    ],
}


def _without_ids(document: Document) -> Document:
    """Return a notebook of format 4.0, written before cells had ids."""
    cells = [
        {key: value for key, value in cell.items() if key != "id"}
        for cell in document["cells"]
    ]
    return document | {"cells": cells, "nbformat_minor": 0}


def _lines(document: Document) -> Document:
    """Return sources as lists of lines, as JupyterLab writes them."""
    for cell in document["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return document


def _windows(document: Document) -> Document:
    """Return sources with the line ends of Windows."""
    for cell in document["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return document


def _much_output(document: Document) -> Document:
    """Return a notebook that stores ten megabytes of output."""
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 10 * 2**20}
    document["cells"][0]["outputs"] = [stream]
    return document


def _other_cells(document: Document) -> Document:
    """Return a notebook with text and raw cells between the code."""
    text = {"cell_type": "markdown", "metadata": {}, "source": "def exponential_lr(:"}
    raw = {"cell_type": "raw", "metadata": {}, "source": "raise SystemExit"}
    cells = [each for cell in document["cells"] for each in (text, raw, cell)]
    return document | {"cells": cells}


def _kernel(metadata: Document) -> Callable[[Document], Document]:
    """Return what gives a notebook this metadata."""
    return lambda document: document | {"metadata": metadata}


NOTEBOOKS = [
    *(Learner(name, before=[source]) for name, source in _AROUND.items()),
    *(Learner(name, {"exponential_lr": code}) for name, code in _SHOWING.items()),
    *(
        Learner(name, {"exponential_lr": f"{_CONSTANT}ONE"}, before=cells)
        for name, cells in _ELSEWHERE.items()
    ),
    Learner(
        "a helper in a cell below",
        {"exponential_lr": f"{_CONSTANT}one()"},
        after=["def one():\n    return 1.0"],
    ),
    Learner(
        "an import in another cell",
        {"exponential_lr": f"{_CONSTANT}m.cos(0)"},
        after=["import math as m"],
    ),
    Learner(
        "the answer again below, mended",
        {"exponential_lr": "def exponential_lr(): 1"},
        after=[_SIMPLE],
    ),
    Learner("every cell twice", arrange=lambda cells: [*cells, *cells]),
    Learner(
        "all other cells deleted",
        arrange=lambda cells: [cell for cell in cells if "def exponential" in cell],
    ),
    Learner("cells in reverse order", arrange=lambda cells: cells[::-1]),
    Learner(
        "everything in one cell",
        arrange=lambda cells: ["\n".join(cells)],
        answers=["exponential_lr", "cosine_lr"],
    ),
    Learner("five hundred cells", after=[f"x{n} = {n}" for n in range(500)]),
    Learner("no metadata", document=_kernel({})),
    Learner("a kernel of R", document=_kernel({"kernelspec": {"name": "ir"}})),
    Learner("metadata that are none", document=_kernel({"kernelspec": None})),
    Learner("format 4.0, no ids", document=_without_ids),
    Learner("sources as lists of lines", document=_lines),
    Learner("sources with the line ends of Windows", document=_windows),
    Learner("ten megabytes of output", document=_much_output),
    Learner("text and raw cells in between", document=_other_cells),
    Learner("a byte order mark", encode=lambda text: text.encode("utf-8-sig")),
    Learner(
        "a file with the line ends of Windows",
        encode=lambda text: (
            json.dumps(json.loads(text), indent=1).replace("\n", "\r\n").encode()
        ),
    ),
]
