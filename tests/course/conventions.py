"""What every chapter looks like: title, questions, boxes, folded cells."""

import ast
import json
import re

from lrcourse.authoring import toc

FOLDED = ("hide-input", "remove-input", "remove-cell")
BOLD_QUESTION = re.compile(r"^\*\*Before you [^*]*\*\*", re.MULTILINE)
BOX = re.compile(
    r"^(`{3,}|:{3,})\{admonition\} *(.*)\n((?::[\w-]+:.*\n)*)", re.MULTILINE
)
SHOWN = {
    "<lr-figure": "The figure's settings",
    "<lr-predict data-asks": "The question, as code",
    "<lr-predict data-settles": "The answer, as code",
}
LINES, COLUMNS = 20, 78  # of an open cell, blank lines not counted; of any
BOXES = {"Before you": "predict", "What the articles say": "articles"}


def broken_conventions(root):
    """Return a sentence for everything in which a chapter looks unlike the others."""
    return [
        sentence
        for path in toc.chapters(root)
        if re.match(r"\d\d_", path.name)
        for sentence in _broken_in(path, json.loads(path.read_text(encoding="utf-8")))
    ]


def _broken_in(path, notebook):
    cells = [(cell, "".join(cell["source"])) for cell in notebook["cells"]]
    texts = "\n\n".join(text for cell, text in cells if cell["cell_type"] == "markdown")
    number = int(path.name[:2])
    if not re.search(rf"^# {number} · \S", texts, re.MULTILINE):
        yield f"{path.name}: its title begins with its number: # {number} · …"
    for bold in BOLD_QUESTION.findall(texts):
        yield f"{path.name}: {bold} is a box: ```{{admonition}}, :class: predict"
    yield from _wrong_boxes(path.name, texts)
    outputs = json.dumps([cell.get("outputs", []) for cell, _ in cells])
    if "\n:class: predict" not in texts and "<lr-predict data-asks" not in outputs:
        yield f"{path.name}: nothing asks for a prediction: predict, or its box"
    for place, (cell, source) in enumerate(cells):
        prompt = prompt_of(cell, source)
        if prompt and not is_folded(cell):
            yield (
                f"{path.name}, cell {place}: fold it both ways: the tag hide-input, "
                f'mystnb code_prompt_show "{prompt}", jupyter source_hidden true'
            )
        yield from _too_large(f"{path.name}, cell {place}", cell, source)


def _too_large(name, cell, source):
    if cell["cell_type"] != "code":
        return
    lines = [line for line in source.splitlines() if line.strip()]
    if len(lines) > LINES and not is_folded(cell):
        yield (
            f"{name}: {len(lines)} lines, more than {LINES}: split it by idea, or fold "
            "it where it teaches nothing"
        )
    if max(map(len, lines), default=0) > COLUMNS:
        yield f"{name}: a line is longer than {COLUMNS} columns"


def _wrong_boxes(name, texts):
    for _, title, options in BOX.findall(texts):
        for beginning, wanted in BOXES.items():
            if title.startswith(beginning):
                if wanted not in options.split():
                    yield f"{name}: the box {title!r} has the line :class: {wanted}"


def prompt_of(cell, source):
    """Return what stands on a cell's fold, if it is one that teaches nothing."""
    if cell["cell_type"] != "code":
        return None
    outputs = json.dumps(cell["outputs"])
    for shown, words in SHOWN.items():
        if shown in outputs:
            return words
    kinds = [type(statement) for statement in ast.parse(_python(source)).body]
    if kinds and {*kinds} <= {ast.Import, ast.ImportFrom}:
        return "Imports"
    asserts = kinds.count(ast.Assert)
    only = {*kinds} <= {ast.Assert, ast.Assign} and asserts >= len(kinds) - asserts
    return "The numbers above, checked" if asserts and only else None


def is_folded(cell):
    """Say whether a cell is folded in the book, with words on it, and in JupyterLab."""
    metadata = cell["metadata"]
    tags = [tag for tag in metadata.get("tags", []) if tag in FOLDED]
    if not tags or tags[0] != "hide-input":
        return bool(tags)  # a page without code shows no fold
    said = metadata.get("mystnb", {}).get("code_prompt_show")
    return bool(said) and metadata.get("jupyter", {}).get("source_hidden") is True


def _python(source):
    lines = source.splitlines()
    return "\n".join("" if line.startswith(("%", "!")) else line for line in lines)
