"""A container's probe: `python -m services.cli.probe [ready|live]` asks the health port of this machine and prints what it says.

It runs every few seconds in each container, so it loads nothing of the swarm and takes the port from the environment.
"""

import http.client
import os
import sys
from collections.abc import Mapping, Sequence

WAIT_S = 4
ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - What listens everywhere is asked here.


def main() -> None:
    """Ask, and end with 0 where all is well, else with 1."""
    sys.exit(probe(os.environ, sys.argv[1:]))


def probe(environment: Mapping[str, str], arguments: Sequence[str]) -> int:
    """Ask for what is named, `ready` where nothing is; 1 for every answer but 200, and for none."""
    what = arguments[0] if arguments else "ready"
    listen, port = environment.get("SWARM_LISTEN", ""), environment.get("SWARM_HEALTH_PORT", "")
    if not port.isdecimal():
        print("SWARM_HEALTH_PORT names no port")
        return 1
    connection = http.client.HTTPConnection(ANYWHERE.get(listen, listen), int(port), timeout=WAIT_S)
    try:
        connection.request("GET", f"/health/{what}")
        answer = connection.getresponse()
        print(answer.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        print(f"no answer: {error}")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    main()
