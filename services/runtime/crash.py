"""Named points at which a test can kill the process; in production they cost one look at an empty set.

`SWARM_CRASH=<point>:<n>` kills the process with SIGKILL when it passes the point for the n-th time. `SWARM_CRASH_LOG`
names a file to which `<point> <in flight>` is added first.
"""

import os
import signal
from pathlib import Path

POINTS = (
    "consumer.read",
    "consumer.loaded",
    "consumer.decided",
    "consumer.committed",
    "follower.read",
    "follower.decided",
    "follower.committed",
    "projector.read",
    "projector.folded",
    "projector.written",
    "hunter.some_leads",
    "execute.loaded",
    "execute.committed",
)

_armed: dict[str, int] = {}


def arm(spec: str) -> None:
    """Arm one point.

    Args:
        spec: `<point>:<n>`; empty disarms all.

    Raises:
        ValueError: no such point.
    """
    _armed.clear()
    if spec:
        point, _, nth = spec.partition(":")
        if point not in POINTS:
            raise ValueError(f"no crash point {point}")
        _armed[point] = int(nth or 1)


def point(name: str, in_flight: int = 0) -> None:
    """Pass a point; die here where it is armed and its turn has come."""
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] <= 0:
        log = os.environ.get("SWARM_CRASH_LOG")
        if log:
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(f"{name} {in_flight}\n")
        os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get("SWARM_CRASH", ""))
