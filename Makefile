# The commands of the project. What they do is written in dev/salon.py.
# Arguments are given as NAME=value: PORT, T, ARGS, ODOO_SOURCE, PYTHON, PGHOST and its friends.

SALON = @dev/python.sh dev/salon.py

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test bench lint screenshots

help:
	$(SALON) help

demo:
	$(SALON) demo

demo-reset:
	$(SALON) demo-reset

test:
	$(SALON) test

bench:
	$(SALON) bench

lint:
	$(SALON) lint

screenshots:
	$(SALON) screenshots
