/**
 * The strip: what was expected, on a line of time, against what happened; drawn to the width it really has.
 *
 *     ●───────────────[  due ░░ limit ]▓▓▓▓▓▓▓▓▓◆
 *     check 10:35                               made 11:05
 */

import { draw } from "./board_svg.js";
import { clock } from "./board_time.js";

const HEIGHT = 132;
const LINE = 74;
const SIDE = 14;
const MINUTE = 60000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440];

/** @typedef {{at: number, words: string, kind: "seen" | "made" | "now"}} Mark */
/** @typedef {{due: number | null, limit: number | null, made: number | null, now: number, isOpen: boolean, verdict: string, zone: string, marks: Mark[]}} Story */

/** Draw it into a place, and again whenever the place changes its width. @param {HTMLElement} place @param {Story} story */
export function drawStrip(place, story) {
  let width = 0;
  new ResizeObserver(() => {
    if (Math.round(place.clientWidth) === width) return;
    width = Math.round(place.clientWidth);
    place.replaceChildren(strip(story, width));
  }).observe(place);
}

/** @param {Story} story @param {number} width */
function strip(story, width) {
  const { due, limit, made, now, isOpen, verdict, zone } = story;
  const end = made ?? (isOpen ? now : null);
  const anchor = anchorOf(story);
  const earliest = due === null ? -Infinity : anchor - (due - anchor) / 2; // what lies further back stands in the list
  const marks = story.marks.filter(({ at }) => at >= earliest);
  const shown = [...marks.map(({ at }) => at), due, limit, end].filter((at) => at !== null);
  const first = Math.min(.../** @type {number[]} */ (shown));
  const last = Math.max(.../** @type {number[]} */ (shown), first + 10 * MINUTE);
  const x = (/** @type {number} */ at) => SIDE + ((at - first) / (last - first)) * (width - 2 * SIDE);
  const band = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ name) =>
    draw("rect", { x: x(from), y: LINE - 16, width: Math.max(1, x(to) - x(from)), height: 32, class: `strip-${name}` });
  const isLate = verdict === "breached" && limit !== null && end !== null && end > limit;
  return draw(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" },
    ticks(first, last, x, zone, width),
    due !== null && due > anchor ? band(anchor, due, "wait") : null,
    due !== null && limit !== null ? band(due, limit, "window") : null,
    isLate ? band(/** @type {number} */ (limit), /** @type {number} */ (end), "late") : null,
    draw("line", { x1: SIDE, x2: width - SIDE, y1: LINE, y2: LINE, class: "strip-line" }),
    limit === null ? null : draw("line", { x1: x(limit), x2: x(limit), y1: LINE - 24, y2: LINE + 24, class: "strip-limit" }),
    marks.map((mark) => point(mark, x(mark.at))),
    labels([...marks, ...bounds(due, limit)], x, zone, width),
  );
}

/** What set the clock going: the last thing seen before it was due. @param {Story} story */
function anchorOf({ due, marks }) {
  const before = marks.filter(({ at, kind }) => kind === "seen" && (due === null || at <= due));
  return before.length ? Math.max(...before.map(({ at }) => at)) : (due ?? 0);
}

/** @param {number | null} due @param {number | null} limit */
const bounds = (due, limit) => [
  ...(due === null ? [] : [{ at: due, words: "due", kind: "bound" }]),
  ...(limit === null || limit === due ? [] : [{ at: limit, words: "latest", kind: "bound" }]),
];

/** A look is a dot, what was asked for a diamond, this moment a line. @param {Mark} mark @param {number} x */
function point({ kind }, x) {
  if (kind === "now") return draw("line", { x1: x, x2: x, y1: LINE - 24, y2: LINE + 24, class: "strip-now" });
  if (kind === "made") return draw("path", { d: `M${x} ${LINE - 8}L${x + 8} ${LINE}L${x} ${LINE + 8}L${x - 8} ${LINE}Z`, class: "strip-made" });
  return draw("circle", { cx: x, cy: LINE, r: 6, class: "strip-seen" });
}

/** Words above the line, in the first of three rows where they do not touch another. @param {{at: number, words: string, kind: string}[]} said @param {(at: number) => number} x @param {string} zone @param {number} width */
function labels(said, x, zone, width) {
  const ends = [-Infinity, -Infinity, -Infinity];
  return [...said].sort((one, other) => one.at - other.at).map(({ at, words, kind }) => {
    const text = `${words} ${clock(at, zone)}`;
    const long = 7.7 * text.length;
    const start = Math.max(2, Math.min(x(at) - long / 2, width - long - 2));
    const free = ends.findIndex((end) => end + 8 < start);
    const row = free < 0 ? 2 : free;
    ends[row] = start + long;
    return draw("text", { x: start, y: 48 - 17 * row, class: `strip-${kind}-word` }, text);
  });
}

/** @param {number} first @param {number} last @param {(at: number) => number} x @param {string} zone @param {number} width */
function ticks(first, last, x, zone, width) {
  const most = Math.max(2, Math.floor(width / 90));
  const step = MINUTE * (STEPS.find((each) => (last - first) / (each * MINUTE) <= most) ?? 2880);
  const made = [];
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
    made.push(draw("line", { x1: x(at), x2: x(at), y1: LINE - 16, y2: LINE + 26, class: "strip-tick" }));
    if (x(at) > 18 && x(at) < width - 18) made.push(draw("text", { x: x(at), y: LINE + 42, "text-anchor": "middle", class: "strip-hour" }, clock(at, zone)));
  }
  return made;
}
