"""How a process of the swarm runs: on uvloop where it is installed, and without the collector going over its code."""

import asyncio
import gc

YOUNG_MAX = 50_000
"""New containers before the collector looks at them: a batch of 256 deliveries makes some 20,000 that live as long as
it does, and Python's 700 had the collector take as much time as everything else."""


def runner() -> asyncio.Runner:
    """A runner; uvloop is no part of an installation on every system. Make it when everything is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, 20, 50)
    try:
        import uvloop
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)
