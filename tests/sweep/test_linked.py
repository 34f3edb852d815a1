import numpy as np
import pytest

from lrcourse import network
from lrcourse.data import batches, digits
from lrcourse.optimizers import SGD
from lrcourse.schedules import constant
from lrcourse.sweep import MLP, Linked, sweep
from lrcourse.training import train


def trained(model, **settings):
    split = digits()
    data = split.inputs[:100], split.labels[:100], *split[2:]
    return sweep(
        model,
        data,
        rules={"SGD": SGD()},
        schedules={"flat": constant},
        lrs=(0.1, 0.5),
        seeds=(0, 1),
        epochs=2,
        batch_size=32,
        n_jobs=1,
        **settings,
    )


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_with_the_right_links_it_is_the_perceptron(activation):
    sizes = (64, 12, 8, 10)
    mine = trained(Linked(network.MLP(sizes, activation), "xavier"))
    theirs = trained(MLP(sizes, activation, "xavier"))
    for column in ("train_loss", "test_loss", "accuracy"):
        assert np.allclose(mine[column], theirs[column], rtol=1e-10, atol=0)


@pytest.mark.parametrize("wrong", network.broken(network.MLP((64, 12, 10))))
def test_a_wrong_link_trains_as_the_plain_loop_does(wrong):
    net = network.broken(network.MLP((64, 12, 10)))[wrong]
    table = trained(Linked(net))
    split = digits()
    inputs, labels = split.inputs[:100], split.labels[:100]
    run = train(
        net.loss_and_grads,
        SGD(),
        constant(0.1),
        net.init(1),
        batches(inputs, labels, 32, 2, 1),
    )
    (mine,) = table[(table.lr == 0.1) & (table.seed == 1)].train_loss
    assert mine == pytest.approx(np.mean(run.losses[-4:]), rel=1e-10)


def test_batch_normalisation_and_unknown_schemes_are_refused():
    with pytest.raises(ValueError, match="net must have no batch_norm"):
        Linked(network.MLP((3, 3, 3), batch_norm=True))
    with pytest.raises(ValueError, match="scheme must be one of"):
        Linked(network.MLP((3, 3)), scheme="best")
