"""Lets `python -m trato` be the command line."""

from trato.cli import main

main()
