"""What the swarm names by code, in words, for the page, the console and whoever asks over HTTP: one table, one way to say.

The page has the tables as `core/named.js`, which a test makes of these.
"""

import re
from collections.abc import Mapping, Sequence

from services.projections.leads import Row

TIERS: Mapping[str, str] = {
    "tier_1": "tier 1",
    "tier_2": "tier 2",
    "tier_3": "tier 3",
    "tier_4": "tier 4",
    "needs_data": "needs data",
}
"""How well a lead fits."""
TAGS: Mapping[str, str] = {
    "personalization_mismatch": "Person",
    "icp_mismatch": "Company",
    "campaign_mismatch": "Wrong campaign",
    "tone_style_issue": "Tone",
    "factual_inaccuracy": "Facts",
    "weak_subject": "Subject",
    "weak_cta": "Ask",
    "length_issue": "Length",
    "compliance_issue": "Rules",
    "placeholder_or_rendering_issue": "Broken",
    "queue_hygiene_non_actionable": "Queue",
    "other": "Other",
}
"""Why a letter was rejected; each begins with another letter, which is its key on the page."""
ANGLES: Mapping[str, str] = {
    "competitor_fomo": "what others in the field do",
    "diy_resource": "something to use at once",
    "executive_buy_in": "executive buy-in",
    "hiring_trigger": "an open position",
    "industry_specific": "their industry",
    "innovation_champion": "being early",
    "operations_efficiency": "smoother operations",
    "quick_win": "a quick win",
    "tech_stack": "the tools they use",
    "time_savings": "time saved",
    "value_first": "value first",
}
"""What a letter builds on."""
CAMPAIGNS: Mapping[str, str] = {
    "sales_qualified_fasttrack": "ready to talk",
    "high_intent_pricing": "looked at our prices",
    "event_followup": "after an event",
    "webinar_followup": "after a webinar",
    "intent_based_tier1": "showed interest, tier 1",
    "intent_based_tier2": "showed interest, tier 2",
    "intent_based_nurture": "showed some interest",
    "content_engaged_sequence": "read what we wrote",
    "content_nurture": "read a little of what we wrote",
    "thought_leadership_response": "answered a post of ours",
    "community_outreach": "from a community",
    "social_engagement_qualified": "answered us in a network",
    "social_nurture": "follows us in a network",
    "tier1_priority_outreach": "first choice, tier 1",
    "tier2_standard_sequence": "good fit, tier 2",
    "nurture_sequence": "some fit, for later",
}
"""Why somebody is written to now."""
AGENTS: Mapping[str, str] = {
    "crafter": "the drafter",
    "queen": "the coordinator",
    "operator": "the sender",
    "hunter": "the importer",
    "enricher": "the researcher",
    "segmentor": "the scorer",
    "send-requests": "the sender",
    "verdicts": "the sender",
}
"""Who of the swarm did something."""
SOURCES: Mapping[str, str] = {
    "file": "the file",
    "default": "invented people",
    "competitor_gong": "invented people who follow a competitor",
    "event_saastr": "invented people who visited an event",
}
"""Where rows come from; `file` is one that somebody brought."""
FIELDS: Mapping[str, str] = {"revenue_usd": "revenue", "linkedin_url": "LinkedIn profile"}
"""What is known of a lead, where it is not called by its code's own words."""
TABLES: Mapping[str, Mapping[str, str]] = {
    "TIERS": TIERS,
    "TAGS": TAGS,
    "ANGLES": ANGLES,
    "CAMPAIGNS": CAMPAIGNS,
    "AGENTS": AGENTS,
    "SOURCES": SOURCES,
    "FIELDS": FIELDS,
}
"""Every table by its name on the page."""

_IN_A_SENTENCE: Mapping[str, str] = {
    **FIELDS,
    **ANGLES,
    **CAMPAIGNS,
    **TIERS,
    **{tag: label.lower() for tag, label in TAGS.items()},
}
_CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b(?!\.\w)", re.ASCII)
_FROM = re.compile(r"\b(from|over) (file|default)\b")
_DISPLACED = re.compile("_displacement$")
_TIER = re.compile(r"\b(tier)(\d)")
_REPLICA = re.compile(r"-\d+$")


def plain(text: str) -> str:
    """A sentence with the codes in it as words: `rejected: weak_cta` as `rejected: ask`. Names of files keep theirs."""
    said = _CODE.sub(lambda code: _IN_A_SENTENCE.get(code[0], words(code[0])), " ".join(text.split()))
    return _FROM.sub(lambda found: f"{found[1]} {SOURCES[found[2]]}", said)


def words(code: str) -> str:
    """A code as words: `executive_buy_in` as `executive buy in`."""
    return code.replace("_", " ")


def capital(text: str) -> str:
    """The same with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def theme_of(code: str) -> str:
    """The angle or campaign of a letter; one that nobody wrote words for by its code, without what makes it one."""
    if known := {**CAMPAIGNS, **ANGLES}.get(code):
        return known
    return _TIER.sub(r"\1 \2", words(_DISPLACED.sub(" instead of it", code)))


def source_of(source: str) -> str:
    """Where a row came from."""
    return SOURCES.get(source) or plain(source)


def who(actor: str) -> str:
    """Who did something, as people call them: `person:grace@swarm` is Grace, `agent:crafter` the drafter."""
    kind, colon, name = actor.partition(":")
    match kind if colon else "person":
        case "agent":
            return AGENTS.get(_REPLICA.sub("", name), name)
        case "policy":
            return "the policy"
        case "system":
            return "the swarm"
        case _:
            return capital((name if colon else actor).partition("@")[0])


def called(tag: str) -> str:
    """What a type of fact is called where it says nothing: `email.drafted.v1` as `email drafted`."""
    return words(" ".join(tag.split(".")[:2]))


def why(lead: Row) -> str:
    """How it came about that a lead stands where it stands."""
    return plain(lead.why)


def moves(lead: Row) -> str:
    """What would take a lead further, in a sentence; empty where nothing has to."""
    if lead.remedy:
        return plain(lead.remedy)
    missing = _listed(lead.missing)
    if not missing:
        return ""
    return f"Bring {missing}, and it goes on" if lead.status == "needs_data" else f"Not known: {missing}"


def origin(lead: Row) -> str:
    """Where a lead came from: `the file, row 12`; empty where nobody knows."""
    return f"{source_of(lead.origin.source)}, row {lead.origin.row}" if lead.origin else ""


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(map(words, codes))
