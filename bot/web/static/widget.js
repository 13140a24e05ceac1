// One script tag puts Tra Cứu on a school's site: <script src="https://…/nhung.js" defer></script>
// The button stands in a shadow tree and the talk in a frame, so neither side's styles reach the other.
"use strict";
(() => {
  const home = new URL(document.currentScript.src).origin;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; font: 16px system-ui, sans-serif; }
    button { font: 600 16px system-ui, sans-serif; background: #8c1d18; color: #fff; border: 2px solid #c59a3a; border-radius: 999px; padding: .7rem 1.2rem; cursor: pointer; float: right; }
    button:focus-visible { outline: 3px solid #c59a3a; outline-offset: 2px; }
    iframe { display: block; width: min(24rem, calc(100vw - 2rem)); height: min(38rem, calc(100vh - 6rem)); border: 1px solid #8c1d18; border-radius: 12px; background: #fff; margin-bottom: .6rem; box-shadow: 0 6px 30px #0004; }
    [hidden] { display: none; }`);
  root.adoptedStyleSheets = [sheet];
  const frame = document.createElement("iframe");
  frame.title = "Tra Cứu: hỏi đáp văn bản giáo dục";
  frame.allow = "clipboard-write";
  frame.hidden = true;
  const button = document.createElement("button");
  const label = () => {
    button.textContent = frame.hidden ? "Hỏi Tra Cứu" : "Đóng";
    button.setAttribute("aria-expanded", String(!frame.hidden));
  };
  button.addEventListener("click", () => {
    frame.hidden = !frame.hidden;
    if (!frame.src) frame.src = `${home}/khung`;
    label();
  });
  label();
  root.append(frame, button);
  document.body.append(host);
})();
