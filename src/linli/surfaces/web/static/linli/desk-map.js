/* Open matters on a map: clusters are counted by the server and asked for as the map moves. */
(function () {
  "use strict";
  var element = document.getElementById("desk-map"), status = document.getElementById("map-status");
  if (!element || !window.L || !window.linliMap) { return; }
  element.hidden = false;
  var given = element.dataset, shown = L.layerGroup(), asked = 0;

  function popup(pin) {
    var box = document.createElement("div"), link = document.createElement("a");
    link.href = pin.url;
    link.textContent = pin.title || pin.number;
    box.appendChild(link);
    [pin.number + " · " + pin.stage, pin.due].forEach(function (text) {
      if (!text) { return; }
      var line = document.createElement("div");
      line.textContent = text;
      box.appendChild(line);
    });
    return box;
  }

  function show(found, map) {
    shown.clearLayers();
    found.clusters.forEach(function (one) {
      var text = one.count + (one.more ? "+" : "");
      var icon = L.divIcon({ html: "<span>" + text + "</span>", className: "map-cluster", iconSize: [44, 44] });
      L.marker(one.at, { icon: icon, title: text, alt: text }).addTo(shown)
        .on("click", function () { map.setView(one.at, Math.min(map.getZoom() + 2, map.getMaxZoom())); });
    });
    found.pins.forEach(function (pin) {
      var icon = L.divIcon({ className: "map-point map-point--" + pin.tone, iconSize: [24, 24] });
      L.marker(pin.at, { icon: icon, title: pin.title, alt: pin.title || pin.number })
        .bindPopup(function () { return popup(pin); }).addTo(shown);
    });
    status.textContent = found.clusters.length + found.pins.length ? "" : status.dataset.none;
  }

  function ask(map) {
    var box = map.getBounds(), number = ++asked;
    var edges = [
      Math.max(box.getWest(), -180), Math.max(box.getSouth(), -85),
      Math.min(box.getEast(), 180), Math.min(box.getNorth(), 85),
    ].map(function (edge) { return edge.toFixed(5); }).join(",");
    fetch(given.points + "?box=" + edges + "&zoom=" + Math.floor(map.getZoom()), { credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(function (found) { if (number === asked) { show(found, map); } })
      .catch(function () { status.textContent = status.dataset.failed; });
  }

  window.linliMap.draw(element, given).then(function (drawn) {
    document.getElementById("legend").hidden = false;
    shown.addTo(drawn.map);
    ask(drawn.map);
    var waiting;
    drawn.map.on("moveend", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { ask(drawn.map); }, 250);
    });
  }).catch(function () { element.hidden = true; status.textContent = status.dataset.failed; });
})();
