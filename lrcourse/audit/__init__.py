"""Which rate did each update use, and what is wrong with it?

`audit` takes the rates of a run, as a log or `recorder.record_rates` has them, names
the schedule that gives every one of them, with its settings, and the mistakes that show
in them, each with its update. It knows the schedules of `lrcourse.schedules`, plain or
after a straight warmup; it calls them and has no formula of its own.

What it cannot know is what was meant: a run that is one step early, whose warmup is
missing, or whose peak is elsewhere looks right without a `plan`. A straight line that
is cut off has no end that can be seen.

- `look`: the one function; `findings`: what it returns
- `naming`: the search for the simplest schedule; `decays`, `cycles`: candidates;
  `fitting`: their settings; `tolerance`, `recipe`: what agrees with what
- `alone`, `against`, `groups`: mistakes seen in rates alone, beside a plan, and beside
  other parameter groups
- `recorder`: around any PyTorch loop, imported by this name
"""

from lrcourse.audit.findings import Audit, Finding
from lrcourse.audit.look import audit
from lrcourse.audit.naming import Named
from lrcourse.audit.recipe import Recipe

__all__ = ["Audit", "Finding", "Named", "Recipe", "audit"]
