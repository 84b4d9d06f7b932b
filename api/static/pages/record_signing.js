/** Before and after a signature: what will be signed in plain words, the hand-over to a participant, and what became of it. */

import { el, fill } from "./dom.js";
import { get } from "./http.js";
import { icon } from "./icons.js";
import { staffSignature } from "./keyring.js";
import { overrides } from "./override.js";
import { said } from "./record_form.js";
import { spoken } from "./record_list.js";
import { meant } from "./record_signers.js";
import { state } from "./record_stated.js";
import { record } from "./recording.js";
import { refusal } from "./refusal.js";
import { clockTime } from "./times.js";

/** @import {Context} from "./record_leaves.js" */
/** @import {Described} from "./record_form.js" */
/** @typedef {{stream: string, name: string, fields: Record<string, any>, when: import("./recording.js").When, signers: any[], own: any[]}} Ready */

/**
 * The last step: what is signed stands here in words, and nothing is sent before somebody says yes to it.
 *
 * @param {Described} described @param {Context} context @param {any} me @param {Ready} ready
 * @param {{back: () => void, refused: (error: any) => boolean, done: (proven: {position: number} | null) => void}} then
 *   `refused` says whether the form could show what is wrong in its place
 */
export function lastStep(described, context, me, ready, then) {
  const trouble = el("div", { class: "trouble", role: "alert", "data-trouble": true });
  const when = `${clockTime(ready.when.at, context.zone())} on ${new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: context.zone() }).format(new Date(ready.when.at))}, ${context.zone()}`;
  const rows = /** @type {[string, string][]} */ ([["About", ready.name], ["Happened", ready.when.precision === "approx" ? `about ${when}` : when], ...said(described.fields, ready.fields, context)]);
  const signed = [...ready.own.map(({ meaning }) => `the person it is about ${meant(meaning)}`), ...ready.signers.map(({ code, meaning, role }) => `${code} ${meant(meaning)}, as ${role.replaceAll("-", " ")}`)];
  const label = ready.own.length ? "I am the person it is about, and I sign" : "Sign and record";
  const button = /** @type {HTMLButtonElement} */ (el("button", { type: "button", class: "primary", "data-action": "sign" }, label));
  button.addEventListener("click", attempt);
  const node = el(
    "section",
    { class: "panel summary", "data-summary": true, "aria-labelledby": "summary-title" },
    ready.own.length > 0 && el("p", { class: "hand-over" }, icon("pen"), `Hand the tablet to ${ready.name}. They read this and sign with their own key.`),
    el("h2", { id: "summary-title", tabindex: "-1" }, `To be signed: ${spoken(described.name).toLowerCase()}`),
    el("dl", { class: "facts" }, rows.map(([what, words]) => [el("dt", {}, what), el("dd", {}, words)]).flat(), el("dt", {}, "Signed"), el("dd", {}, signed.join("; "))),
    trouble,
    el("div", { class: "steps" }, el("button", { type: "button", "data-action": "back", onclick: then.back }, "Back to the form"), button),
  );
  return { node, focus: () => /** @type {HTMLElement} */ (node.querySelector("h2")).focus() };

  async function attempt() {
    if (button.disabled) return;
    button.disabled = true;
    fill(trouble);
    const act = { type: described.type, stream: ready.stream, fields: ready.fields, signers: [...ready.own, ...ready.signers], when: ready.when, words: spoken(described.name).toLowerCase() };
    try {
      const [{ pin: secret = "" } = {}] = ready.signers;
      then.done(await (secret ? state(act, context.zone(), secret) : record(act, context.zone())));
    } catch (problem) {
      const error = /** @type {any} */ (problem);
      if (!error.blockedBy?.length && then.refused(error)) return;
      if (ready.stream.startsWith("session/")) error.wayOut = (/** @type {any[]} */ blocked) => overrides(room(ready.stream, me, context), described.type, blocked);
      fill(trouble, refusal(error), evidence(error.blockedBy ?? []));
      trouble.scrollIntoView({ block: "nearest" });
    }
    button.disabled = false;
  }
}

/** @param {any[]} blocked */
const evidence = (blocked) => {
  const positions = [...new Set(blocked.flatMap((each) => each.evidence ?? []))];
  return positions.length > 0 && el("p", {}, "Evidence: ", positions.flatMap((position, at) => [at ? ", " : "", el("a", { href: `/event/${position}`, target: "_blank" }, `entry ${position}`)]));
};

/** What the form of an override needs to know of a session. @param {string} stream @param {any} me @param {Context} context */
function room(stream, me, context) {
  const joint = stream.split("/").slice(0, 2).join("/");
  return /** @type {any} */ ({
    me,
    stream: joint,
    partner: (/** @type {"a" | "b"} */ slot) => ({ record: `${joint}/${slot}` }),
    record: (/** @type {any} */ act) => record(act, context.zone()),
    staffSigns(/** @type {string} */ type, /** @type {any} */ who) {
      const signature = staffSignature(type, who);
      if (!signature) throw new Error(`${who.code} signs no ${type}.`);
      return signature;
    },
  });
}

/** Who reads entries, and is led to the one they recorded. */
const READERS = ["nurse", "prescriber", "therapist", "medical-director", "compliance-officer", "privacy-officer", "records-officer"];

/** What became of it, and where it leads. @param {Described} described @param {Ready} ready @param {{position: number} | null} proven @param {{roles: string[]}} me @param {() => void} again */
export function outcome(described, ready, proven, me, again) {
  const what = `${spoken(described.name)} · ${ready.name}`;
  return el(
    "section",
    { class: "panel outcome", "data-outcome": proven ? "recorded" : "kept" },
    el("h2", { tabindex: "-1" }, icon(proven ? "check" : "waiting"), proven ? "Recorded" : "Signed and kept here"),
    el("p", { role: "status", "data-told": true }, proven ? `${what} · receipt ${proven.position} checked` : `${what} · sent when the network is back; leave this tablet as it is.`),
    el("div", { class: "steps" }, proven && me.roles.some((role) => READERS.includes(role)) && el("a", { class: "button", href: `/event/${proven.position}`, "data-entry-link": true }, "See the entry"), el("button", { type: "button", "data-action": "again", onclick: again }, "The same again"), el("a", { class: "button", href: "/record", "data-action": "other" }, "Record something else")),
  );
}

/** Entries of a record, or of a kind; nothing where they cannot be read. @param {string} record @param {string[]} types */
export const entriesOf = async (record, types) => (await get(`/v1/choices/entries?record=${encodeURIComponent(record)}${types.length ? `&types=${types.join(",")}` : ""}`)).entries;

/** What is recorded elsewhere is said to be, with the entries that wait for a second signature where it is one of those. @param {Described} described */
export function elsewhere(described) {
  const list = el("ul", { class: "plain", "data-waits": true });
  if (described.name === "countersignature-given")
    get("/v1/pending").then(({ entries }) => fill(list, entries.map((/** @type {any} */ each) => el("li", {}, el("a", { href: `/event/${each.position}` }, `${each.local}, ${each.phrase}: ${each.lacks.join("; ")}`)))), () => {});
  return el("div", { class: "empty" }, el("p", {}, `This is recorded ${described.elsewhere}.`), list);
}
