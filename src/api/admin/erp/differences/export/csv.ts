/**
 * A row as RFC 4180 has it. A cell that a spreadsheet would take for a formula begins with an apostrophe;
 * plain numbers stay as they are.
 */
export const csvRow = (cells: readonly (string | boolean | null)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`

const csvCell = (cell: string | boolean | null): string => {
  const text = cell === null ? "" : String(cell)
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const FORMULA = /^[\s]*[=+\-@\t\r\n]/
const NUMBER = /^-?\d+(\.\d+)?$/
