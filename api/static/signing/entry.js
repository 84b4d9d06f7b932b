/** An event's entry in the log: its envelope's hash, at its place in its stream (format v1, sections 1 and 5). */

import { areEqual, utf8 } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { sha256Hex } from "./crypto.js";
import { fromInstant } from "./instant.js";
import { Invalid } from "./invalid.js";

const FIRST_LINE = utf8("session-ledger/entry/v1\n");
const MEMBERS = "env,prev,received_at,stream,version";

/** A stream's opaque name in the entries, in hex. @param {string} origin @param {string} stream */
export const streamTag = (origin, stream) => sha256Hex(utf8(`session-ledger/stream/v1\n${origin}\n${stream}`));

/** @param {Uint8Array} bytes */
export function parseEventEntry(bytes) {
  const isEvent = areEqual(bytes.slice(0, FIRST_LINE.length), FIRST_LINE);
  const entry = (isEvent && parseCanonical(bytes.slice(FIRST_LINE.length))) || {};
  const { env, prev, received_at, stream, version } = entry;
  const isNext = prev === null ? version === 1 : isHash(prev) && Number.isInteger(version) && version > 1;
  if (Object.keys(entry).join() !== MEMBERS || !isHash(env) || !isHash(stream) || !isNext) {
    throw new Invalid("entry-format", "This is not an event entry.");
  }
  fromInstant(received_at, "received_at");
  return { env, received_at, stream, version };
}

/** @param {any} value */
const isHash = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
