// Leaves at once, with the button or with Escape, and leaves nothing in the history to come back to.
"use strict";
(() => {
  const way = document.querySelector("a.leave");
  const clear = () => document.querySelectorAll("form").forEach((form) => form.reset());
  const leave = () => {
    document.body.hidden = true;
    clear();
    location.replace(way.href);
  };
  if (way) {
    way.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) leave();
    });
  }
  // A page that comes back out of the browser's memory is empty.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  // To load the thank-you again sends nothing twice.
  if (document.body.classList.contains("sent")) history.replaceState(null, "", "/");
  const why = document.getElementById("why");
  if (why) why.focus();
})();
