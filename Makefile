# Each target is one command; the environment is made once per extra (.venv/.book, ...).
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c requirements.lock -e
# two workers with two threads each would wait for each other
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
# as on an old processor: a number in a chapter that hangs on roundings is red here
OTHER_ROUNDINGS := MKL_CBWR=COMPATIBLE ATEN_CPU_CAPABILITY=default OPENBLAS_CORETYPE=Nehalem
FILES := pyproject.toml requirements.lock

.PHONY: book pdf lab lab-torch test check execute proof exercises lint mutants bench clean

book: .venv/.book
	$(BIN)/python -m lrcourse.authoring.chapters --check
	$(BIN)/jupyter-book build -W --keep-going .
	@echo "Open _build/html/index.html in a browser."

# one file, printed by Chromium
pdf: book
	$(BIN)/python -m lrcourse.authoring.pdf

# as in a container; Jupyter asks for the word
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
# trusted, or the lab would not show the chapters' figures
LAB = $(BIN)/python -m lrcourse.grading.entrances.lab_settings && \
	$(BIN)/jupyter trust START.ipynb book/*.ipynb && \
	$(BIN)/jupyter lab --ServerApp.root_dir=. \
	--LabApp.default_url=/lab/tree/START.ipynb $(AS_ROOT)

lab: .venv/.lab
	$(LAB)

# what needs PyTorch runs too; on Linux pip takes the CUDA build, 2.7 GB more than the
# CPU build: for that, set PIP_EXTRA_INDEX_URL to PyTorch's own CPU index first
lab-torch: .venv/.lab-torch
	$(LAB)

test: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m lrcourse.authoring.chapters --check
	$(BIN)/python -m lrcourse.authoring.exercises --check $(if $(CI),--strict)
	$(BIN)/jupyter-book build -W --keep-going -q .
	$(ONE_THREAD) $(BIN)/pytest tests -n 2 --dist loadfile -rs --durations=10
	$(ONE_THREAD) $(OTHER_ROUNDINGS) $(BIN)/pytest -p nbval -p no:lrcourse --nbval book -n 2 --dist loadfile
	$(ONE_THREAD) $(BIN)/pytest -p nbval -p no:lrcourse --nbval-lax solutions -n 2 --dist loadfile

# while you write: make check EX=06 for an exercise, CH=06 for a chapter
check: .venv/.dev
	$(if $(EX)$(CH),,$(error say what to check: make check EX=06, or CH=06))
	$(if $(EX),$(BIN)/python -m lrcourse.authoring.check $(EX))
	$(if $(CH),$(BIN)/python -m lrcourse.authoring.chapters $(CH))

execute: .venv/.dev
	$(BIN)/python -m lrcourse.authoring.chapters

proof: .venv/.dev
	$(BIN)/python -m lrcourse.authoring.proof

exercises: .venv/.dev
	$(BIN)/python -m lrcourse.authoring.exercises
	$(BIN)/python -m lrcourse.authoring.readme
	$(BIN)/python -m lrcourse.authoring.cards
	$(BIN)/python -m lrcourse.authoring.welcome

lint: .venv/.dev
	$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/mypy

mutants: .venv/.dev
	$(BIN)/python -m lrcourse.grading.mistakes.score

bench: .venv/.dev
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.maps
	$(BIN)/python -m benchmarks.grading

clean:
	rm -rf _build .venv

# the scripts of an environment name the folder that it was made in: if that is gone,
# the folder was renamed, and the environment is made again
MOVED := $(shell made=$$(sed -n '1s/^\#!//p' .venv/bin/pip 2>/dev/null); \
	test -z "$$made" || test -x "$$made" || rm -rf .venv)

# the target is pip, not python: a killed ensurepip leaves a python without pip
.venv/bin/pip:
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing: on Debian and Ubuntu, apt install python3-venv"; exit 1; }

# chained, so that two extras are never installed at once under make -j
.venv/.book: .venv/bin/pip $(FILES)
	$(INSTALL) '.[book]'
	@touch $@

.venv/.lab: .venv/.book
	$(INSTALL) '.[lab]'
	@touch $@

.venv/.lab-torch: .venv/.lab
	@echo "Installing PyTorch. On Linux pip takes the CUDA build, 2.7 GB more than the CPU"
	@echo "build: for that one, set PIP_EXTRA_INDEX_URL to PyTorch's own CPU index first."
	$(INSTALL) '.[lab-torch]'
	@touch $@

.venv/.dev: .venv/.lab-torch
	$(INSTALL) '.[dev]'
	@touch $@
