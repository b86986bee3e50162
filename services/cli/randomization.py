"""`reluth randomization`: what a statistician does with an allocation from the command line."""

import typer

randomization = typer.Typer(help="The allocation: its design simulated, its record exported.", no_args_is_help=True)
