"""The table of states and commands stands in ARCHITECTURE as the code has it."""

import os
from pathlib import Path

from services.approval.table import markdown

PAGE = Path(__file__).parents[3] / "ARCHITECTURE.md"
BEGIN, END = "<!-- approval-table -->", "<!-- end of approval-table -->"


def test_architecture_shows_the_table_that_the_code_makes() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page = f"{before}{BEGIN}\n\n{markdown().strip()}\n\n{END}{after}"
    if os.environ.get("SWARM_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
        text = page
    assert text == page, "ARCHITECTURE.md is stale: SWARM_WRITE_DOCS=1 pytest tests/unit/approval/test_document.py"
