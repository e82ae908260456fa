import { Defect } from "../defect"

export const d12: Defect = {
  id: "D12",
  mechanism: "a truncated page, or an empty answer, counts as success",
  breaks: ["I5", "I2"],
  start: 163,
  seeds: 150,
  edits: [
    {
      file: "src/connectors/odoo/pull.ts",
      find: `if (beyond > 0) throw shortPage(`,
      replace: `if (beyond < 0) throw shortPage(`,
    },
    {
      file: "src/connectors/odoo/rows.ts",
      find: `  const { records, length } = (value ?? {}) as Record<string, unknown>
  const rows = records`,
      replace: `  const { records = [], length = 0 } = (value ?? {}) as Record<string, unknown>
  const rows = records`,
    },
  ],
}
