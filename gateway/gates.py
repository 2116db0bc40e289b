"""The gates that every send has to pass, in the order in which OPERATOR looks at them, as they stand now."""

import msgspec

from contracts.policy import SHADOW_PHASES, Phase, Policy


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One gate. `open` is null where it depends on the e-mail or the address."""

    gate: str
    open: bool | None
    words: str


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every send, and for every review.

    Args:
        simulated: whether a send that is granted stays on this machine.
        undo_window_s: how long an approval can be taken back.
        review_expires_h: how long a draft waits for a person; silence is no consent.
        caps: how many may be sent in which time; this version can send nothing for real, so it has none to keep.
    """

    phase: Phase
    halted: bool
    halt_reason: str
    simulated: bool
    undo_window_s: int
    review_expires_h: int
    caps: dict[str, int]
    gates: list[Gate]


def standing(policy: Policy, *, undo_window_s: int, review_expires_h: int) -> Standing:
    """The policy and what follows from it for each gate; see `services.operator.decide.reserve`."""
    shadow = policy.phase in SHADOW_PHASES
    halt = f"Sending is halted: {policy.halt_reason}" if policy.halted else "Nobody halted sending."
    phase = "nothing leaves this machine" if shadow else "what a person approved may leave this machine"
    return Standing(
        phase=policy.phase,
        halted=policy.halted,
        halt_reason=policy.halt_reason,
        simulated=shadow,
        undo_window_s=undo_window_s,
        review_expires_h=review_expires_h,
        caps={},
        gates=[
            Gate(gate="halted", open=not policy.halted, words=halt),
            Gate(gate="suppressed", open=None, words="Closed for an address that is left alone."),
            Gate(gate="excluded", open=None, words="Closed for whoever is to be left alone, or whose company is."),
            Gate(gate="approval", open=None, words="Open for the very text that a person approved, for no other."),
            Gate(gate="phase", open=not shadow, words=f"The phase is {policy.phase}: {phase}."),
            Gate(gate="mailer", open=False, words="No mailer is set up that could send anything for real."),
        ],
    )
