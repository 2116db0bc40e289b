// The own tokens and sessions that still open something, as the gateway lists them.
import { get } from "../core/api.js";
import { loaded } from "../core/loaded.js";
import { session } from "../core/session.js";

const SHOWN = 100;

export const mine = loaded(async (after = "") => {
  const { data } = await get("/api/tokens", { login: session.value.login, limit: SHOWN, after });
  return data.items.filter((one) => one.lives);
});
