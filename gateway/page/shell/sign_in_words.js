// What to say of a sign-in at the identity provider that let nobody in, by the code that the gateway leads here with.
const AGAIN = "Try again, or sign in with your password.";

export const PROVIDER_FAILED = {
  unreachable: `The service where you sign in cannot be reached. ${AGAIN}`,
  refused: `The service where you sign in did not let you in. ${AGAIN}`,
  unknown: "There is no open account here for you. An admin has to open one, under the login that you sign in with there.",
  expired: "That sign-in took too long, was used before, or began in another browser. Start it again here.",
  invalid: "What came back from the service where you sign in cannot be trusted, so nobody was signed in. Tell an admin: the log of the gateway says more.",
  busy: `Too many people are signing in at once. ${AGAIN}`,
  away: "The server cannot be reached. Try again in a moment.",
};
