"""Becomes a server process: own process group, other account, ends with its parent; then exec.

Run as a script by `process.py`, never imported by it: what happens between fork and exec must not run in a copy of a
process that has threads (locks held by them stay locked for ever), so it runs in this small interpreter instead.
Standard library only, since it starts with `python -I -S`.
"""

import argparse
import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)


def _end_with_parent(signum: int, parent: int) -> None:
    """Ask Linux to send `signum` when the parent dies, whatever it dies of; elsewhere the survivor check has to do.

    After the change of account, which clears this setting (prctl(2)).
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it died before the request
        sys.exit(1)


def main() -> None:
    """Prepare this process as the options say and replace it by the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--account", type=int, help="numeric user and group to become; root only")
    parser.add_argument("--directory", required=True)
    end = sys.argv.index("--")
    options, program = parser.parse_args(sys.argv[1:end]), sys.argv[end + 1 :]
    # Ctrl-C in a terminal reaches every process of the foreground group: in a group of its own a server outlives the
    # services that still write to it, and is stopped by them, in order.
    os.setpgid(0, 0)
    os.umask(0o077)
    os.chdir(options.directory)  # before the change of account: only the old one may be able to get here
    if options.account is not None:
        os.setgroups([])
        os.setgid(options.account)
        os.setuid(options.account)
    _end_with_parent(options.death_signal, options.parent)
    os.execv(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
