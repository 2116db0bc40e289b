"""The file of an ideal customer beside the one that leads are scored by: whoever changed the file is told if it is not used."""

from pathlib import Path

from contracts.errors import SwarmError
from services.cli.icp_file import file_of
from services.cli.icp_text import named
from services.cli.ideals import ideals_of
from services.cli.store import Store
from services.segmentor.model import load_model


async def differing(store: Store) -> str:
    """What to say where the file here is not what leads are scored by; empty where it is, or where there is none.

    Raises:
        BadInput: nothing was activated, and the file of the settings has a fault.
        StoreUnavailable: what is in force cannot be read.
    """
    file = file_of(store.settings)
    if file is None:
        return ""
    ideal = await ideals_of(store.log, store.settings, store.identity_key, store.clock).ideal()
    said = f"Leads are scored by {named(ideal.model_id, ideal.model_hash)}, not by {file}"
    try:
        model = load_model(Path(file))
    except SwarmError as error:
        return f"{said}: {error.sentence()}"
    if (model.id, model.hash) == (ideal.model_id, ideal.model_hash):
        return ""
    return f"{said}, which says {named(model.id, model.hash)}. `swarm icp compare` shows what it would change."
