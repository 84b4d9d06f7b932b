/**
 * J: the only spelling of a JSON value in this ledger (RFC 8785 in a narrow profile; format v1, section 0).
 *
 * Sorted members, no spaces, no floats (quantities are decimal strings), printable ASCII except inside a block.
 * The twin of ledger/canonical.py, byte for byte.
 */

import { areEqual, utf8 } from "./bytes.js";
import { Invalid } from "./invalid.js";

/** @typedef {null | boolean | number | string | Json[] | {[name: string]: Json}} Json */
/** @typedef {{anyText?: boolean}} Options whether strings may leave ASCII */

const MAX_NESTING = 6;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const ASCII = /^[\x20-\x7e]*$/;
const TEXT = /^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*$/u;

/** The canonical text of a value. @param {Json} value @param {Options} [options] */
export const canonical = (value, { anyText } = {}) => spell(value, anyText ? TEXT : ASCII, "", 1);

/** The value of canonical bytes; any other spelling is refused. @param {Uint8Array} bytes @param {Options} [options] */
export function parseCanonical(bytes, options) {
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw outside("This is not JSON.", "");
  }
  if (!areEqual(utf8(canonical(value, options)), bytes)) {
    throw outside("This is not the canonical spelling.", "");
  }
  return value;
}

/** @param {any} value @param {RegExp} text @param {string} path @param {number} depth @returns {string} */
function spell(value, text, path, depth) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    if (!text.test(value)) throw outside("A character that is not allowed.", path);
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      throw outside("Not a whole number below 2^53; write quantities as decimal strings.", path);
    }
    return String(value);
  }
  if (!Array.isArray(value) && Object.getPrototypeOf(value ?? 0) !== Object.prototype) {
    throw outside("A value that is not JSON.", path);
  }
  if (depth > MAX_NESTING) throw outside("Too many containers inside each other.", path);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, at) => spell(item, text, `${path}[${at}]`, depth + 1)).join()}]`;
  }
  const members = Object.keys(value).sort().map((name) => {
    if (!NAME.test(name)) throw outside("A name that is not allowed.", path);
    return `"${name}":${spell(value[name], text, path ? `${path}.${name}` : name, depth + 1)}`;
  });
  return `{${members.join()}}`;
}

/** @param {string} message @param {string} path */
const outside = (message, path) => new Invalid("not-canonical", message, path);
