"""Turns what a person asks of a run into facts. The swarm's own facts about a run are QUEEN's and HUNTER's."""

import re
from datetime import UTC, datetime
from typing import get_args

from contracts.campaign import NAME
from contracts.commands import CancelRun, RequestRun, ResumeRun, RunCommand, WithdrawRun
from contracts.envelope import Actor, Event
from contracts.errors import BadInput, Conflict, DecisionRefused, NotFound
from contracts.lead import Mode
from contracts.run import OVER, Run, RunCancelled, RunRequested, RunResumed, RunWithdrawn

SYNTHETIC_SOURCES = ("competitor_gong", "event_saastr", "default")
FILE = "file"
SOURCES = (*SYNTHETIC_SOURCES, FILE)
MODES: tuple[str, ...] = get_args(Mode)
SEGMENTS = ("tier_1", "tier_2", "tier_3", "tier_4")
EXTRA_DRAFTS = ("tier_4", "needs_data")
SANDBOX_LIMIT_MAX = 20
SYNTHETIC_LIMIT_DEFAULT = 5
"""What the caller asks of a synthetic source where nobody named a number."""
REASON_MAX = 2_000
MAX_ERROR_SHARE = 0.2
STALL_S = 300

_RUN_ID = re.compile(r"run_\d{8}_\d{6}_[0-9a-f]{6}")
_SIX_HEX = re.compile(r"[0-9a-f]{6}")


def run_id(now: datetime, six_hex: str) -> str:
    """The id of a run: `run_<UTC yyyymmdd_hhmmss>_<6 hex>`.

    Args:
        now: aware; in any zone.
        six_hex: six lower-case hex digits, drawn by the caller.

    Raises:
        ValueError: not six digits, or a time without a zone; a programming error.
    """
    if not _SIX_HEX.fullmatch(six_hex):
        raise ValueError(f"not six lower-case hex digits: {six_hex!r}")
    if now.tzinfo is None:
        raise ValueError("a run id needs a time with a zone")
    return f"run_{now.astimezone(UTC):%Y%m%d_%H%M%S}_{six_hex}"


def is_synthetic(command: RequestRun) -> bool:
    """Whether the run's leads are invented or marked as such: set at birth, inherited by everything derived."""
    return command.source != FILE or (command.file is not None and command.file.synthetic)


def decide(
    state: Run,
    command: RunCommand,
    *,
    actor: Actor,
    now: datetime,  # noqa: ARG001 - Every decision is given the time; this one has no use for it yet.
    max_error_share: float = MAX_ERROR_SHARE,
    stall_s: int = STALL_S,
) -> list[Event]:
    """Turn a command into facts; none where it was done before.

    Args:
        state: the run as it stands; `contracts.run.NONE` where nothing was ever recorded.
        command: what is asked.
        actor: by whom; authenticated by the caller.
        now: aware UTC.
        max_error_share: the share of a stage's leads, 0 to 1, above which errors fail it.
        stall_s: how long a stage may go without progress.

    Raises:
        BadInput: a value cannot be used, whatever the state; `values` name the field.
        DecisionRefused: this kind of actor may not command runs, or the mode does not take this source.
        NotFound: there is no such run.
        Conflict: a run of this id stands with other terms.
        DecisionRefused: the run is over, or is not stopped.
    """
    match command:
        case RequestRun():
            return request(state, command, actor, max_error_share=max_error_share, stall_s=stall_s)
        case CancelRun():
            return cancel(state, command, actor)
        case WithdrawRun():
            return withdraw(state, command, actor)
        case ResumeRun():
            return resume(state, command, actor)


def request(state: Run, command: RequestRun, actor: Actor, *, max_error_share: float, stall_s: int) -> list[Event]:
    """Start working through a source; nothing where the same was asked under the same id."""
    _check_terms(command)
    _check_amount(command)
    _check_actor(actor, "person", "system")
    _check_mode(command)
    if state.status != "none":
        asked = (command.terms, command.source, command.file, command.limit)
        if (state.terms, state.source, state.file, state.limit) == asked:
            return []
        raise Conflict(f"{command.run_id} was requested before, with other terms.", "Ask again under a new id.")
    return [
        RunRequested(
            run_id=command.run_id,
            terms=command.terms,
            source=command.source,
            file=command.file,
            limit=command.limit,
            seed=command.seed,
            max_error_share=max_error_share,
            stall_s=stall_s,
        )
    ]


def cancel(state: Run, command: CancelRun, actor: Actor) -> list[Event]:
    """End a run that still goes on, waits or is stopped."""
    _check_reason(command.reason)
    _check_actor(actor, "person")
    _check_known(state, command.run_id)
    if state.status == "cancelled":
        return []
    if state.status in OVER:
        raise DecisionRefused(
            f"{command.run_id} is already over: {state.status}.",
            "" if state.status == "withdrawn" else "What it brought can be withdrawn.",
            status=state.status,
        )
    return [RunCancelled(run_id=command.run_id, reason=command.reason.strip())]


def withdraw(state: Run, command: WithdrawRun, actor: Actor) -> list[Event]:
    """Take back what a run brought, over or not."""
    _check_reason(command.reason)
    _check_actor(actor, "person")
    _check_known(state, command.run_id)
    if state.status == "withdrawn":
        return []
    return [RunWithdrawn(run_id=command.run_id, reason=command.reason.strip())]


def resume(state: Run, command: ResumeRun, actor: Actor) -> list[Event]:
    """Let a stopped run go on."""
    _check_actor(actor, "person")
    _check_known(state, command.run_id)
    if state.status != "stopped":
        raise DecisionRefused(
            f"{command.run_id} is not stopped but {state.status}; only a stopped run can be resumed.",
            "Request a new run instead." if state.status in OVER else "",
            status=state.status,
        )
    return [RunResumed(run_id=command.run_id)]


def _check_terms(command: RequestRun) -> None:
    terms = command.terms
    if not _RUN_ID.fullmatch(command.run_id) or terms.run_id != command.run_id:
        raise BadInput("run_id is not run_<yyyymmdd_hhmmss>_<6 hex>, or its terms name another.", field="run_id")
    if terms.mode not in MODES:
        raise BadInput(f"There is no mode {terms.mode!r}.", f"Use one of {', '.join(MODES)}.", field="mode")
    if terms.segment and terms.segment not in SEGMENTS:
        raise BadInput(f"There is no segment {terms.segment!r}.", f"Use one of {', '.join(SEGMENTS)}.", field="segment")
    for extra in terms.draft:
        if extra not in EXTRA_DRAFTS:
            raise BadInput(
                f"draft cannot name {extra!r}.", f"Use {' or '.join(EXTRA_DRAFTS)}, or leave it out.", field="draft"
            )
    if terms.campaign and not NAME.fullmatch(terms.campaign):
        raise BadInput(
            "A campaign is named by small letters, digits, _ and -, at most 40.", "Write its name.", field="campaign"
        )
    if command.source not in SOURCES:
        raise BadInput(f"There is no source {command.source!r}.", f"Use one of {', '.join(SOURCES)}.", field="source")
    if (command.source == FILE) != (command.file is not None):
        detail = "The source file needs a file." if command.source == FILE else f"{command.source} reads no file."
        raise BadInput(detail, "Name an input file or a synthetic source, not both.", field="file")


def _check_amount(command: RequestRun) -> None:
    if command.limit is None:
        if command.source != FILE:
            raise BadInput(
                f"{command.source} invents leads without end.", "Say how many with limit, 1 or more.", field="limit"
            )
    elif command.limit < 1:
        raise BadInput(f"limit is {command.limit}.", "Use 1 or more.", field="limit")
    elif command.terms.mode == "sandbox" and command.limit > SANDBOX_LIMIT_MAX:
        raise BadInput(
            f"limit is {command.limit}; the sandbox takes at most {SANDBOX_LIMIT_MAX} leads.",
            f"Use {SANDBOX_LIMIT_MAX} or fewer.",
            field="limit",
        )


def _check_mode(command: RequestRun) -> None:
    """Invented people never get into a production run, and real ones only there."""
    match command.terms.mode:
        case "dry_run":
            raise DecisionRefused(
                "A dry run commits nothing, so it cannot be requested.",
                "Run it with `swarm run --mode dry_run`, which only prints.",
                field="mode",
            )
        case "sandbox" if command.source == FILE:
            raise DecisionRefused(
                "The sandbox takes synthetic sources only.",
                f"Use one of {', '.join(SYNTHETIC_SOURCES)}, or the mode staging for a file of test data.",
                field="source",
            )
        case "staging" if command.file is None:
            raise DecisionRefused(
                "Staging works through files of test data.",
                "Name an input file that is marked synthetic, or use the mode sandbox.",
                field="source",
            )
        case "staging" if not is_synthetic(command):
            raise DecisionRefused(
                "Staging takes only files that are marked synthetic.",
                "Mark the file as test data, or use the mode production for real people.",
                field="file",
            )
        case "production" if is_synthetic(command):
            raise DecisionRefused(
                "Production takes real rows only; this source is synthetic.",
                "Name a file of real leads, or use the mode sandbox or staging.",
                field="source" if command.file is None else "file",
            )
        case _:
            pass


def _check_reason(reason: str) -> None:
    if len(reason.strip()) > REASON_MAX:
        raise BadInput(
            f"reason has {len(reason.strip()):,} characters.", f"Use at most {REASON_MAX:,}.", field="reason"
        )


def _check_actor(actor: Actor, *allowed: str) -> None:
    if actor.kind not in allowed:
        raise DecisionRefused(f"An actor of kind {actor.kind} may not do this to a run; allowed: {', '.join(allowed)}.")


def _check_known(state: Run, name: str) -> None:
    if state.status == "none":
        raise NotFound(f"There is no run {name}.", "`swarm runs` lists them.")
