// Hands in what is being typed into a long text without waiting until the field is left, as Ctrl+Enter does.
(() => {
  "use strict";
  const FIELD = ".st-key-saved_as_typed [data-testid=stTextArea] textarea";
  const PAUSE = 2000; // after the last letter
  const AT_LATEST = 10000; // after the first letter that is not handed in, however long somebody types on
  const waiting = new Map(); // field → when its first letter came, and the timer

  const handIn = (field) => {
    clearTimeout(waiting.get(field)?.timer);
    waiting.delete(field);
    if (!field.isConnected) return;
    const keys = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
    field.dispatchEvent(new KeyboardEvent("keydown", keys));
  };
  const wait = (field) => {
    const now = Date.now(), since = waiting.get(field)?.since ?? now;
    clearTimeout(waiting.get(field)?.timer);
    const timer = setTimeout(handIn, Math.max(0, Math.min(PAUSE, since + AT_LATEST - now)), field);
    waiting.set(field, { since, timer });
  };
  const isOurs = (event) => event.target instanceof Element && event.target.matches(FIELD);

  // Half a word of an input method is nobody's text: it counts once it is chosen.
  document.addEventListener("compositionstart", (event) => isOurs(event) && clearTimeout(waiting.get(event.target)?.timer));
  document.addEventListener("compositionend", (event) => isOurs(event) && wait(event.target));
  document.addEventListener("input", (event) => isOurs(event) && !event.isComposing && wait(event.target));
  document.addEventListener("focusout", (event) => {
    clearTimeout(waiting.get(event.target)?.timer); // the page itself hands in what is left
    waiting.delete(event.target);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") [...waiting.keys()].forEach(handIn);
  });
})();
