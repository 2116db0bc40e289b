"""THIRD_PARTY_NOTICES names everything that the locks install and the page bundles, with its licence."""

import os
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[3]
FILE = ROOT / "THIRD_PARTY_NOTICES.md"
LOCK, RUNTIME = ROOT / "requirements.lock", ROOT / "deploy" / "runtime.lock"
VENDOR = ROOT / "gateway" / "page" / "vendor.licences.txt"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==(\S+)", re.MULTILINE)
ROW = re.compile(r"^\| ([a-z0-9._-]+) \| (\d\S*) \| ([^|]+) \|$", re.MULTILINE)
RULE = "=" * 80
UNSTATED = "see its own files"
SHORT = {"Apache 2.0": "Apache-2.0", "MIT License": "MIT", "ISC License": "ISC"}
BY_CLASSIFIER = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Apache Software License": "Apache-2.0",
}
HEAD = """# Third-party notices

What Alpha Swarm is installed with and what its page bundles, each under a licence of its own. Made from the locks and
from `gateway/page/vendor.licences.txt` by `SWARM_WRITE_DOCS=1 pytest tests/unit/reference`; a test fails when it is stale.

The texts of the packages' licences come with them, in the folder `*.dist-info` of each; so they also are in the image.
`gateway/zones.tsv` is made of the IANA time zone database, which is in the public domain. axe-core, which the tests of
the page run and nobody installs, has its licence beside it in `tests/page/vendor`.
"""


def pins(lock: Path) -> dict[str, str]:
    """By package its locked version."""
    return dict(PIN.findall(lock.read_text(encoding="utf-8")))


def kept() -> dict[str, str]:
    """The licences that the page names; for packages of other systems, which this machine does not have."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return {name: licence for name, _, licence in ROW.findall(text)}


def licence(name: str) -> str:
    """What a package says of itself, in the words of SPDX where they are known; empty where it is not installed."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    if "License-Expression" in told:
        return told["License-Expression"]
    named = told["License"].strip().split("\n")[0] if "License" in told else ""
    if named and len(named) < 40:
        return SHORT.get(named, named)
    found = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if one.startswith("License")]
    return " OR ".join(BY_CLASSIFIER.get(one, one) for one in found) or UNSTATED


def page() -> str:
    """The whole page."""
    runtime, known = pins(RUNTIME), kept()
    all_, parts = pins(LOCK), [HEAD]
    for title, names in (
        ("What it runs with", list(runtime)),
        ("What it is only developed and tested with", [name for name in all_ if name not in runtime]),
    ):
        rows = [f"| {name} | {all_[name]} | {licence(name) or known.get(name, UNSTATED)} |" for name in names]
        parts.append(
            "\n".join([f"## {title}\n", "| package | version | licence |", "| --- | --- | --- |", *rows]) + "\n"
        )
    bundled = VENDOR.read_text(encoding="utf-8").strip().replace(RULE, "---")
    parts.append(f"## What the page bundles\n\n```\n{bundled}\n```\n")
    return "\n".join(parts)


def test_notices_are_those_of_the_locks_and_of_the_bundle() -> None:
    if os.environ.get("SWARM_WRITE_DOCS"):
        FILE.write_text(page(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == page(), "SWARM_WRITE_DOCS=1 pytest tests/unit/reference"


def test_every_package_has_a_licence() -> None:
    rows = ROW.findall(FILE.read_text(encoding="utf-8"))
    assert {name: version for name, version, _ in rows} == pins(LOCK)
    assert [name for name, _, of in rows if of == UNSTATED or not of.strip()] == []
