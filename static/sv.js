/* The language of the page, in the browser.

   Streamlit writes <html lang="en"> and has its own words in English only. A page says its language with
   <span data-lang="sv" hidden></span> (the last marker in the document counts). This script sets <html lang>,
   remembers the choice in a cookie so that the server writes the right language from the start next time, and,
   while the page is Swedish, puts Swedish in place of Streamlit's words, in texts and in names for screen readers.
   A page that turns English gets the original words back.

   Only whole texts that are listed here are replaced. Parts with a lang attribute of their own, or data-no-sv,
   are left alone. Nothing is sent anywhere. */
"use strict";
(() => {
  const WORDS = {
    "Skip to main content": "Hoppa till innehållet",
    "Main menu": "Meny",
    "App pages": "Sidor",
    "Sidebar": "Sidofält",
    "Open sidebar": "Öppna sidofältet",
    "Expand sidebar": "Öppna sidofältet",
    "Collapse sidebar": "Stäng sidofältet",
    "Close sidebar": "Stäng sidofältet",
    "Link to heading": "Länk till rubriken",
    "Copy link to heading": "Kopiera länk till rubriken",
    "Running...": "Arbetar …",
    "Running": "Arbetar",
    "Connecting": "Ansluter",
    "Connecting to Streamlit server": "Ansluter till servern",
    "Connection error": "Anslutningen bröts",
    "Page not found": "Sidan finns inte",
    "Rerun": "Kör om",
    "Stop": "Avbryt",
    "Stopping...": "Avbryter …",
    "Print": "Skriv ut",
    "Settings": "Inställningar",
    "Appearance": "Utseende",
    "Theme": "Tema",
    "Light": "Ljust",
    "Dark": "Mörkt",
    "System": "Som datorn",
    "Use system setting": "Som datorn",
    "Wide mode": "Bred sida",
    "About": "Om",
    "Close": "Stäng",
    "Open": "Öppna",
    "Cancel": "Avbryt",
    "OK": "OK",
    "Learn more": "Läs mer",
    "Fullscreen": "Helskärm",
    "Close fullscreen": "Stäng helskärm",
    "View fullscreen": "Helskärm",
    "Show data": "Visa tabell",
    "Show chart": "Visa diagram",
    "Download as PNG": "Ladda ner som PNG",
    "Download as SVG": "Ladda ner som SVG",
    "Download as CSV": "Ladda ner som CSV",
    "Copy Vega-Lite spec": "Kopiera diagrammets beskrivning",
    "Copy to clipboard": "Kopiera",
    "Copied": "Kopierat",
    "Copied!": "Kopierat!",
    "Copy": "Kopiera",
    "Search": "Sök",
    "Close Search": "Stäng sökningen",
    "Previous Result": "Föregående träff",
    "Next Result": "Nästa träff",
    "Show/hide columns": "Visa eller dölj kolumner",
    "Sort ascending": "Sortera stigande",
    "Sort descending": "Sortera fallande",
    "Pin column": "Lås kolumnen",
    "Unpin column": "Lås upp kolumnen",
    "Hide column": "Dölj kolumnen",
    "Autosize": "Anpassa bredden",
    "Format": "Format",
    "Statistics": "Statistik",
    "Copy column name": "Kopiera kolumnens namn",
    "Automatic": "Automatiskt",
    "Localized": "Efter språket",
    "Plain": "Utan format",
    "Compact": "Kort",
    "Percent": "Procent",
    "Scientific": "Potensform",
    "Accounting": "Redovisning",
    "Distance": "Avstånd",
    "Add row": "Lägg till rad",
    "Delete row(s)": "Ta bort rader",
    "Clear selection": "Rensa urvalet",
    "Clear value": "Rensa",
    "Clear all": "Rensa allt",
    "Select all": "Markera alla",
    "Select...": "Välj …",
    "Add...": "Lägg till …",
    "Choose an option": "Välj",
    "Choose options": "Välj",
    "Add options": "Lägg till",
    "Choose or add an option": "Välj eller lägg till",
    "No options": "Inga val",
    "No options to select": "Inga val",
    "No options to select.": "Inga val.",
    "No results": "Inga träffar",
    "No data": "Inga uppgifter",
    "empty": "tomt",
    "Empty": "Tomt",
    "Values": "Värden",
    "Distinct": "Olika",
    "Minimum": "Minst",
    "Maximum": "Störst",
    "Median": "Median",
    "Average": "Medel",
    "Based on sample": "Ur ett urval",
    "Choose date": "Välj datum",
    "Choose date range": "Välj period",
    "Choose date and time": "Välj datum och tid",
    "Quick select a date range": "Välj en vanlig period",
    "Date range": "Period",
    "Start date": "Från och med",
    "End date": "Till och med",
    "Selected date unavailable.": "Dagen går inte att välja.",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "Piltangenter byter dag, Enter väljer, Escape stänger.",
    "Previous": "Föregående",
    "Next": "Nästa",
    "Previous page": "Föregående sida",
    "Next page": "Nästa sida",
    "Previous month": "Föregående månad",
    "Next month": "Nästa månad",
    "Month": "Månad",
    "Year": "År",
    "month": "månad",
    "year": "år",
    "day": "dag",
    "yyyy": "åååå",
    "Increment": "Öka",
    "Decrement": "Minska",
    "Increment value": "Öka",
    "Decrement value": "Minska",
    "Show password": "Visa lösenordet",
    "Show password text": "Visa lösenordet",
    "Hide password": "Dölj lösenordet",
    "Hide password text": "Dölj lösenordet",
    "Upload": "Välj fil",
    "Browse files": "Välj fil",
    "File Uploader": "Filuppladdning",
    "Upload file": "Välj fil",
    "Upload files": "Välj filer",
    "Add files": "Byt eller lägg till fil",
    "file upload": "filuppladdning",
    "Drag and drop file here": "Dra hit en fil",
    "Drag and drop a file here": "Dra hit en fil",
    "Drag and drop files here": "Dra hit filer",
    "Click to retry upload": "Klicka för att försöka igen",
    "Zoom in": "Zooma in",
    "Zoom out": "Zooma ut",
    "Zoom In": "Zooma in",
    "Zoom Out": "Zooma ut",
    "Reset view": "Hela kartan",
    "Invalid date": "Ogiltigt datum",
  };
  const MONTHS = {
    January: "januari", February: "februari", March: "mars", April: "april", May: "maj", June: "juni", July: "juli",
    August: "augusti", September: "september", October: "oktober", November: "november", December: "december",
  };
  const PATTERNS = [
    [new RegExp(`^(\\d+ – )(${Object.keys(MONTHS).join("|")})$`), (_, number, month) => number + MONTHS[month]],
    [new RegExp(`^(${Object.keys(MONTHS).join("|")})( \\d{4})?$`), (_, month, year) => MONTHS[month] + (year ?? "")],
    [/^Press Enter to apply$/, () => "Tryck Enter för att använda"],
    [/^Press Enter to submit( form)?$/, () => "Tryck Enter för att skicka"],
    [/^Press Enter to .+$/, () => "Tryck Enter"],
    [/^Upload or drag and drop .+$/, () => "Välj en fil eller dra hit den"],
    [/^Limit (.+) per file(?: • (.+))?$/, (_, size, kinds) => `Högst ${size} per fil` + (kinds ? ` • ${kinds}` : "")],
    [/^(\d[\d.,]*\s?[KMG]?B) per file(?: • (.+))?$/, (_, size, kinds) => `Högst ${size} per fil` + (kinds ? ` • ${kinds}` : "")],
    [/^Remove (.+)$/, (_, name) => `Ta bort ${name}`],
    [/^Page (\d+)$/, (_, number) => `Sida ${number}`],
    [/^Today, (.+) selected$/, (_, date) => `I dag, ${date}, valt`],
    [/^Today, (.+)$/, (_, date) => `I dag, ${date}`],
    [/^Choose date, (.+)$/, (_, month) => `Välj datum, ${month}`],
    [/^Selected Date: (.+)$/, (_, date) => `Valt datum: ${date}`],
    [/^Selected Range: (.+) to (.+)$/, (_, start, end) => `Vald period: ${start} till ${end}`],
    [/^Help for (.+)$/, (_, name) => `Hjälp om ${name}`],
    [/^Selected (.+)\. (.+)$/, (_, value, label) => `Valt ${value}. ${label}`],
    [/^Click to copy (.+)$/, (_, name) => `Kopiera ${name}`],
    [/^(.+) results?$/, (_, count) => (count === "1" ? "1 träff" : `${count} träffar`)],
    [/^(\d+) options? available\.$/, (_, count) => `${count} val finns.`],
    [/^year, (.*)$/, (_, rest) => `år, ${rest}`],
    [/^month, (.*)$/, (_, rest) => `månad, ${rest}`],
    [/^day, (.*)$/, (_, rest) => `dag, ${rest}`],
  ];
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-roledescription"];
  const FOREIGN = "[lang]:not(html), [data-no-sv], script, style";
  const WRITTEN = `${FOREIGN}, textarea, [contenteditable]`; // what a reader is writing is the reader's own
  const UNWRITTEN = "[role=spinbutton][data-placeholder]"; // a part of a date that nobody has filled in: "yyyy"
  const COOKIE = "skolkronan_lang";
  const originals = new WeakMap(); // node -> { key: {from, to} }, so that English can be put back

  let language = document.documentElement.lang === "en" ? "en" : "sv";

  function inSwedish(text) {
    const bare = text.trim();
    const named = bare.indexOf(": "); // "Show data: <what the chart shows>": the button, then what it belongs to
    if (named > 0 && Object.hasOwn(WORDS, bare.slice(0, named))) return WORDS[bare.slice(0, named)] + bare.slice(named);
    if (!bare || bare.length > 120) return null;
    if (Object.hasOwn(WORDS, bare)) return text.replace(bare, () => WORDS[bare]);
    for (const [pattern, answer] of PATTERNS) {
      const match = pattern.exec(bare);
      if (match) return text.replace(bare, () => answer(...match));
    }
    return null;
  }

  function change(node, key, read, write) {
    const kept = originals.get(node) ?? {};
    const now = read();
    if (now === null) return;
    if (language === "sv") {
      const swedish = inSwedish(now);
      if (swedish === null || swedish === now) return;
      kept[key] = { from: now, to: swedish };
      originals.set(node, kept);
      write(swedish);
    } else if (kept[key] && kept[key].to === now) {
      write(kept[key].from);
      delete kept[key];
    }
  }

  function visitText(node) {
    const parent = node.parentElement;
    if (!parent || (parent.closest(WRITTEN) && !parent.matches(UNWRITTEN)) || parent.closest(FOREIGN)) return;
    change(node, "text", () => node.nodeValue, (text) => { node.nodeValue = text; });
  }

  function visitAttributes(element) {
    if (element.closest(FOREIGN)) return;
    for (const name of ATTRIBUTES) {
      if (!element.hasAttribute(name)) continue;
      change(element, name, () => element.getAttribute(name), (text) => element.setAttribute(name, text));
    }
  }

  function visit(root) {
    if (root.nodeType === Node.TEXT_NODE) return visitText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    visitAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) visitText(node);
      else visitAttributes(node);
    }
  }

  function follow() {
    const markers = document.querySelectorAll("span[data-lang]");
    const wanted = markers.length ? markers[markers.length - 1].dataset.lang : language;
    const known = wanted === "en" ? "en" : "sv";
    if (document.documentElement.lang !== known) document.documentElement.lang = known;
    if (markers.length && !document.cookie.split("; ").includes(`${COOKIE}=${known}`)) {
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `${COOKIE}=${known}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    }
    if (known === language) return false;
    language = known;
    visit(document.body);
    return true;
  }

  const observer = new MutationObserver((changes) => {
    if (follow()) return;
    for (const one of changes) {
      if (one.type === "childList") one.addedNodes.forEach(visit);
      else if (one.type === "characterData") visitText(one.target);
      else visitAttributes(one.target);
    }
  });
  const start = () => {
    follow();
    visit(document.body);
    observer.observe(document.body, {
      subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: [...ATTRIBUTES, "data-lang"],
    });
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
