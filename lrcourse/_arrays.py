"""What arrays are called in all rooms: one alias, one meaning."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
AnyArray: TypeAlias = Any  # a NumPy array or a torch tensor
Params: TypeAlias = Mapping[str, AnyArray]  # a network: its arrays by name
