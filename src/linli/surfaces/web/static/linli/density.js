/* Shades the grids by how many requests lie in each, with the number written on it. */
(function () {
  "use strict";
  var element = document.getElementById("density"), data = document.getElementById("density-counts");
  if (!element || !data || !window.linliMap) { return; }
  var counts = JSON.parse(data.textContent), given = element.dataset;
  var most = Math.max.apply(null, Object.keys(counts).map(function (code) { return counts[code]; }).concat(1));

  function draw() {
    element.hidden = false;
    return window.linliMap.draw(element, given).then(function (drawn) {
      drawn.ground.eachLayer(function (layer) {
        var about = layer.feature && layer.feature.properties, count = about && counts[about.code];
        if (!count || !layer.setStyle) { return; }
        layer.setStyle({ color: "#0b3d33", weight: 1.5, fillColor: "#0b5a4b", fillOpacity: 0.1 + 0.6 * Math.sqrt(count / most) });
        var icon = L.divIcon({ className: "density-count", html: String(count), iconSize: [44, 24], iconAnchor: [22, -6] });
        L.marker(layer.getBounds().getCenter(), { icon: icon, interactive: false, keyboard: false }).addTo(drawn.map);
      });
    });
  }

  function begin() {
    window.linliMap.load("js", given.leaflet).then(draw).catch(function () { element.hidden = true; });
  }

  element.hidden = false;
  if (!window.IntersectionObserver) { begin(); return; }
  var near = new IntersectionObserver(function (found) {
    if (found.some(function (one) { return one.isIntersecting; })) { near.disconnect(); begin(); }
  }, { rootMargin: "300px" });
  near.observe(element);
})();
