"""Inside the grader a class has its name for itself."""

import ast
from collections import defaultdict

from tests import ROOT

GRADING = ROOT / "lrcourse" / "grading"


def classes_by_name(folder):
    """Return the rooms that define each class, or an alias of some."""
    found = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in {*classes_of(tree), *aliases_of(tree)}:
            found[name].append(path.relative_to(folder).as_posix())
    return found


def classes_of(tree):
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def aliases_of(tree):
    """Return the names that stand for a type: ``A = B | C``, ``A: TypeAlias = B``."""
    for node in tree.body:
        match node:
            case ast.AnnAssign(ast.Name(name), ast.Name("TypeAlias")):
                yield name
            case ast.Assign([ast.Name(name)], value) if not name.isupper():
                if name[:1].isupper() and not isinstance(value, ast.Call):
                    yield name


def test_two_classes_never_share_a_name():
    shared = {name: at for name, at in classes_by_name(GRADING).items() if len(at) > 1}
    assert not shared, f"give one of each pair another name: {shared}"


def test_a_shared_name_is_found(tmp_path):
    (tmp_path / "one.py").write_text("class Worker:\n    class Inner:\n        pass\n")
    (tmp_path / "two.py").write_text("Worker = int | str\nInner: TypeAlias = int\n")
    found = classes_by_name(tmp_path)
    assert found["Worker"] == found["Inner"] == ["one.py", "two.py"]
