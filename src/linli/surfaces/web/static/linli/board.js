/* The public map: clusters of points, asked for as the map is moved. */
(function () {
  "use strict";
  var element = document.getElementById("board-map");
  var status = document.getElementById("map-status");
  if (!element || !window.L || !window.linliMap) { return; }
  element.hidden = false;
  var given = element.dataset;
  var clusters = L.markerClusterGroup({
    maxClusterRadius: 50, showCoverageOnHover: false,
    iconCreateFunction: function (cluster) { return badge(cluster.getChildCount()); },
  });

  function popup(point) {
    var box = document.createElement("div");
    var link = document.createElement("a");
    link.href = point.url;
    link.textContent = point.title || point.number;
    var stage = document.createElement("p");
    stage.textContent = point.stage_label;
    box.append(link, stage);
    return box;
  }

  var counts = L.layerGroup();

  function badge(text) {
    return L.divIcon({ html: "<span>" + text + "</span>", className: "map-cluster", iconSize: [44, 44] });
  }

  function show(found, map) {
    var points = found.points;
    clusters.clearLayers();
    counts.clearLayers();
    found.clusters.forEach(function (one) {
      var text = one.count + (one.more ? "+" : "");
      L.marker([one.lat, one.lon], { icon: badge(text), title: text, alt: text })
        .on("click", function () { map.setView([one.lat, one.lon], map.getZoom() + 2); }).addTo(counts);
    });
    clusters.addLayers(points.map(function (point) {
      var icon = L.divIcon({ className: "map-point map-point--" + point.stage, iconSize: [24, 24] });
      return L.marker([point.lat, point.lon], { icon: icon, title: point.title, alt: point.title })
        .bindPopup(function () { return popup(point); });
    }));
    status.textContent = points.length || found.clusters.length ? "" : status.dataset.none;
  }

  function ask(map) {
    var box = map.getBounds();
    var edges = [
      Math.max(box.getWest(), -180), Math.max(box.getSouth(), -90),
      Math.min(box.getEast(), 180), Math.min(box.getNorth(), 90),
    ].map(function (edge) { return edge.toFixed(4); }).join(",");
    var address = given.points + (given.points.indexOf("?") < 0 ? "?" : "&") + "bbox=" + edges + "&zoom=" + Math.floor(map.getZoom());
    fetch(address, { credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.json(); })
      .then(function (found) { show(found, map); })
      .catch(function () { status.textContent = status.dataset.failed; });
  }

  window.linliMap.draw(element, given).then(function (drawn) {
    drawn.map.addLayer(clusters);
    drawn.map.addLayer(counts);
    ask(drawn.map);
    var waiting;
    drawn.map.on("moveend", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { ask(drawn.map); }, 250);
    });
  }).catch(function () { element.hidden = true; status.textContent = status.dataset.failed; });
})();
