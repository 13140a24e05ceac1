// One script tag puts Tra Cứu on a school's site: <script src="https://…/nhung.js" defer></script>
// The button stands in a shadow tree and the talk in a frame, so neither side's styles reach the other.
"use strict";
(() => {
  const NAME = "tracuu-hoi-dap"; // an element of our own: rules of the site for div, button or iframe do not mean it
  const PATIENCE = 15000; // milliseconds until a frame that says nothing is taken for one that does not open
  const source = new URL(document.currentScript.src);
  const home = source.origin;
  const root = home + source.pathname.replace(/\/nhung\.js$/, ""); // an office may stand below a path
  // in pixels: what an em of the root is, is the site's affair
  const styles = `
    :host { all: initial !important; position: fixed !important; right: calc(16px + env(safe-area-inset-right)) !important; bottom: calc(16px + env(safe-area-inset-bottom)) !important; z-index: 2147483000 !important; display: block !important; color-scheme: light dark !important; font: 16px/1.5 system-ui, sans-serif !important; }
    * { box-sizing: border-box; }
    button { font: 600 16px/1.5 system-ui, sans-serif; background: #8c1d18; color: #fff; border: 2px solid #c59a3a; border-radius: 999px; min-height: 48px; padding: 8px 19.2px; cursor: pointer; }
    button:focus-visible, a:focus-visible { outline: 3px solid #c59a3a; outline-offset: 2px; }
    .opener { display: block; margin-left: auto; }
    .box { display: flex; flex-direction: column; width: min(416px, calc(100vw - 32px)); height: min(640px, calc(100vh - 112px)); margin-bottom: 9.6px; border: 1px solid #8c1d18; border-radius: 12px; overflow: hidden; background: Canvas; color: CanvasText; box-shadow: 0 6px 30px #0004; overscroll-behavior: contain; }
    .head { flex: none; display: flex; align-items: center; justify-content: space-between; gap: 16px; background: #8c1d18; color: #fff; font-weight: 600; padding: 2px 4px 2px 16px; }
    .head button { border-color: transparent; border-radius: 8px; min-height: 44px; padding: 4.8px 14.4px; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: Canvas; }
    .why { margin: 0; padding: 19.2px; } a { color: LinkText; display: inline-block; padding: 9.6px 0; }
    [hidden] { display: none; }
    @media (max-width: 540px), (max-height: 480px) { .box { position: fixed; inset: 0; width: 100%; height: 100%; height: 100dvh; margin: 0; border: 0; border-radius: 0; } .box:not([hidden]) + .opener { display: none; } }
    @media print { :host { display: none !important; } }
    @media (forced-colors: active) { button { border-color: ButtonText; } }`;

  function make(tag, properties, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function start() {
    if (document.querySelector(NAME)) return; // the site has the tag twice
    const host = document.createElement(NAME);
    const shade = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shade.adoptedStyleSheets = [sheet];
    const frame = make("iframe", { title: "Tra Cứu: hỏi đáp văn bản giáo dục", allow: "clipboard-write" });
    const close = make("button", { type: "button", textContent: "Đóng" });
    const why = make("p", { className: "why", hidden: true });
    why.setAttribute("role", "status");
    const box = make("div", { id: "khung", className: "box", hidden: true }, make("div", { className: "head" }, "Tra Cứu", close), why, frame);
    const opener = make("button", { type: "button", className: "opener" });
    opener.setAttribute("aria-controls", "khung");
    shade.append(box, opener);
    document.body.append(host);
    let waiting = 0;
    let ready = false;

    function show(open) {
      box.hidden = !open;
      opener.textContent = open ? "Đóng Tra Cứu" : "Hỏi Tra Cứu";
      opener.setAttribute("aria-expanded", String(open));
    }

    function open() {
      show(true);
      if (!frame.src) load();
      if (frame.hidden) why.querySelector("a").focus();
      else enter();
    }

    function enter() {
      frame.focus();
      if (ready) frame.contentWindow.postMessage({ tracuu: "open" }, home);
    }

    function shut() {
      show(false);
      opener.focus();
    }

    // A frame that this site may not have stays blank without a word, so the server is asked, while it loads.
    function load() {
      frame.src = `${root}/khung`;
      waiting = setTimeout(() => explain("Khung hỏi đáp chưa mở được ở trang này. "), PATIENCE);
      fetch(`${root}/khung/duoc-phep`)
        .then((response) => response.json())
        .then(({ allowed }) => { if (!allowed) refuse(); })
        .catch(() => {}); // the site's own rules may forbid to ask: then the frame itself shows whether it opens
    }

    function refuse() {
      console.warn(`Tra Cứu: trang ${location.origin} chưa được phép nhúng khung hỏi đáp. Người quản trị Tra Cứu cần thêm ${location.origin} vào TRACUU_WIDGET_ORIGINS rồi khởi động lại dịch vụ.`);
      explain("Trang này chưa được phép mở khung hỏi đáp. ");
    }

    function explain(words) {
      clearTimeout(waiting);
      const link = make("a", { href: root, target: "_blank", rel: "noopener", textContent: "Mời thầy cô hỏi ở trang Tra Cứu (mở thẻ mới)" });
      why.replaceChildren(words, link);
      why.hidden = false;
      frame.hidden = true;
      if (!box.hidden) link.focus();
    }

    opener.addEventListener("click", () => (box.hidden ? open() : shut()));
    close.addEventListener("click", shut);
    shade.addEventListener("keydown", (event) => { if (event.key === "Escape" && !box.hidden) shut(); });
    addEventListener("message", (event) => {
      if (event.origin !== home || event.source !== frame.contentWindow || !event.data) return;
      if (event.data.tracuu === "close") shut();
      if (event.data.tracuu !== "ready") return;
      clearTimeout(waiting);
      ready = true;
      if (!box.hidden) enter();
    });
    show(false);
  }

  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
