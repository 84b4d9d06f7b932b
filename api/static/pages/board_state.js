/** How things stand with one partner's next check at a moment of the service's clock. */

const SOON = 2 * 60000;

/** @typedef {"warning" | "clock" | "check" | "none"} Sign */
/** @typedef {{name: string, tone: string, word: string, sign: Sign, left: number | null, short: string}} CheckState */

/**
 * To the limit itself a check is on time, the second after it is overdue, as the rule counts.
 *
 * `left` is milliseconds to due, to the limit, or since it; `short` stands for it where nothing is due.
 *
 * @param {any} partner @param {number} now @returns {CheckState}
 */
export function checkState(partner, now) {
  if (partner.departed_at) return rest("left", "Has left");
  if (partner.released_at) return rest("released", "Released");
  if (!partner.due_at) return partner.doses ? rest("none", "No check due") : rest("undosed", "Not dosed");
  const due = Date.parse(partner.due_at);
  const limit = Date.parse(partner.limit_at ?? partner.due_at);
  if (now < due) {
    const isSoon = due - now <= SOON;
    return { name: isSoon ? "soon" : "ahead", tone: isSoon ? "soon" : "calm", word: "Next check in", sign: "clock", left: due - now + 999, short: "" };
  }
  if (now < limit + 1000) return { name: "due", tone: "soon", word: "Check due now, left", sign: "clock", left: limit - now + 999, short: "" };
  return { name: "overdue", tone: "bad", word: "Check overdue", sign: "warning", left: now - limit, short: "" };
}

/** @param {string} name @param {string} word @returns {CheckState} */
const rest = (name, word) => ({ name, tone: "rest", word, sign: name === "released" || name === "left" ? "check" : "none", left: null, short: "–" });
