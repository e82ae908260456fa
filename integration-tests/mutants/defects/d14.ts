import { Defect } from "../defect"

export const d14: Defect = {
  id: "D14",
  mechanism: "rows tied at a page boundary are lost; the cursor is rounded up",
  breaks: ["I5"],
  start: 1,
  seeds: 100,
  edits: [
    {
      file: "src/connectors/odoo/pull.ts",
      find: `  const domain = domainOf(reader, state, watch, moved?.ids)`,
      replace: `  let domain = domainOf(reader, state, watch, moved?.ids)`,
    },
    {
      file: "src/connectors/odoo/pull.ts",
      find: `    await reader.prepare?.(page.rows, options)`,
      replace: `    const boundary = newestStamp(page.rows)
    if (state.mode === "delta" && boundary !== null) {
      state = { ...state, lo: shift(boundary, 1) }
      domain = domainOf(reader, state, watch, moved?.ids)
    }
    await reader.prepare?.(page.rows, options)`,
    },
    {
      file: "src/connectors/odoo/pull.ts",
      find: `  parseCursor,
  Stamp,`,
      replace: `  parseCursor,
  shift,
  Stamp,`,
    },
  ],
}
