"""tell_stds_apart, chapter 04: The first weights."""

from lrcourse.grading import tells_apart

ACTIVATIONS = ("relu", "tanh", "sigmoid")


def is_layer(activation, inputs, outputs):
    """Say whether the arguments are those of a layer."""
    counts = all(type(n) is int and 1 <= n <= 10_000 for n in (inputs, outputs))
    return activation in ACTIVATIONS and counts


TESTS = tells_apart(
    "init_std",
    cases=4,
    words=ACTIVATIONS,
    domain={
        "`activation` is one of the three, `inputs` and `outputs` are whole numbers "
        "from 1 to 10000": is_layer,
    },
)
