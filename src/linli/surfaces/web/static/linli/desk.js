/* Help for those who work at the desk all day. Every page works without it. */
(function () {
  "use strict";
  var KEYS = "linli-single-keys";

  function kept(name) { try { return localStorage.getItem(name); } catch (error) { return null; } }
  function keep(name, value) { try { localStorage.setItem(name, value); } catch (error) { /* no storage */ } }

  /* --- single keys: WCAG 2.1.4 wants that they can be turned off --- */
  var panel = document.getElementById("keys"), box = document.getElementById("keys-on");
  if (panel && box) {
    panel.hidden = false;
    box.checked = kept(KEYS) !== "off";
    box.addEventListener("change", function () { keep(KEYS, box.checked ? "on" : "off"); });
  }
  function typing(target) { return target.closest("input, textarea, select, [contenteditable]"); }
  function step(by) {
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-rows] .matter-row__title"));
    if (!links.length) { return; }
    var row = document.activeElement.closest && document.activeElement.closest("[data-rows] > li");
    var now = row ? links.indexOf(row.querySelector(".matter-row__title")) : -1;
    links[Math.min(links.length - 1, Math.max(0, now + by))].focus();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || kept(KEYS) === "off") { return; }
    var find = document.getElementById("find");
    if (event.key === "/" && find) { event.preventDefault(); find.focus(); find.select(); }
    if (event.key === "j") { step(1); }
    if (event.key === "k") { step(-1); }
  });

  /* --- the page one is on stays in sight where the menu scrolls --- */
  var here = document.querySelector('.desk__nav a[aria-current="page"]');
  if (here) {
    var list = here.closest(".desk__nav");
    list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }

  /* --- ticking --- */
  var bulk = document.getElementById("bulk"), all = document.getElementById("tick-all");
  if (bulk && all) {
    var said = document.getElementById("ticked");
    var ticks = function () { return Array.prototype.slice.call(bulk.querySelectorAll('input[name="matter"]')); };
    var tell = function () {
      var number = ticks().filter(function (tick) { return tick.checked; }).length;
      said.textContent = number ? said.dataset.some + " " + number : "";
      all.checked = number > 0 && number === ticks().length;
      all.indeterminate = number > 0 && !all.checked;
    };
    document.getElementById("all").hidden = false;
    all.addEventListener("change", function () {
      ticks().forEach(function (tick) { tick.checked = all.checked; });
      tell();
    });
    bulk.addEventListener("change", tell);
    tell();
  }

  /* --- a form travels once --- */
  document.addEventListener("submit", function (event) {
    // What answers with a file leaves the page as it is: it may be sent again.
    if (event.target.method !== "post" || "file" in event.target.dataset) { return; }
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  /* --- what was opened is brought into sight, a form that was refused first --- */
  var wrong = document.querySelector(".action[open] .ll-field--wrong input, .action[open] .ll-field--wrong textarea, .action[open] .ll-field--wrong select");
  if (wrong) { wrong.focus(); }

  var print = document.getElementById("print");
  if (print && !document.getElementById("received")) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
})();
