import { Defect } from "../defect"

export const d02: Defect = {
  id: "D2",
  mechanism: "strict > on the local clock, no overlap",
  breaks: ["I5"],
  start: 1,
  seeds: 60,
  edits: [
    {
      file: "src/connectors/odoo/windows.ts",
      find: `    seen === null ? EPOCH : shift(seen, 1),`,
      // A clock that is five minutes fast.
      replace: `    served_at === null ? EPOCH : shift(served_at, 300),`,
    },
    {
      file: "src/connectors/odoo/windows.ts",
      find: `    hi: served_at === null ? hi : earlier(hi, shift(served_at, 1)),`,
      replace: `    hi: served_at === null ? hi : later(hi, served_at),`,
    },
    {
      file: "src/connectors/odoo/windows.ts",
      find: `hi <= EPOCH ? EPOCH : shift(hi, -OVERLAP_SECONDS)`,
      replace: `shift(hi, -0 * OVERLAP_SECONDS)`,
    },
    {
      file: "src/connectors/odoo/domains.ts",
      find: `[stamp, ">=", lo] as const`,
      replace: `[stamp, ">", lo] as const`,
    },
  ],
}
