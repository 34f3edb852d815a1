"""Ways to somebody else's answer that read a file: the package, solutions, checks.

Each of them leads to `exponential` and pays where nothing stands in its way.
"""

from textwrap import dedent

from tests.grading.cheats.rows import door

# where the package lies, without asking for what the exercise forbids
_FILE = """
import importlib.util, pathlib
package = pathlib.Path(importlib.util.find_spec("lrcourse").origin).parent
path = str(package / "schedules" / "curves.py")
course = package.parent
"""

_FILES = {
    "spec_from_file_location": """
        spec = importlib.util.spec_from_file_location("mine", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        exponential = module.exponential
        """,
    "SourceFileLoader": """
        from importlib.machinery import SourceFileLoader
        exponential = SourceFileLoader("mine", path).load_module().exponential
        """,
    "runpy": 'import runpy\nexponential = runpy.run_path(path)["exponential"]',
    "open and exec": "exec(open(path).read(), globals())",
    "the file opened by its number": """
        import os
        exec(os.read(os.open(path, os.O_RDONLY), 10**6), globals())
        """,
    "the file as an array": """
        import numpy as np
        exec(np.fromfile(path, dtype="u1").tobytes(), globals())
        """,
    "the file mapped into memory": """
        import mmap
        with open(path, "rb") as file:
            exec(bytes(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), globals())
        """,
    "linecache": 'import linecache\nexec("".join(linecache.getlines(path)), globals())',
    "pkgutil.get_data": """
        import pkgutil
        exec(pkgutil.get_data("lrcourse", "schedules/curves.py"), globals())
        """,
    "importlib.resources": """
        from importlib.resources import files
        exec((files("lrcourse") / "schedules/curves.py").read_text(), globals())
        """,
    "the package's own loader": """
        import lrcourse
        exec(lrcourse.__loader__.get_data(path), globals())
        """,
    "the compiled file": """
        import marshal, py_compile, tempfile
        compiled = py_compile.compile(path, tempfile.mkdtemp() + "/mine.pyc")
        exec(marshal.loads(open(compiled, "rb").read()[16:]), globals())
        """,
    "a copy of the file on sys.path": """
        import shutil, sys, tempfile
        folder = tempfile.mkdtemp()
        shutil.copy(path, folder + "/mine.py")
        sys.path.insert(0, folder)
        from mine import exponential
        """,
    "a link to the file": """
        import os, sys, tempfile
        folder = tempfile.mkdtemp()
        os.symlink(path, folder + "/linked.py")
        sys.path.insert(0, folder)
        from linked import exponential
        """,
    "a zip of the package": """
        import sys, tempfile, zipfile, zipimport
        archive = tempfile.mkdtemp() + "/mine.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.write(path, "zipped.py")
        exponential = zipimport.zipimporter(archive).load_module("zipped").exponential
        """,
    "a search of every folder on sys.path": """
        import os, sys
        found = [
            os.path.join(folder, "schedules/curves.py")
            for top in [*sys.path, course] for folder in (top, f"{top}/lrcourse")
            if os.path.isfile(os.path.join(folder, "schedules/curves.py"))
        ]
        exec(open(found[0]).read(), globals())
        """,
    "the solution notebook": """
        import json, math
        text = (course / "solutions" / "06_decay_formulas.ipynb").read_text()
        for cell in json.loads(text)["cells"]:
            if "def exponential_lr" in "".join(cell["source"]):
                exec("".join(cell["source"]), globals())
        reference = exponential_lr
        exponential = lambda *settings: lambda step: reference(step, *settings)
        """,
    "the check file": """
        checks = course / "exercises" / "checks" / "06_decay_formulas"
        file = checks / "test_exponential_lr.py"
        spec = importlib.util.spec_from_file_location("mine", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        exponential = module.schedules.exponential
        """,
    "the known mistakes, one of them mended": """
        folder = course / "exercises" / "checks" / "06_decay_formulas"
        text = (folder / "test_exponential_lr.py").read_text()
        late = next(part for part in text.split('"') if "step + 1" in part)
        exponential = lambda base_lr, gamma: lambda step: (
            base_lr * eval(late, {"gamma": gamma, "step": step - 1})
        )
        """,
    "a classmate's notebook": """
        import json, math
        for cell in json.loads(open("CLASSMATE").read())["cells"]:
            if "def exponential_lr" in "".join(cell["source"]):
                exec("".join(cell["source"]), globals())
        reference = exponential_lr
        exponential = lambda *settings: lambda step: reference(step, *settings)
        """,
}

FILE_DOORS = [door(name, _FILE + dedent(code)) for name, code in _FILES.items()]
