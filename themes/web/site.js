// Two small things that a page can do without: it keeps pages for use without a network, and lets a phone
// put the site on its home screen. Nothing is asked of any other site.
(() => {
  "use strict";

  const top = new URL("../", document.currentScript.src);
  if (!location.protocol.startsWith("http")) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: new URL("manifest.webmanifest", top).href }));

  if (!("serviceWorker" in navigator)) return;
  // The preview while writing shows what was just saved, so there nothing is kept, nor what was kept before.
  if (window.signpostPreview) {
    navigator.serviceWorker.getRegistrations().then((all) => all.forEach((one) => one.unregister())).catch(() => {});
    return;
  }
  addEventListener("load", () => {
    // Without it the site works as before.
    navigator.serviceWorker.register(new URL("sw.js", top).href, { scope: top.href, updateViaCache: "none" }).catch(() => {});
  });
})();
