/* Maps drawn on the boundaries of the grids; tiles only where the installation has them. */
(function () {
  "use strict";

  function load(kind, address) {
    return new Promise(function (resolve, reject) {
      var node = document.createElement(kind === "css" ? "link" : "script");
      if (kind === "css") { node.rel = "stylesheet"; node.href = address; } else { node.src = address; }
      node.onload = resolve;
      node.onerror = reject;
      document.head.appendChild(node);
    });
  }

  /* Resolves to { map, ground }; ground is the layer of boundaries. */
  function draw(element, options) {
    var map = L.map(element, {
      attributionControl: Boolean(options.tiles), zoomControl: false, maxZoom: 19, minZoom: 3,
    });
    L.control.zoom({ zoomInTitle: options.zoomIn || "+", zoomOutTitle: options.zoomOut || "−" }).addTo(map);
    if (options.tiles) { L.tileLayer(options.tiles, { maxZoom: 19 }).addTo(map); }
    return fetch(options.areas, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (shapes) {
      var ground = L.geoJSON(shapes, {
        interactive: false,
        style: function (feature) {
          var water = feature.properties.kind === "water", ink = water ? "#2f7ea6" : "#0b6b5a";
          return { color: ink, weight: 1.5, fillColor: ink, fillOpacity: options.tiles ? 0.04 : (water ? 0.3 : 0.08) };
        },
        onEachFeature: function (feature, layer) {
          layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "map-label" });
        },
      }).addTo(map);
      if (ground.getLayers().length) {
        map.fitBounds(ground.getBounds(), { padding: [8, 8] });
      } else if (options.longitude && options.latitude) {
        map.setView([Number(options.latitude), Number(options.longitude)], 15);
      } else {
        map.setView([30.5, 114.3], 11);
      }
      return { map: map, ground: ground };
    });
  }

  window.linliMap = { load: load, draw: draw };
})();
