"""ENRICHER: types what came with a lead, and asks a company directory for what did not."""
