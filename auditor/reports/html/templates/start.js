// Everything is readable without this script; it only adds what is named in the other parts.
document.documentElement.classList.add("js");
const tables = Object.fromEntries(
  [...document.querySelectorAll("table[data-table]")].map((table) => [table.dataset.table, new DataTable(table)]));
// Positions in the data speak of the order in which the evidence was numbered, whatever the table's sorting.
const numbered = [...tables.evidence.rows];
const findings = new Findings((position) => tables.evidence.cells(numbered[position]));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const text = button.parentElement.querySelector("pre").textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // The clipboard is refused to some pages opened from disk: select the text for the reader instead.
    getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});

const openAround = (target) => {
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
};

const follow = () => {
  const target = decodeURIComponent(location.hash.slice(1));
  if (target.startsWith("find?")) return findings.restoreFrom(target.slice(5));
  if (findings.goTo(target)) return;
  if (/^E-\d+$/.test(target)) tables.evidence.reveal(target);
  const found = byId(target);
  if (!found) return;
  for (const old of document.querySelectorAll(".here")) old.classList.remove("here");
  if (found.tagName === "TR") found.classList.add("here");
  openAround(found);
};
addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  // A second click on the same link changes no address.
  const link = event.target.closest("a[href^='#']");
  if (link && link.hash === location.hash) follow();
});
if (tables.matrix) makeGrid(tables.matrix.table);
follow();

// On paper each cause is open a few times, as the style says; what passes stands in its line.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".card:nth-child(-n+3):not([open]):not([data-verdict=PASS])")];
  for (const card of opened) {
    findings.entries.get(card.id).fill();
    card.open = true;
  }
});
addEventListener("afterprint", () => {
  for (const card of opened) card.open = false;
});
