"""The command `swarm`."""


def main() -> None:
    """Run the command line."""
    from services.cli.app import run

    run()
