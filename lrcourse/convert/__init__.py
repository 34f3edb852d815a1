"""Any library's schedule in, the same curve in every library out.

`convert` reads a call of PyTorch, Keras, Optax or `lrcourse.schedules`, and says its
unit, its half-life, what it spends, its rates where it begins and ends, and the calls
like it, each with the first update at which it differs. Where a library has none it
gets a function, or a table of our rates.

- `convert`: the one function; `conversion`: what it returns; `halving`: its half-life
- `plan`: a curve of `lrcourse.schedules` and its ticks, which all calls are read as
- `calls`: text, read and never run; `signatures`: what may stand in it; `sources`,
  `from_pytorch`, `from_keras`, `from_optax`, `shapes`: calls as plans; `objects`:
  schedulers and functions that exist
- `to_pytorch`, `to_keras`, `to_optax`: plans as calls; `words`: numbers in them

A ``ValueError`` names a call, an argument or a setting that does not fit.
"""

from lrcourse.convert.calls import Call
from lrcourse.convert.conversion import Conversion, Equivalent
from lrcourse.convert.convert import convert
from lrcourse.convert.plan import Plan

__all__ = ["Call", "Conversion", "Equivalent", "Plan", "convert"]
