"""What the user set up: whether a run may start, what is missing for it, and what is used."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from contracts.campaign import EVERYBODY
from contracts.commands import RequestRun
from contracts.errors import DecisionRefused
from contracts.setup import Gap
from services.cli.given import DEMO
from services.commands.set_up import CampaignUsed, OfferProblem, OfferProof, OfferUsed, Shown
from services.crafter.offer import Offer, offer_hash
from services.crafter.voices import Voices, not_set_up
from services.runtime.campaigns import Campaigns
from services.runtime.settings import Settings

STAND_IN = "There is no whole offer of your own, so the demonstration's stands in: these people are invented."
"""What is said of a run over invented people where real ones would be refused."""


@dataclass(frozen=True)
class SetUp:
    """Everything of the user's own that runs of a namespace need."""

    namespace: str
    voices: Voices

    def ready(self, command: RequestRun) -> None:
        """Refuse a run for which not everything is set up.

        Raises:
            DecisionRefused: real rows and campaigns never get into the namespace of the demonstration.
            BadInput: there is no such campaign.
            NotSetUp: its campaign cannot be used; or real people are to be written to, and there is no whole offer of
                the user's own.
        """
        terms = command.terms
        if terms.mode == "production" or terms.campaign:
            check_namespace(self.namespace)
        if terms.campaign:
            self.voices.campaigns.check_name(terms.campaign)
        if (terms.mode == "production" or terms.campaign) and (gaps := self.missing(terms.campaign)):
            raise not_set_up(gaps, terms.campaign)

    def missing(self, campaign: str = "") -> tuple[Gap, ...]:
        """What keeps real people from being written to, in a campaign or in none; empty where nothing does."""
        gaps = self.voices.gaps(campaign)
        return (*gaps, *self._unknown_angles(campaign)) if campaign else gaps

    def shown(self) -> Shown:
        """See `services.commands.set_up.ShowsSetUp`."""
        voice, gaps = self.voices.find(synthetic=True), self.voices.gaps()
        return Shown(
            namespace=self.namespace,
            own_rows=self.namespace != DEMO,
            offer=_used(voice.offer, own=not gaps),
            missing=[] if self.namespace == DEMO else list(gaps),
            campaigns=list(self.campaigns()),
        )

    def campaigns(self) -> Iterator[CampaignUsed]:
        """Every campaign, by name."""
        for name in self.voices.campaigns.names():
            yield self.campaign(name)

    def campaign(self, name: str) -> CampaignUsed:
        """One campaign, as far as it can be used."""
        found, missing = self.voices.campaigns.read(name).campaign, self.missing(name)
        offer = None if missing else self.voices.find(name, synthetic=False).offer
        return CampaignUsed(
            name=name,
            audience=found.audience if found else EVERYBODY,
            angles=list(found.angles) if found else [],
            company=offer.company if offer else "",
            sender=offer.sender() if offer else "",
            language=offer.language if offer else "",
            offer_hash=offer_hash(offer) if offer else "",
            missing=list(missing),
        )

    def _unknown_angles(self, name: str) -> Iterator[Gap]:
        campaign = self.voices.campaigns.read(name).campaign
        for one in campaign.angles if campaign else ():
            if one not in self._angles:
                yield Gap(key="angles", why=f"names {one!r}", remedy=f"There are {', '.join(sorted(self._angles))}.")

    @cached_property
    def _angles(self) -> Collection[str]:
        from services.crafter.library import load_library

        return frozenset(load_library().angles)


def set_up_of(settings: Settings) -> SetUp:
    """What these settings name."""
    return SetUp(settings.namespace, Voices(settings.offer, Campaigns(settings.campaigns)))


def print_gaps(gaps: Sequence[Gap]) -> None:
    """Everything that is missing, one a line."""
    from services.cli.printing import heading, say, table

    say(heading("Missing before this run can start"))
    say(table(("key", "", "what mends it"), [(one.key, one.why, one.remedy) for one in gaps]), "")


def check_namespace(namespace: str) -> None:
    """Keep real rows and the demonstration apart.

    Raises:
        DecisionRefused: this namespace is the demonstration's.
    """
    if namespace == DEMO:
        raise DecisionRefused(
            f"The namespace {DEMO} is the demonstration's: nothing of your own goes there.",
            "Name another one, such as `--namespace main`; each has its own leads and drafts.",
            field="namespace",
        )


def _used(offer: Offer, *, own: bool) -> OfferUsed:
    return OfferUsed(
        whose="own" if own else "demonstration",
        hash=offer_hash(offer),
        company=offer.company,
        sender=offer.sender(),
        sender_title=offer.sender_title,
        reply_to=offer.reply_to,
        postal_address=offer.postal_address,
        opt_out=offer.opt_out,
        line=offer.line,
        line_evidence=offer.line_evidence,
        lines=[OfferProof(text=one.text, evidence=one.evidence) for one in offer.lines],
        proofs=[OfferProof(text=one.text, evidence=one.evidence) for one in offer.proofs],
        resource=offer.resource,
        resource_evidence=offer.resource_evidence,
        booking_link=offer.booking_link,
        language=offer.language,
        time_zone=offer.time_zone,
        competitors=list(offer.competitors),
        problems=[OfferProblem(topic=one.topic, text=one.text) for one in offer.problems],
    )
