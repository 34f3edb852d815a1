"""Where PyTorch is not installed, a room that needs it says how to add it."""

import json
import re
import subprocess
import sys

from tests import ROOT

PROGRAM = """
import importlib, json, sys
from importlib.machinery import PathFinder

class Without:
    def find_spec(name, *rest):
        return None if name == "torch" else PathFinder.find_spec(name, *rest)

sys.meta_path[sys.meta_path.index(PathFinder)] = Without
said = {}
for room in sys.argv[1:]:
    try:
        importlib.import_module(room)
        said[room] = ""
    except ModuleNotFoundError as error:
        said[room] = str(error)
print(json.dumps(said))
"""


def test_every_room_that_needs_pytorch_says_how_to_add_it():
    rooms = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "lrcourse").rglob("*.py"))
        if re.search(r"^(import|from) torch\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    command = [sys.executable, "-c", PROGRAM, *rooms]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT)
    said = json.loads(done.stdout)
    assert len(said) > 10
    silent = [
        room for room, sentence in said.items() if "make lab-torch" not in sentence
    ]
    assert silent == []
