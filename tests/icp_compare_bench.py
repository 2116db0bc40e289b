"""How long `swarm icp compare` takes over ten thousand leads: `python -m tests.icp_compare_bench [LEADS]`.

It invents the leads, sends them through a swarm of its own in a folder that is thrown away, for a campaign, and times the command as a
person has it: a process of its own, from its start to its last byte. Each further answer has to be the same, byte for
byte. A test cannot time this, for other tests share the machine with it.
"""

import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from services.segmentor.model import own_text
from tests.e2e.console import Told, swarm
from tests.own_offer import OWN_OFFER
from tests.samples.make_leads import make_with_key

LEADS, ROUNDS, SEED = 10_000, 3, 10
PATIENCE_S = 600.0
CANDIDATE = (
    own_text()
    .replace("tier_1 = 80, tier_2 = 60", "tier_1 = 85, tier_2 = 65")
    .replace('name = "agency"\nlabel = "marketing or creative agency"\nrank = "first"',
             'name = "agency"\nlabel = "marketing or creative agency"\nrank = "third"')
)  # fmt: skip


def checked(told: Told) -> Told:
    """What a command answered, where it went well."""
    if told.code:
        raise SystemExit(told.err)
    return told


def processor_s() -> float:
    """What the processes that ended have taken of the processors; where others want these too, this is what to go by."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(leads: int) -> None:
    """Make the leads, compare, print."""
    with TemporaryDirectory(prefix="swarm-icp-") as folder:
        home, rows, candidate = Path(folder) / "home", Path(folder) / "leads.csv", Path(folder) / "icp.toml"
        rows.write_bytes(make_with_key(leads, SEED, 0).content)
        candidate.write_text(CANDIDATE)
        (Path(folder) / "best.toml").write_text('[audience]\ntiers = ["tier_1"]\n')
        env = {"SWARM_OFFER": str(OWN_OFFER), "SWARM_CAMPAIGNS": folder}
        began = time.perf_counter()
        run = ("run", "--mode", "staging", "--synthetic", "--input", str(rows), "--campaign", "best", "--json")
        checked(swarm(home, *run, env=env, timeout_s=PATIENCE_S))
        print(f"{leads:,} leads brought in and scored in {time.perf_counter() - began:.1f} s")
        answers = set()
        for _ in range(ROUNDS):
            began, before = time.perf_counter(), processor_s()
            told = checked(swarm(home, "icp", "compare", str(candidate), "--json", env=env))
            seconds, worked = time.perf_counter() - began, processor_s() - before
            answers.add(told.out)
            found = told.json
            print(f"{found['leads']:,} leads compared in {seconds:.2f} s, {worked:.2f} s of them at work;", end=" ")
            (reached,) = found["campaigns"]
            print(f"{found['moving']:,} move, {reached['leave']:,} leave the audience, {len(told.out):,} bytes")
        print("all answers are the same, byte for byte" if len(answers) == 1 else "ANSWERS DIFFER")
        if len(answers) != 1:
            raise SystemExit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
