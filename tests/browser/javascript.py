"""Running pieces of JavaScript that use the signing module, and taking refusals as values."""

from __future__ import annotations

from typing import Any

_HEAD = """async (given) => {
  const use = (name) => import(`/static/signing/${name}.js`);
  const bytes = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const attempt = async (act) => {
    try {
      return { value: await act() };
    } catch (error) {
      if (error.name !== "Invalid") throw error;
      return { refused: error.code, field: error.field };
    }
  };
"""


def run(page: Any, body: str, given: Any = None) -> Any:
    """
    What `body` returns in the page.

    It may use `given`; `use(name)`, a module of api/static/signing; `bytes(base64)`; and `attempt(act)`, which
    gives {value} or {refused: code, field}; any other error than the module's own fails the test.
    """
    return page.evaluate(f"{_HEAD}{body}}}", given)
