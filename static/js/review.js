/* The review page: a click on a passage shows its fact, a click on a fact shows its passage.
   Without this script the same links jump by their anchors. */
(function () {
  "use strict";

  function each(nodes, act) {
    Array.prototype.forEach.call(nodes, act);
  }

  function passagesOf(key) {
    var all = document.querySelectorAll(".passage[data-facts]");
    return Array.prototype.filter.call(all, function (mark) {
      return mark.getAttribute("data-facts").split(" ").indexOf(key) >= 0;
    });
  }

  function clear() {
    each(document.querySelectorAll(".chosen"), function (node) {
      node.classList.remove("chosen");
    });
  }

  /* Scrolls the box that the node lies in, not the page: both sides stay in sight. */
  function reveal(node) {
    var box = node.closest(".review-text, .review-facts");
    var inner = box && box.scrollHeight > box.clientHeight + 1 ? box : null;
    if (!inner) {
      node.scrollIntoView({ block: "center" });
      return;
    }
    var offset = node.getBoundingClientRect().top - inner.getBoundingClientRect().top;
    inner.scrollTop += offset - inner.clientHeight / 3;
  }

  function choose(key, from) {
    var card = document.getElementById(key);
    var passages = passagesOf(key);
    clear();
    each(passages, function (mark) {
      mark.classList.add("chosen");
    });
    if (card) {
      card.classList.add("chosen");
      var group = card.closest("details");
      if (group) {
        group.open = true;
      }
    }
    if (from !== "card" && card) {
      reveal(card);
      card.focus({ preventScroll: true });
    }
    if (from !== "text" && passages.length) {
      reveal(passages[0]);
    }
  }

  document.addEventListener("click", function (event) {
    var mark = event.target.closest(".passage[data-facts]");
    if (mark) {
      event.preventDefault();
      choose(mark.getAttribute("href").slice(1), "text");
      return;
    }
    var shown = event.target.closest("[data-shows]");
    if (shown) {
      event.preventDefault();
      choose(shown.getAttribute("data-shows"), "table");
      return;
    }
    var card = event.target.closest(".fact-card");
    if (card && !event.target.closest("button, form a, input, textarea, select")) {
      if (event.target.closest("a")) {
        event.preventDefault();
      }
      choose(card.getAttribute("data-fact"), "card");
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    var key = window.location.hash.slice(1).replace(/^at-/, "");
    if (/^[fs]\d+$/.test(key)) {
      choose(key, "hash");
    }
  });
})();
