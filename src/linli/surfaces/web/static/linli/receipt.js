/* After sending: the draft is done with; copy and print. */
(function () {
  "use strict";
  if (document.getElementById("received")) {
    try { localStorage.removeItem("linli-report-draft"); } catch (error) { /* no storage: no draft */ }
  }
  var copy = document.getElementById("copy");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById("link").textContent).then(function () {
        copy.querySelector("span").textContent = copy.dataset.copied;
      });
    });
  }
  var print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
})();
