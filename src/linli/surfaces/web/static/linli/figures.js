/* Draws the figures by month; the table below says the same without this script. */
(function () {
  "use strict";
  var element = document.getElementById("chart"), data = document.getElementById("chart-data");
  if (!element || !data) { return; }
  var given = JSON.parse(data.textContent);
  if (!given.series.length) { return; }

  function draw() {
    element.hidden = false;
    var chart = window.echarts.init(element, null, { renderer: "svg" }), selected = {};
    given.series.forEach(function (one) { selected[one.name] = one.shown; });
    var font = getComputedStyle(document.body).fontFamily;
    chart.setOption({
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      textStyle: { fontFamily: font },
      color: ["#0b6b5a", "#1d4f91", "#8a4b00", "#a8201a", "#5b3a8c", "#4b6b0b", "#52606b", "#9c2b6e"],
      tooltip: { trigger: "axis" },
      legend: { type: "scroll", top: 8, left: 12, right: 12, selected: selected, inactiveColor: "#76817b" },
      grid: { left: 12, right: 20, top: 52, bottom: 12, containLabel: true },
      xAxis: { type: "category", data: given.months, axisLabel: { color: "#525f59" } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: "#525f59" } },
      series: given.series.map(function (one) {
        return { type: "line", name: one.name, data: one.values, symbolSize: 8 };
      }),
    });
    window.addEventListener("resize", function () { chart.resize(); });
  }

  var script = document.createElement("script");
  script.src = element.dataset.script;
  script.onload = draw;
  document.head.appendChild(script);
})();
