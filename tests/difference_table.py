"""A table of how nearly update rules agree with the libraries that have them.

A test adds to it by ``record_property("largest difference", (rule, library, share))``.
"""

LIBRARIES = ["torch", "optax", "keras"]


def difference_table(properties):
    """Return the lines of "rule | torch | optax | keras", none where none is recorded.

    >>> pairs = [("SGD", "torch", 2e-16), ("SGD", "keras", 1e-16)]
    >>> for line in difference_table([("largest difference", pair) for pair in pairs]):
    ...     print(line.rstrip())
    rule | torch   | optax   | keras
    SGD  | 2.0e-16 | -       | 1.0e-16
    """
    rows = {"rule": dict(zip(LIBRARIES, LIBRARIES, strict=True))}
    for name, value in properties:
        if name == "largest difference":
            rule, library, share = value
            rows.setdefault(rule, {})[library] = f"{share:.1e}"
    width = max(map(len, rows))
    lines = [
        " | ".join(
            [f"{rule:{width}}", *(f"{row.get(name, '-'):7}" for name in LIBRARIES)]
        )
        for rule, row in rows.items()
    ]
    return lines if len(lines) > 1 else []
