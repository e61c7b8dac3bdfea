/* Draws what stands beside each chart as JSON. The table next to it says the same without this.
   The library is loaded when the first chart comes near the screen, or in a quiet moment. */
(function () {
  "use strict";
  var INK = "#24302b", QUIET = "#525f59", LINE = "#c9d1cc";
  // Told apart by lightness, pattern, dash and symbol as well as by hue.
  var COLOURS = ["#0b5a4b", "#c26a00", "#7a9fd6", "#5b2a86", "#8c9a94"];
  var DASHES = ["solid", [8, 5], [2, 4], [12, 4, 2, 4], "solid"];
  var SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle"];
  var PATTERNS = [
    { symbol: "none" },
    { symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -0.785, color: "rgba(0,0,0,0.55)" },
    { symbol: "circle", symbolSize: 0.7, dashArrayX: [[7, 7], [0, 7, 7, 0]], dashArrayY: [7, 0], color: "rgba(0,0,0,0.55)" },
    { symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 5], rotation: 0.785, color: "rgba(255,255,255,0.8)" },
    { symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0, color: "rgba(0,0,0,0.5)" },
  ];
  var WHISKER = "path://M0 0 L3 0 L3 20 L0 20 Z";
  var boxes = Array.prototype.slice.call(document.querySelectorAll("[data-chart]"));
  if (!boxes.length) { return; }
  var loading = null, drawn = [];

  function library(address) {
    loading = loading || new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.appendChild(script);
    });
    return loading;
  }

  function em() { return parseFloat(getComputedStyle(document.body).fontSize) || 16; }

  function inUnit(spec, value) {
    if (spec.unit === "per_cent") { return value + " %"; }
    return spec.unit === "minutes" ? Math.round(value / 6) / 10 + " h" : String(value);
  }

  function bars(spec) {
    return spec.series.map(function (one, number) {
      var look = number % COLOURS.length;
      return {
        type: "bar", name: one.name, data: one.values, stack: spec.stacked ? "all" : null, barMaxWidth: 28, barGap: "10%",
        itemStyle: { color: COLOURS[look], borderColor: INK, borderWidth: 0.5, decal: PATTERNS[look] },
        label: spec.across ? {
          show: true, position: "right", color: INK, fontSize: em() * 0.75,
          formatter: function (at) { return one.texts[at.dataIndex]; },
        } : { show: false },
      };
    });
  }

  function lines(spec) {
    return spec.series.map(function (one, number) {
      var look = number % COLOURS.length;
      return {
        type: "line", name: one.name, data: one.values, symbol: SYMBOLS[look], symbolSize: 9, showAllSymbol: true,
        lineStyle: { type: DASHES[look], width: 3, color: COLOURS[look] }, itemStyle: { color: COLOURS[look] },
      };
    });
  }

  /* From the lower to the upper end of an interval, with whiskers, and where the rate itself lies. */
  function ranges(spec) {
    var low = spec.series[0].values, high = spec.series[2].values;
    function points(values, symbol, size, name) {
      return {
        type: "line", name: name, lineStyle: { width: 0 }, symbol: symbol, symbolSize: size, showAllSymbol: true,
        data: values.map(function (value, row) { return [value, row]; }), itemStyle: { color: INK, opacity: 1 }, z: 4,
      };
    }
    return [
      { type: "bar", stack: "range", data: low, barWidth: 4, itemStyle: { color: "transparent" }, silent: true },
      {
        type: "bar", stack: "range", barWidth: 4, silent: true, itemStyle: { color: COLOURS[0] },
        data: high.map(function (value, row) { return Math.max(0, value - low[row]); }),
      },
      points(low, WHISKER, [3, 18], spec.series[0].name),
      points(spec.series[1].values, "diamond", 15, spec.series[1].name),
      points(high, WHISKER, [3, 18], spec.series[2].name),
    ];
  }

  function option(spec, wide) {
    var text = { color: QUIET, fontSize: em() * 0.8 };
    var names = {
      type: "category", data: spec.labels, inverse: spec.across, axisTick: { show: false },
      axisLine: { lineStyle: { color: QUIET } },
      axisLabel: { color: INK, fontSize: em() * 0.8, hideOverlap: !spec.across, interval: spec.across ? 0 : "auto",
                   width: spec.across ? wide * 0.3 : undefined, overflow: spec.across ? "truncate" : undefined },
    };
    var most = spec.unit === "per_cent" ? 100 : undefined;
    var numbers = {
      type: "value", min: 0, max: most, minInterval: spec.unit === "count" ? 1 : undefined, splitNumber: wide < 480 ? 3 : 5,
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: Object.assign({ formatter: function (value) { return inUnit(spec, value); } }, text),
    };
    return {
      animation: false, /* numbers do not move */ aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: spec.across ? em() * 4.5 : em(), top: em(), bottom: 4, containLabel: true },
      xAxis: spec.across ? numbers : names, yAxis: spec.across ? names : numbers,
      series: spec.kind === "lines" ? lines(spec) : spec.kind === "ranges" ? ranges(spec) : bars(spec),
    };
  }

  /* The key of a series as it is drawn: a bar with its pattern, a line with its dash, a mark. */
  function key(spec, number) {
    var canvas = document.createElement("canvas");
    canvas.width = 56;
    canvas.height = 32;
    var pen = canvas.getContext("2d"), look = number % COLOURS.length;
    pen.scale(2, 2);
    pen.fillStyle = pen.strokeStyle = spec.kind === "ranges" ? INK : COLOURS[look];
    if (spec.kind === "lines") {
      pen.lineWidth = 3;
      pen.setLineDash(DASHES[look] === "solid" ? [] : DASHES[look]);
      pen.beginPath();
      pen.moveTo(0, 8);
      pen.lineTo(28, 8);
      pen.stroke();
    } else if (spec.kind === "ranges") {
      if (number === 1) {
        pen.beginPath();
        [[14, 1], [21, 8], [14, 15], [7, 8]].forEach(function (at) { pen.lineTo(at[0], at[1]); });
        pen.fill();
      } else { pen.fillRect(13, 1, 3, 14); pen.fillRect(number ? 2 : 16, 7, 11, 3); }
    } else {
      pen.fillRect(2, 1, 24, 14);
      pattern(pen, look);
    }
    return canvas;
  }

  function pattern(pen, look) {
    var x;
    pen.save();
    pen.beginPath();
    pen.rect(2, 1, 24, 14);
    pen.clip();
    pen.strokeStyle = pen.fillStyle = PATTERNS[look].color || INK;
    pen.lineWidth = 1.6;
    for (x = -16; x < 40; x += 5) {
      pen.beginPath();
      if (look === 1) { pen.moveTo(x, 16); pen.lineTo(x + 16, 0); pen.stroke(); }
      if (look === 3) { pen.moveTo(x, 0); pen.lineTo(x + 16, 16); pen.stroke(); }
      if (look === 2) { pen.arc(x, 5 + (x % 2 ? 0 : 5), 1.4, 0, 7); pen.fill(); }
      if (look === 4) { pen.fillRect(0, x, 28, 1.5); }
    }
    pen.restore();
  }

  function legend(box, spec) {
    var list = box.querySelector(".ll-chart__legend");
    if (spec.series.length < 2) { list.hidden = true; return; }
    spec.series.forEach(function (one, number) {
      var entry = document.createElement("li");
      entry.appendChild(key(spec, number));
      entry.appendChild(document.createTextNode(one.name));
      list.appendChild(entry);
    });
  }

  function height(spec) {
    var each = spec.kind === "ranges" ? 2.2 : 1.1 + spec.series.length * 1.1;
    return Math.max(spec.across ? em() * (spec.labels.length * each + 3) : em() * 18, em() * 9);
  }

  /* What the chart has at a place is told in words: by the arrow keys, and under the pointer. */
  function tell(box, ground, chart, spec) {
    var said = box.querySelector(".ll-chart__said"), at = -1;
    function say(number) {
      if (number < 0 || number >= spec.labels.length || number === at) { return; }
      at = number;
      said.textContent = spec.labels[at] + ": " + spec.series.map(function (one) {
        return one.name + " " + one.texts[at];
      }).join(" · ");
    }
    ground.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) { return; }
      event.preventDefault();
      say(Math.min(spec.labels.length - 1, Math.max(0, at + step)));
    });
    ground.addEventListener("pointermove", function (event) {
      var place = chart.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]);
      if (place) { say(Math.round(place[spec.across ? 1 : 0])); }
    });
  }

  function draw(box) {
    if (box.dataset.done) { return Promise.resolve(); }
    box.dataset.done = "yes";
    return library(box.dataset.script).then(function () {
      var spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
      var ground = box.querySelector(".ll-chart__ground");
      box.hidden = false;
      ground.style.height = height(spec) + "px";
      ground.style.minHeight = 0;
      var chart = window.echarts.init(ground);
      function paint() { chart.setOption(option(spec, ground.clientWidth), true); }
      legend(box, spec);
      paint();
      tell(box, ground, chart, spec);
      drawn.push({ chart: chart, ground: ground, paint: paint });
      if (window.innerWidth < 640) { box.parentNode.querySelector("details").open = false; }
    }).catch(function () { box.hidden = true; });
  }

  function fit(width) {
    drawn.forEach(function (one) { one.chart.resize(width ? { width: width } : undefined); one.paint(); });
  }

  if (window.IntersectionObserver) {
    var near = new IntersectionObserver(function (found) {
      found.forEach(function (one) {
        if (!one.isIntersecting) { return; }
        near.unobserve(one.target);
        draw(one.target.querySelector("[data-chart]"));
      });
    }, { rootMargin: "300px" });
    boxes.forEach(function (box) { near.observe(box.parentNode); });
    // The others in a quiet moment, so that all are there when the page is printed.
    window.addEventListener("load", function () {
      (window.requestIdleCallback || window.setTimeout)(function () { boxes.forEach(draw); });
    });
  } else { boxes.forEach(draw); }

  var resting;
  window.addEventListener("resize", function () { clearTimeout(resting); resting = setTimeout(fit, 150); });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".ll-chart__table").forEach(function (table) { table.open = true; });
    boxes.forEach(draw);
    fit(640);
  });
  window.addEventListener("afterprint", function () { fit(); });
})();
