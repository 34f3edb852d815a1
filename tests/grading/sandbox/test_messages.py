"""Requests and replies as data and back; what a worker may say, and nothing else."""

import json

import pytest

from lrcourse.grading.sandbox.messages import (
    Attribute,
    Broken,
    Call,
    CallbackCall,
    CallbackReply,
    Load,
    Loaded,
    Missing,
    Problem,
    Raised,
    Running,
    Value,
    WrongSignature,
    callback_data,
    read_callback,
    read_request,
    read_said,
    request_data,
    said_data,
)
from lrcourse.grading.sandbox.wire import WireError

PROBLEM = Problem("NameError", "what", "cell 2", 3, unknown_name="x")
DEEP = Problem("E", "m", None, None, because=PROBLEM)


def as_json(data):
    return json.loads(json.dumps(data))


@pytest.mark.parametrize(
    "request_",
    [
        Load([["c", "x = 1"]], ["a"], ["c"]),
        Call("f", [1]),
        Call(3, held=True),
        Attribute(0, ""),
    ],
)
def test_a_request_comes_back_with_its_nonce(request_):
    assert read_request(as_json(request_data(request_, "n"))) == (request_, "n")


@pytest.mark.parametrize("reply", [CallbackReply(5), CallbackReply(raised="E: no")])
def test_what_became_of_a_callback_comes_back(reply):
    assert read_callback(as_json(callback_data(reply))) == reply


@pytest.mark.parametrize(
    "said",
    [
        Running("cell 1"),
        CallbackCall(0, [1], {"dict": []}),
        Value(1, [2], {"dict": []}),
        Value(None),
        Missing("f"),
        Broken(PROBLEM),
        WrongSignature("missing 'x'"),
        Raised(PROBLEM),
        Raised(DEEP),
    ],
)
def test_what_a_worker_says_comes_back(said):
    assert read_said(as_json(said_data(said, "n")), "n") == said


def test_a_load_is_told_that_it_is_loaded_or_what_runs_and_nothing_else():
    assert read_said(said_data(Loaded(), "n"), "n", is_load=True) == Loaded()
    assert read_said(said_data(Running("c"), "n"), "n", is_load=True) == Running("c")
    for said in (Value(1), Missing("f"), Raised(PROBLEM), CallbackCall(0, [], [])):
        with pytest.raises(WireError):
            read_said(said_data(said, "n"), "n", is_load=True)


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        {"nonce": "old", "value": 1},
        {"nonce": "n"},
        {"nonce": "n", "unheard": 1},
        {"nonce": "n", "callback": -1, "args": [], "kwargs": {}},
        {"nonce": "n", "callback": "0", "args": [], "kwargs": {}},
        {"nonce": "n", "callback": 0},
        {"nonce": "n", "running": 5},
        {"nonce": "n", "raised": ["E"], "message": ""},
        {"nonce": "n", "raised": "E", "message": "", "line": "5"},
        {"nonce": "n", "broken": 5},
        {"nonce": "n", "loaded": True},
        {"nonce": "n", "raised": "E", "message": "", "because": 5},
        {"nonce": "n", "raised": "E", "message": "", "because": None},
        {"nonce": "n", "raised": "E", "message": "", "unknown_name": None},
        {"nonce": "n", "callback": True, "args": [], "kwargs": {}},
    ],
)
def test_a_reply_of_no_known_form_is_refused(reply):
    with pytest.raises(WireError):
        read_said(reply, "n")


def test_the_texts_of_a_reply_are_harmless():
    reply = {"nonce": "n", "raised": "E\x1b[1m", "message": "a\u202eb" + "x" * 9999}
    said = read_said(reply | {"because": reply | {"unknown_name": "z"}}, "n")
    assert said.problem.type == "E\\x1b[1m"
    assert said.problem.message.startswith("a\\u202ebx")
    assert len(said.problem.message) < 2100
    assert said.problem.because.unknown_name == "z"
