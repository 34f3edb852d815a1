"""Text and frames that a learner's code sends to whoever grades: plain data.

`TEXTS` are bodies of an answer. `FRAMES` are bytes written to the channel past the
worker, `REPLIES` are said with the number of the question, `VALUES` stand where a value
is encoded, inside a reply that is in order.
"""

import struct

HOSTILE = "\\x1b]0;harm\\x07\\x1b[2J\\x9b31m\\r\\x00\\u202e\\u2066\\ud800\\u2028"


def frame(message: str) -> bytes:
    return struct.pack("!I", len(message)) + message.encode()


TEXTS = {
    "an error with escape codes and bidi marks": f"raise ValueError('{HOSTILE}')",
    "a type named with escape codes": f"raise type('{HOSTILE}', (Exception,), dict())",
    "an error of 400 MB": "raise ValueError('x' * 400_000_000)",
    "an error whose text is an exit": (
        "class E(Exception):\n  def __str__(self): raise SystemExit\n raise E"
    ),
    "an error whose text is no text": (
        "class E(Exception):\n  def __str__(self): return 1\n raise E"
    ),
    "an error whose text is a subclass": (
        "class S(str):\n"
        "  def __getitem__(self, i): return 'x' * 10**8\n"
        " class E(Exception):\n  def __str__(self): return S('x')\n raise E"
    ),
    "a type whose name is computed": (
        "class M(type):\n  __name__ = property(lambda self: 1 / 0)\n"
        " class E(Exception, metaclass=M): pass\n raise E"
    ),
    "an error that names an unknown name of 100 MB": (
        "raise NameError('x', name='x' * 100_000_000)"
    ),
    "an error that causes itself": "e = ValueError('x'); e.__cause__ = e\n raise e",
    "a traceback 10 000 frames deep": (
        "import sys; sys.setrecursionlimit(20_000)\n"
        " def f(n): return f(n - 1) if n else 1 / 0\n f(10_000)"
    ),
    "a returned type that lies about its class": (
        "class L:\n  __class__ = property(lambda self: 1 / 0)\n"
        "  __module__ = property(lambda self: 1 / 0)\n return L()"
    ),
    "a returned type without a module": (
        "class M(type):\n  def __getattribute__(self, n): raise SystemExit\n"
        " class L(metaclass=M): pass\n return L()"
    ),
    "a returned type named with escape codes": (
        f"return type('{HOSTILE}', (), dict())()"
    ),
    "a returned list within itself": "a = []; a.append(a); return a",
    "a returned list of 100 000 levels": (
        "a = []\n for _ in range(100_000): a = [a]\n return a"
    ),
    "a returned text of 100 MB": "return 'x' * 100_000_000",
    "a returned array of 100 MB": ("import numpy\n return numpy.zeros(13_000_000)"),
    "a returned list of 2 million": "return [0] * 2_000_000",
    "a generator without end": "return (x for x in iter(int, 1))",
    "an exit": "raise SystemExit(0)",
    "an interrupt": "raise KeyboardInterrupt",
}

FRAMES = {
    "noise": bytes(range(256)) * 40,
    "text": b"Traceback (most recent call last):\n" * 99,
    "an empty frame": frame(""),
    "a frame of 4 GiB": b"\xff\xff\xff\xff{",
    "a frame that never ends": struct.pack("!I", 1 << 20) + b'{"value": ',
    "a frame 100 000 levels deep": frame("[" * 100_000 + "]" * 100_000),
    "a frame of 100 000 levels, unfinished": frame('{"a":' * 100_000),
    "a number of a million digits": frame('{"value": ' + "9" * 1_000_000 + "}"),
    "a list": frame("[]"),
    "nothing": frame("null"),
    "a value that was not asked for": frame('{"value": 42}'),
    "two replies": frame('{"value": 42}') * 2,
    "bytes that are no text": struct.pack("!I", 4) + b"\xff\xfe\x00\x80",
}

REPLIES = {
    "no word that is known": {},
    "a cell that is no cell": {"running": {"x": [1]}},
    "a call to a function that was never sent": {
        "callback": 7,
        "args": [],
        "kwargs": {"dict": []},
    },
    "a call to the last function": {"callback": -1, "args": [], "kwargs": {"dict": []}},
    "a call to a function by a text": {"callback": "x", "args": [], "kwargs": []},
    "a refusal without its parts": {"raised": "E"},
    "a refusal with other parts": {
        "raised": ["E"],
        "message": {},
        "cell": [],
        "line": {},
    },
    "a refusal because of a number": {"raised": "E", "message": "", "because": 1},
    "a refusal because of a refusal": {
        "raised": "E",
        "message": "",
        "because": {"raised": "E", "message": "", "because": {"raised": 1}},
    },
    "a broken cell that is a number": {"broken": 1},
    "a wrong signature that is a list": {"signature": [1, 2]},
    "a missing name of escape codes": {"missing": "\x1b[2J\u202e"},
    "a value without its arguments": {"value": 1},
    "a value with arguments of another form": {"value": 1, "args": 3, "kwargs": "x"},
    "a load where a value belongs": {"loaded": True},
}

VALUES = {
    "two tags": {"a": 1, "b": 2},
    "no tag": {},
    "an unknown tag": {"pickle": "gASV"},
    "a dict with a list as key": {"dict": [[[1], 2]]},
    "a dict that is a number": {"dict": 7},
    "a tuple that is a number": {"tuple": 7},
    "an array of objects": {"array": {"dtype": "|O", "shape": [1], "data": "AAAA"}},
    "an array of text": {"array": {"dtype": "<U1", "shape": [1], "data": "QQAAAA=="}},
    "an array of records": {"array": {"dtype": "i4,(2,3)f8", "shape": [0], "data": ""}},
    "an array of an unknown type": {
        "array": {"dtype": "harm", "shape": [1], "data": "AAAA"}
    },
    "an array without a shape": {"array": {"dtype": "<f8", "data": ""}},
    "an array of a wrong shape": {
        "array": {"dtype": "<f8", "shape": [7, 7], "data": "AAAA"}
    },
    "an array of a shape in words": {
        "array": {"dtype": "<f8", "shape": "xx", "data": "AAAA"}
    },
    "an array of a huge empty shape": {
        "array": {"dtype": "<f8", "shape": [0, 2**62, 2**62], "data": ""}
    },
    "an array whose data is no base64": {
        "array": {"dtype": "<f8", "shape": [1], "data": "\u2028"}
    },
    "an array of pieces of no size": {
        "array": {"dtype": "V0", "shape": [2**40], "data": ""}
    },
    "a complex number of words": {"complex": ["a", "b"]},
    "a complex number of three parts": {"complex": [1, 2, 3]},
    "a reference to nothing": {"reference": {}},
    "a reference that is a text": {"reference": "x"},
    "a reference to a check's function": {"reference": {"callback": 7}},
    "a reference to a check's last function": {"reference": {"callback": -1}},
    "a reference to an object by a text": {"reference": {"object": "os"}},
    "a reference to an object by a list": {"reference": {"object": [1]}},
    "what is not plain, by a long name": {"not_plain": "x" * 10_000_000},
    "what is not plain, with escape codes": {"not_plain": "\x1b[2J\u202e"},
}

# how an answer finds the worker it runs in, and puts something in the place of a word
CHANNEL = """
import sys
def channel():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Worker":
                return value
        frame = frame.f_back
def once(worker, forged):
    def encode(value):
        del worker.encode
        return forged
    return encode
def instead(worker, forged):
    write_frame = type(worker).say.__globals__["write_frame"]
    def say(reply):
        del worker.say
        write_frame(worker.replies, forged | {"nonce": worker.nonce})
    return say
"""
