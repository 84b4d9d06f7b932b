/** The step in which a partner signs with their own key: the text as it is signed, what was answered, and their yes. */

import { sha256Hex } from "../signing/crypto.js";
import { el } from "./dom.js";
import { Unreachable } from "./http.js";
import { icon } from "./icons.js";

const texts = /** @type {Map<string, {words: string, hash: string}>} */ (new Map());

/** A text that people sign, with the hash of its very bytes. @param {string} name such as no-driving-v1 */
export async function signedText(name) {
  const known = texts.get(name);
  if (known) return known;
  const response = await fetch(`/static/pages/texts/${name}.txt`).catch(() => null);
  if (!response?.ok) throw new Unreachable();
  const bytes = new Uint8Array(await response.arrayBuffer());
  const loaded = { words: new TextDecoder().decode(bytes), hash: await sha256Hex(bytes) };
  texts.set(name, loaded);
  return loaded;
}

/**
 * What the partner sees before they sign.
 *
 * @param {"a" | "b"} slot @param {string} words @param {[string, string][]} answers what they said, in words
 */
export function handOver(slot, words, answers) {
  const [title, ...rest] = words.trim().split("\n").filter(Boolean);
  return [
    el("p", { class: "hand-over" }, icon("pen"), `Hand the tablet to ${slot.toUpperCase()}. ${slot.toUpperCase()} reads and signs; you witness.`),
    el("section", { class: "to-sign", "aria-label": title }, el("h3", {}, title), rest.map((line) => el("p", {}, line)), el("dl", {}, answers.map(([what, said]) => [el("dt", {}, what), el("dd", {}, said)]).flat())),
  ];
}
