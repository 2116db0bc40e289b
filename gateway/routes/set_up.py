"""What the user of this namespace set up: in whose words drafts are written, what is missing, and the campaigns."""

import msgspec
from litestar import Response, get

from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import POLICY_ID, SHADOW_PHASES, Phase, Policy
from contracts.setup import Gap
from gateway.answers import POSITION, position_text
from gateway.auth import needs
from gateway.backend import Behind
from gateway.query import only_known
from services.commands.set_up import CampaignUsed, OfferUsed


class SetUp(msgspec.Struct, frozen=True, kw_only=True):
    """What was set up, as it stands now.

    Args:
        ready: whether a run over real people would be taken, as far as it goes by this.
        own_rows: whether real people may be in this namespace at all; in the demonstration's never.
        simulated: whether nothing leaves this machine, whatever is approved.
        missing: what keeps real people from being written to, each by its key in the file of the offer.
    """

    namespace: str
    phase: Phase
    simulated: bool
    ready: bool
    own_rows: bool
    offer: OfferUsed
    missing: list[Gap]
    campaigns: list[CampaignUsed]


@get("/api/setup", opt=needs("read"), guards=[only_known])
async def setup(backend: Behind) -> Response[SetUp]:
    """The offer as used with its hash, what is missing, the phase, and each campaign with its problems."""
    position = position_text({CONTROL: await backend.log.head(CONTROL)})
    about = Ref("policy", POLICY_ID)
    state = (await backend.log.load(CONTROL, [about]))[about].state
    policy, found = state if isinstance(state, Policy) else Policy(), backend.set_up.shown()
    shown = SetUp(
        namespace=found.namespace,
        phase=policy.phase,
        simulated=policy.phase in SHADOW_PHASES,
        ready=found.own_rows and not found.missing,
        own_rows=found.own_rows,
        offer=found.offer,
        missing=found.missing,
        campaigns=found.campaigns,
    )
    return Response(shown, headers={POSITION: position})


ROUTES = (setup,)
