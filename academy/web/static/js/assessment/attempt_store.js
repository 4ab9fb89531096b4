// Answers that the academy has not acknowledged yet, kept in this browser under "attempt.<attempt>.<position>".
const PREFIX = "attempt.";

const name = (attempt, position) => `${PREFIX}${attempt}.${position}`;

export function keep(attempt, position, entry) {
  try {
    localStorage.setItem(name(attempt, position), JSON.stringify(entry));
  } catch { /* full or forbidden: the page still holds the answer and warns before it is left */ }
}

// Removes the entry only while it is the same one: another window of this attempt may have written a newer answer.
export function drop(attempt, position, entry) {
  try {
    const found = JSON.parse(localStorage.getItem(name(attempt, position)));
    if (!found || (found.key === entry.key && found.seq <= entry.seq)) localStorage.removeItem(name(attempt, position));
  } catch { /* nothing was kept */ }
}

export function kept(attempt) {
  const found = new Map();
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const [, owner, position] = (localStorage.key(index) ?? "").match(/^attempt\.(\d+)\.(\d+)$/) ?? [];
      if (Number(owner) !== attempt) continue;
      const entry = JSON.parse(localStorage.getItem(name(attempt, position)));
      if (entry && typeof entry.key === "string" && Number.isInteger(entry.seq)) found.set(Number(position), entry);
    }
  } catch { /* unreadable entries are as good as none */ }
  return found;
}

export function clear(attempt) {
  try {
    const start = attempt === undefined ? PREFIX : `${PREFIX}${attempt}.`;
    for (const key of Object.keys(localStorage)) if (key.startsWith(start)) localStorage.removeItem(key);
  } catch { /* nothing was kept */ }
}
