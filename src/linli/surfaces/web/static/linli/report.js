/* The report form keeps drafts, finds places and waits for the connection.
   All of it is help: the form works without this script. */
(function () {
  "use strict";
  var form = document.getElementById("report-form");
  if (!form) { return; }
  var DRAFT = "linli-report-draft";
  var KEPT = ["text", "address", "category", "longitude", "latitude", "key"]; /* no name, no number */
  function byId(id) { return document.getElementById(id); }
  function field(name) { return form.elements[name]; }

  /* --- draft --- */
  function stored() {
    try { return JSON.parse(localStorage.getItem(DRAFT)) || null; } catch (error) { return null; }
  }
  function keep() {
    var draft = {};
    KEPT.forEach(function (name) { if (field(name)) { draft[name] = field(name).value; } });
    try {
      if (draft.text || draft.address) { localStorage.setItem(DRAFT, JSON.stringify(draft)); }
      else { localStorage.removeItem(DRAFT); }
    } catch (error) { /* no storage: nothing is kept */ }
  }
  function restore() {
    var draft = stored();
    if (!draft || form.dataset.wrong || field("text").value) { return; }
    var withPlace = !field("doorway").value;
    KEPT.forEach(function (name) {
      if (!draft[name] || !field(name)) { return; }
      if (!withPlace && (name === "longitude" || name === "latitude")) { return; }
      field(name).value = draft[name];
    });
    byId("draft-note").hidden = false;
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  byId("draft-clear").addEventListener("click", function () {
    try { localStorage.removeItem(DRAFT); } catch (error) { /* nothing was kept */ }
    location.assign(location.pathname + location.search);
  });
  restore();

  /* --- sending: only when the server answers; else the words wait here --- */
  var sending = byId("sending"), send = byId("send"), offline = byId("offline-note");
  var usual = sending.textContent, waiting = false, reached = false;
  function reach() {
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, 10000);
    return fetch(form.action, { method: "HEAD", cache: "no-store", signal: stop.signal })
      .then(function () { clearTimeout(timer); });
  }
  function rest() {
    waiting = true;
    send.disabled = false;
    sending.textContent = usual;
    offline.hidden = false;
    offline.scrollIntoView({ block: "center" });
  }
  function attempt() {
    keep();
    send.disabled = true;
    sending.textContent = sending.dataset.sending;
    reach().then(function () {
      waiting = false;
      reached = true;
      offline.hidden = true;
      form.submit();
    }).catch(rest);
  }
  form.addEventListener("submit", function (event) {
    if (reached || !window.fetch || !window.AbortController) { return; }
    event.preventDefault();
    attempt();
  });
  byId("offline-retry").addEventListener("click", attempt);
  window.addEventListener("online", function () { if (waiting) { attempt(); } });
  window.addEventListener("pageshow", function () { reached = false; send.disabled = false; sending.textContent = usual; });

  /* --- is it this? --- */
  var like = byId("similar"), asking = null, later, lastAsked = "";
  function typed() {
    var sent = new FormData();
    ["text", "address", "category", "longitude", "latitude", "doorway", "csrfmiddlewaretoken"].forEach(function (name) {
      if (field(name)) { sent.append(name, field(name).value); }
    });
    return sent;
  }
  function look() {
    var sent = typed(), now = JSON.stringify(Array.from(sent.entries()));
    if (now === lastAsked || String(sent.get("text")).trim().length < 4) { return; }
    lastAsked = now;
    if (asking) { asking.abort(); }
    asking = new AbortController();
    fetch(like.dataset.url, { method: "POST", body: sent, credentials: "same-origin", signal: asking.signal })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (html) { if (html.trim() !== like.innerHTML.trim()) { like.innerHTML = html; } })
      .catch(function () { /* the list is help: without it the form is as it was */ });
  }
  function lookSoon() {
    if (!window.fetch || !window.AbortController) { return; }
    clearTimeout(later);
    later = setTimeout(look, 700);
  }
  form.addEventListener("input", lookSoon);
  form.addEventListener("change", lookSoon);
  like.addEventListener("click", function (event) {
    var choice = event.target.closest("[data-support]");
    if (!choice) { return; }
    var chosen = field("support") || document.createElement("input");
    chosen.type = "hidden";
    chosen.name = "support";
    chosen.value = choice.dataset.support;
    form.appendChild(chosen);
    attempt();
  });
  send.addEventListener("click", function () { if (field("support")) { field("support").remove(); } });
  lookSoon();

  /* --- place --- */
  var tools = byId("place-tools");
  if (!tools) { return; }
  tools.hidden = false;
  var status = byId("place-status"), address = field("address"), list = byId("places");
  var map = null, pin = null;

  function mark(longitude, latitude) {
    field("longitude").value = longitude.toFixed(6);
    field("latitude").value = latitude.toFixed(6);
    status.textContent = status.dataset.set + " ";
    var clear = document.createElement("button");
    clear.type = "button";
    clear.className = "ll-button ll-button--plain";
    clear.textContent = status.dataset.clear;
    clear.addEventListener("click", unmark);
    status.appendChild(clear);
    if (map) {
      if (pin) { pin.setLatLng([latitude, longitude]); }
      else { pin = L.circleMarker([latitude, longitude], { radius: 11, color: "#fff", weight: 3, fillColor: "#a8201a", fillOpacity: 1 }).addTo(map); }
    }
    keep();
    lookSoon();
  }
  function unmark() {
    field("longitude").value = field("latitude").value = "";
    status.textContent = "";
    if (pin) { pin.remove(); pin = null; }
    keep();
    lookSoon();
  }
  if (field("longitude").value) { mark(Number(field("longitude").value), Number(field("latitude").value)); }

  var pause;
  address.addEventListener("input", function () {
    clearTimeout(pause);
    pause = setTimeout(function () {
      fetch(list.dataset.url + "?address=" + encodeURIComponent(address.value), { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) { list.innerHTML = html; })
        .catch(function () { list.textContent = ""; });
    }, 300);
  });
  list.addEventListener("click", function (event) {
    var choice = event.target.closest("button");
    if (!choice) { return; }
    address.value = choice.dataset.address;
    list.textContent = "";
    if (choice.dataset.longitude) { mark(Number(choice.dataset.longitude), Number(choice.dataset.latitude)); }
    keep();
    address.focus();
  });

  byId("where-i-stand").addEventListener("click", function () {
    if (!navigator.geolocation) { status.textContent = status.dataset.refused; return; }
    status.textContent = status.dataset.asking;
    navigator.geolocation.getCurrentPosition(function (found) {
      mark(found.coords.longitude, found.coords.latitude);
      if (map) { map.setView([found.coords.latitude, found.coords.longitude], 17); }
    }, function () { status.textContent = status.dataset.refused; }, { enableHighAccuracy: true, timeout: 15000 });
  });

  var button = byId("show-map"), box = byId("place-map");
  button.addEventListener("click", function () {
    if (!box.hidden) { box.hidden = true; byId("map-tools").hidden = true; button.setAttribute("aria-expanded", "false"); return; }
    box.hidden = false;
    byId("map-tools").hidden = false;
    button.setAttribute("aria-expanded", "true");
    if (!map) { open(); }
  });
  function script(addressOf) {
    return new Promise(function (resolve, reject) {
      var node = document.createElement("script");
      node.src = addressOf;
      node.onload = resolve;
      node.onerror = reject;
      document.head.appendChild(node);
    });
  }
  function open() {
    var given = form.dataset;
    script(given.mapJs)
      .then(function () { return window.linliMap.load("css", given.leafletCss); })
      .then(function () { return window.linliMap.load("js", given.leafletJs); })
      .then(function () { return window.linliMap.draw(box, given); })
      .then(function (drawn) {
        map = drawn.map;
        map.on("click", function (event) { mark(event.latlng.lng, event.latlng.lat); });
        byId("pin-middle").addEventListener("click", function () {
          var middle = map.getCenter();
          mark(middle.lng, middle.lat);
        });
        if (field("longitude").value) { mark(Number(field("longitude").value), Number(field("latitude").value)); }
      })
      .catch(function () { box.hidden = true; byId("map-tools").hidden = true; status.textContent = status.dataset.failed; });
  }
})();
