/* The frame of every page: the navigation folds on narrow screens, and the user menu closes by itself. */
(function () {
  "use strict";

  document.documentElement.classList.add("scripted");

  function foldNavigation() {
    var button = document.getElementById("menu-button");
    var navigation = document.getElementById("navigation");
    if (!button || !navigation) {
      return;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      var open = navigation.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    });
  }

  function closeUserMenu() {
    var menu = document.querySelector(".user-menu");
    if (!menu) {
      return;
    }
    document.addEventListener("click", function (event) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    foldNavigation();
    closeUserMenu();
  });
})();
