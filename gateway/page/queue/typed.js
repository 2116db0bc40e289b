// What somebody typed and did not send, by e-mail: it outlives the letter, the panel and a reload of the tab.
import { tab } from "../core/kept.js";

const name = (emailId) => `typed:${emailId}`;

/**
 * @param {string} emailId
 * @returns {{version?: number, subject?: string, body?: string, reason?: string, tag?: string, wishes?: string[], instruction?: string, comment?: string}}
 */
export const typed = (emailId) => tab.read(name(emailId)) ?? {};

/** @param {string} emailId @param {Partial<ReturnType<typeof typed>>} change */
export const keep = (emailId, change) => tab.write(name(emailId), { ...typed(emailId), ...change });

/** @param {string} emailId */
export const forget = (emailId) => tab.write(name(emailId), null);
