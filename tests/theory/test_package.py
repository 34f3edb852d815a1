import importlib
import pkgutil

from lrcourse import theory

ROOMS = sorted(room.name for room in pkgutil.iter_modules(theory.__path__))


def loaded(room):
    return importlib.import_module(f"lrcourse.theory.{room}")


def test_every_formula_can_be_had_from_the_package_itself():
    formulas = {
        name: thing
        for room in ROOMS
        for name, thing in vars(loaded(room)).items()
        if getattr(thing, "__module__", None) == f"lrcourse.theory.{room}"
        and not name.startswith("_")
        and room != "checks"
    }
    assert set(theory.__all__) == set(formulas)
    assert all(getattr(theory, name) is formulas[name] for name in formulas)
