// Search, sorting, paging and download of every declared table; rows beyond the first come from the data.
const PAGE = 300;
const SEARCHABLE = 8;

const cellText = (cell) => {
  const whole = cell.querySelector(".digest > span");
  return (whole || cell).textContent;
};

const drawCell = (text, kind) => {
  const cell = el("td", { class: kind });
  if (kind === "digest") cell.append(...(text ? [digest(text)] : []));
  else if (kind === "command") cell.append(el("pre", { tabindex: "0" }, text));
  else if (kind === "findings") {
    text.split(", ").forEach((part, index) => {
      if (index) cell.append(", ");
      cell.append(/^F-\S+$/.test(part) ? el("a", { href: "#" + part }, part) : part);
    });
  } else cell.append(text);
  return cell;
};

class DataTable {
  constructor(table) {
    this.table = table;
    this.id = table.dataset.table;
    this.body = table.tBodies[0];
    this.heads = [...table.tHead.rows[0].cells];
    this.kinds = this.heads.map((cell) => cell.dataset.kind);
    this.labels = this.heads.map((cell) => cell.textContent);
    this.rows = [...this.body.rows].map((tr) => ({ tr }));
    for (const [account, position] of data.tables[this.id] || []) this.rows.push({ account, position });
    this.plain = this.body.rows.length;
    this.limit = Math.max(PAGE, this.plain);
    this.matching = this.rows;
    this.addTools();
  }

  cells(row) {
    if (!row.cells) {
      row.cells = row.tr ? [...row.tr.cells].map(cellText) : restore(row.position, row.account, 0);
    }
    return row.cells;
  }

  element(row) {
    row.tr ||= el("tr", this.id === "evidence" ? { id: this.cells(row)[0] } : {}, ...this.cells(row).map((text, index) => drawCell(text, this.kinds[index])));
    return row.tr;
  }

  addTools() {
    const name = this.table.caption.textContent;
    this.count = el("output", { "aria-live": "polite" });
    const tools = el("div", { class: "tools small" });
    if (this.rows.length >= SEARCHABLE) {
      this.query = el("input", { type: "search", "aria-label": `Search in: ${name}`, placeholder: "Search", autocomplete: "off" });
      this.query.addEventListener("input", later(() => this.filter()));
      tools.append(this.query);
    }
    const download = el("button", { type: "button", "aria-label": `Download as CSV: ${name}` }, "Download as CSV");
    download.addEventListener("click", () =>
      saveCsv(`${data.framework}-${this.id}.csv`, [this.labels, ...this.matching.map((row) => this.cells(row))]));
    tools.append(download, this.count);
    this.table.parentElement.before(tools);
    this.more = el("button", { type: "button", class: "more" }, "");
    this.more.addEventListener("click", () => { this.limit += PAGE; this.show(); });
    this.table.parentElement.after(this.more);
    this.heads.forEach((cell, index) => {
      const button = el("button", { type: "button", class: "sort" }, cell.textContent);
      button.addEventListener("click", () => this.sort(index));
      cell.replaceChildren(button);
    });
    this.showCount();
  }

  filter() {
    const words = this.query ? this.query.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    const has = (row) => {
      row.text ||= this.cells(row).join("\n").toLowerCase();
      return words.every((word) => row.text.includes(word));
    };
    this.matching = words.length ? this.rows.filter(has) : this.rows;
    this.limit = Math.max(PAGE, this.plain);
    this.show();
  }

  sort(index) {
    const down = this.heads[index].getAttribute("aria-sort") === "ascending";
    for (const cell of this.heads) cell.removeAttribute("aria-sort");
    this.heads[index].setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = new Intl.Collator("en", { numeric: this.kinds[index] === "number" });
    const way = down ? -1 : 1;
    this.rows.sort((a, b) => way * order.compare(this.cells(a)[index], this.cells(b)[index]));
    this.filter();
  }

  // Shows the row of an id, whatever is searched for.
  reveal(id) {
    const place = this.rows.findIndex((row) => this.cells(row)[0] === id);
    if (place < 0) return;
    if (this.query) this.query.value = "";
    this.matching = this.rows;
    this.limit = Math.max(this.limit, place + 1);
    this.show();
    this.element(this.rows[place]).scrollIntoView({ block: "center" });
  }

  show() {
    this.body.replaceChildren(...this.matching.slice(0, this.limit).map((row) => this.element(row)));
    this.showCount();
  }

  showCount() {
    const hidden = this.matching.length - Math.min(this.limit, this.matching.length);
    this.more.hidden = hidden === 0;
    this.more.textContent = `Show ${Math.min(PAGE, hidden)} of ${counted(hidden, "further row")}`;
    this.count.textContent = this.matching.length === this.rows.length
      ? counted(this.rows.length, "row")
      : `${this.matching.length.toLocaleString("en")} of ${counted(this.rows.length, "row")}`;
  }
}
