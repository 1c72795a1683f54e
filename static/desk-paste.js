// Takes what is pasted from Word or a page into a field of official text: headings, lists, tables and links
// stay as plain markup, the look goes. The server's allow-list decides in any case.
"use strict";
(() => {
  const KEPT = new Set([
    "P", "BR", "H2", "H3", "H4", "STRONG", "B", "EM", "I", "U", "S", "SUB", "SUP", "BLOCKQUOTE", "UL", "OL", "LI",
    "A", "TABLE", "CAPTION", "THEAD", "TBODY", "TFOOT", "TR", "TH", "TD",
  ]);
  const BLOCKS = new Set(["H1", "H2", "H3", "H4", "P", "BLOCKQUOTE", "UL", "OL", "LI", "TABLE", "TR"]);
  const DROPPED = new Set(["HEAD", "META", "LINK", "STYLE", "SCRIPT", "TITLE", "XML", "TEMPLATE", "SVG", "IMG"]);
  // Between their parts blanks mean nothing.
  const HOLDERS = new Set(["BODY", "DIV", "TABLE", "THEAD", "TBODY", "TFOOT", "TR", "UL", "OL"]);
  const RENAMED = { H1: "h2", H5: "h4", H6: "h4" };

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  // Word breaks its lines anywhere, and between Chinese characters a break is no blank.
  const joined = (text) => text.replace(/([^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])/g, "$1").replace(/\s+/g, " ");

  // The page allows no inline styles, not even in a document that is only read.
  const unstyled = (markup) =>
    markup
      .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
      .replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");

  const attributes = (node) => {
    const names = node.tagName === "A" ? ["href"] : ["colspan", "rowspan"];
    return names
      .filter((name) => node.hasAttribute(name))
      .map((name) => ` ${name}="${escaped(node.getAttribute(name)).replace(/"/g, "&quot;")}"`)
      .join("");
  };

  const written = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      return node.data.trim() || !HOLDERS.has(node.parentNode.tagName) ? escaped(joined(node.data)) : "";
    }
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.tagName)) return "";
    const inside = [...node.childNodes].map(written).join("");
    const tag = RENAMED[node.tagName] || (KEPT.has(node.tagName) ? node.tagName.toLowerCase() : "");
    if (tag === "br") return "<br>\n";
    if (!tag || (!inside.trim() && tag !== "td" && tag !== "th")) return inside;
    const markup = `<${tag}${attributes(node)}>${inside.trim()}</${tag}>`;
    return BLOCKS.has(tag.toUpperCase()) ? `${markup}\n` : markup;
  };

  document.addEventListener("paste", (event) => {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement) || !area.dataset.pasted || !event.clipboardData) return;
    const given = event.clipboardData.getData("text/html");
    if (!given) return;
    const body = new DOMParser().parseFromString(unstyled(given), "text/html").body;
    if (!body.querySelector("p, li, table, h1, h2, h3, h4, h5, h6")) return;
    event.preventDefault();
    const markup = written(body).replace(/\n{2,}/g, "\n").trim();
    // This way the browser can undo it.
    if (!document.execCommand("insertText", false, markup)) {
      area.setRangeText(markup, area.selectionStart, area.selectionEnd, "end");
    }
    let said = area.parentElement.querySelector(".said-of-paste");
    if (!said) {
      said = document.createElement("p");
      said.className = "help said-of-paste";
      said.setAttribute("role", "status");
      area.after(said);
    }
    said.textContent = area.dataset.pasted;
  });
})();
