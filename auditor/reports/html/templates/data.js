// The page's data (store.py): texts, numbers and lists stored once, account ids replaced by a mark.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);

const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

const restore = (position, account, base) => {
  const entry = data.entries[position];
  if (typeof entry === "string") return account ? entry.replaceAll(data.mark, account) : entry;
  if (typeof entry === "number") return entry + base;
  return entry.map((part) => restore(part, account, base));
};

// All text below an entry, in lower case, with the mark still in it: made once, however many findings share it.
const texts = new Map();
const flatText = (position) => {
  if (!texts.has(position)) {
    const entry = data.entries[position];
    let text = "";
    if (typeof entry === "string") text = entry.toLowerCase();
    else if (typeof entry === "object") text = entry.map(flatText).join("\n");
    texts.set(position, text);
  }
  return texts.get(position);
};

// The numbers below an entry, which are positions in the evidence, relative to those of the account.
const numbers = new Map();
const positions = (position) => {
  if (!numbers.has(position)) {
    const entry = data.entries[position];
    const below = typeof entry === "object" ? entry.flatMap((part) => [...positions(part)]) : [];
    numbers.set(position, new Set(typeof entry === "number" ? [entry] : below));
  }
  return numbers.get(position);
};

const csvField = (text) => {
  // A spreadsheet takes text that begins so for a formula; the apostrophe keeps it text.
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? "'" + text : text;
  return '"' + safe.replaceAll('"', '""') + '"';
};

const saveCsv = (name, rows) => {
  const body = "\ufeff" + rows.map((row) => row.map(csvField).join(",")).join("\r\n") + "\r\n";
  const link = el("a", {
    href: URL.createObjectURL(new Blob([body], { type: "text/csv;charset=utf-8" })),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

const later = (action) => {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(action, 120);
  };
};
