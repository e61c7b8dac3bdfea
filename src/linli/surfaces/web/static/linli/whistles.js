/* What changes while one looks is fetched anew; the place is noted only where one ticked it. */
(function () {
  "use strict";
  var EVERY = 8000;

  function busy(part) {
    return part.contains(document.activeElement) && document.activeElement !== document.body;
  }
  function fresh(part) {
    if (document.hidden || busy(part)) { return; }
    fetch(part.dataset.live, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
      .then(function (html) {
        if (!html || busy(part) || same(part, html)) { return; }
        part.innerHTML = html;
        ready(part);
      })
      .catch(function () { /* away for a moment: the next time will do */ });
  }
  /* Tokens and keys differ each time; what people read is what counts. */
  function same(part, html) {
    var next = document.createElement("div");
    next.innerHTML = html;
    return next.textContent.replace(/\s+/g, " ") === part.textContent.replace(/\s+/g, " ");
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-live]"), function (part) {
    setInterval(function () { fresh(part); }, EVERY);
    document.addEventListener("visibilitychange", function () { fresh(part); });
  });

  /* --- reporting in, with one's place if one ticked it --- */
  function ready(part) {
    Array.prototype.forEach.call(part.querySelectorAll("[data-report-in]"), withPlace);
  }
  function withPlace(form) {
    var box = form.querySelector("[data-with-place]"), status = form.querySelector("[data-place-status]");
    if (!box || !navigator.geolocation) { return; }
    box.closest("label").hidden = false;
    form.addEventListener("submit", function (event) {
      if (!box.checked || form.elements.longitude.value) { return; }
      event.preventDefault();
      event.stopPropagation(); /* not sent yet: what guards against sending twice must not count it */
      if (status.textContent) { return; } /* asked already */
      var button = event.submitter;
      status.textContent = status.dataset.asking;
      function send() { /* also without the place: being there counts */
        box.checked = false;
        if (button) { button.click(); } else { form.submit(); }
      }
      navigator.geolocation.getCurrentPosition(function (found) {
        form.elements.longitude.value = found.coords.longitude.toFixed(6);
        form.elements.latitude.value = found.coords.latitude.toFixed(6);
        send();
      }, send, { enableHighAccuracy: true, timeout: 5000 });
    });
  }
  ready(document);
})();
