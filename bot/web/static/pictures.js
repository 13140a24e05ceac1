// Pictures of pages: the lines that are marked on them come once somebody looks there, for finding them can take a while.

import { make } from "./dom.js";

async function fill(box) {
  try {
    const response = await fetch(box.dataset.waiting, { headers: { Accept: "text/html", "X-Part": "pictures" } });
    const holder = document.createElement("template");
    holder.innerHTML = await response.text(); // our own template
    const found = holder.content.querySelector("[data-pictures]");
    if (!response.ok || !found) throw new Error();
    box.replaceWith(found);
    watch(found);
  } catch {
    for (const told of box.querySelectorAll("[data-finding]")) told.textContent = "chưa xác định được dòng trên ảnh.";
  }
}

function watch(box) {
  for (const image of box.querySelectorAll("img")) {
    image.addEventListener("error", () => {
      const why = make("p", "Chưa tải được ảnh trang này. Hãy kiểm tra mạng rồi mở lại.", "note");
      why.setAttribute("role", "status");
      image.closest("figure").replaceWith(why);
    });
  }
}

export function findLines(within) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      fill(entry.target);
    }
  }, { rootMargin: "600px" });
  for (const box of within.querySelectorAll("[data-pictures]")) {
    watch(box);
    if (!("waiting" in box.dataset)) continue;
    for (const told of box.querySelectorAll("[data-finding]")) told.textContent = "đang tìm dòng được trích trên ảnh…";
    seen.observe(box);
  }
}
