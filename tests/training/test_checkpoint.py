"""A resumed run is the whole run, bit for bit; what becomes of one that lost a part."""

import copy
import pickle
import re
import subprocess
import sys
import tempfile
import zipfile
from functools import reduce
from itertools import islice
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.optim import lr_scheduler

from lrcourse.data import batches
from lrcourse.schedules import constant, cosine, warmup
from lrcourse.schedules.plateau import ReduceOnPlateau
from lrcourse.training.checkpoint import load, save
from lrcourse.training.torch_loop import fit, freeze
from tests import ROOT

SCHEDULE = warmup(cosine(0.1, 16), 4)
STEPS, HALF = 20, 10
OPTIMIZERS = {
    "SGD": lambda weights: torch.optim.SGD(weights, momentum=0.9, nesterov=True),
    "AdamW": torch.optim.AdamW,
    "RMSprop": lambda weights: torch.optim.RMSprop(weights, momentum=0.9),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ten_and_ten_updates_are_twenty_to_the_last_bit(name, tmp_path):
    path = tmp_path / "run.pt"
    model, optimizer = built(name)
    losses = train(model, optimizer, 0, STEPS)

    half, half_optimizer = built(name)
    first = train(half, half_optimizer, 0, HALF)
    save(path, half, half_optimizer, HALF)

    torch.manual_seed(123)  # another process would stand somewhere else
    resumed, resumed_optimizer = built(name, seed=None)
    progress = load(path, resumed, resumed_optimizer)
    second = train(resumed, resumed_optimizer, progress.step, STEPS)
    assert first + second == losses
    assert same(resumed.state_dict(), model.state_dict())
    assert same(resumed_optimizer.state_dict(), optimizer.state_dict())


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Resume in a fresh process that is killed while it saves for the next time."""
    path = tmp_path_factory.mktemp("killed") / "run.pt"
    model, optimizer = built("SGD")
    train(model, optimizer, 0, HALF)
    save(path, model, optimizer, HALF)
    before = path.read_bytes()
    code = """
import os, sys
from tests.training.test_checkpoint import HALF, STEPS, built, digest, load, save, train
path = sys.argv[1]
model, optimizer = built("SGD", seed=None)
progress = load(path, model, optimizer)
train(model, optimizer, progress.step, STEPS)
print(digest(model), flush=True)
os.fsync = lambda file: os._exit(9)
save(path, model, optimizer, STEPS)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 9
    return done.stdout.strip(), path, before


def test_a_fresh_process_resumes_to_the_last_bit(killed):
    printed, _, _ = killed
    model, optimizer = built("SGD")
    train(model, optimizer, 0, STEPS)
    assert printed == digest(model)


def test_a_process_killed_while_it_saves_leaves_the_file_of_before(killed):
    _, path, before = killed
    assert path.read_bytes() == before
    assert load(path, *built("SGD")).step == HALF


def test_an_error_while_saving_leaves_the_file_of_before_and_nothing_else(
    tmp_path, monkeypatch
):
    path = tmp_path / "run.pt"
    model, optimizer = built("SGD")
    save(path, model, optimizer, 0)
    before = path.read_bytes()

    def disk_is_full(value, file):
        file.write(b"half of it")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", disk_is_full)
    with pytest.raises(OSError, match="no space left"):
        save(path, model, optimizer, 1)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_saving_again_replaces_and_makes_the_folder_it_needs(tmp_path):
    path = tmp_path / "runs" / "one.pt"
    model, optimizer = built("SGD")
    save(path, model, optimizer, 1)
    save(str(path), model, optimizer, 2)
    assert load(str(path), model, optimizer).step == 2
    assert list(path.parent.iterdir()) == [path]


def test_the_new_file_takes_the_place_of_the_old_it_is_not_written_into_it(tmp_path):
    path = tmp_path / "run.pt"
    model, optimizer = built("SGD")
    save(path, model, optimizer, 1)
    old = path.stat().st_ino
    save(path, model, optimizer, 2)
    assert path.stat().st_ino != old


def test_saving_changes_nothing(tmp_path):
    losses = train(*built("SGD"), 0, STEPS)
    model, optimizer = built("SGD")
    first = train(model, optimizer, 0, HALF)
    save(tmp_path / "run.pt", model, optimizer, HALF)
    assert first + train(model, optimizer, HALF, STEPS) == losses


def forget_nothing(parts):
    return HALF


def forget_the_optimizer(parts):
    parts["optimizer"].state.clear()
    return HALF


def forget_the_random_generator(parts):
    torch.manual_seed(0)
    return HALF


def forget_the_buffers(parts):
    parts["model"][1].reset_running_stats()
    return HALF


def forget_the_step(parts):
    return 0


def forget_one_update(parts):
    return HALF - 1


FORGETFUL = [
    forget_the_optimizer,
    forget_the_random_generator,
    forget_the_step,
    forget_one_update,
]


def resumed_after(forget, path):
    model, optimizer = built("SGD")
    train(model, optimizer, 0, HALF)
    save(path, model, optimizer, HALF)
    model, optimizer = built("SGD", seed=1)
    load(path, model, optimizer)
    first_step = forget({"model": model, "optimizer": optimizer})
    losses = train(model, optimizer, first_step, first_step + STEPS - HALF)
    return losses, model


@pytest.mark.parametrize("forget", FORGETFUL)
def test_what_is_forgotten_sends_the_run_another_way_without_a_word(forget, tmp_path):
    whole, _ = resumed_after(forget_nothing, tmp_path / "whole.pt")
    losses, _ = resumed_after(forget, tmp_path / "run.pt")
    assert losses != whole


def test_forgotten_batch_norm_averages_show_only_when_it_is_evaluated(tmp_path):
    whole, model = resumed_after(forget_nothing, tmp_path / "whole.pt")
    losses, forgetful = resumed_after(forget_the_buffers, tmp_path / "run.pt")
    assert losses == whole
    inputs = torch.ones(1, 4)
    assert not torch.equal(model.eval()(inputs), forgetful.eval()(inputs))


def test_your_own_generators_go_on_where_they_were(tmp_path):
    noise = torch.Generator().manual_seed(5)
    model, optimizer = built("SGD")
    torch.rand(3, generator=noise)
    save(tmp_path / "run.pt", model, optimizer, 0, generators=[noise])
    expected = torch.rand(3, generator=noise)
    other = torch.Generator()
    load(tmp_path / "run.pt", model, optimizer, generators=[other])
    assert torch.equal(torch.rand(3, generator=other), expected)


def test_a_plateau_resumes_from_the_metrics_it_has_seen(tmp_path):
    rule = ReduceOnPlateau(0.5, factor=0.5, patience=0, threshold=0.2)

    def epochs(model, optimizer, metrics, until):
        state = reduce(rule.step, metrics, rule.init())
        lrs = []
        while len(metrics) < until:
            lrs.append(state.lr)
            epoch = list(all_batches())[:3]
            record = fit(model, optimizer, constant(state.lr), epoch)
            metrics.append(record.losses[-1])
            state = rule.step(state, metrics[-1])
        return lrs

    model, optimizer = built("SGD")
    whole = epochs(model, optimizer, [], 12)
    half, optimizer = built("SGD")
    metrics = []
    first = epochs(half, optimizer, metrics, 5)
    save(tmp_path / "run.pt", half, optimizer, step=15, metrics=metrics)
    resumed, optimizer = built("SGD", seed=1)
    progress = load(tmp_path / "run.pt", resumed, optimizer)
    assert progress.metrics == metrics
    assert first + epochs(resumed, optimizer, progress.metrics, 12) == whole
    assert len(set(whole)) > 3
    assert same(resumed.state_dict(), model.state_dict())


def other_dtype():
    model = network().double()
    return model, OPTIMIZERS["SGD"](model.parameters())


def other_shape():
    model = network()
    model[4] = nn.Linear(6, 2)
    return model, OPTIMIZERS["SGD"](model.parameters())


def more_layers():
    model = network().append(nn.Linear(3, 3))
    return model, OPTIMIZERS["SGD"](model.parameters())


def one_more_buffer():
    model = network()
    model.register_buffer("counts", torch.zeros(2))
    return model, OPTIMIZERS["SGD"](model.parameters())


def other_optimizer():
    model = network()
    return model, torch.optim.AdamW(model.parameters())


def other_order():
    model = network()
    return model, OPTIMIZERS["SGD"](reversed(list(model.parameters())))


def frozen_since():
    model = network()
    freeze(model[0])
    return model, OPTIMIZERS["SGD"](model.parameters())


WEIGHTS = "'0.weight', '0.bias', '1.weight', '1.bias', '4.weight', '4.bias'"
REVERSED = "'4.bias', '4.weight', '1.bias', '1.weight', '0.bias', '0.weight'"
WAS_SGD = f"optimizer must be SGD of [[{WEIGHTS}]], as saved, "
DIFFERENT = {
    other_dtype: "0.weight must be (6, 4) torch.float32 that trains, as saved, "
    "got (6, 4) torch.float64 that trains",
    other_shape: "4.weight must be (3, 6) torch.float32 that trains, as saved, "
    "got (2, 6) torch.float32 that trains",
    more_layers: f"{WAS_SGD}got SGD of [[{WEIGHTS}, '5.weight', '5.bias']]",
    one_more_buffer: "counts must be absent, as saved, "
    "got (2,) torch.float32 that does not train",
    other_optimizer: f"{WAS_SGD}got AdamW of [[{WEIGHTS}]]",
    other_order: f"{WAS_SGD}got SGD of [[{REVERSED}]]",
    frozen_since: "0.weight must be (6, 4) torch.float32 that trains, as saved, "
    "got (6, 4) torch.float32 that does not train",
}


@pytest.mark.parametrize("build", DIFFERENT)
def test_what_is_not_built_as_it_was_is_refused_and_left_alone(build, tmp_path):
    model, optimizer = built("SGD")
    train(model, optimizer, 0, 3)
    save(tmp_path / "run.pt", model, optimizer, 3)
    other, other_optimizer = build()
    before = copy.deepcopy(other.state_dict())
    with refused(DIFFERENT[build]):
        load(tmp_path / "run.pt", other, other_optimizer)
    assert same(other.state_dict(), before)
    assert not other_optimizer.state


@pytest.mark.parametrize("count", [0, 2])
def test_more_or_fewer_generators_than_saved_are_refused(count, tmp_path):
    model, optimizer = built("SGD")
    save(tmp_path / "run.pt", model, optimizer, 3, generators=[torch.Generator()])
    generators = [torch.Generator() for _ in range(count)]
    with refused(f"generators must be 1, as saved, got {count}"):
        load(tmp_path / "run.pt", model, optimizer, generators)


def test_a_file_that_would_run_code_is_refused(tmp_path):
    path = tmp_path / "run.pt"
    torch.save({"step": Path("anything but numbers")}, path)
    with pytest.raises(ValueError, match="Weights only load failed") as raised:
        load(path, *built("SGD"))
    assert isinstance(raised.value.__cause__, pickle.UnpicklingError)


def foreign(path, kind):
    """Write a file that is no checkpoint of ours."""
    if kind == "a model's state":
        torch.save(network().state_dict(), path)
    elif kind == "a tensor":
        torch.save(torch.zeros(3), path)
    elif kind == "an old checkpoint":
        torch.save({"model": {}, "step": 3}, path)
    elif kind == "a zip file":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("notes.txt", "nothing to load")
    elif kind == "half a file":
        save(path, *built("SGD"), step=3)
        path.write_bytes(path.read_bytes()[:900])
    else:
        path.write_bytes(
            {"empty": b"", "junk": b"junk", "text": b"step: 3\n" * 99}[kind]
        )


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("empty", "is no checkpoint, or not all of one: it is empty$"),
        ("junk", "is no checkpoint, or not all of one: "),
        ("text", "is no checkpoint, or not all of one: "),
        ("a zip file", "is no checkpoint, or not all of one: "),
        ("half a file", "is no checkpoint, or not all of one: "),
        ("a tensor", "not written by .*save: it holds a Tensor without built, metrics"),
        ("a model's state", "it holds a OrderedDict without built, metrics, model"),
        ("an old checkpoint", "a dict without built, metrics, optimizer, random$"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(kind, says, tmp_path):
    path = tmp_path / "run.pt"
    foreign(path, kind)
    model, optimizer = built("SGD")
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ValueError, match=says) as raised:
        load(path, model, optimizer)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert same(model.state_dict(), before)


@given(st.binary(max_size=60))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_whatever_bytes_a_file_has_they_are_refused_in_a_sentence(bytes_):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.pt"
        path.write_bytes(bytes_)
        with pytest.raises(ValueError, match=r"is no checkpoint|was not written by"):
            load(path, *built("SGD"))


def test_a_file_that_is_not_there_is_python_s_own_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "run.pt", *built("SGD"))
    with pytest.raises(IsADirectoryError):
        load(tmp_path, *built("SGD"))


def torch_lrs_after_resuming(resume):
    """Return ten rates of a cosine over ten steps that was resumed after five."""

    def fresh():
        return torch.optim.SGD([torch.zeros(1)], lr=0.1)

    optimizer = fresh()
    scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    lrs = []
    for step in range(10):
        if step == 5:
            saved = optimizer.state_dict(), scheduler.state_dict()
            optimizer = fresh()
            scheduler = resume(optimizer, *saved)
        lrs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return lrs


def resume_all(optimizer, saved, saved_scheduler):
    scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    optimizer.load_state_dict(saved)
    scheduler.load_state_dict(saved_scheduler)
    return scheduler


def resume_without_scheduler(optimizer, saved, saved_scheduler):
    optimizer.load_state_dict(saved)
    return lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)


def resume_without_optimizer(optimizer, saved, saved_scheduler):
    scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    scheduler.load_state_dict(saved_scheduler)
    return scheduler


def resume_by_last_epoch(last_epoch):
    def resume(optimizer, saved, saved_scheduler):
        optimizer.load_state_dict(saved)
        return lr_scheduler.CosineAnnealingLR(optimizer, 10, last_epoch=last_epoch)

    return resume


PLAN = [cosine(0.1, 10)(step) for step in range(10)]
TORCH_RESUMED = {
    resume_all: PLAN[5:],
    resume_by_last_epoch(4): PLAN[5:],  # the epoch before the next one
    resume_by_last_epoch(5): [0.05, 0.0298, 0.0138, 0.0035, 0.0],  # one step early
    resume_without_scheduler: [lr / 2 for lr in PLAN[:5]],  # no jump: a longer cosine
    resume_without_optimizer: [0.1, 0.0691, 0.0412, 0.0191, 0.0049],  # from base_lr
}


@pytest.mark.parametrize(("resume", "lrs"), TORCH_RESUMED.items())
def test_what_becomes_of_a_scheduler_in_torch(resume, lrs):
    assert torch_lrs_after_resuming(resume) == pytest.approx(PLAN[:5] + lrs, abs=5e-5)


def test_torch_does_not_save_the_function_of_a_lambda_scheduler():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = lr_scheduler.LambdaLR(optimizer, cosine(0.1, 10))
    assert scheduler.state_dict()["lr_lambdas"] == [None]


def network():
    return nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.3), nn.Linear(6, 3)
    )


def built(name, seed=0):
    if seed is not None:
        torch.manual_seed(seed)
    model = network()
    return model, OPTIMIZERS[name](model.parameters())


def all_batches():
    """Return 21 batches, in a new order each epoch, the last of each a smaller one."""
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(20, 4, generator=generator)
    labels = torch.randint(0, 3, (20,), generator=generator)
    return batches(inputs, labels, batch_size=8, epochs=7, seed=2)


def train(model, optimizer, first_step, stop):
    until = islice(all_batches(), stop)
    return fit(model, optimizer, SCHEDULE, until, first_step=first_step).losses


def same(one, other):
    """Compare nested dicts, lists and tensors to the last bit."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def digest(model):
    return b"".join(t.numpy().tobytes() for t in model.state_dict().values()).hex()


def refused(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")
