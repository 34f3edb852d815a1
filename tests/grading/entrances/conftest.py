"""A real kernel for the tests of what a notebook shows."""

import json
import os

import pytest
from jupyter_client.manager import start_new_kernel

from tests.grading.halves import FILES, write_checks

PUBLIC = FILES["test_half.py"].split("@pytest.mark.points")[0]
CHECKS = {"exercise.py": FILES["exercise.py"], "test_half.py": PUBLIC}
SHOWN = ("display_data", "error", "stream")
IMPORT = "from lrcourse.grading import check"


@pytest.fixture
def folder(tmp_path):
    write_checks(tmp_path / "checks", "01_x", CHECKS)
    return tmp_path


@pytest.fixture
def start(folder):
    """Return a function that runs a cell and returns its card, or its error."""
    opened = []

    def kernel(folder=folder, **env):
        manager, client = start_new_kernel(
            cwd=str(folder), env=os.environ | env, kernel_name="python3"
        )
        opened.append((manager, client))

        def run(source, cell_id=None):
            seen = []
            content = {"code": source, "silent": False, "store_history": True}
            content |= {"user_expressions": {}, "allow_stdin": False}
            message = client.session.msg("execute_request", content)
            message["metadata"]["cellId"] = cell_id
            client.shell_channel.send(message)
            while True:
                reply = client.get_iopub_msg(timeout=60)
                if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                    continue
                if reply["content"].get("execution_state") == "idle":
                    return seen[0] if seen else None
                seen += [reply["content"]] if reply["msg_type"] in SHOWN else []

        return run

    yield kernel
    for manager, client in opened:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def save(path, sources):
    cells = [
        {"cell_type": "code", "id": key, "source": source, "metadata": {}}
        | {"outputs": [], "execution_count": None}
        for key, source in sources.items()
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document))
