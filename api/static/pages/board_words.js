/** What these pages call things: phases, verdicts, severities, and who is who. */

/** @typedef {{word: string, sign: "check" | "warning" | "clock" | "unknown" | "none", tone: string}} Word */

/** @type {Record<string, Word>} */
export const VERDICTS = {
  breached: { word: "Not kept", sign: "warning", tone: "bad" },
  "cannot-judge": { word: "Cannot be judged", sign: "unknown", tone: "soon" },
  pending: { word: "Pending", sign: "clock", tone: "soon" },
  met: { word: "Kept", sign: "check", tone: "good" },
  "not-applicable": { word: "Does not apply", sign: "none", tone: "calm" },
};

/** Whose a finding is, short: one about staff or place is about neither partner. @param {{slot: string | null}} finding */
export const whose = ({ slot }) => slot?.toUpperCase() ?? "both";

/** The same in words. @param {{slot: string | null}} finding */
export const whoseInWords = ({ slot }) => (slot ? `partner ${slot.toUpperCase()}` : "staff and place");

/** In which order verdicts are shown. @param {string} verdict */
export const rank = (verdict) => Object.keys(VERDICTS).indexOf(verdict);

export const SEVERITIES = { C: "critical", M: "major", m: "minor", i: "information" };

const PHASES = {
  arrival: "Arriving",
  preparation: "Preparing",
  dosing: "Dosing",
  onset: "Onset",
  peak: "Peak",
  dialogue: "Dialogue",
  "come-down": "Come-down",
  integration: "Integration",
  recovery: "Recovering",
  discharge: "Release",
};

/** @param {string | null | undefined} phase */
export const phaseWord = (phase) => (phase ? (PHASES[phase] ?? phase) : "Not begun");

/** In how far the day is advanced, for the chip's colour. @param {string | null | undefined} phase */
export const phaseTone = (phase) => {
  if (!phase || ["arrival", "preparation"].includes(phase)) return "early";
  return ["integration", "recovery", "discharge"].includes(phase) ? "late" : "dosed";
};

/** What a signature says, in words. @type {Record<string, string>} */
export const MEANINGS = {
  performed: "did this, and says so",
  observed: "saw this happen",
  received: "took this over",
  relinquished: "handed this over",
  authorised: "permits this",
  prescribed: "prescribes this",
  declined: "says no",
  consented: "consents",
  acknowledged: "has understood this",
  enrolled: "vouches for this key",
  possession: "holds this key",
  opened: "opens the ledger",
  witnessed: "was there and saw it",
  verified: "checked it independently",
  reviewed: "looked at it and finds it right",
  corrected: "says that the entry was wrong",
  countersigned: "signs as the second person",
};

/** `supervision-checked/1` as `Supervision checked`. @param {string} type */
export function typeWord(type) {
  const words = type.split("/")[0].replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `not_obtained` as `not obtained`. @param {string} name */
export const fieldWord = (name) => name.replaceAll("_", " ");
