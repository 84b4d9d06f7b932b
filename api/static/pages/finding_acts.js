/** Acknowledging, explaining, dispositioning, closing and reopening a finding: each an event, signed by whoever says it. */

import { el, fill } from "./dom.js";
import { choice, text } from "./fields.js";
import { get } from "./http.js";
import { refreshKeyring, shapeOf, staffSignature } from "./keyring.js";
import { record } from "./recording.js";
import { openSheet } from "./sheet.js";
import { whoSigns } from "./who_signs.js";

/** @typedef {{finding: any, me: any, zone: string}} About */
/** @typedef {{name: string, type: string, words: string, says: string, label: string, own: boolean, fields: () => {nodes: any[], read: () => Record<string, any>}}} Form */

const REASONS = [
  ["staffing", "Too few people"], ["partner-emergency", "The other partner needed help"], ["device-failure", "A device failed"], ["recorded-late", "Done, and written down late"],
  ["declined", "The person declined"], ["by-decision", "Decided on purpose"], ["other", "Another reason"],
];
const OUTCOMES = [["accepted-deviation", "Accepted as it is"], ["corrected", "Put right"], ["corrective-action", "Something is to be done"], ["false-positive", "Not a deviation at all"]];
const AGAIN = [["happened-again", "It happened again"], ["closed-too-early", "Closed too early"], ["new-information", "Something new is known"], ["other", "Another reason"]];
const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The buttons for what may be said now. @param {HTMLElement} place @param {About} about */
export async function offerActs(place, about) {
  await refreshKeyring();
  fill(place, forms(about).map((form) => el("button", { type: "button", class: "button", "data-action": form.name, onclick: () => open(about, form) }, `${form.words}…`)));
}

/** @param {About} about @returns {Form[]} */
function forms({ finding }) {
  const closed = finding.state === "closed";
  const last = (/** @type {string} */ kind) => finding.acts.findLast((/** @type {any} */ act) => act.kind === kind);
  const reference = (/** @type {any} */ act) => (act ? { dig: act.dig, id: act.event_id } : null);
  const none = () => ({ nodes: [], read: () => ({}) });
  if (closed) {
    if (finding.by_itself || !last("closed")) return [];
    return [{ name: "reopen", type: "finding-reopened/1", words: "Open again", says: "It is open again, for everybody to see.", label: "Open again", own: true, fields: () => reasoned(AGAIN, { closed: reference(last("closed")) }) }];
  }
  return [
    { name: "acknowledge", type: "finding-acknowledged/2", words: "Acknowledge", says: "You have seen it. Nothing is decided by that.", label: "Acknowledge", own: true, fields: none },
    { name: "explain", type: "finding-explained/1", words: "Explain", says: "Why it came to it; also who did it may say so. What needs more words stands as an addendum on the record it is about.", label: "Explain", own: true, fields: () => reasoned(REASONS, {}) },
    { name: "disposition", type: "finding-dispositioned/2", words: "Decide", says: "It was looked into, and this becomes of it. The facts stay what they are.", label: "Decide", own: false, fields: decided },
    { name: "close", type: "finding-closed/1", words: "Close", says: last("dispositioned") ? "Nothing is left to do." : "Nothing is left to do. Nobody has decided what becomes of it.", label: "Close", own: false, fields: () => ({ nodes: [], read: () => ({ disposition: reference(last("dispositioned")) }) }) },
  ];
}

/** @param {string[][]} reasons @param {Record<string, any>} more */
function reasoned(reasons, more) {
  const reason = choice("reason", "Why", /** @type {[string, string][]} */ (reasons));
  return {
    nodes: [reason.node],
    read() {
      if (!reason.read()) throw new Error("Say why.");
      return { reason: reason.read(), ...more };
    },
  };
}

function decided() {
  const outcome = choice("outcome", "What becomes of it", /** @type {[string, string][]} */ (OUTCOMES));
  const reason = choice("reason", "Why, if it is to be said", /** @type {[string, string][]} */ (REASONS));
  const action = text("action", "What is to be done, in words joined by hyphens", { maxlength: 60, placeholder: "second-nurse-on-call" });
  const due = text("due", "Until", { type: "date" });
  return {
    nodes: [outcome.node, reason.node, action.node, due.node],
    read() {
      if (!outcome.read()) throw new Error("Say what becomes of it.");
      const named = action.read();
      if (outcome.read() === "corrective-action" && !named) throw new Error("Say what is to be done.");
      if (named && !CODE.test(named)) throw new Error("Write what is to be done in small letters and figures, joined by hyphens.");
      return { outcome: outcome.read(), reason: reason.read(), action: named, due: due.read() };
    },
  };
}

/** @param {About} about @param {Form} form */
function open(about, form) {
  const { finding, me, zone } = about;
  const sheet = openSheet({ slot: finding.slot, action: form.name, title: `${form.words}: ${finding.rule}` });
  const fields = form.fields();
  const roles = [...new Set(shapeOf(form.type).signers.flatMap((/** @type {any} */ each) => each.roles))];
  const did = form.own ? [] : finding.did;
  const signer = whoSigns({ me, roles, pin: true, not: did.map((/** @type {any} */ each) => each.id), label: "Signs, by PIN" });
  const apart = did.length > 0 && el("p", { class: "quiet" }, `Who had a part in it does not decide about it: ${did.map((/** @type {any} */ each) => each.code).join(", ")}.`);
  sheet.show([el("p", { class: "said-of" }, finding.sentence), el("p", {}, form.says), ...fields.nodes, apart, signer.node], {
    label: form.label,
    async run() {
      const said = fields.read();
      const who = await signer.confirmed();
      const signature = staffSignature(form.type, who);
      if (!signature) throw new Error(`${who.code} may not sign this.`);
      const evidence = await Promise.all(finding.evidence.slice(0, 32).map(reference));
      const about = { evidence, finding: finding.id, rule: finding.rule, rule_version: finding.version };
      const proven = await record({ type: form.type, stream: recordOf(finding), fields: { ...about, ...said }, signers: [signature], words: `${finding.rule}: ${form.words.toLowerCase()}` }, zone);
      if (!proven) throw new Error("It is signed and kept on this tablet, and sent when the network is back.");
      const session = finding.session ? `session=${finding.session.split("/")[1]}&` : "";
      location.assign(`/finding/${finding.id}?${session}at_least=${proven.position + 1}`);
    },
  });
}

/** On which record acts on a finding stand: one whose number follows from its identity, or the governance record it is about. @param {any} finding */
export function recordOf({ id, subject }) {
  if (subject.startsWith("governance/")) return subject;
  const variant = "89ab"[Number.parseInt(id[16], 16) & 3];
  return `governance/${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-${variant}${id.slice(17, 20)}-${id.slice(20)}`;
}

/** As another event names it. @param {number} position */
async function reference(position) {
  const { dig, event_id } = await get(`/v1/entries/${position}`);
  return { dig, id: event_id };
}
