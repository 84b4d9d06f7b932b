/** Any event that a person records: choose what happened, fill in its form, read what will be signed, sign. */

import { el, fill } from "./dom.js";
import { frame } from "./frame.js";
import { get } from "./http.js";
import { icon } from "./icons.js";
import { codeOf, refreshKeyring } from "./keyring.js";
import { aboutField, recordGiven, whenField } from "./record_about.js";
import { makeForm } from "./record_form.js";
import { spaced, told } from "./record_leaves.js";
import { spoken, typeList } from "./record_list.js";
import { missingKey } from "./record_own_key.js";
import { prefill } from "./record_prefill.js";
import { signersField } from "./record_signers.js";
import { elsewhere, entriesOf, lastStep, outcome } from "./record_signing.js";
import { isKept, keptSigner } from "./record_stated.js";
import { refusal } from "./refusal.js";
import { flush, sending, waiting } from "./sending.js";

/** @import {Described} from "./record_form.js" */

/** What lets something go ahead against a rule, or somebody go home: even whoever is signed in gives their PIN. */
const GRAVE = ["authorisation-overridden", "release-authorised", "rule-overridden-for-partner"];
const { me } = await frame();
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const place = /** @type {HTMLElement} */ (document.querySelector("[data-place]"));
const given = new URLSearchParams(location.search);
let known = /** @type {Record<string, any[]>} */ ({});
let isServiceKept = false;
let isTouched = false;

addEventListener("beforeunload", (event) => isTouched && event.preventDefault());
document.addEventListener("ledger-unlocked", () => main.hasAttribute("data-ready") || begin());
await begin();

async function begin() {
  try {
    const wanted = given.get("type");
    if (!wanted) {
      const list = typeList((await get("/v1/forms")).acts);
      fill(place, list.node);
    } else {
      const [described, choices] = await Promise.all([get(`/v1/form?type=${encodeURIComponent(wanted)}`), get("/v1/choices"), refreshKeyring()]);
      known = choices;
      isServiceKept = await isKept(me);
      show(described);
    }
    main.setAttribute("data-ready", "");
  } catch (error) {
    fill(place, el("h1", {}, "This cannot be recorded here"), refusal(/** @type {Error} */ (error)), all());
  }
  watch();
}

/** @param {Described} described */
function show(described) {
  isTouched = false;
  document.title = `${spoken(described.name)} · ${document.title.split(" · ").at(-1)}`;
  const head = [el("p", { class: "steps-back" }, all()), el("h1", {}, spoken(described.name)), el("p", { class: "sentence" }, told(described.sentence))];
  if (described.elsewhere) return fill(place, head, elsewhere(described));
  const again = /** @type {(() => void)[]} */ ([]);
  const context = {
    known,
    named: /** @type {Map<string, string>} */ (new Map()),
    zone: () => zoneOf(about?.record() ?? null, form),
    record: () => about?.record() ?? null,
    changed,
    entries: (/** @type {string} */ on, /** @type {string[]} */ types) => (on === "record" ? (about?.record() ? entriesOf(about.record() ?? "", types) : Promise.resolve([])) : entriesOf(on, types)),
    onRecord: (/** @type {() => void} */ ask) => again.push(ask),
  };
  /** @type {ReturnType<typeof makeForm>} */
  let form;
  /** @type {ReturnType<typeof aboutField> | null} */
  let about = null;
  form = makeForm(described, context);
  about = aboutField(described, context, { changed: () => (changed("record"), again.forEach((ask) => ask())), ofEntry: () => recordOfEntry(form) });
  const when = whenField(context);
  const signers = (isServiceKept && keptSigner(described.shape.signers, me)) || signersField(described.shape.signers, me, (rule) => ownerOf(rule, about?.record() ?? null, form), GRAVE.includes(described.name));
  const trouble = el("div", { class: "trouble", role: "alert", "data-trouble": true });
  const button = el("button", { type: "submit", class: "primary", "data-action": "look" }, "Look at what will be signed");
  const sheet = el("form", { class: "record-form", autocomplete: "off", novalidate: true, "data-form": described.name, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), look()) }, !described.may && el("p", { class: "not-mine" }, icon("lock"), "In your roles you do not sign this; a colleague in the right role can, by PIN."), about.node, when.node, form.node, signers.node, trouble, button);
  const step = el("div", {});
  fill(place, head, sheet, step);
  const record = recordGiven(described.shape.stream, given, known);
  if (record && described.creates !== "always") about.take(record);
  if (given.get("slot")) about.takeSlot(given.get("slot") ?? "");
  prefill(described, form, given, known);
  again.forEach((ask) => ask());
  followOn("couple");
  when.show();
  isTouched = false;

  /** @param {string} path */
  function changed(path) {
    isTouched = true;
    followOn(path);
    when?.show();
    for (const each of form?.node.querySelectorAll("[data-zone-of]") ?? []) each.textContent = `as the clock shows it in ${context.zone()}`;
  }

  /** What follows from a choice is not asked for again: the two partners of a couple. @param {string} path */
  function followOn(path) {
    if (path !== "couple" || !form?.inputs.has("couple")) return;
    const couple = known.couple?.find(({ id }) => id === form.inputs.get("couple")?.read({ bad: () => {} }));
    for (const slot of ["a", "b"]) if (couple?.[slot]) form.inputs.get(`person_${slot}`)?.write(couple[slot]);
  }

  async function look() {
    fill(trouble);
    form.clear();
    const missing = /** @type {string[]} */ ([]);
    const { fields, bad } = form.read();
    const stream = about?.record() ?? null;
    if (!stream) missing.push("what it is about");
    const at = when.read();
    if (!at) missing.push("when it happened");
    form.fail(bad);
    if (bad.length || !stream || !at) {
      const list = [...missing, ...new Set(bad.map(([path]) => spaced(path.split(".")[0]).toLowerCase()))];
      return fill(trouble, el("p", { class: "refusal" }, icon("warning"), `Not yet: ${list.join(", ")}.`));
    }
    try {
      const own = signers.ofThemselves();
      const signed = (await signers.confirmed()).map((each) => ({ ...each, code: codeOf(each.owner) }));
      const ready = { stream, name: nameOf(stream, about?.isNew() ?? false), fields, when: at, signers: signed, own };
      const last = lastStep(described, context, me, ready, { back, refused, done: (proven) => done(described, ready, proven) });
      sheet.hidden = true;
      fill(step, last.node);
      last.focus();
    } catch (problem) {
      const error = /** @type {any} */ (problem);
      fill(trouble, refusal(error), error.missingKey && (await missingKey(error.missingKey, () => (fill(trouble, el("p", { role: "status" }, "Their key was made here and handed in; it counts once the officer has approved it."))))));
    }
  }

  function back() {
    fill(step);
    sheet.hidden = false;
    /** @type {HTMLElement} */ (button).focus();
  }

  /** A refusal that names a field goes back to that field. @param {any} error */
  function refused(error) {
    const bad = (error.errors ?? []).map((/** @type {any} */ each) => /** @type {[string, string]} */ ([pathOf(each.pointer, described), each.detail.replace("Value error, ", "")]));
    if (!bad.length || !bad.every(([path]) => path)) return false;
    back();
    error.message = error.message.replace("Value error, ", "");
    fill(trouble, refusal(error));
    return form.fail(bad);
  }

  /** @param {Described} what @param {any} ready @param {{position: number} | null} proven */
  function done(what, ready, proven) {
    isTouched = false;
    const node = outcome(what, ready, proven, me, anew);
    fill(place, node);
    /** @type {HTMLElement} */ (node.querySelector("h2")).focus();
  }

  async function anew() {
    known = await get("/v1/choices").catch(() => known);
    show(described);
  }
}

/** The entry an event names says which record it is on, where nothing else does. @param {ReturnType<typeof makeForm>} form */
const recordOfEntry = (form) => [...form.inputs.values()].map((each) => /** @type {any} */ (each).recordOf?.()).find(Boolean) ?? null;

/** Whose key a participant's signature is by. @param {any} rule @param {string | null} record @param {ReturnType<typeof makeForm>} form */
function ownerOf(rule, record, form) {
  if (rule.by === "subject") return record;
  const value = (/** @type {string} */ name) => form.inputs.get(name)?.read({ bad: () => {} }) ?? null;
  const session = known.session?.find(({ id }) => id === value("session"));
  const slot = ["a", "b"].find((each) => session?.[each] && session[each] === value("owner"));
  return session && slot ? `${session.id}/${slot}` : null;
}

/** The zone of the place it happened at; of the clinic's first place where it happened at none. @param {string | null} record @param {ReturnType<typeof makeForm> | undefined} form */
function zoneOf(record, form) {
  const session = known.session?.find(({ id }) => record?.startsWith(id));
  const at = session?.location ?? (record?.startsWith("location/") ? record : null) ?? form?.inputs.get("location")?.read({ bad: () => {} });
  return (known.location?.find(({ id }) => id === at) ?? known.location?.[0])?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param {string} stream @param {boolean} isNew */
function nameOf(stream, isNew) {
  const [kind, uuid, slot] = stream.split("/");
  if (isNew) return `a new ${{ person: "participant", stock: "container", location: "place", staff: "member of staff", governance: "record" }[kind] ?? kind}`;
  const code = known[kind]?.find(({ id }) => id === `${kind}/${uuid}`)?.code ?? "a record of its own";
  return slot ? `${code}, ${slot.toUpperCase()}` : code;
}

/** @param {string} pointer such as /fields/dose_max/value @param {Described} described */
function pathOf(pointer, described) {
  const parts = (pointer ?? "").split(/[/.:]/).filter(Boolean);
  const slot = parts.find((part) => part === "a" || part === "b"); // a block holds a partner's field without its letter
  const named = parts.map((part) => (part in described.fields ? part : `${part}_${slot}` in described.fields ? `${part}_${slot}` : ""));
  const first = named.findIndex(Boolean);
  return first < 0 ? "" : [named[first], ...parts.slice(first + 1)].join(".");
}

function all() {
  return el("a", { href: "/record" }, "All that may be recorded");
}

/** What waits on this tablet is said, and sent; a receipt that proves nothing is an alarm. */
function watch() {
  const line = /** @type {HTMLElement} */ (document.querySelector("[data-waiting]"));
  const recount = async () => {
    const { count, refused } = await waiting();
    line.hidden = !count && !refused.length;
    fill(line, icon("waiting"), [count && `${count} signed here, waiting for the network`, refused.length && `${refused.length} refused while nobody looked: see the room of that session`].filter(Boolean).join(" · "));
  };
  sending.addEventListener("changed", recount);
  sending.addEventListener("recorded", recount);
  sending.addEventListener("unproven", (event) => {
    const { item, error } = /** @type {CustomEvent} */ (event).detail;
    fill(/** @type {Element} */ (document.querySelector("[data-alarm]")), el("p", { class: "alarm" }, icon("warning"), `The service says it recorded “${item.words}”, and its receipt does not prove it (${error.message}). Keep this tablet as it is and call the security officer.`));
  });
  recount();
  flush();
}
