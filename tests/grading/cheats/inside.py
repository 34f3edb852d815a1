"""Attempts on the interpreter's own machinery: forged frames, replaced functions.

What runs beside the answer may say what it likes; it does not know what is right.
"""

from textwrap import dedent

from tests.grading.cheats.rows import Attempt

_WRONG = "\ndef exponential_lr(*_, **__): return -1.0\n"

_FORGED_VALUES = {
    "a dict that looks like a reply": '{"value": 0.1, "args": [], "kwargs": {}}',
    "a dict that looks like a tuple": '{"tuple": []}',
    "a dict that looks like a reference": '{"reference": {"object": 0}}',
    "a dict that looks like a callback": '{"reference": {"callback": 0}}',
    "a dict that looks like an array": (
        '{"array": {"dtype": "<f8", "shape": [], "data": ""}}'
    ),
    "a dict that looks like something not plain": '{"not_plain": "float"}',
    "a dict that looks like a verdict": '{"outcome": "passed", "points": 5}',
}

_FORGED_CODE = {
    "a callback nobody gave": '{"reference": {"callback": 0}}',
    "an object nobody has": '{"reference": {"object": 10**9}}',
    "a reference to nothing": '{"reference": {}}',
    "a tag nobody knows": '{"passed": True}',
    "two tags at once": '{"tuple": [], "dict": []}',
    "an array of anything": (
        '{"array": {"dtype": "O", "shape": [1], "data": "AAAAAAAAAAA="}}'
    ),
    "an array of endless shape": (
        '{"array": {"dtype": "<f8", "shape": [10**12], "data": ""}}'
    ),
    "an array of bytes without a type": (
        '{"array": {"dtype": "V8", "shape": [1], "data": "AAAAAAAAAAA="}}'
    ),
    "a list that is too deep": "eval('[' * 90 + ']' * 90)",
}

_FRAMES = {
    "a frame before it is asked": '{"value": 0.06, "args": [], "kwargs": {"dict": []}}',
    "a frame that says ready": '{"ready": True}',
    "a frame that is a number": "7",
    "a frame that is a list": '[{"value": 0.06}]',
    "a frame that asks for a check's function": '{"callback": 0, "args": []}',
    "a frame that says it was never started": '{"raised": "NotImplementedError"}',
}

_REPLACED = {
    "every function of the worker replaced": """
        import gc, types
        for thing in gc.get_objects():
            if type(thing).__name__ == "Worker":
                for name in ("call", "_call", "attribute", "encode"):
                    setattr(type(thing), name, lambda *_, **__: {"value": True})
        """,
    "the definitions replaced by yes": """
        import gc
        for thing in gc.get_objects():
            if type(thing).__name__ == "Definitions":
                thing.broken = {}
                thing.names = dict.fromkeys(["exponential_lr"], lambda *_, **__: True)
        """,
    "json.dumps replaced": """
        import json
        json.dumps = lambda *_, **__: '{"value": -1.0, "args": [], "kwargs": {}}'
        """,
    "json.dumps replaced by what is no JSON": """
        import json
        json.dumps = lambda *_, **__: "passed"
        """,
    "isinstance always yes": """
        import builtins
        builtins.isinstance = lambda *_: True
        """,
    "type replaced": """
        import builtins
        builtins.type = lambda *_: float
        """,
    "inspect.signature broken": """
        import inspect
        inspect.signature = None
        """,
    "exceptions without a trace": """
        import sys
        sys.excepthook = sys.unraisablehook = None
        sys.setrecursionlimit(60)
        """,
    "pytest's reports replaced": """
        try:
            from _pytest.reports import TestReport
            TestReport.outcome = property(lambda _: "passed", lambda *_: None)
            TestReport.passed, TestReport.failed = True, False
        except ImportError:
            pass
        """,
    "an import hook for the checks": """
        import sys, types
        for room in ("comparison", "mistakes.diagnosis"):
            name = "lrcourse.grading." + room
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].close = lambda *_, **__: True
        """,
    "every name deleted": "globals().clear()",
    "builtins taken away": "__builtins__ = {}",
}

_ENCODER = """
import sys
codec = sys.modules.get("lrcourse.grading.sandbox.codec")
if codec is not None:
    codec._Encoder.encode = lambda *_: {}
"""

_WRITE = """
import json, os, struct
body = json.dumps({}).encode()
frame = struct.pack("!I", len(body)) + body
def exponential_lr(*_, **__):
    for descriptor in range(3, 64):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, frame)
        except OSError:
            pass
    return -1.0
"""

INSIDE = [
    *(
        Attempt(name, f"def exponential_lr(*_, **__): return {value}")
        for name, value in _FORGED_VALUES.items()
    ),
    *(
        Attempt(f"forged: {name}", _ENCODER.replace("{}", value, 1) + _WRONG)
        for name, value in _FORGED_CODE.items()
    ),
    *(Attempt(name, _WRITE.replace("{}", value, 1)) for name, value in _FRAMES.items()),
    *(Attempt(name, _WRONG + dedent(code)) for name, code in _REPLACED.items()),
    Attempt(
        "a frame longer than any may be",
        "import os\n"
        "def exponential_lr(*_, **__):\n"
        "    for descriptor in range(3, 64):\n"
        "        try: os.write(descriptor, b'\\xff' * 8)\n"
        "        except OSError: pass\n"
        "    return -1.0",
    ),
    Attempt(
        "an object of the codec's own",
        "import sys\n"
        "codec = sys.modules.get('lrcourse.grading.sandbox.codec')\n"
        "kind = codec.NotPlain if codec else object\n"
        "def exponential_lr(*_, **__): return kind(0.06) if codec else kind()",
    ),
    Attempt(
        "a list that holds itself",
        "def exponential_lr(*_, **__):\n    a = []\n    a.append(a)\n    return a",
    ),
    Attempt(
        "a list that holds itself twice, and so without end",
        "def exponential_lr(*_, **__):\n    a = []\n    a += [a, a]\n    return a",
    ),
    Attempt(
        "a dict that holds itself",
        "def exponential_lr(*_, **__):\n    a = {}\n    a['lr'] = a\n    return a",
    ),
    Attempt(
        "a whole number of 1 000 digits",
        "def exponential_lr(*_, **__): return 10**1000",
    ),
    Attempt(
        "a whole number of 1 000 digits that a check computes with",
        "def gamma_from(rate, decay_steps): return 10**1000",
        answer="gamma_from",
    ),
    Attempt(
        "a list that a check computes with",
        "def gamma_from(rate, decay_steps): return [0.9]",
        answer="gamma_from",
    ),
    Attempt(
        "half of a character in what it returns",
        "def exponential_lr(*_, **__): return {'\\ud800': '\\udfff'}",
    ),
    Attempt(
        "half of a character in what it raises",
        "def exponential_lr(*_, **__): raise ValueError('\\ud800')",
    ),
]
