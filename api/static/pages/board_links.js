/** Where the pages are, and what an address says: the one place that knows. */

import { asOf } from "./past.js";

/** The finding page; the session only makes it quicker to find. @param {{id: string, session: string}} finding */
export const findingLink = (finding) =>
  asOf(`/finding/${finding.id}${finding.session ? `?session=${uuidOf(finding.session)}` : ""}`);

/** @param {number} position */
export const eventLink = (position) => asOf(`/event/${position}`);

/** The UUID of a session's record or of a partner's part of it. @param {string} stream */
export const uuidOf = (stream) => stream.split("/")[1] ?? "";

/** The last part of this page's address: a finding's identity, a position. */
export const named = () => decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");

/** @param {string} name */
export const asked = (name) => new URLSearchParams(location.search).get(name);
