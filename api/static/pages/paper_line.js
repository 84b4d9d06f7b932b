/** One line of a paper sheet: its number and time on the paper, what happened, whose, who did it, and its fields. */

import { fieldWord, typeWord } from "./board_words.js";
import { el, fill } from "./dom.js";

/** What stands on most sheets, in the order in which it happens. */
const OFTEN = [
  "participant-checked-in", "pre-dose-assessed", "dose-prepared", "dose-administered", "dose-declined", "supervision-checked", "session-phase-changed",
  "adverse-event-recorded", "intervention-performed", "prescriber-notified", "monitor-handover", "discharge-assessed", "participant-departed",
];
/** Fields that a sheet mostly has, by type; the others wait behind "More fields". @type {Record<string, string[]>} */
const MOSTLY = {
  "supervision-checked": ["blood_pressure", "heart_rate", "spo2", "moaas", "room_air"],
  "pre-dose-assessed": ["blood_pressure", "heart_rate", "spo2", "moaas", "room_air"],
  "dose-administered": ["mass", "route", "container", "units", "ordinal", "order", "label", "identifiers", "self_administered"],
  "discharge-assessed": ["blood_pressure", "heart_rate", "spo2", "moaas", "orientation"],
};
const LISTS = ["identifiers", "not_obtained", "conditions", "concerns_a", "concerns_b", "sbar_a", "sbar_b"];

/**
 * @param {{number: number, shapes: Record<string, any>, like?: any, remove: (line: any) => void}} asked `like`: the line above, whose kind and person it begins with
 */
export function paperLine({ number, shapes, like, remove }) {
  const id = (/** @type {string} */ name) => `line-${number}-${name}`;
  const kinds = typesOf(shapes);
  const no = input("no", { type: "number", min: 1, max: 9999, value: like ? like.number + 1 : number, required: true });
  const legend = el("legend", {}, `Line ${no.value}`);
  const at = input("at", { type: "text", inputmode: "numeric", placeholder: "10:05", required: true });
  const kind = select("event", [["", "What"], ...kinds.often.map(named), ...kinds.rest.map(named)]);
  const whose = select("for", [["A", "A"], ["B", "B"], ["", "Both"]]);
  const by = input("by", { type: "text", list: "paper-staff", placeholder: "RN1", required: true });
  const boxes = el("div", { class: "line-fields" });
  const said = el("div", { role: "status", class: "said" });
  /** @type {Map<string, HTMLInputElement>} */
  let fields = new Map();
  const node = /** @type {HTMLElement} */ (
    el(
      "fieldset",
      { class: "paper-line", "data-line": String(number) },
      legend,
      el("div", { class: "fields" }, labelled("Number on the paper", no), labelled("Time on the wall", at), labelled("What", kind), labelled("Whose", whose), labelled("Who did it", by)),
      boxes,
      said,
      el("button", { type: "button", class: "quiet", "data-action": "remove-line", onclick: () => remove(line) }, "Leave this line out"),
    )
  );
  const line = {
    node,
    get number() {
      return Number(no.value);
    },
    get kind() {
      return kind.value;
    },
    get whose() {
      return whose.value;
    },
    get by() {
      return by.value.trim();
    },
    first: at,

    /** The line as the sheet has it. @param {string} session */
    read(session) {
      const people = by.value.split(",").map((each) => each.trim()).filter(Boolean);
      const filled = [...fields].map(([name, box]) => [name, box.value.trim()]).filter(([, value]) => value);
      const values = filled.map(([name, value]) => [name, LISTS.includes(name) ? value.split(",").map((each) => each.trim()) : value]);
      const isJoint = shapes[kinds.tag(kind.value)]?.stream !== "partner";
      return { line: no.value, at: at.value.trim(), event: kind.value, for: isJoint || !whose.value ? session : `${session}/${whose.value}`, by: people, ...Object.fromEntries(values) };
    },

    /** Containers and earlier entries that its fields name. */
    names: () => ({ container: fields.get("container")?.value.trim() ?? "", order: fields.get("order")?.value.trim() ?? "" }),

    /** What became of it. @param {import("./dom.js").Child[]} children @param {boolean} wrong */
    say(children, wrong) {
      node.toggleAttribute("data-wrong", wrong);
      fill(said, ...children);
    },
  };
  no.addEventListener("input", () => fill(legend, `Line ${no.value}`));
  kind.addEventListener("change", draw);
  if (like) {
    kind.value = like.kind;
    whose.value = like.whose;
    by.value = like.by;
  }
  draw();
  return line;

  function draw() {
    const shape = shapes[kinds.tag(kind.value)];
    const before = new Map([...fields].map(([name, box]) => [name, box.value]));
    const all = (shape?.fields ?? []).map((/** @type {any} */ each) => each.field);
    const mostly = (MOSTLY[kind.value] ?? all).filter((/** @type {string} */ name) => all.includes(name));
    fields = new Map(all.map((/** @type {string} */ name) => [name, input(name, { type: "text", "data-field": name, value: before.get(name) ?? "" })]));
    const shown = (/** @type {string[]} */ names) => names.map((name) => labelled(fieldWord(name), /** @type {HTMLInputElement} */ (fields.get(name))));
    const rest = all.filter((/** @type {string} */ name) => !mostly.includes(name));
    whose.disabled = shape && shape.stream !== "partner";
    fill(boxes, el("div", { class: "fields" }, ...shown(mostly)), rest.length > 0 && el("details", {}, el("summary", {}, "More fields"), el("div", { class: "fields" }, ...shown(rest))));
  }

  /** @param {string} name @param {Record<string, any>} attributes */
  function input(name, attributes) {
    return /** @type {HTMLInputElement} */ (el("input", { id: id(name), name, autocomplete: "off", ...attributes }));
  }

  /** @param {string} name @param {string[][]} options */
  function select(name, options) {
    return /** @type {HTMLSelectElement} */ (el("select", { id: id(name), name, required: name === "event" }, options.map(([value, words]) => el("option", { value }, words))));
  }
}

/** @param {string} words @param {HTMLElement} box */
const labelled = (words, box) => el("div", { class: "field" }, el("label", { for: box.id }, words), box);

/** @param {string} name */
const named = (name) => [name, typeWord(name)];

/** The kinds of event of a session by name, those of every day first; of several versions the newest. @param {Record<string, any>} shapes */
function typesOf(shapes) {
  const tags = Object.keys(shapes).filter((tag) => ["partner", "session"].includes(shapes[tag].stream)).sort();
  const newest = new Map(tags.map((tag) => [tag.split("/")[0], tag]));
  const often = OFTEN.filter((name) => newest.has(name));
  return { often, rest: [...newest.keys()].filter((name) => !often.includes(name)), tag: (/** @type {string} */ name) => newest.get(name) ?? "" };
}
