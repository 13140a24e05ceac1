// What the pages can do more with JavaScript.

import "./asking.js";
import "./panel.js";
import { prepare } from "./answers.js";

prepare(document);

// On paper stand the address and the day as they are when it is printed, not when the page was opened.
addEventListener("beforeprint", () => {
  document.querySelector("[data-day]").textContent = new Date().toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
});
