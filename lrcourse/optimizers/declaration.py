"""How an update rule is declared: a frozen dataclass whose settings come by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import wraps
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind")


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(field,)
)
def update_rule(kind: type[Kind]) -> type[Kind]:
    """Make `kind` a frozen dataclass that refuses a setting without its name.

    What a rule is wrapped around is no setting: ``rule: Rule = field(kw_only=False)``.

    Raises:
        TypeError: When a rule is made with a number alone, as in ``Adam(0.001)``, where
            it would set whatever comes first, or with a setting that it has not.
    """
    made = dataclass(frozen=True, kw_only=True)(kind)
    positional = [f.name for f in fields(made) if not f.kw_only]  # type: ignore[arg-type]
    by_name = [f.name for f in fields(made) if f.kw_only]  # type: ignore[arg-type]
    init: Callable[..., None] = made.__init__

    @wraps(init)
    def checked(self: Any, *args: Any, **settings: Any) -> None:
        unknown = settings.keys() - {*positional, *by_name}
        if len(args) > len(positional) or unknown:
            name = type(self).__name__
            form = ", ".join([*positional, *(f"{setting}=..." for setting in by_name)])
            raise TypeError(
                f"{_call(name, args, settings)} must be of the form {name}({form}): "
                "settings come by name, and the learning rate is no setting but an "
                "argument of step, so it belongs into the schedule"
            )
        init(self, *args, **settings)

    made.__init__ = checked  # type: ignore[method-assign]
    return made


def _call(name: str, args: Sequence[Any], settings: Mapping[str, Any]) -> str:
    given = [*map(repr, args), *(f"{key}={value!r}" for key, value in settings.items())]
    return f"{name}({', '.join(given)})"
