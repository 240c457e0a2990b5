# Everything a clone needs, with Python 3.11+ and make alone.
#   make run  ARGS="--port 9000"                 arguments go to `manage.py up`
#   make test ARGS="tests/playground -x"         arguments go to pytest
#   make test ONLY=mypy,pytest                   some of the checks
PYTHON ?= python3
export ONLY

.PHONY: help setup run test bundle lint format clean
.SILENT:

help:
	echo "make run      set everything up and start the site with one worker"
	echo "make test     set everything up and run every check and test"
	echo "make setup    only set everything up"
	echo "make bundle   build the page"
	echo "make lint     every check but the tests"
	echo "make format   bring Python sources into form"
	echo "make clean    remove what the set-up made; experiments and data stay"

setup run test bundle lint format clean:
	command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	exec $(PYTHON) scripts/setup.py $@ $(ARGS)
