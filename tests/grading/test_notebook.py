"""Notebooks that are made to exhaust whoever reads them are refused before that."""

import json
import tracemalloc

import pytest

from lrcourse.grading.notebook import (
    MAX_CELLS,
    MAX_PARTS,
    NotebookUnreadable,
    read_cells,
)

CELL = '{"cell_type":"code","source":""}'


def saved(tmp_path, text):
    path = tmp_path / "01_x.ipynb"
    path.write_text(text)
    return path


@pytest.mark.parametrize("part", ["{},", "[],", "0,", '"",'])
def test_a_notebook_of_too_many_parts_is_refused_before_they_are_made(tmp_path, part):
    path = saved(tmp_path, '{"cells": [' + part * MAX_PARTS + "{}]}")
    tracemalloc.start()
    with pytest.raises(NotebookUnreadable, match="more than 3000000 parts: clear its"):
        read_cells(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * path.stat().st_size


def test_a_notebook_of_too_many_cells_is_refused(tmp_path):
    path = saved(tmp_path, '{"cells": [' + f"{CELL}," * MAX_CELLS + CELL + "]}")
    with pytest.raises(NotebookUnreadable, match="10001 cells, and 10000 are allowed"):
        read_cells(path)


def test_what_learners_paste_and_plots_leave_is_read(tmp_path):
    source = f"data = [{'[0.5, 1], ' * 100_000}]"
    html = "<div>" + "{a:[1,2]}," * 200_000 + "</div>"
    output = {"output_type": "display_data", "data": {"text/html": html}}
    cell = {"cell_type": "code", "source": source, "outputs": [output]}
    path = saved(tmp_path, json.dumps({"cells": [cell]}))
    assert [cell.source for cell in read_cells(path)] == [source]
