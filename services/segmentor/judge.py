"""A model as those see it who have a lead judged outside of SEGMENTOR: to explain a score, or to compare two models."""

from contracts.campaign import Audience
from contracts.lead import Lead, LeadDisqualified, LeadScored, Tier
from services.segmentor.decide import in_audience, judged
from services.segmentor.model import Model, parse_model


class Judge:
    """Judges leads by one model; nothing is recorded. It fits `services.commands.icp.Judge`."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def id(self) -> str:
        """The name of the model."""
        return self._model.id

    @property
    def hash(self) -> str:
        """The hash of what it says."""
        return self._model.hash

    @property
    def tiers(self) -> dict[str, int]:
        """From how many percent of what can be reached each tier begins, the highest first."""
        tiers = self._model.rules.tiers
        return {"tier_1": tiers.tier_1, "tier_2": tiers.tier_2, "tier_3": tiers.tier_3}

    def __call__(self, lead_id: str, lead: Lead) -> LeadScored | LeadDisqualified:
        """What the model says of a lead as it is known now."""
        return judged(lead, lead_id, lead.run.run_id if lead.run else "", self._model)

    def takes(self, lead: Lead, tier: Tier, audience: Audience) -> bool:
        """Whether a lead of this tier is in an audience."""
        return in_audience(lead, tier, audience)


def read_judge(text: str, name: str = "icp.toml") -> Judge:
    """The judge whose model is written in a text.

    Raises:
        BadInput: something is wrong with it; field and line are named.
    """
    return Judge(parse_model(text, name))
