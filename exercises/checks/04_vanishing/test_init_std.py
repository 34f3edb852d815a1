"""init_std, chapter 04: The first weights."""

from lrcourse import network
from lrcourse.grading import Edit, Mistakes, agrees_with, close

HINTS = [
    "Two formulas: which of the two does this activation want?",
    "ReLU: the variance 2 / inputs. tanh and sigmoid: 2 / (inputs + outputs).",
    "What is asked for is the standard deviation, the root of the variance.",
]


def test_a_relu_layer_of_50_inputs_wants_a_fifth(init_std):
    assert close(init_std("relu", 50, 10), 0.2), (
        "the variance is 2 / 50 = 0.04: what is the standard deviation?"
    )


def test_a_relu_layer_does_not_look_at_its_outputs(init_std):
    assert close(init_std("relu", 8, 5000), 0.5), (
        "each sum has 8 products, however many sums there are"
    )


def test_a_tanh_layer_looks_at_both_sides(init_std):
    assert close(init_std("tanh", 30, 20), 0.2), (
        "the variance is 2 / (30 + 20): half-way between signal and gradient"
    )


def test_a_sigmoid_layer_is_treated_like_a_tanh_layer(init_std):
    assert close(init_std("sigmoid", 6, 2), 0.5), (
        "the variance is 2 / (6 + 2), as for tanh"
    )


def test_a_layer_may_be_as_small_as_one_number(init_std):
    assert close(init_std("relu", 8, 1), 0.5), "2 / 8 is 1/4, whose root is 1/2"
    assert close(init_std("tanh", 1, 1), 1.0), "2 / (1 + 1) is 1, and so is its root"


def expected_std(activation, inputs, outputs):
    sd = network.he_sd if activation == "relu" else network.xavier_sd
    return sd(inputs, outputs)


@agrees_with(expected_std, points=2)
def test_random_layers_get_the_library_s_standard_deviation(rng):
    """He's for ReLU, Xavier's for tanh and sigmoid: the root of 2 over a count"""
    return {
        "activation": str(rng.choice(["relu", "tanh", "sigmoid"])),
        "inputs": int(rng.integers(1, 1000)),
        "outputs": int(rng.integers(1, 1000)),
    }


MISTAKES = Mistakes(
    see="The first weights",
    returns_the_variance=Edit(
        "You return the variance: the standard deviation is its root.",
        {"math.sqrt(2 / fan)": "2 / fan"},
    ),
    counts_the_outputs=Edit(
        "You count the outputs of a ReLU layer: a sum has as many products as the "
        "layer has inputs.",
        {"fan = inputs if": "fan = outputs if"},
    ),
    forgets_that_relu_halves=Edit(
        "You keep 1 / n for ReLU: it throws half of the square away, so that twice the "
        "variance is needed.",
        {
            "fan = inputs if": "fan = 2 * inputs if",
        },
    ),
    takes_xavier_for_all=Edit(
        "You take inputs plus outputs for ReLU, too: He's looks at the inputs alone.",
        {'inputs if activation == "relu" else inputs + outputs': "inputs + outputs"},
    ),
    takes_he_for_all=Edit(
        "You take He's for every activation: tanh and sigmoid share between inputs and "
        "outputs.",
        {'inputs if activation == "relu" else inputs + outputs': "inputs"},
    ),
    takes_sigmoid_for_relu=Edit(
        "You treat sigmoid like ReLU: He's formula makes up for the half that only "
        "ReLU throws away.",
        {'activation == "relu"': 'activation != "tanh"'},
    ),
    forgets_the_two_of_xavier=Edit(
        "You take the mean of inputs and outputs twice: 1 over their mean is 2 over "
        "their sum.",
        {"else inputs + outputs": "else 2 * (inputs + outputs)"},
    ),
    returns_the_bound_of_a_uniform=Edit(
        "You return the bound of uniform weights, the root of 6 over the count: their "
        "standard deviation is that over the root of 3.",
        {"2 / fan": "6 / fan"},
    ),
    forgets_a_side=Edit(
        "You take 1 over the inputs for tanh and sigmoid: Xavier's takes 2 over "
        "inputs plus outputs.",
        {
            "math.sqrt(2 / fan)": (
                'math.sqrt((2 if activation == "relu" else 1) / inputs)'
            ),
        },
    ),
    takes_the_root_of_two_alone=Edit(
        "You take the root of 2 and not of the count: both stand under the root.",
        {
            "math.sqrt(2 / fan)": "math.sqrt(2) / fan",
        },
    ),
)
