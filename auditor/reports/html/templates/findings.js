// Search and filters over all findings; bodies that do not stand in the page are drawn when their entry is opened.
const SEARCHABLE_NUMBER = /\d/;

// A word of the search. Findings alike share the groups of their cells: each is looked through once.
class Word {
  constructor(text) {
    this.text = text;
    this.number = SEARCHABLE_NUMBER.test(text);
    this.known = new Map();
    this.evidence = /^e-\d{5,}$/.test(text) ? Number(text.slice(2)) - 1 : -1;
  }
  inGroup(position) {
    if (!this.known.has(position)) this.known.set(position, flatText(position).includes(this.text));
    return this.known.get(position);
  }
  // It occurs in what is the finding's own, or in the text that it shares with findings alike.
  in(finding) {
    const groups = data.entries[finding.position];
    if (this.evidence >= 0) return groups.some((position) => positions(position).has(this.evidence - finding.base));
    if (finding.own.includes(this.text) || groups.some((position) => this.inGroup(position))) return true;
    if (!this.number || !this.text.includes(finding.account)) return false;
    const marked = this.text.replaceAll(finding.account, data.mark);
    return groups.some((position) => flatText(position).includes(marked));
  }
}

class Finding {
  constructor([number, account, control, anchor, position, base]) {
    this.number = number;
    [this.account, this.name] = data.accounts[account];
    this.control = data.controls[control];
    this.anchor = anchor;
    this.position = position;
    this.base = base;
    this.own = `${number}\n${this.account}\n${this.name}\n${this.control}`.toLowerCase();
    this.on = true;
  }
  cells() {
    const cells = data.entries[this.position].flatMap((group) => data.entries[group]);
    return cells.slice(0, data.columns.length).map((position) => {
      const cell = data.entries[position];
      if (cell === data.mark + "#") return this.number;
      if (cell === data.mark + "n") return this.name;
      const value = restore(position, this.account, this.base);
      if (!Array.isArray(value)) return value;
      return value.map((part) => typeof part === "number" ? "E-" + String(part + 1).padStart(5, "0") : part).join("");
    });
  }
}

class Entry {
  constructor(card, evidence) {
    this.card = card;
    this.verdict = card.dataset.verdict;
    this.evidence = evidence;
    this.findings = [];
    this.partly = false;
    card.addEventListener("toggle", () => { if (card.open) this.fill(); });
  }
  fill() {
    const body = data.bodies[this.card.id];
    if (!body || this.card.querySelector(":scope > .body")) return;
    this.card.querySelector(".others").remove();
    this.card.append(el("div", { class: "body" }, ...draw(restore(...body), this.evidence)));
  }
  // Findings that the filters leave out stay in an entry that is shown, paler.
  show(matching) {
    this.card.hidden = matching.length === 0;
    const partly = matching.length > 0 && matching.length < this.findings.length;
    if (!partly && !this.partly) return;
    const wanted = new Set(matching);
    for (const finding of this.findings) byId(finding.number).classList.toggle("off", partly && !wanted.has(finding));
    this.partly = partly;
  }
  reveal(number) {
    this.fill();
    for (let part = this.card; part; part = part.parentElement) part.hidden = false;
    this.card.open = true;
    const target = number ? byId(number) : this.card.querySelector("summary");
    if (number) target.tabIndex = -1;
    this.card.scrollIntoView();
    target.focus({ preventScroll: true });
  }
}

class Findings {
  constructor(evidence) {
    this.entries = new Map([...document.querySelectorAll(".card")].map((card) => [card.id, new Entry(card, evidence)]));
    this.all = data.findings.map((row) => new Finding(row));
    this.numbers = new Map(this.all.map((finding) => [finding.number, finding]));
    for (const finding of this.all) this.entries.get(finding.anchor).findings.push(finding);
    this.kinds = [...document.querySelectorAll(".entry")];
    this.tiers = [...document.querySelectorAll(".tier")];
    this.matching = this.all;
    this.query = byId("finding-query");
    this.control = byId("finding-control");
    this.account = byId("finding-account");
    this.account.append(...data.accounts.map(([id, name]) => el("option", { value: id }, name ? `${name} (${id})` : id)));
    this.boxes = [...document.querySelectorAll("#finding-tools input[name=verdict]")];
    this.query.addEventListener("input", later(() => this.changed()));
    for (const input of [...this.boxes, this.account, ...(this.control ? [this.control] : [])]) {
      input.addEventListener("change", () => this.changed());
    }
    byId("finding-tools").addEventListener("submit", (event) => event.preventDefault());
    byId("expand").addEventListener("click", () => this.toggleAll());
    byId("download").addEventListener("click", () => this.download());
    this.showCount();
  }
  changed() {
    this.filter();
    const parameters = this.parameters().toString();
    history.replaceState(null, "", parameters ? `#find?${parameters}` : "#findings");
  }
  // The filters as they stand in the address, so that they can be sent.
  parameters() {
    const found = new URLSearchParams();
    if (this.query.value.trim()) found.set("q", this.query.value.trim());
    const verdicts = this.boxes.filter((box) => box.checked).map((box) => box.value);
    if (verdicts.length < this.boxes.length) found.set("verdict", verdicts.join(","));
    if (this.control && this.control.value) found.set("control", this.control.value);
    if (this.account.value) found.set("account", this.account.value);
    return found;
  }
  restoreFrom(text) {
    const found = new URLSearchParams(text);
    this.query.value = found.get("q") || "";
    for (const box of this.boxes) box.checked = !found.has("verdict") || found.get("verdict").split(",").includes(box.value);
    if (this.control) this.control.value = found.get("control") || "";
    this.account.value = found.get("account") || "";
    this.filter();
    byId("findings").scrollIntoView();
  }
  filter() {
    const words = this.query.value.toLowerCase().split(/\s+/).filter(Boolean).map((text) => new Word(text));
    const verdicts = new Set(this.boxes.filter((box) => box.checked).map((box) => box.value));
    const control = this.control ? this.control.value : "";
    const account = this.account.value;
    this.matching = [];
    for (const entry of this.entries.values()) {
      const matching = verdicts.has(entry.verdict)
        ? entry.findings.filter((finding) =>
          (!control || finding.control === control) && (!account || finding.account === account)
          && words.every((word) => word.in(finding)))
        : [];
      entry.show(matching);
      this.matching.push(...matching);
    }
    for (const kind of this.kinds) kind.hidden = !kind.querySelector(".card:not([hidden])");
    for (const tier of this.tiers) tier.hidden = !tier.querySelector(".entry:not([hidden])");
    this.showCount();
  }
  showCount() {
    const [found, total] = [this.matching.length, this.all.length];
    byId("finding-count").textContent =
      (found === total ? "" : `${found.toLocaleString("en")} of `) + counted(total, "finding");
  }
  toggleAll() {
    const button = byId("expand");
    const open = button.textContent === "Expand all";
    for (const card of document.querySelectorAll(".cards > .card:not([hidden])")) card.open = open;
    button.textContent = open ? "Collapse all" : "Expand all";
  }
  download() {
    saveCsv(`${data.framework}-findings.csv`, [data.columns, ...this.matching.map((finding) => finding.cells())]);
  }
  // A link leads to its finding even where the filters leave it out.
  goTo(target) {
    const finding = this.numbers.get(target);
    const entry = this.entries.get(finding ? finding.anchor : target);
    if (entry) entry.reveal(finding ? target : "");
    return Boolean(entry);
  }
}
