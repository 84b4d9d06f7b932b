/**
 * The shape of a type of event, given by the service: how private each field is, and so which block it travels in.
 *
 * Which blocks there are follows from shape and stream, never from values: an empty block is still a block.
 */

import { Invalid } from "./invalid.js";

/** `slot` null is the stream's own subject; `name` is what body or block calls the field. */
/** @typedef {{field: string, privacy: string, slot: "a" | "b" | null, name: string}} Place */
/** @typedef {{[name: string]: import("./canonical.js").Json}} Members */

/**
 * Fields sorted into the open body and, by block, the sealed values. Every field is given, or null.
 *
 * @param {Place[]} shape @param {string} stream @param {Members} fields
 */
export function takeApart(shape, stream, fields) {
  const own = /^session\/[^/]+\/([ab])$/.exec(stream)?.[1] ?? "subject";
  const body = /** @type {Members} */ ({});
  const sealed = /** @type {{[block: string]: Members}} */ ({});
  for (const { field, privacy, slot, name } of shape) {
    if (!Object.hasOwn(fields, field)) throw new Invalid("missing-field", "This field is missing.", field);
    const members = privacy === "open" ? body : (sealed[`${slot ?? own}/${privacy}`] ??= {});
    members[name] = fields[field];
  }
  const unknown = Object.keys(fields).find((name) => shape.every(({ field }) => field !== name));
  if (unknown !== undefined) throw new Invalid("unknown-field", "This type has no such field.", unknown);
  return { body, sealed };
}
