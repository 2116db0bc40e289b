"""`swarm campaigns`: what there is, whom each is for and in whose words, and what keeps one from being used."""

from collections.abc import Sequence
from pathlib import Path

from contracts.campaign import Audience
from contracts.codec import outward
from contracts.errors import NotFound
from services.cli import csv_file
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, marked, say, table
from services.cli.words import joined, many, spoken, where
from services.commands.set_up import CampaignUsed

UNSET = 'No folder of campaigns is named: put campaigns = "campaigns" into swarm.toml, and NAME.toml into that folder.'


async def show(given: Given, path: Path | None = None) -> int:
    """List them."""
    csv_file.check(path)
    namespace, found = await _found(given)
    if path is not None:
        items = [outward(one) | {"missing": [gap.sentence() for gap in one.missing]} for one in found]
        return csv_file.write(given, path, csv_file.Table.of("campaigns", items, more=False))
    if given.json:
        document(marked(namespace) | {"campaigns": [outward(one) for one in found]})
    elif not found:
        say(f"There is no campaign. {UNSET} {where(namespace)}")
    else:
        rows = [
            (
                one.name,
                words_of(one.audience),
                f"{one.sender}, {one.company}" if one.offer_hash else "",
                ", ".join(map(spoken, one.angles)) or "all",
                many(len(one.missing), "thing") + " missing" if one.missing else "can be used",
            )
            for one in found
        ]
        say(where(namespace), table(("name", "for", "who writes", "angles", ""), rows))
        first = next((one.name for one in found if one.missing), "")
        following = (
            f"campaigns check {first}" if first else f"run --campaign {found[0].name} --mode dry_run --input FILE"
        )
        say(f"Next: {call(given, following)}")
    return 0


async def check(given: Given, name: str) -> int:
    """Say what keeps one, or any, from being used; 1 where something does.

    Raises:
        NotFound: there is none of this name.
    """
    namespace, found = await _found(given)
    chosen = [one for one in found if name in {"", one.name}]
    if name and not chosen:
        names = f"There are {joined([one.name for one in found])}." if found else UNSET
        raise NotFound(f"There is no campaign {name!r}.", names)
    wrong = [(one.name, gap) for one in chosen for gap in one.missing]
    if given.json:
        document(marked(namespace) | {"ok": not wrong, "campaigns": [outward(one) for one in chosen]})
    elif wrong:
        rows = [(campaign, gap.key, gap.why, gap.remedy) for campaign, gap in wrong]
        say(where(namespace), table(("campaign", "key", "", "what mends it"), rows))
    else:
        say(
            f"{many(len(chosen), 'campaign')} can be used. {where(namespace)}"
            if chosen
            else f"{UNSET} {where(namespace)}"
        )
    return 1 if wrong else 0


def words_of(audience: Audience) -> str:
    """Whom a campaign is for, in words."""
    parts: Sequence[tuple[str, Sequence[str]]] = (
        ("", [spoken(one) for one in audience.tiers]),
        ("in ", audience.industries),
        ("as ", audience.titles),
    )
    return "; ".join(f"{before}{' or '.join(some)}" for before, some in parts if some) or "everybody"


async def _found(given: Given) -> tuple[str, list[CampaignUsed]]:
    """The namespace and its campaigns: as the settings name them, or as the gateway does."""
    if given.elsewhere():
        from services.cli.remote.inward import inward
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            told = (await there.get("/api/setup")).document
        return told["namespace"], [inward(CampaignUsed, one) for one in told["campaigns"]]
    from services.cli.set_up import set_up_of

    settings = given.settings()
    return settings.namespace, list(set_up_of(settings).campaigns())
