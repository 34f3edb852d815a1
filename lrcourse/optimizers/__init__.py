"""Update rules: state in, state out, and the learning rate an argument.

``step(w, grad, state, lr)`` acts on one array with operators only, so the same text
serves a NumPy array, a torch tensor, and a batch of members: `w` of shape
(members, ...) with a rate each, `lr` of shape (members, 1, ...). Nothing changes in
place, and no rule owns a learning rate.

A network is a dict of arrays. `EachArray` maps a rule over its keys; a rule that needs
the loss, or sums over all parameters, is a `NetworkRule` of its own.

- `sgd`, `adaptive`: the rules of the textbooks
- `automatic`: rules that find the rate themselves, or need no decay
- `muon`: steps along orthogonalised matrices; `clipping`: gradients kept short
- `scheduled`: momentum by the step, rates by the layer; `watched`: what updates did
- `protocols`: what a loop needs of a rule; `declaration`: how one is declared

Formulas, names and defaults are PyTorch's; a docstring says where Keras and Optax
differ. Settings come by name, and are checked when a rule is made: a ``ValueError``
names the one that does not fit.
"""

from lrcourse.optimizers.adaptive import (
    Adagrad,
    Adam,
    AdamW,
    AMSGrad,
    RAdam,
    RMSprop,
    UncorrectedAdam,
)
from lrcourse.optimizers.automatic import (
    DAdaptationSGD,
    HypergradientSGD,
    Polyak,
    ScheduleFreeSGD,
)
from lrcourse.optimizers.clipping import Clipped, clip_by_global_norm, global_norm
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.muon import Muon, orthogonalise
from lrcourse.optimizers.protocols import (
    EachArray,
    NetworkRule,
    Rule,
    on_network,
    per_member,
)
from lrcourse.optimizers.scheduled import LayerRates, ScheduledMomentum
from lrcourse.optimizers.sgd import L2, SGD, KerasSGD
from lrcourse.optimizers.watched import Seen, Watched

__all__ = [
    "L2",
    "SGD",
    "AMSGrad",
    "Adagrad",
    "Adam",
    "AdamW",
    "Clipped",
    "DAdaptationSGD",
    "EachArray",
    "HypergradientSGD",
    "KerasSGD",
    "LayerRates",
    "Muon",
    "NetworkRule",
    "Polyak",
    "RAdam",
    "RMSprop",
    "Rule",
    "ScheduleFreeSGD",
    "ScheduledMomentum",
    "Seen",
    "UncorrectedAdam",
    "Watched",
    "clip_by_global_norm",
    "global_norm",
    "on_network",
    "orthogonalise",
    "per_member",
    "update_rule",
]
