"""What people made of drafts, over a gateway."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from services.cli.command import FILED
from services.cli.csv_file import Table
from services.cli.remote.client import Gateway
from services.projections.summary import By, Line, Traffic

PATH = "/api/feedback/summary"


@dataclass(frozen=True)
class GatewayFeedback:
    """See `services.cli.feedback.FeedbackDesk`."""

    there: Gateway

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def summary(self, by: By, traffic: Traffic, campaign: str) -> Sequence[Line]:
        told = (await self.there.get(PATH, by=by, traffic=traffic, campaign=campaign)).document
        return msgspec.convert(told["rows"], list[Line])

    async def table(self, by: By, traffic: Traffic, campaign: str) -> Table:
        return await self.there.table(PATH, FILED, by=by, traffic=traffic, campaign=campaign)
