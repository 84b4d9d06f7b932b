/** The treatment room: two cards side by side, kept true by the live stream, drawn by the service's clock. */

import { close, handOver, open, phase, watch } from "./act_joint.js";
import { el, fill, say } from "./dom.js";
import { frame } from "./frame.js";
import { glassForm } from "./glass.js";
import { Problem } from "./http.js";
import { icon } from "./icons.js";
import { refreshKeyring } from "./keyring.js";
import { isPast, offerPast, onlyLook } from "./past.js";
import { drop } from "./outbox.js";
import { overrides } from "./override.js";
import { refusal } from "./refusal.js";
import { makeCard } from "./room_card.js";
import { Room } from "./room_context.js";
import { makeHeader } from "./room_header.js";
import { flush, sending } from "./sending.js";
import { serverNow } from "./server_time.js";
import { follow } from "./stream.js";

const AGAIN = 15_000;
/** What this page recorded itself is first acknowledged, then drawn. */
const AFTER_OWN = 40;
const main = /** @type {Element} */ (document.querySelector("main"));
const { ledger, me } = await frame();
const uuid = location.pathname.split("/")[2];
const room = new Room(uuid, me);

/** @type {[string, string, (room: Room) => any, (room: Room) => string][]} */
const JOINT = [
  ["open", "Open session…", open, () => (room.session.status === "scheduled" ? "" : `It is ${room.session.status}`)],
  ["watch", "Who watches…", watch, () => (room.session.status === "closed" ? "The session is closed" : "")],
  ["phase", "Phase…", phase, () => ""],
  ["hand-over", "Hand over…", handOver, () => (room.partner("a").monitors.length + room.partner("b").monitors.length ? "" : "Nobody watches yet")],
  ["close-session", "Close session…", close, () => (room.session.status === "open" ? "" : room.session.status === "closed" ? "It is closed" : "It is not open")],
];

try {
  await refreshKeyring();
  await room.load();
} catch (error) {
  await whenOpen(/** @type {Error} */ (error));
}
start();

/** A locked screen waits for its PIN; anything else is said on the page. @param {Error} error */
function whenOpen(error) {
  if (error instanceof Problem && error.status === 423) {
    return new Promise((resolve) => document.addEventListener("ledger-unlocked", () => refreshKeyring().then(() => room.load()).then(resolve), { once: true }));
  }
  const closed = error instanceof Problem && error.code === "not-in-care";
  fill(main, el("h1", {}, "This room cannot be shown"), refusal(error), closed && glassForm(uuid, () => location.reload()), el("p", {}, el("a", { href: "/" }, "All sessions")));
  return new Promise(() => {});
}

function start() {
  const header = makeHeader(room);
  const cards = [makeCard(room, "a"), makeCard(room, "b")];
  const joint = el("div", { class: "joint-actions", role: "group", "aria-label": "Both partners" });
  const told = el("p", { class: "told", role: "status", "data-told": true });
  const aside = el("div", { class: "set-aside" });
  let drawnAside = /** @type {Map<number, HTMLElement>} */ (new Map());
  const alarm = el("div", { role: "alert" });
  const findings = el("section", { class: "findings", "aria-label": "Findings" });
  fill(main, header.node, el("div", { class: "cards" }, ...cards.map(({ node }) => node)), joint, told, alarm, aside, findings);

  room.said = (words) => say(told, words);
  room.changed = () => {
    header.draw();
    for (const card of cards) card.draw();
    drawJoint();
    drawFindings();
  };
  room.changed();
  offerPast(main, room.zone);
  main.setAttribute("data-ready", "");
  if (isPast()) {
    header.past();
    onlyLook(main);
    document.addEventListener("ledger-unlocked", () => location.reload());
    return;
  }

  const reload = (/** @type {number} */ atLeast) => room.load(atLeast).catch(() => {});
  follow(ledger.size, {
    grown: (size, event) => event.stream?.startsWith(room.stream) && setTimeout(reload, AFTER_OWN, size),
    alive: (is) => header.alive(is),
  });
  sending.addEventListener("changed", recount);
  sending.addEventListener("recorded", recount);
  sending.addEventListener("sent", (event) => {
    const { results } = /** @type {CustomEvent} */ (event).detail;
    room.said(results.map((/** @type {any} */ each) => `${each.words}: ${each.result}${each.position === undefined ? "" : `, receipt ${each.position} checked`}`).join(" · "));
  });
  sending.addEventListener("unproven", (event) => {
    const { item, error } = /** @type {CustomEvent} */ (event).detail;
    fill(alarm, el("p", { class: "alarm" }, icon("warning"), `The service says it recorded “${item.words}”, and its receipt does not prove it (${error.message}). Keep this tablet as it is and call the security officer.`));
  });
  document.addEventListener("ledger-unlocked", () => reload(0));
  for (const wakes of ["focus", "online", "pageshow"]) addEventListener(wakes, () => reload(0));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && reload(0));
  setInterval(() => reload(0), AGAIN);
  setInterval(tick, 1000);
  addEventListener("keydown", shortcut);
  recount();
  flush();

  function tick() {
    header.tick();
    for (const card of cards) card.tick();
    const change = room.answer.next_change;
    if (change && serverNow() > Date.parse(change) && serverNow() - Date.parse(change) < 3000) reload(0);
  }

  /** What was set aside is drawn once: somebody may be filling in a form under it. */
  async function recount() {
    const { refused } = await header.recount();
    const kept = new Map(refused.map((/** @type {any} */ item) => [item.n, drawnAside.get(item.n) ?? setAside(item)]));
    drawnAside = kept;
    const nodes = [...kept.values()];
    if (nodes.length !== aside.children.length || nodes.some((node, at) => node !== aside.children[at])) fill(aside, nodes);
  }

  /** @param {any} item */
  function setAside(item) {
    return el(
      "div",
      { class: "aside-item", "data-refused": item.type },
      el("p", {}, icon("warning"), `Refused while nobody looked: ${item.words}`),
      refusal({ ...item.problem, wayOut: (/** @type {any[]} */ blocked) => overrides(room, item.type, blocked) }),
      el("button", { type: "button", "data-action": "put-aside", onclick: () => drop(item.n).then(recount) }, "I have read it"),
    );
  }

  function drawJoint() {
    fill(
      joint,
      JOINT.map(([name, label, run, why]) => {
        const reason = why(room);
        const button = el("button", { type: "button", "data-action": name, "aria-disabled": reason ? "true" : null }, el("span", {}, label), reason && el("small", {}, reason));
        if (!reason) button.addEventListener("click", () => run(room));
        return button;
      }),
    );
  }

  function drawFindings() {
    const open = room.answer.findings.filter((/** @type {any} */ each) => each.verdict === "breached" || each.verdict === "cannot-judge");
    fill(
      findings,
      open.length > 0 && el("h2", {}, icon("warning"), `${open.length} finding${open.length > 1 ? "s" : ""}`),
      open.length > 0 && el("ul", {}, open.map((/** @type {any} */ each) => el("li", { "data-rule": each.rule, "data-slot": each.slot }, el("strong", {}, `${each.rule} v${each.version}`), ` ${each.sentence}`))),
    );
  }

  /** `1` and `2` are the one tap of A and B. @param {KeyboardEvent} event */
  function shortcut(event) {
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    const slot = { 1: "a", 2: "b" }[event.key];
    if (slot) /** @type {HTMLElement | null} */ (document.querySelector(`[data-action="as-expected"][data-slot="${slot}"]`))?.click();
  }
}
