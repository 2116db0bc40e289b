"""A swarm in memory whose deliveries a test hands out one by one, and a witness who knows the excluded by name."""

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeAlias, cast
from uuid import uuid5

from contracts.commands import ApproveDraft, EditDraft, PersonsAnswer, RequestChanges, RevokeApproval
from contracts.email import (
    Email,
    EmailApproved,
    EmailChangesRequested,
    EmailDrafted,
    EmailEdited,
)
from contracts.envelope import AnyEnvelope, Personal, reveal
from contracts.errors import NotFound, PersonExcluded, SwarmError
from contracts.facts import Ref
from contracts.identity import CONTROL, partition_of
from contracts.lead import Lead, LeadEnriched, LeadSourced, LeadUpdated, LeadWithdrawn, Mode, RunTerms, Value
from contracts.policy import SendGranted
from contracts.run import FileRef, RunRequested, RunWithdrawn
from services.commands.drafts import Drafts
from services.commands.exclusions import ExclusionDesk
from services.crafter import service as crafter
from services.crafter.left_alone import leaving_alone
from services.crafter.library import load_library
from services.crafter.offer import load_offer
from services.enricher import service as enricher
from services.hunter import service as hunter
from services.hunter import synthetic
from services.hunter.left_alone import OPEN, LeaveAloneClock
from services.hunter.source_work import Tools
from services.operator import service as operator
from services.providers.company_directory.file import FileCompanyDirectory
from services.reading.chunks import chunks
from services.reading.file import read_file
from services.runtime.exclusion_list import ExclusionList
from services.runtime.file_store import FileStore
from services.runtime.follower import Follower
from services.runtime.log import Snapshot
from services.runtime.log_memory import MemoryLog
from services.runtime.record import Cause, record
from services.runtime.service import Service, States
from services.segmentor import service as segmentor
from services.segmentor.active import ModelBoard
from services.segmentor.model import load_model
from tests.controls import AT, IDENTITY_KEY, IDS, REVIEWER
from tests.sample_walk import NothingRejected

Said: TypeAlias = Sequence[tuple[str, str]]
"""Of each row of a file, address and domain."""
Check: TypeAlias = Literal["sourcing", "drafting", "approval", "reservation", "queue"]
LIBRARY, OFFER, MODEL = load_library(), load_offer(), load_model()
UNDO_S = 60
STEP_S = 40
HEADER = ("Name", "Email", "Company", "Domain", "Title", "Industry", "Employees", "Technologies", "Revenue", "Country")


class Person(NamedTuple):
    name: str
    email: str
    domain: str


PEOPLE = (
    Person("Ada Able", "ada@acme.example", "acme.example"),
    Person("Bob Baker", "bob+leads@acme.example", "acme.example"),
    Person("Cleo Carr", "Cleo@mail.Acme.example", ""),
    Person("Dora Dale", "dora@elsewhere.example", "www.acme.example"),
    Person("Eve Else", "eve@plain.example", "xn--mller-kva.example"),
    Person("Fay Fox", "", "acme.example"),
    Person("Gus Gray", "gus@quiet.example", "quiet.example"),
)
VERSIONS = 5
MOVED, PLACELESS = 3, 4
"""Versions of a row: one that says another domain, and one that says none."""
NEW_PLACE = "plain.example"
INVENTED = "default"
"""The source that invents people, and whose first one may be excluded by domain."""
_FIRST_INVENTED = synthetic.generate(INVENTED, 1, 0)[0]["domain"]
TARGETS = (
    "ada@acme.example",
    "BOB@acme.example",
    "cleo@mail.acme.example",
    "dora+x@elsewhere.example",
    "acme.example",
    "mail.acme.example",
    "müller.example",
    "https://www.quiet.example/about",
    NEW_PLACE,
    _FIRST_INVENTED,
)
NAMED = (
    {"ada@acme.example"},
    {"bob@acme.example"},
    {"cleo@mail.acme.example"},
    {"dora@elsewhere.example"},
    {"acme.example"},
    {"mail.acme.example"},
    {"müller.example"},
    {"quiet.example"},
    {NEW_PLACE},
    {_FIRST_INVENTED},
)
"""What each target means, in the witness's own words."""
SPOKEN = {"xn--mller-kva.example": "müller.example"}


def covered(excluded: set[str], email: str, domain: str) -> bool:
    """Whether somebody is excluded, told by names and not by keys."""
    local, _, host = email.casefold().partition("@")
    hosts = [SPOKEN.get(one, one) for one in (host, domain.casefold().removeprefix("www.")) if one]
    own = f"{local.partition('+')[0]}@{SPOKEN.get(host, host)}"
    return own in excluded or any(one == out or one.endswith(f".{out}") for one in hosts for out in excluded)


class Files:
    """Stored files."""

    def __init__(self) -> None:
        self.kept: dict[str, Sequence[bytes]] = {}

    async def chunk(self, sha256: str, index: int) -> bytes | None:
        return self.kept[sha256][index]

    async def drop(self, sha256: str, run_id: str) -> None:
        """They stay, for a run that comes again."""


class Nobody(ExclusionList):
    """A check that is switched off."""

    async def covering(self, fields: Mapping[str, object], *, address: str = "") -> str:
        return ""

    async def version(self) -> tuple[int, int]:
        return 0, 0


class World:
    """See the module. Time passes with each step, so that nothing that was believed a moment ago still is.

    Args:
        off: the checks that are switched off.

    Attributes:
        broken: each thing that befell somebody who was excluded: whose check let it pass, and what.
        broken_again: those checks that did so for a lead that was taken back with a run and came again.
    """

    def __init__(self, partitions: int, *off: Check) -> None:
        self.log = MemoryLog(partitions=partitions)
        self.off = off
        self.seconds = 0.0
        self.files = Files()
        self.excluded: set[str] = set()
        self.people: dict[str, tuple[str, str]] = {}
        self.leads_of: dict[str, str] = {}
        self.broken: list[tuple[Check, str]] = []
        self.broken_again: set[Check] = set()
        self.refused = 0
        self.runs: list[str] = []
        self.brought: list[tuple[FileRef, Said]] = []
        self._rows: dict[tuple[str, int], tuple[str, str]] = {}
        self._taken_back: set[str] = set()
        self._back: set[str] = set()
        self._seen: dict[int, int] = {}
        self._places: dict[tuple[str, int], int] = {}
        tools = Tools(self.log, cast(FileStore, self.files), IDENTITY_KEY, self.clock, self._list("sourcing"))
        writing = crafter.build(
            library=LIBRARY,
            offer=OFFER,
            memory=NothingRejected(),
            clock=self.clock,
            salt=lambda cause: hashlib.sha256(cause.encode()).hexdigest()[:32],
        )
        spread = [0] if partitions == 1 else list(range(1, partitions + 1))
        self.spread = spread
        directory = FileCompanyDirectory(())
        self.services: list[tuple[Service, int]] = [(hunter.build(tools, self), CONTROL)]
        for agent in (
            enricher.build(directory=directory, clock=self.clock),
            segmentor.build(models=ModelBoard(self.log, lambda: self.seconds, MODEL)),
            leaving_alone(writing, self._list("drafting")),
            operator.build(identity_key=IDENTITY_KEY),
        ):
            self.services += [(agent, one) for one in spread]
        follows = [(operator.carries_requests(), one, CONTROL) for one in spread]
        follows += [(operator.carries_verdicts(one, partitions), CONTROL, one) for one in spread]
        self.followers = [
            (what, source, Follower(self.log, what, source, target, clock=self.clock))
            for what, source, target in follows
        ]
        self.drafts = Drafts(
            self.log,
            UNDO_S,
            lambda _: OFFER.compliance(),
            self.clock,
            lambda: self._id().replace("-", ""),
            self._list("approval"),
        )
        self.desk = ExclusionDesk(self.log, IDENTITY_KEY, self._list(None), self.clock)
        self.leave_alone = LeaveAloneClock(self.log, self._list("queue"), self, self.clock, lambda: self.seconds)
        self.send = operator.SendClock(self.log, self, identity_key=IDENTITY_KEY, clock=self.clock)

    def clock(self) -> datetime:
        return AT + timedelta(seconds=self.seconds)

    def _list(self, check: Check | None) -> ExclusionList:
        kind = Nobody if check in self.off else ExclusionList
        return kind(self.log, IDENTITY_KEY, lambda: self.seconds)

    # What the agents ask of views.

    async def of(self, run_id: str) -> Sequence[str]:
        return [lead for lead, run in self.leads_of.items() if run == run_id]

    async def all(self) -> Sequence[tuple[str, str]]:
        return [(email_id, email.lead_id) async for email_id, email in self.emails()]

    async def due(self, now: datetime) -> Sequence[tuple[str, str]]:
        found = self.emails()
        return [(email_id, email.lead_id) async for email_id, email in found if email.status == "approved"]

    async def emails(self) -> AsyncIterator[tuple[str, Email]]:
        for partition in self.spread:
            refs = sorted(await self.log.aggregates(partition, "email"))
            for ref, one in (await self.log.load(partition, refs)).items():
                if isinstance(one.state, Email):
                    yield ref.id, one.state

    # What people do.

    async def bring(self, rows: Sequence[tuple[int, int]]) -> None:
        """Import a file: of each row the person, and which of five versions of them."""
        text = io.StringIO()
        out = csv.writer(text)
        out.writerow(HEADER)
        for index, version in rows:
            one = PEOPLE[index]
            title = ("VP of Sales", "Chief Revenue Officer", "", "President", "Founder & CEO")[version]
            employees = "" if version == 2 else str(120 + version)
            facts = ("Computer Software", employees, "Salesforce, HubSpot", "20000000", "United States")
            out.writerow((one.name, one.email, "Acme", _place(one, version), title, *facts))
        data = text.getvalue().encode()
        sheet = read_file("leads.csv", data)
        self.files.kept[sheet.sha256] = pieces = chunks(sheet)
        file = FileRef(
            sha256=sheet.sha256,
            name="leads.csv",
            rows=len(sheet.rows),
            chunks=len(pieces),
            mapping=sheet.mapping,
            dialect=sheet.dialect,
            synthetic=False,
        )
        said = [(PEOPLE[index].email, _place(PEOPLE[index], version)) for index, version in rows]
        self.brought.append((file, said))
        await self._import(file, said)

    async def again(self, index: int) -> None:
        """Import one of the files once more, byte for byte."""
        if self.brought:
            await self._import(*self.brought[index % len(self.brought)])

    async def invent(self) -> None:
        """A run over people that a source invents, always the same."""
        run_id, people = self._run_id(), synthetic.generate(INVENTED, 2, 0)
        self._rows |= {(run_id, row): (one["email"], one["domain"]) for row, one in enumerate(people, 1)}
        await self._tell(RunRequested(run_id=run_id, terms=_terms(run_id, "sandbox"), source=INVENTED, limit=2))

    async def _import(self, file: FileRef, said: Said) -> None:
        run_id = self._run_id()
        self._rows |= {(run_id, row): one for row, one in enumerate(said, 1)}
        await self._tell(RunRequested(run_id=run_id, terms=_terms(run_id, "production"), source="file", file=file))

    def _run_id(self) -> str:
        self.runs.append(f"run_20260302_090000_{len(self.runs):06x}")
        return self.runs[-1]

    async def withdraw(self, index: int) -> None:
        if self.runs:
            await self._tell(RunWithdrawn(run_id=self.runs[index % len(self.runs)], reason=""))

    async def exclude(self, target: int) -> None:
        await self.desk.add(TARGETS[target], actor=REVIEWER, command_id=self._id())
        self.excluded |= NAMED[target]

    async def lift(self, target: int) -> None:
        try:
            await self.desk.remove(TARGETS[target], actor=REVIEWER, command_id=self._id())
        except NotFound:
            return
        self.excluded -= NAMED[target]

    async def answer(self, what: str, index: int) -> None:
        """Answer one of the drafts; what may not be is refused, and only that is."""
        found = [(email_id, one) async for email_id, one in self.emails() if one.status in OPEN]
        if not found:
            return
        email_id, email = found[index % len(found)]
        seen: dict[str, Any] = {"email_id": email_id, "draft_version": email.draft_version, "content_hash": ""}
        commands: Mapping[str, Callable[[], PersonsAnswer]] = {
            "approve": lambda: ApproveDraft(**seen, override_reason="It is right."),
            "approve edited": lambda: ApproveDraft(**seen, subject=f"Shifts {index}", override_reason="It is right."),
            "edit": lambda: EditDraft(**seen, subject=f"Plans {index}"),
            "changes": lambda: RequestChanges(**seen, instruction="Shorter, please."),
            "revoke": lambda: RevokeApproval(**seen),
        }
        try:
            await self.drafts.answer(commands[what](), REVIEWER, self._id())
        except PersonExcluded:
            self.refused += 1
            assert covered(self.excluded, *self.people[email.lead_id]), "refused, though nobody excluded them"
        except SwarmError:
            pass

    # What the swarm does.

    async def work(self, most: int = 10_000) -> None:
        """Hand out deliveries, one after another over all agents and carriers, until nothing is left or `most` were."""
        while most > 0:
            before = most
            for service, partition in self.services:
                most -= await self._deliver(service, partition)
            for what, source, follower in self.followers:
                if some := await self.log.tail(source, what.categories(), follower._place, count=50):
                    follower._place = await follower._answer(some)
                    most -= 1
            await self.look()
            if most == before:
                return

    async def _deliver(self, service: Service, partition: int) -> int:
        place = self._places.get((service.name, partition), 0)
        some = await self.log.tail(partition, service.categories(), place, count=1)
        if not some:
            return 0
        self._places[service.name, partition] = some[0].seq
        heard = some[0].decode(partition)
        if hears := service.hears.get(type(heard.event)):
            loaded = await self.log.load(partition, hears.loads(heard))
            events = await hears.handler(heard, States({ref: one.state for ref, one in loaded.items()}))
            # HUNTER's own commits may have moved what was loaded before.
            loaded = await self.log.load(partition, list(loaded))
            unit, _, _ = record(events, loaded, Cause.heard(heard, service.name, hears.actor), self.clock())
            (answer,) = await self.log.commit(partition, [unit])
            assert answer.outcome == "done"
        return 1

    async def _tell(self, event: RunRequested | RunWithdrawn) -> None:
        ref = Ref("run", event.run_id)
        loaded: dict[Ref, Snapshot] = await self.log.load(CONTROL, [ref])
        cause = Cause(self._id(), "command", REVIEWER, event.run_id)
        await self.log.commit(CONTROL, [record([event], loaded, cause, self.clock())[0]])

    def pass_time(self) -> None:
        self.seconds += STEP_S

    def _id(self) -> str:
        self.seconds += 1
        return str(uuid5(IDS, str(self.seconds)))

    # The witness.

    async def look(self) -> None:
        """Compare every new fact with who is excluded while it is new."""
        for partition in range(1 if self.log.partitions == 1 else self.log.partitions + 1):
            some = await self.log.tail(partition, ("lead", "email", "policy"), self._seen.get(partition, 0), count=999)
            for one in some:
                self._seen[partition] = one.seq
                self._witness(one.decode(partition))

    def _witness(self, fact: AnyEnvelope) -> None:
        self._learn(fact)
        check: Check
        match fact.event:
            case LeadSourced(lead_id=lead, run=run, origin=origin) | LeadUpdated(lead_id=lead, run=run, origin=origin):
                # A row is taken or not by what it says; what is known beside that is asked for before drafting.
                check, who = "sourcing", self._rows[run.run_id, origin.row]
            case EmailDrafted(lead_id=lead):
                check, who = "drafting", self.people[lead]
            case EmailApproved(lead_id=lead) | EmailEdited(lead_id=lead) | EmailChangesRequested(lead_id=lead):
                check, who = "approval", self.people[lead]
            case SendGranted(lead_id=lead):
                check, who = "reservation", self.people[lead]
            case _:
                return
        if covered(self.excluded, *who):
            self._break(check, fact.event.type_tag(), lead)

    def _learn(self, fact: AnyEnvelope) -> None:
        """Who a lead is, whose run it is of, and whether it came again."""
        match fact.event:
            case LeadSourced(lead_id=lead, run=run, fields=fields):
                self.people[lead], self.leads_of[lead] = _who(fields), run.run_id
            case LeadUpdated(lead_id=lead, run=run, fields=fields, reopened=reopened):
                self.people[lead] = self.people[lead][0], _who(fields)[1] or self.people[lead][1]
                if reopened:
                    self.leads_of[lead] = run.run_id
                    self._back |= self._taken_back & {lead}
            case LeadEnriched(lead_id=lead, fields=found):
                values = {name: one.value for name, one in found.items()}
                self.people[lead] = self.people[lead][0], _who(values)[1] or self.people[lead][1]
            case LeadWithdrawn(lead_id=lead):
                self._taken_back.add(lead)
            case _:
                pass

    def _break(self, check: Check, what: str, lead: str) -> None:
        self.broken.append((check, what))
        if lead in self._back:
            self.broken_again.add(check)

    async def end(self) -> None:
        """Let everything come to rest, and look whether anything still waits for somebody who is excluded."""
        await self.work()
        self.pass_time()
        await self.leave_alone.tick()
        await self.work()
        async for _, email in self.emails():
            if email.status in OPEN and covered(self.excluded, *self.people[email.lead_id]):
                self._break("queue", email.status, email.lead_id)

    async def lead(self, index: int) -> Lead | None:
        """A person as a lead; None where they are none."""
        wanted = PEOPLE[index].email.casefold()
        for lead_id, (email, _) in self.people.items():
            if email.casefold() == wanted:
                ref = Ref("lead", lead_id)
                state = (await self.log.load(partition_of(lead_id, self.log.partitions), [ref]))[ref].state
                return state if isinstance(state, Lead) else None
        return None


def _place(person: Person, version: int) -> str:
    return {MOVED: NEW_PLACE, PLACELESS: ""}.get(version, person.domain)


def _terms(run_id: str, mode: Mode) -> RunTerms:
    return RunTerms(run_id=run_id, mode=mode, draft=("tier_4",))


def _who(fields: Mapping[str, Value]) -> tuple[str, str]:
    email, domain = fields.get("email"), fields.get("domain", "")
    return reveal(email) if isinstance(email, Personal) else "", domain if isinstance(domain, str) else ""
