/** What a file that was just brought would come to, by import: its page need not ask for it again. */
export const previews = new Map();
