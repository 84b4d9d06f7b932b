/** Instants: `2026-05-16T14:05:00.000000Z`. They compare as texts; for arithmetic, microseconds as BigInt. */

import { Invalid } from "./invalid.js";

const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** @param {bigint} microseconds of the years 1970 to 9999 */
export function toInstant(microseconds) {
  const text = new Date(Number(microseconds / 1000n)).toISOString().slice(0, -1);
  return `${text}${String(microseconds % 1000n).padStart(3, "0")}Z`;
}

/** Microseconds since 1970. @param {string} text @param {string} [field] */
export function fromInstant(text, field) {
  const coarse = `${String(text).slice(0, 23)}Z`;
  const milliseconds = typeof text === "string" && INSTANT.test(text) ? Date.parse(coarse) : NaN;
  // 30 February may be read as 2 March: write it again and compare.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== coarse) {
    throw new Invalid("instant", "This is not a time of the form 2026-05-16T14:05:00.000000Z.", field);
  }
  return BigInt(milliseconds) * 1000n + BigInt(text.slice(23, 26));
}

/**
 * A payload's `occurred`: the instant, and how it was shown to the signer.
 *
 * @param {string} at @param {string} zone such as America/New_York @param {"s" | "min" | "approx"} precision
 */
export function occurredAt(at, zone, precision) {
  const date = new Date(Number(fromInstant(at) / 1000n));
  const shown = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).format(date);
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(shown) ?? ["", "+", "0", "0"];
  const size = 60 * Number(hours) + Number(minutes);
  return { at, offset: sign === "-" ? -size : size, precision, zone };
}
