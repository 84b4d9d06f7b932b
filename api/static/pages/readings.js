/** What can be read off a person and a device: name, unit, what is possible, and what is unusual enough to be asked. */

/**
 * @typedef {object} Reading
 * @property {string} name the event's field
 * @property {string} label
 * @property {string} unit
 * @property {[number, number]} possible outside of it the ledger refuses
 * @property {[number, number]} plausible outside of it the signer confirms with a reason
 * @property {string} [item] what `not_obtained` calls it
 */

/** @type {Record<string, Reading>} */
export const READINGS = {
  systolic: { name: "systolic", label: "BP systolic", unit: "mmHg", possible: [1, 350], plausible: [70, 230], item: "blood-pressure" },
  diastolic: { name: "diastolic", label: "BP diastolic", unit: "mmHg", possible: [1, 250], plausible: [35, 140], item: "blood-pressure" },
  heart_rate: { name: "heart_rate", label: "Heart rate", unit: "/min", possible: [0, 350], plausible: [35, 180], item: "heart-rate" },
  spo2: { name: "spo2", label: "SpO₂", unit: "%", possible: [0, 100], plausible: [70, 100], item: "spo2" },
  respiratory_rate: { name: "respiratory_rate", label: "Breaths", unit: "/min", possible: [0, 100], plausible: [6, 40], item: "respiratory-rate" },
  moaas: { name: "moaas", label: "Alertness 0–5", unit: "MOAA/S", possible: [0, 5], plausible: [0, 5], item: "moaas" },
  cadss6: { name: "cadss6", label: "CADSS-6 0–24", unit: "", possible: [0, 24], plausible: [0, 24], item: "cadss6" },
};

/** Whether no further digit can follow. @param {Reading} reading @param {string} digits */
export function isComplete({ possible }, digits) {
  return digits !== "" && (digits === "0" ? possible[1] > 9 ? false : true : Number(digits) * 10 > possible[1] || digits.length >= String(possible[1]).length);
}

/** What is odd about these numbers, as sentences; empty when nothing is. @param {Record<string, number | null>} values */
export function doubts(values) {
  const found = Object.values(READINGS)
    .filter(({ name, plausible: [low, high] }) => values[name] !== null && values[name] !== undefined && (values[name] < low || values[name] > high))
    .map(({ name, label, unit, plausible: [low, high] }) => `${label} ${values[name]} ${unit} is outside ${low} to ${high}.`);
  const { systolic, diastolic } = values;
  if (systolic && diastolic && diastolic >= systolic) found.push(`Diastolic ${diastolic} is not below systolic ${systolic}.`);
  return found;
}

/** `BP 136/86 · SpO₂ 97 % · HR 70`. @param {Record<string, number | null>} values */
export function inWords(values) {
  const { systolic, diastolic } = values;
  const parts = systolic && diastolic ? [`BP ${systolic}/${diastolic}`] : [];
  if (has(values.heart_rate)) parts.push(`HR ${values.heart_rate}`);
  if (has(values.spo2)) parts.push(`SpO₂ ${values.spo2} %`);
  if (has(values.moaas)) parts.push(`alertness ${values.moaas}`);
  if (has(values.respiratory_rate)) parts.push(`breaths ${values.respiratory_rate}`);
  if (has(values.cadss6)) parts.push(`CADSS-6 ${values.cadss6}`);
  return parts.join(" · ");
}

/** @param {any} value */
const has = (value) => value !== null && value !== undefined;
