/** Malformed bytes or values; `code` as in docs/errors.md, `field` the path of the offending member. */
export class Invalid extends Error {
  /** @param {string} code @param {string} message a sentence for a person @param {string} [field] */
  constructor(code, message, field = "") {
    super(message);
    this.name = "Invalid";
    this.code = code;
    this.field = field;
  }
}
