"""Texts over a gateway."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from services.cli.remote.client import Gateway
from services.cli.remote.inward import inward
from services.commands.templates import Catalogue, TemplatePreview


@dataclass(frozen=True)
class GatewayTexts:
    """See `services.cli.texts.Texts`."""

    there: Gateway

    async def catalogue(self, language: str = "") -> Catalogue:
        return inward(Catalogue, (await self.there.get("/api/templates", language=language)).document)

    async def preview(self, angle: str, about: str, *, language: str, opener: int | None) -> TemplatePreview:
        lead = (await self.there.get(f"/api/find/lead?{urlencode({'id': about})}")).document["lead_id"]
        path = f"/api/templates/{quote(angle, safe='')}/preview"
        told = await self.there.get(path, lead=lead, language=language, opener=opener or 0)
        return inward(TemplatePreview, told.document)
