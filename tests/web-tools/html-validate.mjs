// How strict html-validate is with the pages that Signpost makes.
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // An address may end in “#4cs”: HTML allows an id to begin with a digit, and a school's words do.
    "valid-id": ["error", { relaxed: true }],
    // The style keeps the figures of a number together without changing the number itself, which is copied
    // and searched for. The test in accessible.rs measures that it does, on a phone.
    "tel-non-breaking": "off",
    // Boxes to tick of which each adds one to the same list share a name, as radio buttons do.
    "form-dup-name": ["error", { shared: ["checkbox", "radio", "button", "reset", "submit"] }],
  },
};
