// What the browser keeps for a person: a choice for long, an unfinished text until the tab is closed.

/** @param {Storage} storage */
const over = (storage) => ({
  /** @param {string} name @returns {any} null where nothing is kept. */
  read(name) {
    try {
      return JSON.parse(storage.getItem(name) ?? "null");
    } catch {
      return null;
    }
  },
  /** @param {string} name @param {any} value null forgets it. */
  write(name, value) {
    try {
      if (value === null) storage.removeItem(name);
      else storage.setItem(name, JSON.stringify(value));
    } catch {
      // A full or closed storage costs the convenience alone.
    }
  },
});

export const long = over(localStorage);
export const tab = over(sessionStorage);
