/* Draws every figure[data-chart] from its JSON; a click on a mark opens the list behind it.
   The table beside each chart says the same by keyboard and without scripts. */
(function () {
  "use strict";

  var CONFIG = { displayModeBar: false, responsive: true, showTips: false };

  function read(id) {
    var figure = JSON.parse(document.getElementById(id).textContent);
    return typeof figure === "string" ? JSON.parse(figure) : figure;
  }

  /* A point's customdata is the address, or a list that begins with it. Only our own pages are opened. */
  function addressOf(point) {
    var value = Array.isArray(point.customdata) ? point.customdata[0] : point.customdata;
    return typeof value === "string" && /^[/?](?![/\\])/.test(value) ? value : null;
  }

  function draw(frame) {
    var plot = frame.querySelector(".chart-plot");
    var figure = read(frame.getAttribute("data-chart"));
    plot.classList.add("drawn");
    return window.Plotly.newPlot(plot, figure.data, figure.layout, CONFIG).then(function () {
      plot.on("plotly_click", function (event) {
        var address = event.points.length ? addressOf(event.points[0]) : null;
        if (address) {
          window.location.assign(address);
        }
      });
      plot.on("plotly_hover", function (event) {
        plot.classList.toggle("leads-on", Boolean(event.points.length && addressOf(event.points[0])));
      });
      plot.on("plotly_unhover", function () {
        plot.classList.remove("leads-on");
      });
      frame.querySelector(".chart-table").open = false;
    });
  }

  function drawAll() {
    Array.prototype.forEach.call(document.querySelectorAll("figure[data-chart]"), function (frame) {
      draw(frame);
    });
  }

  /* On paper the table stands open below the chart. */
  function openTables(open) {
    Array.prototype.forEach.call(document.querySelectorAll(".chart-table"), function (table) {
      table.open = open;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (window.Plotly) {
      drawAll();
    }
  });
  window.addEventListener("beforeprint", function () {
    openTables(true);
  });
  window.addEventListener("afterprint", function () {
    openTables(!window.Plotly);
  });
})();
