// What the scripts of a page share: its parts, and small deeds on them.

// What stands before every address of this office; empty where it has the host for itself.
export const root = new URL(import.meta.url).pathname.replace(/\/static\/.*$/, "");

export const turns = document.querySelector(".turns");
export const form = document.querySelector("[data-ask]");
export const framed = document.body.classList.contains("framed");

export function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text || "";
  if (className) element.className = className;
  return element;
}

export function tell(near, text) {
  const told = (near.closest(".actions, [data-pick], [data-send], [data-reason]") || near.closest(".reply")).querySelector(".told");
  told.textContent = text;
}

export async function copy(text, near, done) {
  try {
    await navigator.clipboard.writeText(text);
    tell(near, done);
  } catch {
    tell(near, "Trình duyệt không cho sao chép.");
  }
}

// What is kept for this tab alone. A browser may forbid it, in a frame above all: then nothing is kept, which harms nobody.
export const kept = {
  get(name) {
    try { return sessionStorage.getItem(root + name) || ""; } catch { return ""; }
  },
  set(name, text) {
    try { text ? sessionStorage.setItem(root + name, text) : sessionStorage.removeItem(root + name); } catch { /* see above */ }
  },
};
