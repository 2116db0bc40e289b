"""`swarm doctor`: is everything as it has to be? Each check says what it found, and what to do about it."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import msgspec

from contracts.errors import BadInput, SwarmError
from services.cli.given import DEMO, SAMPLE_COMPANIES, Given
from services.cli.printing import document, marked, say, table
from services.cli.store import Store, open_store
from services.cli.words import line, many, where
from services.projections.views import VIEWS
from services.runtime.redis_client import ask, named_failures
from services.runtime.settings import PREFIX, Settings, misspelt

SYNC_ROUNDS = 20
SYNC_MS_MAX = 3.0
DISK_FREE_MIN = 1_000_000_000
MEMORY_SHARE_MAX = 0.8
FEW_LEADS = 20


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `ok` False is wrong; None is a remark that needs nobody now."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""


async def examine(given: Given) -> int:
    """Look at everything, print it, and return 1 when something is wrong."""
    settings = given.settings()
    checks = [*_variables(os.environ), *_home(settings), *_files(settings)]
    try:
        async with open_store(settings) as store:
            checks += [one async for one in _store(store)]
    except SwarmError as error:
        checks.append(Check(name="server", ok=False, found=line(error.detail), remedy=line(error.remedy)))
    wrong = [one for one in checks if one.ok is False]
    if given.json:
        plain = [msgspec.structs.asdict(one) for one in checks]
        document(marked(settings.namespace) | {"ok": not wrong, "checks": plain})
    else:
        words = {True: "ok", False: "WRONG", None: "note"}
        rows = [(one.name, words[one.ok], f"{one.found} {one.remedy}".strip()) for one in checks]
        say(where(settings.namespace), "", table(("looked at", "", "found"), rows), "")
        say(
            "All is well."
            if not wrong
            else f"{many(len(wrong), 'thing')} to mend: {', '.join(dict.fromkeys(o.name for o in wrong))}."
        )
    return 1 if wrong else 0


def _variables(environment: Iterable[str]) -> list[Check]:
    """Other programs have variables, too, so one that looks misspelt is a remark and no fault."""
    name = "environment"
    return [
        Check(name=name, ok=None, found=f"{one} is no setting.", remedy=f"Perhaps {meant} is meant.")
        for one, meant in misspelt(environment).items()
    ] or [Check(name=name, ok=True, found=f"no {PREFIX}… variable looks misspelt")]


def _home(settings: Settings) -> list[Check]:
    home = settings.home
    if settings.redis_url.get_secret_value() and not home.exists():
        return [Check(name="home", ok=True, found=f"{home} is not needed: the server is elsewhere")]
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = home.stat().st_mode & 0o777
    free = shutil.disk_usage(home).free
    latency = sync_ms(home)
    return [
        Check(
            name="home",
            ok=mode == 0o700,
            found=f"{home}, rights {mode:04o}",
            remedy="" if mode == 0o700 else f"Others may look in: chmod 700 {home}",
        ),
        Check(
            name="disk",
            ok=free > DISK_FREE_MIN,
            found=f"{free / 1e9:,.1f} GB free",
            remedy="" if free > DISK_FREE_MIN else "Make room: a full disk stops every command.",
        ),
        Check(
            name="fdatasync",
            ok=True if latency <= SYNC_MS_MAX else None,
            found=f"{latency:.2f} ms, so a command takes about {latency + 1:.0f} ms at least",
            remedy="" if latency <= SYNC_MS_MAX else f"More than {SYNC_MS_MAX:.0f} ms: use a faster disk.",
        ),
    ]


def sync_ms(folder: Path) -> float:
    """How long it takes until a small write is on disk: the median, in milliseconds."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(SYNC_ROUNDS):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _files(settings: Settings) -> list[Check]:
    from services.cli.identity import registered_of
    from services.providers.company_directory.file import load as load_directory
    from services.segmentor.model import load_model

    directory = settings.company_directory
    shipped = " (the shipped sample)" if directory == SAMPLE_COMPANIES else ""
    return [
        *_offer(settings),
        *_templates(settings),
        *_campaigns(settings),
        _loads("sign-in", settings.oidc.issuer or "by password and link alone", lambda: registered_of(settings)),
        _loads("scoring", str(settings.model or "the shipped model"), lambda: load_model(settings.model)),
        Check(
            name="companies",
            ok=None,
            found="no directory: only what rows say is known",
            remedy="SWARM_COMPANY_DIRECTORY names one.",
        )
        if directory is None
        else _loads("companies", f"{directory}{shipped}", lambda: load_directory(directory)),
    ]


def _templates(settings: Settings) -> list[Check]:
    """The user's own texts: each that cannot be used, and each that the guard would stop."""
    from services.cli.template_desk import catalogue_of, placed

    name = "templates"
    try:
        found = placed(catalogue_of(settings), settings)
    except SwarmError as error:
        return [Check(name=name, ok=False, found=line(error.detail), remedy=line(error.remedy))]
    own = sum(one.own for one in found.templates)
    return [
        Check(
            name=name,
            ok=False if one.blocks else None,
            found=f"{one.file}, line {one.line}: {one.reason}{f' ({one.rule})' if one.rule else ''}",
            remedy=one.remedy,
        )
        for one in found.problems
    ] or [Check(name=name, ok=True, found=f"{many(own, 'own text')} in {found.folder}" if own else "the shipped ones")]


def _offer(settings: Settings) -> list[Check]:
    """Each thing that keeps real people from being written to: a fault where an offer is named, else a remark."""
    from services.cli.set_up import set_up_of
    from services.crafter.offer import offer_hash
    from services.crafter.voices import NO_OFFER

    if settings.namespace == DEMO:
        found = "the fictional one of the demonstration, as always in this namespace; it takes no real rows"
        return [Check(name="offer", ok=True, found=found)]
    found_set_up = set_up_of(settings)
    if gaps := found_set_up.missing():
        wrong = None if gaps == (NO_OFFER,) else False
        return [Check(name="offer", ok=wrong, found=f"{one.sentence()}.", remedy=one.remedy) for one in gaps]
    offer = found_set_up.voices.find(synthetic=False).offer
    words = f"{settings.offer}: {offer.company}, {offer.sender()}, {offer.language}, {offer.time_zone}"
    return [Check(name="offer", ok=True, found=f"{words}; hash {offer_hash(offer)[:12]}")]


def _campaigns(settings: Settings) -> list[Check]:
    """Each thing that keeps a campaign from being used; nothing is said where no folder of them is named."""
    from services.cli.set_up import set_up_of

    if settings.campaigns is None:
        return []
    if not settings.campaigns.is_dir():
        remedy = "Make it, or take the line `campaigns` out of swarm.toml."
        return [Check(name="campaigns", ok=False, found=f"There is no folder {settings.campaigns}.", remedy=remedy)]
    campaigns = list(set_up_of(settings).campaigns())
    return [
        Check(name="campaigns", ok=False, found=f"{one.name}: {gap.sentence()}.", remedy=gap.remedy)
        for one in campaigns
        for gap in one.missing
    ] or [Check(name="campaigns", ok=True, found=", ".join(one.name for one in campaigns) or "none yet")]


def _loads(name: str, found: str, load: Callable[[], object]) -> Check:
    try:
        load()
    except SwarmError as error:
        return Check(name=name, ok=False, found=line(error.detail), remedy=line(error.remedy))
    return Check(name=name, ok=True, found=found)


async def _store(store: Store) -> AsyncIterator[Check]:
    info = await _info(store)
    sort = "elsewhere" if store.settings.redis_url.get_secret_value() else "embedded"
    name = info.get("server_name") or "redis"
    version = info.get("valkey_version") or info.get("redis_version", "")
    yield Check(name="server", ok=True, found=f"{name} {version}, {sort}, {info.get('used_memory_human', '?')} in use")
    relaxed = store.promise.level != "always"
    yield Check(name="durability", ok=None if relaxed else True, found=store.promise.words)
    most, used = int(info.get("maxmemory", 0)), int(info.get("used_memory", 0))
    full = bool(most) and used > MEMORY_SHARE_MAX * most
    bound = f"of at most {most / 1e6:,.0f} MB" if most else "without a bound"
    yield Check(
        name="memory", ok=not full, found=f"{used / 1e6:,.0f} MB {bound}", remedy="Source no more." if full else ""
    )
    log = store.log
    heads = await store.heads()
    yield Check(
        name="namespace",
        ok=True,
        found=f"{log.namespace}, {many(log.partitions, 'partition')}, {many(sum(heads.values()), 'fact')}; its identity key fits",
    )
    yield await _ideal(store)
    async for one in _backlog(store):
        yield one
    yield await _space(store)


async def _ideal(store: Store) -> Check:
    """By what leads are scored, and whether the file here says the same."""
    from services.cli.icp_differs import differing
    from services.cli.icp_text import named
    from services.cli.ideals import ideals_of
    from services.segmentor.model import parse_model

    name = "ideal customer"
    try:
        ideal = await ideals_of(store.log, store.settings, store.identity_key, store.clock).ideal()
        parse_model(ideal.text, f"{ideal.model_id} that is active")
        if differs := await differing(store):
            return Check(name=name, ok=None, found=line(differs))
    except BadInput as error:
        return Check(name=name, ok=False, found=line(error.detail), remedy=line(error.remedy))
    way = {"activated": "as it was activated", "file": "the file of the settings", "shipped": "the shipped one"}[
        ideal.way
    ]
    return Check(name=name, ok=True, found=f"{named(ideal.model_id, ideal.model_hash)}, {way}")


async def _backlog(store: Store) -> AsyncIterator[Check]:
    from services.cli.bootstrap import SERVICES, swarm_over
    from services.commands.dead import DeadLetters
    from services.runtime.settle import follower_behind, group_behind
    from services.runtime.slots import served

    log = store.log
    running = sorted(await served(store.client, log.namespace, SERVICES))
    swarm = swarm_over(store)
    lag = [name for name, where in swarm.agents().items() for one in where if await group_behind(log, one, name)]
    for name, follows, source, target in swarm.followers():
        if await follower_behind(log, source, target, follows):
            lag.append(name)
    heads = await store.heads()
    for view, one in zip(VIEWS.values(), await store.views.standing(list(VIEWS.values())), strict=True):
        if behind := sum(head - one.positions.get(partition, 0) for partition, head in heads.items()):
            lag.append(f"view {view.title} by {behind:,}")
    missing = [name for name in SERVICES if name not in running]
    partly = bool(running) and bool(missing)
    nobody = "nobody serves; each command does so for itself"
    yield Check(
        name="services",
        ok=not partly,
        found=", ".join(running) or nobody,
        remedy=f"Start what is missing: {', '.join(missing)}." if partly else "",
    )
    empty = not any(heads.values())
    late = [] if empty else sorted(set(lag))
    yield Check(
        name="lag", ok=None if late else True, found=f"work waits for {', '.join(late)}" if late else "nothing waits"
    )
    dead = [one async for one in DeadLetters(log, store.clock).waiting()]
    remedy = "See `swarm dead list`." if dead else ""
    yield Check(name="dead letters", ok=not dead, found=many(len(dead), "entry", "entries"), remedy=remedy)


async def _info(store: Store) -> dict[str, str]:
    async with named_failures():
        found = await store.client.info("everything")
    return {str(name): str(value) for name, value in found.items()}


async def _space(store: Store) -> Check:
    """Bytes per lead: everything that the namespace keeps, by the number of its leads."""
    from services.runtime import keys

    total = leads = 0
    async with named_failures():
        for partition in store.partitions():
            leads += int(await ask(store.client, "HLEN", keys.snapshots(store.log.namespace, partition, "lead")))
        async for name in store.client.scan_iter(match=f"{{{store.log.namespace}:*", count=1_000):
            total += int(await ask(store.client, "MEMORY", "USAGE", name, "SAMPLES", 20) or 0)
    if leads < FEW_LEADS:
        return Check(name="space", ok=True, found=f"{total / 1e6:,.1f} MB; too few leads to tell how much each takes")
    each = total / leads
    kept = f"{total / 1e6:,.1f} MB for {many(leads, 'lead')}, {each / 1e3:,.1f} kB each"
    return Check(name="space", ok=True, found=f"{kept}; 100,000 leads take {each * 100_000 / 1e9:,.1f} GB")
