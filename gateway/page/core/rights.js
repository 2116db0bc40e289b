// What a phase lets out, and what roles and permissions let people do, in words.

// What approving means here: nobody may take one phase for another.
export const PHASES = {
  shadow: "Shadow: nothing leaves this machine",
  parallel: "Parallel: approved mails go out beside the old way",
  assisted: "Assisted: what you approve goes out",
  autonomous: "Autonomous: mails also go out without you",
};

export const ROLES = {
  reviewer: "reads and decides",
  operator: "starts and stops runs",
  auditor: "reads what was done, not whom it was about",
  admin: "may do everything",
};

export const PERMISSIONS = {
  read: "read everything but names and texts",
  read_personal: "read names, addresses and texts",
  decide: "answer letters",
  run: "start and stop runs",
  audit: "read who did what",
  admin: "change people and their roles",
};

/** Who may do something, as a sentence can say it. */
export const WHO_MAY = {
  read_personal: "reviewers, operators and admins",
  run: "operators and admins",
  dead: "operators, auditors and admins",
  admin: "admins",
};
