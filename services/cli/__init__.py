"""The command `swarm`."""

import os
import signal
import sys

TERMINATED = 143


def main() -> None:
    """Run the command line."""
    if os.getpid() == 1:
        # The first process of a container gets no signal that it does not ask for, and loading takes a moment.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    from services.cli.app import run

    run()
