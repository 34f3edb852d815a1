"""Ways to somebody else's answer: imports, other processes, what memory holds.

Each of them leads to `exponential` and pays where nothing stands in its way.
"""

from tests.grading.cheats.rows import Attempt, door

_IMPORTS = {
    "an import": "from lrcourse.schedules import exponential",
    "importlib.import_module": """
        import importlib
        exponential = importlib.import_module("lrcourse.schedules").exponential
        """,
    "__import__": """
        exponential = __import__("lrcourse.schedules").schedules.exponential
        """,
    "exec of an import": 'exec("from lrcourse.schedules import exponential")',
    "pkgutil.resolve_name": """
        import pkgutil
        exponential = pkgutil.resolve_name("lrcourse.schedules:exponential")
        """,
    "an import in another module's name": """
        import types
        module = types.ModuleType("lrcourse.grading.helper")
        exec("from lrcourse.schedules import exponential", vars(module))
        exponential = module.exponential
        """,
    "an import without the finders before it": """
        import sys
        sys.meta_path[:] = sys.meta_path[-3:]
        from lrcourse.schedules import exponential
        """,
    "PathFinder asked directly": """
        import importlib.util, lrcourse
        from importlib.machinery import PathFinder
        spec = PathFinder.find_spec("lrcourse.schedules", lrcourse.__path__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        exponential = module.exponential
        """,
    "a room that imports schedules (plotting)": """
        import lrcourse.plotting, sys
        exponential = sys.modules["lrcourse.schedules"].exponential
        """,
    "a room that imports schedules (feedback)": """
        import lrcourse.schedules.feedback, sys
        exponential = sys.modules["lrcourse.schedules"].exponential
        """,
    "a room that imports schedules (range_test)": """
        import lrcourse.training.lr_finder, sys
        exponential = sys.modules["lrcourse.schedules"].exponential
        """,
    "a room that imports schedules (theory)": """
        import lrcourse.theory, sys
        exponential = sys.modules["lrcourse.schedules"].exponential
        """,
    "the grader's own way to the references": """
        import sys
        sys.modules.pop("lrcourse.grading", None)
        from lrcourse.grading.exercise import Exercise
        from lrcourse.grading.mistakes.references import references
        import lrcourse, pathlib
        checks = pathlib.Path(lrcourse.__file__).parents[1] / "exercises" / "checks"
        exercise = Exercise("06_decay_formulas", checks)
        reference = references(exercise)["exponential_lr"].function
        exponential = lambda *settings: lambda step: reference(step, *settings)
        """,
}

_PROCESSES = {
    "another Python": """
        import subprocess, sys
        def exponential(*settings):
            code = "from lrcourse import schedules as s; print(s.exponential(*{})({}))"
            return lambda step: float(subprocess.run(
                [sys.executable, "-c", code.format(settings, step)],
                capture_output=True, text=True,
            ).stdout)
        """,
    "a shell": """
        import os, sys
        def exponential(*settings):
            code = "from lrcourse import schedules as s; print(s.exponential(*{})({}))"
            return lambda step: float(os.popen(
                f"{sys.executable} -c '{code.format(settings, step)}'"
            ).read())
        """,
    "a fork without the finders": """
        import os, sys
        def exponential(*settings):
            def ask(step):
                read, write = os.pipe()
                if not os.fork():
                    sys.meta_path[:] = sys.meta_path[-3:]
                    from lrcourse.schedules import exponential
                    os.write(write, repr(exponential(*settings)(step)).encode())
                    os._exit(0)
                return float(os.read(read, 100))
            return ask
        """,
}

_MEMORY = {
    "sys.modules": """
        import sys
        exponential = next(
            module.exponential for name, module in list(sys.modules.items())
            if name.endswith("schedules")
        )
        """,
    "the garbage collector": """
        import gc
        exponential = next(
            thing for thing in gc.get_objects()
            if getattr(thing, "__qualname__", "") == "exponential"
            and "schedules" in str(thing.__module__)
        )
        """,
    "the names of a frame above": """
        import sys
        def exponential(*settings):
            frame = sys._getframe(1)
            while frame and "expected" not in frame.f_locals:
                frame = frame.f_back
            return lambda step: frame.f_locals["expected"]
        """,
    "inspect.stack": """
        import inspect
        def exponential(*settings):
            names = [each.frame.f_locals for each in inspect.stack()]
            return lambda step: next(n["expected"] for n in names if "expected" in n)
        """,
}


DOORS = [
    *(door(name, code) for name, code in (_IMPORTS | _PROCESSES | _MEMORY).items()),
]

_TORCH = """
def exponential_lr(step, base_lr, gamma):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base_lr)
    scheduler = ExponentialLR(optimizer, gamma)
    for _ in range(step):
        optimizer.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]
"""

_FUSED = """
import numpy as np
import torch
def adamw_step(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    updates, m, v = state
    w, grad, m, v = (torch.tensor(np.array(each)) for each in (w, grad, m, v))
    settings = dict(
        lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=eps,
        amsgrad=False, maximize=False,
    )
    count = torch.tensor(updates + 1.0)
    torch._fused_adamw_([w], [grad], [m], [v], [], [count], **settings)
    return w.numpy(), (updates + 1, m.numpy(), v.numpy())
"""

_SKLEARN = """
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer
def adam_step(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    rule = AdamOptimizer([w], lr, beta1, beta2, eps)
    rule.t, rule.ms, rule.vs = state[0], [state[1]], [state[2]]
    (update,) = rule._get_updates([grad])
    return w + update, (rule.t, rule.ms[0], rule.vs[0])
"""

# only an honest learner is held back: torch itself lies in reach of everybody's code
HONESTY = [
    Attempt(
        "PyTorch's scheduler by its import",
        "import torch\nfrom torch.optim.lr_scheduler import ExponentialLR" + _TORCH,
    ),
    Attempt(
        "PyTorch's scheduler by attribute",
        "import torch\ndef ExponentialLR(*settings):\n"
        "    return torch.optim.lr_scheduler.ExponentialLR(*settings)" + _TORCH,
    ),
    Attempt(
        "JAX's schedule",
        "from jax.example_libraries.optimizers import exponential_decay\n"
        "def exponential_lr(step, base_lr, gamma):\n"
        "    return float(exponential_decay(base_lr, 1, gamma)(step))",
    ),
    Attempt("PyTorch's fused AdamW", _FUSED, "adamw_step", "09_optimizers"),
    Attempt(
        "PyTorch's fused AdamW by another way",
        _FUSED.replace("torch._fused", "torch.ops.aten._fused"),
        "adamw_step",
        "09_optimizers",
        points=8,
        because="it is in memory, and who looks finds it: `lrcourse doctor` says so",
    ),
    Attempt("scikit-learn's Adam", _SKLEARN, "adam_step", "09_optimizers"),
    Attempt(
        "Optax's schedule",
        "import optax\n"
        "def exponential_lr(step, base_lr, gamma):\n"
        "    return float(optax.exponential_decay(base_lr, 1, gamma)(step))",
    ),
]
