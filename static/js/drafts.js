/* What is typed into a form with data-draft outlives a lost connection: it is kept in this browser until
   the server has taken it, and forgotten when the person signs out. */
(function () {
  "use strict";

  var PREFIX = "draft:";

  function store() {
    try {
      return window.localStorage;
    } catch (error) {
      return null;
    }
  }

  function fieldsOf(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && (field.tagName === "TEXTAREA" || field.type === "text" || field.type === "date");
    });
  }

  function keep(form, key, kept) {
    var values = {};
    var something = false;
    fieldsOf(form).forEach(function (field) {
      values[field.name] = field.value;
      something = something || (field.value !== field.defaultValue && field.value !== "");
    });
    try {
      if (something) {
        kept.setItem(key, JSON.stringify(values));
      } else {
        kept.removeItem(key);
      }
    } catch (error) {
      /* A full store loses the draft, never the form. */
    }
  }

  function bringBack(form, key, kept) {
    var values;
    try {
      values = JSON.parse(kept.getItem(key) || "null");
    } catch (error) {
      values = null;
    }
    if (!values) {
      return;
    }
    var changed = false;
    fieldsOf(form).forEach(function (field) {
      /* What the server sent back filled in is newer than the draft. */
      if (typeof values[field.name] === "string" && field.value === "" && values[field.name] !== "") {
        field.value = values[field.name];
        changed = true;
      }
    });
    if (changed) {
      var note = document.createElement("p");
      note.className = "notice";
      note.setAttribute("role", "status");
      note.textContent = "已恢复上次没有提交的内容，请核对后提交。";
      form.insertBefore(note, form.firstChild);
    }
  }

  function owner() {
    return document.body.getAttribute("data-user") || "";
  }

  document.addEventListener("DOMContentLoaded", function () {
    var kept = store();
    if (!kept) {
      return;
    }
    Array.prototype.forEach.call(document.querySelectorAll("form[data-draft]"), function (form) {
      var key = PREFIX + owner() + ":" + form.getAttribute("data-draft");
      if (document.querySelector(".message-success")) {
        kept.removeItem(key);
      }
      bringBack(form, key, kept);
      form.addEventListener("input", function () {
        keep(form, key, kept);
      });
    });
    Array.prototype.forEach.call(document.querySelectorAll("form[data-sign-out]"), function (form) {
      form.addEventListener("submit", function () {
        Object.keys(kept).forEach(function (name) {
          if (name.indexOf(PREFIX) === 0) {
            kept.removeItem(name);
          }
        });
      });
    });
  });
})();
