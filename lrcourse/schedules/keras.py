"""A table of rates as a schedule for Keras. By name, because it loads Keras."""

from typing import Any

import keras
from keras import ops
from numpy.typing import ArrayLike

from lrcourse.schedules.tables import checked_table


@keras.saving.register_keras_serializable(package="lrcourse")
class TableSchedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The rates of a table, one an update, the last one ever after.

    Computed in Keras' ``floatx``, on any of its backends; saved with the model.
    """

    def __init__(self, table: ArrayLike, name: str = "TableSchedule") -> None:
        self.table = checked_table(table)
        self.name = name

    def __call__(self, step: Any) -> Any:
        rates = ops.convert_to_tensor(self.table, dtype=keras.config.floatx())
        last = len(self.table) - 1
        return ops.take(rates, ops.clip(ops.cast(step, "int32"), 0, last))

    def get_config(self) -> dict[str, Any]:
        """Return what Keras saves with a model, to make it again."""
        return {"table": self.table.tolist(), "name": self.name}


def keras_schedule(table: ArrayLike) -> TableSchedule:
    """Return `table`, of shape (steps,), as a schedule for a Keras optimizer.

    Update number i, counted from 0, uses ``table[i]``; past the end the last rate
    holds. Make the table with `schedules.table`, one rate longer than the training
    where the last rate is to be the floor. ValueError unless `table` holds finite
    rates, none negative.
    """
    return TableSchedule(table)
