// What the services do and what stands still without them; what the views are for.

/** By service: its name for people, what it does, and what stands still while it does not run. */
export const SERVICES = {
  hunter: { word: "Importer", does: "reads the rows of a run", without: "No row is read: new runs wait." },
  enricher: { word: "Researcher", does: "looks up what is known about each company", without: "New leads wait to be looked up." },
  segmentor: { word: "Scorer", does: "scores each lead and says whom to write to", without: "Leads wait for their score." },
  crafter: { word: "Drafter", does: "writes the letters and checks them", without: "No letter is written or rewritten." },
  operator: { word: "Sender", does: "takes approved letters through the gates", without: "What is approved waits." },
  queen: { word: "Coordinator", does: "follows each run and ends what nobody answers", without: "Runs do not move on or end, and nothing expires." },
  projector: { word: "Projector", does: "turns facts into what these pages show", without: "These pages show how things were; decisions still count." },
};

export const VIEWS = {
  queue: "The queue",
  feedback: "Feedback",
  audit: "The audit",
  leads: "The leads",
  runs: "The runs",
  timeline: "The history of each lead",
  timers: "What expires when",
  memory: "What the drafter learns from",
  accounts: "People and tokens",
  days: "What was answered each day",
  exclusions: "Who is left alone",
};
