"""docs/a-leads-way.md: one lead's every fact from the log of a real run, each with a sentence on what it is for."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

import pytest
import yaml

from services.cli.words import short
from tests.docs.conftest import new_desk
from tests.docs.way import DIRECTORY, INSTRUCTION, LIST, SUBJECT, Fact, log_of_one_lead, way
from tests.docs.yaml_text import laid_out

PAGE = Path(__file__).parents[2] / "docs" / "a-leads-way.md"
WRITES = bool(os.environ.get("SWARM_WRITE_DOCS"))
SHARED = ("position", "correlation_id", "traceparent", "synthetic")
"""What is the same in every fact here, or, the position, differs each time; said once in the head of the page."""
HEAD = f"""# One lead's way

For everybody who wants to see what the swarm writes down. Ida Norrby is invented; the log is real: the agents of this
program worked on it, and each fact below is a line of `swarm tail --json`, laid out as YAML. The clock stood still but
for three times, and ids are made of what led to them, so each run of the tests gives this page again to the letter.

The list that she came with, and the company directory that `SWARM_COMPANY_DIRECTORY` named:

```csv
{LIST}```

```csv
{DIRECTORY}```

Ada started the run, read the draft after twelve minutes, asked for a shorter one (“{INSTRUCTION}”), put
a subject of her own on it (“{SUBJECT}”) and approved. Thirty seconds later her undo window was over.

How to read a fact:

- `aggregate_id` says what it is about, `version` which fact about that it is; a fact that arrives late or twice cannot take
  a version that is taken.
- `causation_id` is the fact or command that led to it. Follow it upwards and you get the chain that `swarm show` and the
  key `w` on the page show. Commands are no facts; their ids are those that are not found among the facts.
- `actor` is who did it, and `data` what happened.
- In every fact here `correlation_id` is the run, `synthetic` is true (Ida is invented, and so is everything that follows
  from her), and `traceparent` is empty. `position`, the place in the log, is left out, for it depends on how often QUEEN
  counted in between. Her counts are facts too (`run.tallied`, `run.stage_completed` …); they are about the run, not about
  Ida, and left out here.
- What names or reaches a person is held apart from the rest of a fact, so that it can be sealed; here it is shown opened.
  See [personal data](personal-data.md).

| | fact | by | at | about |
| --- | --- | --- | --- | --- |
"""
EXPLAINED: dict[str, tuple[str, ...]] = {
    "run.requested.v1": (
        (
            "Ada asks for a run over her file. The rows are not in the fact but wait under the hash of the file; which column "
            "was taken for which field is, and so is the share of errors at which a stage would be given up."
        ),
    ),
    "lead.sourced.v1": (
        (
            "HUNTER took row 1 for a new lead. Its id comes from her address, so the same person in another list is found to "
            "be known. The values are as they came; `origin` says from where, and by what right they are held."
        ),
    ),
    "lead.enriched.v1": (
        (
            "ENRICHER adds what it can find, each value with its source, how far it is believed (0 to 1) and when it was "
            "learned. Row first, then the directory. What stands already, like the company's name, is not said again."
        ),
    ),
    "lead.scored.v1": (
        (
            "SEGMENTOR scores her by the model named here with its hash. Each component says its points, the most it could give, "
            "and why. Nobody observed any intent, so it has no points, which is not the same as 0: the tier comes from what "
            "was reached (`known`) out of what the known components could have given (`reachable`). The rest is what follows "
            "from that: the tier, the kind of person, the campaign, and that she is to be drafted."
        ),
    ),
    "email.drafted.v1": (
        (
            "CRAFTER wrote to her. `content` is the message exactly as she would get it, and `content_hash` is over all of it: "
            "an approval will name this hash. Each claim cites the `event_id` of the fact that carries it; `verdict` has what "
            "each rule of the guard found; `writing` says which template and which offer, each with its hash."
        ),
        (
            "CRAFTER wrote anew, as version 2 of the same e-mail; what Ada asked for is kept in `writing.instruction`. Whatever "
            "was said of version 1 does not hold for this text."
        ),
    ),
    "deal.approached.v1": (
        (
            "Committed together with the draft: which words her company has now been given, as numbers that no text can be read "
            "from. A draft for a colleague of hers that is too near to these is not written."
        ),
        "The same for the new text.",
    ),
    "email.changes_requested.v1": (
        (
            "Ada asks for another text. It is a fact about version 1; CRAFTER hears it. `wishes` is what she chose from a list, "
            "and changes what it names and little else. `instruction` is in her words."
        ),
    ),
    "email.edited.v1": (
        (
            "Ada put another subject on it. That makes a new version with a hash of its own. The same guard judged her text; "
            "the claims that still stand in it are kept; `change` says how far it is from the one before, which feedback counts."
        ),
    ),
    "email.approved.v1": (
        (
            "Ada's yes, in the same commit as her edit. It holds for this version and this hash, for nothing else, and until "
            "`send_due_at` she can take it back."
        ),
    ),
    "email.send_requested.v1": (
        (
            "The undo window is over and she did not take it back. OPERATOR's clock asks for the send and names the approval "
            "that it stands on. The recipient is a keyed hash, by which the list of people to be left alone is looked up."
        ),
    ),
    "policy.send_granted.v1": (
        (
            "Every gate was read where it is written (is sending halted? is this address left alone?), none was shut. Ida is "
            "invented, so what is granted is a simulation. A gate that could not be read would have been shut."
        ),
    ),
    "email.send_reserved.v1": (
        "The verdict is carried back to the e-mail. There is one reservation for one e-mail, for ever.",
    ),
    "email.sent.v1": (
        (
            "The end, in the same commit: a simulated send, by the simulator. Nothing left this machine. A real one would be "
            "recorded when it starts and again when its outcome is known."
        ),
    ),
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> list[Fact]:
    with new_desk(tmp_path_factory.mktemp("way")) as desk:
        return way(log_of_one_lead(desk))


def test_the_page_shows_the_log_of_a_real_run(facts: list[Fact]) -> None:
    page = written(facts)
    if WRITES:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, (
        "docs/a-leads-way.md is stale: SWARM_WRITE_DOCS=1 pytest tests/docs"
    )


def test_every_fact_on_the_page_reads_back_as_it_was_recorded(facts: list[Fact]) -> None:
    assert [yaml.safe_load(laid_out(_own(fact))) for fact in facts] == [_own(fact) for fact in facts]


def test_every_explanation_is_of_a_fact_that_happened(facts: list[Fact]) -> None:
    happened = Counter(fact["type"] for fact in facts)
    assert {kind: len(sentences) for kind, sentences in EXPLAINED.items()} == happened


def written(facts: Sequence[Fact]) -> str:
    """The page."""
    rows = "".join(
        f"| {number} | [{fact['type']}](#{_anchor(number, fact)}) | {fact['actor']['id']} | {fact['recorded_at'][11:19]} | "
        f"{fact['type'].partition('.')[0]} `{short(fact['aggregate_id'])}`, version {fact['version']} |\n"
        for number, fact in enumerate(facts, start=1)
    )
    told = Counter[str]()
    sections = []
    for number, fact in enumerate(facts, start=1):
        kind = fact["type"]
        sections.append(
            f"\n## {number}. {kind}\n\n{fill(EXPLAINED[kind][told[kind]], 120)}\n\n```yaml\n{laid_out(_own(fact))}```\n"
        )
        told[kind] += 1
    return HEAD + rows + "".join(sections)


def _own(fact: Fact) -> dict[str, object]:
    """What is this fact's own, in the order in which it is best read."""
    order = ("type", "event_id", "aggregate_id", "version", "recorded_at", "actor", "causation_id", "data")
    assert set(order) | set(SHARED) == set(fact)
    return {name: fact[name] for name in order if name != "type"}


def _anchor(number: int, fact: Fact) -> str:
    return f"{number}-{fact['type'].replace('.', '')}"
