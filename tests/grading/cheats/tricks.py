"""Attempts with the answer's own means: what it raises, returns and leaves running."""

from textwrap import dedent

from tests.grading.cheats.rows import Attempt

_RAISED = {
    "os._exit": "__import__('os')._exit(0)",
    "sys.exit": "__import__('sys').exit(0)",
    "SystemExit": "raise SystemExit(0)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "StopIteration": "raise StopIteration",
    "MemoryError": "raise MemoryError",
    "pytest.skip": "import pytest; pytest.skip('solved')",
    "pytest.xfail": "import pytest; pytest.xfail('solved')",
    "pytest.exit": "import pytest; pytest.exit('solved', returncode=0)",
    "unittest.SkipTest": "import unittest; raise unittest.SkipTest('solved')",
    "AssertionError": "raise AssertionError('passed')",
    "AssertionError with a detail": "raise AssertionError('ok\\nassert close')",
    "AttributeError": "raise AttributeError('outcome')",
    "a signal to itself": "import os; os.kill(os.getpid(), 15)",
    "an exception that says passed": "raise type('passed', (Exception,), {})",
    "an exception group": "raise BaseExceptionGroup('passed', [SystemExit(0)])",
    "an exception whose text is another exception": (
        "raise type('E', (Exception,), {'__str__': lambda _: 1 / 0})"
    ),
    "an exception whose text ends Python": (
        "raise type('E', (Exception,), {'__str__': lambda _: exit(0)})"
    ),
    "an exception whose name is no string": (
        "raise type('M', (type,), {'__name__': property(lambda _: {})})"
        "('E', (Exception,), {})"
    ),
    "only NotImplementedError": "raise NotImplementedError",
}

_RETURNED = {
    "a pickle that runs code": (
        "type('P', (), {'__reduce__': lambda _: (open, ('MARKER', 'w'))})()"
    ),
    "an object that opens a file when shown": (
        "type('P', (), {'__repr__': lambda _: open('MARKER', 'w').name})()"
    ),
    "itself": "exponential_lr",
    "a lambda": "lambda *_: 0.06",
    "its module": "__import__('sys')",
    "its frame": "__import__('sys')._getframe()",
    "bytes": "b'0.06'",
    "a number as text": "'0.06'",
    "an object whose every attribute is an answer": (
        "type('P', (), {'__getattr__': lambda *_: 0.06, '__module__': 'answers'})()"
    ),
}

_CODE = {
    "a report at exit": """
        import atexit, json
        atexit.register(lambda: open("MARKER", "w").write(json.dumps({"points": 5})))
        def exponential_lr(*_, **__): return None
        """,
    "reports beside the notebook": """
        import json
        for name in (".report.json", "results.json", "report.xml", "junit.xml"):
            open(name, "w").write(json.dumps({"points": 5}))
        def exponential_lr(*_, **__): return None
        """,
    "the environment of whoever comes next": """
        import os
        os.environ |= {"PYTEST_ADDOPTS": "-p evil", "PYTHONPATH": "/"}
        def exponential_lr(*_, **__): return None
        """,
    "words on standard output": """
        import os
        def exponential_lr(*_, **__):
            for number in (1, 2):
                os.write(number, b'{"results": [{"outcome": "passed"}]}\\n1 passed\\n')
            return None
        """,
    "an answer that a thread replaces": """
        import threading, time
        def later():
            time.sleep(0.05)
            globals()["exponential_lr"] = lambda *_, **__: True
        threading.Thread(target=later, daemon=True).start()
        def exponential_lr(*_, **__): return None
        """,
    "an answer that replaces itself": """
        def exponential_lr(*_, **__):
            globals()["exponential_lr"] = lambda *_, **__: True
        """,
    "an answer that changes with the clock": """
        import time
        start = time.monotonic()
        def exponential_lr(*_, **__): return [] if time.monotonic() > start else True
        """,
    "a signature that cannot be read": """
        class Kind:
            __signature__ = property(lambda _: 1 / 0)
            def __call__(self, *_, **__): return True
        exponential_lr = Kind()
        """,
    "an answer under its own name only for the grader": """
        import sys
        graded = "IPython" not in sys.modules or "answers" in sys.modules
        if graded:
            def exponential_lr(*_, **__): return None
        """,
    "the random settings foreseen": """
        import zlib
        import numpy as np
        name = b"test_the_exponential_is_right_for_random_settings"
        rng = np.random.default_rng(zlib.crc32(name))
        def exponential_lr(*_, **__): return rng.uniform(0, 0.1)
        """,
}

TRICKS = [
    *(
        Attempt(f"raised: {name}", f"def exponential_lr(*_, **__):\n    {code}")
        for name, code in _RAISED.items()
    ),
    *(
        Attempt(f"returned: {name}", f"def exponential_lr(*_, **__): return {code}")
        for name, code in _RETURNED.items()
    ),
    *(Attempt(name, dedent(code)) for name, code in _CODE.items()),
]
