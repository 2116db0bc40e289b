// Made of services/projections/plain_words.py by `SWARM_WRITE_DOCS=1 pytest tests/unit/projections`; a test compares.

export const TIERS = {
  "tier_1": "tier 1",
  "tier_2": "tier 2",
  "tier_3": "tier 3",
  "tier_4": "tier 4",
  "needs_data": "needs data"
};

export const TAGS = {
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
  "other": "Other"
};

export const ANGLES = {
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
  "value_first": "value first"
};

export const CAMPAIGNS = {
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
  "nurture_sequence": "some fit, for later"
};

export const AGENTS = {
  "crafter": "the drafter",
  "queen": "the coordinator",
  "operator": "the sender",
  "hunter": "the importer",
  "enricher": "the researcher",
  "segmentor": "the scorer",
  "send-requests": "the sender",
  "verdicts": "the sender"
};

export const SOURCES = {
  "file": "the file",
  "default": "invented people",
  "competitor_gong": "invented people who follow a competitor",
  "event_saastr": "invented people who visited an event"
};

export const FIELDS = {
  "revenue_usd": "revenue",
  "linkedin_url": "LinkedIn profile"
};
