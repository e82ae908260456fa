import { Defect } from "../defect"

export const d15: Defect = {
  id: "D15",
  mechanism: "an inclusive >= cursor over a page of one timestamp fetches for ever",
  breaks: ["I2", "I5"],
  start: 1,
  seeds: 60,
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
    if (state.mode === "delta" && boundary !== null && !page.complete) {
      state = { ...state, lo: boundary, after: 0 }
      domain = domainOf(reader, state, watch, moved?.ids)
    }
    await reader.prepare?.(page.rows, options)`,
    },
  ],
}
