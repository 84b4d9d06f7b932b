/** What the event page needs to know, asked of the service and read from the signed bytes themselves. */

import { fromBase64 } from "../signing/base64.js";
import { contentDigest } from "../signing/envelope.js";
import { asked, uuidOf } from "./board_links.js";
import { get, Problem } from "./http.js";
import { asOf } from "./past.js";

/** @typedef {{position: number, version: number, envelope: string, received_at: string, payload: any, text: string, signatures: {keyid: string, sig: string}[], signers: any[], written: any, late: string[], dig: string}} Entry */

/** An entry of the log, with the payload read from its envelope; null where the log itself wrote it. @param {number} position @returns {Promise<Entry>} */
export async function openEntry(position) {
  if (!Number.isSafeInteger(position) || position < 0) throw new Problem({ code: "not-found", detail: "A position is a whole number from 0." }, 404);
  const { entry, envelope, version, signers, written, late } = await get(asOf(`/v1/entries/${position}`));
  const received_at = /"received_at":"([^"]+)"/.exec(entry)?.[1] ?? "";
  if (!envelope) return { position, version, envelope, received_at, payload: null, text: "", signatures: [], signers: [], written: null, late: [], dig: "" };
  const { payload, signatures } = JSON.parse(envelope);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(fromBase64(payload));
  return { position, version, envelope, received_at, payload: JSON.parse(text), text, signatures, signers, written, late: late ?? [], dig: await contentDigest(text) };
}

/** The event in the words of its session's timeline; null for events of other records. @param {Entry} entry */
export async function said({ position, payload }) {
  if (!payload.stream.startsWith("session/")) return null;
  const atLeast = asked("at_least");
  const { rows } = await get(asOf(`/v1/sessions/${uuidOf(payload.stream)}/timeline${atLeast ? `?at_least=${Number(atLeast)}` : ""}`));
  return rows.find((/** @type {any} */ row) => row.position === position) ?? null;
}

/** Every key that was ever enrolled, by its id. @returns {Promise<Map<string, any>>} */
export async function keysByKid() {
  const { keys } = await get(asOf("/v1/keys"));
  return new Map(keys.map((/** @type {any} */ key) => [key.kid, key]));
}

/** @param {number} position @returns {Promise<string>} */
export const receiptOf = (position) => get(`/v1/receipts/${position}`);
