"""`python -m services.cli`, and what the `reluth` script calls."""

import signal


def main() -> None:
    """Run the command line. Until a command takes care of it, Ctrl-C ends the process at once, without a trace."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from services.cli.main import app

    app()


if __name__ == "__main__":
    main()
