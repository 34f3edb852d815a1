"""Right answers in cells that do much else: print, plot, save, wait, leave traces."""

from textwrap import dedent

from tests.grading.cheats.rows import Learner

_ANSWERS = {
    "prints": """
        def exponential_lr(step, base_lr, gamma):
            print("step", step)
            return base_lr * gamma**step
        """,
    "megabytes of prints": """
        import sys
        def exponential_lr(step, base_lr, gamma):
            print("x" * 2**20)
            print("y" * 2**20, file=sys.stderr)
            return base_lr * gamma**step
        """,
    "words straight to the descriptors": """
        import os
        def exponential_lr(step, base_lr, gamma):
            os.write(1, b"out"), os.write(2, b"error")
            return base_lr * gamma**step
        """,
    "warnings": """
        import warnings
        def exponential_lr(step, base_lr, gamma):
            warnings.warn("decaying")
            warnings.warn("soon gone", DeprecationWarning)
            return base_lr * gamma**step
        """,
    "warnings as errors, and caught": """
        import warnings
        warnings.simplefilter("error")
        def exponential_lr(step, base_lr, gamma):
            try:
                warnings.warn("careful")
            except UserWarning:
                return base_lr * gamma**step
        """,
    "np.seterr that raises": """
        import numpy as np
        np.seterr(all="raise")
        def exponential_lr(step, base_lr, gamma):
            return base_lr * np.float64(gamma) ** step
        """,
    "logging": """
        import logging
        logging.basicConfig(level=logging.DEBUG, force=True)
        log = logging.getLogger(__name__)
        def exponential_lr(step, base_lr, gamma):
            log.debug("step %s", step)
            return base_lr * gamma**step
        """,
    "a counter": """
        calls, history = 0, []
        def exponential_lr(step, base_lr, gamma):
            global calls
            calls += 1
            history.append(step)
            return base_lr * gamma**step
        """,
    "seeds": """
        import random
        import numpy as np
        random.seed(0)
        np.random.seed(0)
        def exponential_lr(step, base_lr, gamma):
            random.random(), np.random.rand()
            return base_lr * gamma**step
        """,
    "a scratch file": """
        import os, tempfile
        def exponential_lr(step, base_lr, gamma):
            with open("scratch.txt", "w") as file:
                file.write(repr(base_lr * gamma**step))
            with tempfile.NamedTemporaryFile("w+", delete=False) as file:
                file.write(open("scratch.txt").read())
                file.seek(0)
                return float(file.read())
        """,
    "threads left behind": """
        import threading, time
        def exponential_lr(step, base_lr, gamma):
            threading.Thread(target=time.sleep, args=(60,)).start()
            return base_lr * gamma**step
        """,
    "a pool of threads": """
        from concurrent.futures import ThreadPoolExecutor
        def exponential_lr(step, base_lr, gamma):
            with ThreadPoolExecutor(2) as pool:
                return base_lr * list(pool.map(lambda n: gamma**n, [step]))[0]
        """,
    "an event loop": """
        import asyncio
        async def wait(x):
            await asyncio.sleep(0)
            return x
        def exponential_lr(step, base_lr, gamma):
            return asyncio.run(wait(base_lr * gamma**step))
        """,
    "a figure": """
        import matplotlib.pyplot as plt
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        figure, axes = plt.subplots()
        axes.plot([exponential_lr(step, 1.0, 0.9) for step in range(10)])
        saved = figure.savefig("curve.png")
        plt.show()
        """,
    "display in the answer": """
        def exponential_lr(step, base_lr, gamma):
            display(step)
            return base_lr * gamma**step
        """,
    "IPython's display, imported": """
        from IPython.display import Markdown, display
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        display(Markdown("**done**"))
        """,
    "%%time": "%%time\ndef exponential_lr(step, base_lr, gamma):\n"
    "    return base_lr * gamma**step",
    "magics between the lines": """
        %matplotlib inline
        %config InlineBackend.figure_format = "svg"
        !pip install numpy
        import math
        math.pow?
        def exponential_lr(step, base_lr, gamma):
            return math.pow(gamma, step) * base_lr
        %timeit -n 1 exponential_lr(0, 1.0, 0.5)
        """,
    "magics that are assigned": """
        files = !ls
        took = %timeit -o -q -n 1 -r 1 1 + 1
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        """,
    "an await above the answer": """
        import asyncio
        await asyncio.sleep(0)
        slept = await asyncio.sleep(0, result=1)
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step * slept
        """,
    "an old version above": """
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma * step
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        """,
    "an assert below": """
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        assert exponential_lr(1, 1.0, 0.5) == 0.5, "half"
        assert exponential_lr(0, 1.0, 0.5) == 2, "a wrong belief"
        """,
    "a main guard that sets a constant": """
        if __name__ == "__main__":
            START = 1.0
        def exponential_lr(step, base_lr, gamma):
            return START * base_lr * gamma**step
        """,
}

BUSY = [
    Learner(name, {"exponential_lr": dedent(code).strip("\n")})
    for name, code in _ANSWERS.items()
]
