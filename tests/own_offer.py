"""A whole offer of somebody's own, without which no real person is written to."""

from pathlib import Path

OWN_OFFER = Path(__file__).with_name("own_offer.toml")
WITH_OFFER = {"SWARM_OFFER": str(OWN_OFFER)}
"""The environment of a user who has one."""
