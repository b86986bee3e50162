"""`python -m services.cli.probe`: whether the service of this container is ready; for the health check of an image.

Standard library only and without the command line: it runs every few seconds, beside the service, with its memory.
"""

import os
import sys
import urllib.error
import urllib.request
from typing import Final

TIMEOUT: Final = 4.0  # seconds; the checks of a service have 2


def main() -> int:
    """0 when the service on RELUTH_HTTP_PORT of this machine takes requests, else 1 and what it says."""
    port = os.environ.get("RELUTH_HTTP_PORT", "")
    if not port.isdecimal():
        sys.stderr.write("RELUTH_HTTP_PORT is not set: there is nothing to ask\n")
        return 1
    # no proxy of the environment stands between a container and itself
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/health/ready", timeout=TIMEOUT) as answer:
            return 0 if answer.status == 200 else 1
    except urllib.error.HTTPError as refused:
        sys.stderr.write(refused.read(4096).decode(errors="replace") + "\n")
    except OSError as error:
        sys.stderr.write(f"no answer: {error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
