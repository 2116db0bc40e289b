// What each check of the guard looks at, in words.

export const RULES = {
  "GUARD-001": "Not turned down often",
  "GUARD-002": "Not rejected before",
  "GUARD-002-NEAR": "Unlike what was rejected before",
  "GUARD-003": "Every claim has a fact",
  "GUARD-004": "A first sentence of its own",
  "GUARD-005": "Few stock phrases",
  SPAM: "No words that filters stop",
  "SUBJECT-REPLY": "The subject feigns no reply",
  "SUBJECT-SHOUT": "The subject does not shout",
  "SUBJECT-LENGTH": "Length of the subject",
  "SUBJECT-PROMISE": "The subject promises nothing",
  PLACEHOLDER: "No placeholder",
  LENGTH: "Length of the message",
  "RENDER-BRACE": "No template marks",
  "RENDER-NOTHING": "No missing value printed",
  "RENDER-RAW": "No list printed raw",
  "RENDER-SLOT": "No hole in a sentence",
  "RENDER-SPACE": "No double spaces",
  "RENDER-HIDDEN": "No hidden characters",
  "COMPANY-NAME": "The company as people say it",
  "COMPLY-SIGNATURE": "Signature",
  "COMPLY-ADDRESS": "Postal address",
  "COMPLY-OPT-OUT": "A way to opt out",
  "COMPLY-ASK": "It asks something",
  "TWIN-TEXT": "Not the text of a colleague",
  "TWIN-OPENER": "Not the opener of a colleague",
};

/** @param {string} rule The id of a check. A new one is named by its id, in words. */
export const ruleWords = (rule) => RULES[rule] ?? rule.toLowerCase().replaceAll("-", " ");
