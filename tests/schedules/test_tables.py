"""A table of rates: our own values, in arrays, in compiled code, in other libraries."""

import os
import re
import subprocess
import sys

import jax
import numpy as np
import optax
import pytest
from hypothesis import given, settings

from lrcourse import schedules
from lrcourse.schedules import cosine, linear, table, warmup
from lrcourse.schedules.optax import optax_schedule
from tests.schedules.test_schedules import EVERY, SETTINGS

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
import keras

from lrcourse.schedules.keras import TableSchedule, keras_schedule

PLAN = warmup(cosine(0.1, 20, min_lr=0.01), 5)


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS)
@settings(max_examples=5, deadline=None, derandomize=True)
def test_a_table_has_the_rates_of_all_updates(name, s):
    schedule = EVERY[name](s)
    rates = table(schedule, 60)
    assert rates.dtype == np.float64
    assert rates.tolist() == [schedule(step) for step in range(60)]


def test_an_array_of_steps_finds_its_rates_in_a_table():
    steps = np.array([[0, 3], [24, 30]])
    assert table(PLAN, 31)[steps].tolist() == [
        [PLAN(0), PLAN(3)],
        [PLAN(24), PLAN(30)],
    ]


def test_a_table_of_no_updates_is_empty():
    assert table(PLAN, 0).shape == (0,)


def test_numbers_of_any_kind_make_a_table():
    own = [np.float32(0.5), 1, np.array(0.25), True].__getitem__
    assert table(own, 4).tolist() == [0.5, 1.0, 0.25, 1.0]


@pytest.mark.parametrize(
    ("schedule", "steps", "message"),
    [
        (0.1, 3, "schedule must be a function from step to learning rate, got 0.1"),
        (PLAN, -1, "steps must be an integer, zero or more, got -1"),
        (PLAN, 3.0, "steps must be an integer, zero or more, got 3.0"),
        (
            lambda _: 1j,
            2,
            "schedule must return one real number for each step",
        ),
        (lambda _: None, 2, "schedule must return one real number for each step, got"),
        (lambda _: [1, 2], 2, "schedule must return one real number for each step"),
    ],
)
def test_what_makes_no_table_is_refused(schedule, steps, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        table(schedule, steps)


@pytest.mark.parametrize("make", [keras_schedule, optax_schedule])
@pytest.mark.parametrize("rates", [[], [[0.1]], 0.1, [0.1, np.nan], [np.inf], [-0.1]])
def test_what_is_no_table_is_refused(make, rates):
    with pytest.raises(ValueError, match=r"table must hold learning rates"):
        make(rates)


@pytest.mark.parametrize("transform", [jax.jit, jax.vmap, lambda f: jax.grad(f)])
def test_a_schedule_in_compiled_code_says_to_use_a_table(transform):
    steps = {jax.vmap: jax.numpy.arange(3)}.get(transform, 3.0)
    with pytest.raises(ValueError, match=r"make a table: lrcourse.schedules.table"):
        transform(PLAN)(steps)


def test_optax_uses_our_rates_under_jit():
    rates = table(PLAN, 26)
    theirs = jax.jit(optax_schedule(rates))
    used = [float(theirs(step)) for step in range(30)]
    assert used == pytest.approx([PLAN(step) for step in range(30)], rel=1e-7)


@pytest.mark.usefixtures("double_precision")
def test_optax_uses_our_rates_to_the_last_bit_in_double_precision():
    theirs = optax_schedule(table(PLAN, 26))
    used = jax.vmap(theirs)(jax.numpy.arange(30))
    assert used.tolist() == [PLAN(step) for step in range(30)]


def test_a_compiled_optax_training_takes_the_steps_of_the_table():
    rates = table(PLAN, 8)
    optimizer = optax.sgd(optax_schedule(rates))

    @jax.jit
    def update(w, state):
        updates, state = optimizer.update(jax.numpy.ones(1), state)
        return optax.apply_updates(w, updates), state

    w, path = jax.numpy.zeros(1), []
    state = optimizer.init(w)
    for _ in range(12):
        w, state = update(w, state)
        path.append(float(w[0]))
    lrs = [*rates, *[rates[-1]] * 4]
    assert path == pytest.approx(-np.cumsum(lrs), rel=1e-6)


class Watch(keras.callbacks.Callback):
    """The only weight after each epoch, which here is one update."""

    def __init__(self):
        super().__init__()
        self.path = []

    def on_epoch_end(self, epoch, logs=None):
        weight = keras.ops.stop_gradient(self.model.trainable_variables[0])
        self.path.append(float(weight[0, 0]))


def keras_path(rates, updates):
    """Return the weight along a fit whose gradient is always one."""
    model = keras.Sequential([keras.layers.Dense(1, use_bias=False)])
    model.build((None, 1))
    model.set_weights([np.zeros((1, 1))])
    model.compile(
        keras.optimizers.SGD(keras_schedule(rates)),
        loss=lambda true, predicted: keras.ops.mean(predicted),
    )
    watch = Watch()
    one = np.ones((1, 1))
    model.fit(one, one, epochs=updates, verbose=0, callbacks=[watch])
    return watch.path


def test_a_keras_fit_takes_the_steps_of_the_table():
    rates = table(PLAN, 8)
    lrs = [*rates, *[rates[-1]] * 4]
    assert keras_path(rates, 12) == pytest.approx(-np.cumsum(lrs), rel=1e-6)


@pytest.mark.usefixtures("double_precision")
def test_keras_answers_to_the_last_bit_in_double_precision():
    theirs = keras_schedule(table(PLAN, 26))
    assert [float(theirs(step)) for step in range(30)] == [
        PLAN(step) for step in range(30)
    ]


def test_a_keras_schedule_is_saved_with_its_optimizer():
    optimizer = keras.optimizers.SGD(keras_schedule(table(linear(0.5, 4), 5)))
    saved = keras.saving.serialize_keras_object(optimizer)
    again = keras.saving.deserialize_keras_object(saved)
    schedule = again._learning_rate
    assert isinstance(schedule, TableSchedule)
    assert [float(schedule(step)) for step in range(6)] == pytest.approx(
        [0.5, 0.375, 0.25, 0.125, 0.0, 0.0]
    )


COMPILED = """
from tests.schedules.test_tables import keras, keras_path
assert keras.backend.backend() == "jax"
print(keras_path([0.5, 0.25, 0.125], 6))
"""


def test_keras_on_jax_compiles_the_fit_and_takes_the_same_steps():
    # torch's is fixed by the line above in this file, so the other is asked for in it
    code = COMPILED.replace(
        "from tests",
        "import os; os.environ['KERAS_BACKEND'] = 'jax'; import keras\nfrom tests",
        1,
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    path = [float(number) for number in done.stdout.strip("[]\n").split(", ")]
    assert path == pytest.approx([-0.5, -0.75, -0.875, -1.0, -1.125, -1.25])


def test_schedules_load_neither_keras_nor_jax_nor_numpy():
    code = (
        "import sys, lrcourse.schedules; "
        "print(sys.modules.keys() & {'keras', 'jax', 'numpy'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_all_schedules_are_known_to_the_package():
    assert schedules.table is table
