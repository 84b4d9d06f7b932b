/** What stands around every page: the bar on top with who is signed in, and the lock. */

import { el, fill } from "./dom.js";
import { get, post } from "./http.js";
import { icon } from "./icons.js";
import { watchLock } from "./lock.js";
import { status } from "./pinned.js";
import { themeSwitch } from "./theme.js";

/** @typedef {{owner: string, code: string, roles: string[], officer: boolean, locked: boolean}} Me */

/** Who is signed in, or null when nobody is. @returns {Promise<Me | null>} */
export const whoAmI = async () => (await get("/v1/screen")).me;

/**
 * Fill the bar and find out who is here; whoever is not signed in is sent to sign in, and comes back after.
 *
 * @param {{open?: boolean}} [options] `open` for the pages that need nobody signed in
 */
export async function frame({ open = false } = {}) {
  const ledger = await status();
  document.title = `${document.title.split(" · ")[0]} · ${ledger.organisation}`;
  const me = open ? null : await whoAmI();
  if (!open && !me) return leave(ledger.set_up);
  const bar = /** @type {Element} */ (document.querySelector("[data-bar]"));
  if (ledger.practice) document.documentElement.setAttribute("data-practice-ledger", "");
  fill(
    bar,
    ledger.practice && el("p", { class: "practice-band" }, el("strong", {}, "Practice"), " · nothing here is about a real person"),
    el("a", { class: "brand", href: "/" }, icon("shield"), el("span", {}, ledger.organisation)),
    el("span", { class: "gap" }),
    me && el("nav", { "aria-label": "Pages" }, ...links(me)),
    me && el("span", { class: "who", "data-who": me.code }, me.code),
    me && el("button", { type: "button", class: "quiet", "data-action": "lock", onclick: lock }, icon("lock"), "Lock"),
    me && el("button", { type: "button", class: "quiet", "data-action": "sign-out", onclick: signOut }, "Sign out"),
    themeSwitch(),
  );
  if (me) {
    document.addEventListener("ledger-signed-out", () => leave(true));
    watchLock(me);
  }
  if (!ledger.isSame) distrust(ledger);
  return { ledger, me: /** @type {Me} */ (me) };
}

/** @param {Me} me */
function links(me) {
  const here = location.pathname;
  const pages = [["/", "Sessions"], ["/prepare", "Prepare"], ["/board", "Board"], ["/findings", "Findings"], ["/questions", "Questions"], ["/record", "Record"], ["/paper", "Paper"], ["/tablet-keys", "Keys"], ...(me.officer ? [["/officer", "Officer"]] : [])];
  return pages.map(([href, name]) => el("a", { href, "aria-current": href === here ? "page" : null }, name));
}

const lock = () => post("/v1/auth/lock").then(() => document.dispatchEvent(new Event("ledger-locked")));

async function signOut() {
  await post("/v1/auth/sign-out");
  // Whoever takes over the tablet in a room goes on in that room.
  location.assign(location.pathname.startsWith("/room/") ? `/sign-in#${location.pathname}` : "/sign-in");
}

/** @param {boolean} isSetUp @returns {Promise<never>} */
function leave(isSetUp) {
  const back = location.pathname === "/" ? "" : `#${location.pathname}${location.search}`;
  location.assign(isSetUp ? `/sign-in${back}` : "/set-up");
  return new Promise(() => {});
}

/** @param {{pin: {origin: string}, origin: string}} ledger */
function distrust(ledger) {
  const words = `This tablet trusts the ledger ${ledger.pin.origin}; this service speaks for ${ledger.origin}. Nothing is signed until an officer has looked: Keys, “Trust this ledger”.`;
  document.querySelector("main")?.prepend(el("p", { class: "alarm", role: "alert" }, icon("warning"), words));
}
