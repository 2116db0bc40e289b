"""What the text says about its recipient, and whether facts carry it."""

from contracts.email import Claim

COMPANY_FIELDS = frozenset(
    {
        "company",
        "domain",
        "website",
        "industry",
        "employees",
        "technologies",
        "hiring",
        "funding",
        "revenue",
        "description",
    }
)
ROLE_FIELDS = frozenset({"title"})


def surviving(subject: str, text: str, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims whose words still stand in an edited text."""
    return tuple(claim for claim in claims if claim.words in text or claim.words in subject)


def weakness(subject: str, text: str, claims: tuple[Claim, ...]) -> str:
    """What the evidence lacks, as a sentence; empty where it holds.

    The words of a claim on a personal field are empty, because a claim is kept in plain: only its fact is asked for.
    """
    for claim in claims:
        if not claim.fact:
            return f"What the text says of the recipient's {claim.field} cites no fact."
        if claim.words not in text and claim.words not in subject:
            return f"The text does not say what the claim on {claim.field} cites."
    if not any(claim.field in COMPANY_FIELDS and claim.words in text for claim in claims if claim.words):
        return "Nothing in the text is particular to the company and cites a fact."
    if not any(claim.field in ROLE_FIELDS and claim.words in text for claim in claims if claim.words):
        return "Nothing in the text speaks to the recipient's role and cites a fact."
    return ""
