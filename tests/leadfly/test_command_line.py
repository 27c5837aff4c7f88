"""The command line: what each subcommand costs before it does anything, and that all are there."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import leadfly
from leadfly.__main__ import COMMANDS, main

HEAVY = ("flask", "marshmallow", "numpy", "psycopg", "requests", "services")

SAY_WHAT_IS_IMPORTED = """
import contextlib, io, sys
from leadfly.__main__ import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main(sys.argv[2:])
print(*(name for name in sys.argv[1].split(",") if name in sys.modules))
"""


def imported(*arguments):
    """Return which of HEAVY a process has imported when `leadfly` has run with *arguments*."""
    line = [sys.executable, "-c", SAY_WHAT_IS_IMPORTED, ",".join(HEAVY), *arguments]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("line", ["--help", "keys --help", "keys create --help", "worker --help"])
def test_a_help_text_loads_no_database_driver_no_web_server_and_no_mathematics(line):
    assert imported(*line.split()) == []


def test_the_check_of_the_check_sees_what_is_loaded():
    assert "psycopg" in imported("jobs", "--help")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_of_a_subcommand_what_its_module_has(name):
    command = COMMANDS[name]
    module = import_module(f"leadfly.{command.module}")

    assert callable(module.call)
    assert command.bare is not hasattr(module, "arguments")


def test_every_module_of_a_subcommand_is_in_the_table():
    there = {path.stem for path in Path(leadfly.__file__).parent.glob("*_command.py")}

    assert there <= {command.module for command in COMMANDS.values()}


def test_the_help_lists_every_subcommand_with_its_line(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])

    said = " ".join(capsys.readouterr().out.split())
    for name, command in COMMANDS.items():
        assert f"{name} {command.help}" in said


@pytest.mark.parametrize("words", [[], ["nonsense"], ["--nonsense", "keys"], ["purge", "more"]])
def test_what_is_no_subcommand_is_refused_with_the_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2
    assert "usage: leadfly" in capsys.readouterr().err
