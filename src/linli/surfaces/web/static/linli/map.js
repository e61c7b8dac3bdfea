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

  function look(about, tiles) {
    var water = about.kind === "water";
    if (!about.named) { return { color: "#8a7f6d", weight: 0.75, fillColor: "#cbbfa9", fillOpacity: tiles ? 0 : 0.55 }; }
    var ink = water ? "#2f7ea6" : "#0b6b5a";
    return { color: ink, weight: 1.5, fillColor: ink, fillOpacity: tiles ? 0.04 : (water ? 0.3 : 0.08) };
  }

  /* A name is shown where its ground is wide enough for it. */
  function nameWhatIsWide(map, ground) {
    ground.eachLayer(function (layer) {
      var tip = layer.getTooltip && layer.getTooltip();
      if (!tip) { return; }
      var box = layer.getBounds();
      var wide = map.latLngToContainerPoint(box.getNorthEast()).x - map.latLngToContainerPoint(box.getSouthWest()).x;
      var name = tip.getElement();
      if (name) { name.style.visibility = wide < name.offsetWidth + 8 ? "hidden" : "visible"; }
    });
  }

  /* Resolves to { map, ground }; ground is the layer of boundaries. */
  function draw(element, options) {
    var map = L.map(element, {
      attributionControl: Boolean(options.tiles), zoomControl: false, zoomSnap: 0.25, maxZoom: 19, minZoom: 3,
    });
    L.control.zoom({ zoomInTitle: options.zoomIn || "+", zoomOutTitle: options.zoomOut || "−" }).addTo(map);
    if (options.tiles) { L.tileLayer(options.tiles, { maxZoom: 19 }).addTo(map); }
    return fetch(options.areas, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }).then(function (shapes) {
      var ground = L.geoJSON(shapes, {
        interactive: false,
        style: function (feature) { return look(feature.properties, Boolean(options.tiles)); },
        onEachFeature: function (feature, layer) {
          if (!feature.properties.named) { return; }
          // A lake lies inside its grid: its name goes below the other.
          var down = feature.properties.kind === "water" ? 18 : 0;
          layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "map-label", offset: [0, down] });
        },
      }).addTo(map);
      map.on("zoomend", function () { nameWhatIsWide(map, ground); });
      if (ground.getLayers().length) {
        map.fitBounds(ground.getBounds(), { padding: [8, 8] });
      } else if (options.longitude && options.latitude) {
        map.setView([Number(options.latitude), Number(options.longitude)], 15);
      } else {
        map.setView([30.5, 114.3], 11);
      }
      nameWhatIsWide(map, ground);
      return { map: map, ground: ground };
    });
  }

  window.linliMap = { load: load, draw: draw };
})();
