// The matrix is one stop of the Tab key; arrow keys go from cell to cell. Cells get names where the page has none.
const MEANINGS = { P: "PASS", F: "FAIL", I: "INCONCLUSIVE" };

const matrixLinks = (table) => [...table.querySelectorAll("tbody a")];

const nameCell = (link) => {
  if (link.title) return;
  const cell = link.closest("td");
  const [account, name] = link.closest("tr").cells;
  const control = link.closest("table").tHead.rows[0].cells[cell.cellIndex].textContent;
  link.title = `${name.textContent || account.textContent}, ${control}: ${MEANINGS[link.textContent[0]] || ""}`;
  link.setAttribute("aria-label", link.title);
};

const linkIn = (row, index) => row && row.cells[index] ? row.cells[index].querySelector("a") : null;

const neighbour = (link, key) => {
  const cell = link.closest("td");
  const row = cell.parentElement;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step) return linkIn(row, cell.cellIndex + step);
  const next = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling }[key];
  if (next) return linkIn(next, cell.cellIndex);
  const links = [...row.querySelectorAll("a")];
  return { Home: links[0], End: links.at(-1) }[key] || null;
};

const makeGrid = (table) => {
  const links = matrixLinks(table);
  for (const link of links) link.tabIndex = -1;
  if (links.length) links[0].tabIndex = 0;
  table.addEventListener("keydown", (event) => {
    const link = event.target.closest("tbody a");
    const next = link && neighbour(link, event.key);
    if (!next) return;
    event.preventDefault();
    link.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  for (const kind of ["focusin", "mouseover"]) {
    table.addEventListener(kind, (event) => {
      const link = event.target.closest("tbody a");
      if (link) nameCell(link);
    });
  }
};
