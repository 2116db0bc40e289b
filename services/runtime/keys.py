"""Every key the log keeps in Redis. The hash tag keeps a partition on one cluster slot."""

from contracts.facts import KINDS

SNAPSHOT_PREFIX = 26
"""Digits before a snapshot's blob: version (10) and mark (16)."""
READER_FOLD = 1


def tag(namespace: str, partition: int) -> str:
    """`{namespace:partition}`."""
    return f"{{{namespace}:{partition}}}"


def seq(namespace: str, partition: int) -> str:
    """The number of the newest fact."""
    return f"{tag(namespace, partition)}:seq"


def folds(namespace: str, partition: int) -> str:
    """Which fold of each category's snapshots is in use."""
    return f"{tag(namespace, partition)}:folds"


def stream(namespace: str, partition: int, category: str) -> str:
    """The facts of one category."""
    return f"{tag(namespace, partition)}:log:{category}"


def snapshots(namespace: str, partition: int, category: str) -> str:
    """The snapshots of one category, in the fold that this program writes."""
    return f"{tag(namespace, partition)}:snap:{category}:{fold(category)}"


def fold(category: str) -> int:
    """The fold that this program reads and writes."""
    kind = KINDS.get(category)
    return kind.fold if kind else READER_FOLD


def command(namespace: str, partition: int, command_id: str) -> str:
    """The answer that a command got."""
    return f"{tag(namespace, partition)}:cmd:{command_id}"


def failures(namespace: str, partition: int, group: str) -> str:
    """How often an entry failed while it was handled alone, by category and position."""
    return f"{tag(namespace, partition)}:failed:{group}"


def meta(namespace: str) -> str:
    """What was fixed when the namespace was created."""
    return f"{tag(namespace, 0)}:meta"


def alive(namespace: str, service: str, slot: int) -> str:
    """Held by the process that runs a service in this slot, for as long as it renews it."""
    return f"{tag(namespace, 0)}:alive:{service}:{slot}"


def sign_in_failures(namespace: str, what: str, whose: str) -> str:
    """How often signing in failed lately for an account, or from an address."""
    return f"{tag(namespace, 0)}:sign-in:failed:{what}:{whose}"


def sign_in_link(namespace: str, secret_hash: str) -> str:
    """Whose one-time link has the secret with this hash."""
    return f"{tag(namespace, 0)}:sign-in:link:{secret_hash}"


def sign_in_waiting(namespace: str, name_hash: str) -> str:
    """What somebody whom we sent to the identity provider has to come back with."""
    return f"{tag(namespace, 0)}:sign-in:waiting:{name_hash}"


def sign_ins_waiting(namespace: str) -> str:
    """All of these keys, by the ms at which they end."""
    return f"{tag(namespace, 0)}:sign-in:waiting"


def file(namespace: str, sha256: str) -> str:
    """The chunks of an imported file, dropped when no run needs them."""
    return f"{tag(namespace, 0)}:file:{sha256}"


def file_runs(namespace: str, sha256: str) -> str:
    """The runs that still need an imported file."""
    return f"{tag(namespace, 0)}:file:{sha256}:runs"


def import_record(namespace: str, import_id: str) -> str:
    """What is known of a file that no run has taken yet."""
    return f"{tag(namespace, 0)}:import:{import_id}"


def import_content(namespace: str, import_id: str) -> str:
    """That file as it came, in pieces."""
    return f"{tag(namespace, 0)}:import:{import_id}:content"


def imports(namespace: str) -> str:
    """All such files, each with its weight, by the time at which they end."""
    return f"{tag(namespace, 0)}:imports"


def mappings(namespace: str) -> str:
    """What people said of columns, by the name under which it is kept."""
    return f"{tag(namespace, 0)}:mappings"


def view(namespace: str, name: str) -> str:
    """Which generation of a view is live."""
    return f"{{{namespace}:v:{name}}}:live"


def view_rows(namespace: str, name: str, generation: int) -> str:
    """The rows of one generation of a view."""
    return f"{{{namespace}:v:{name}}}:{generation}:rows"


def view_order(namespace: str, name: str, generation: int) -> str:
    """The rows' keys by rank, for the views that have one."""
    return f"{{{namespace}:v:{name}}}:{generation}:order"


def view_position(namespace: str, name: str, generation: int) -> str:
    """Up to where each partition is folded into this generation."""
    return f"{{{namespace}:v:{name}}}:{generation}:at"
