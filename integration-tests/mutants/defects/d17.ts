import { Defect } from "../defect"

export const d17: Defect = {
  id: "D17",
  mechanism: "a failed price write leaves a variant without base prices",
  breaks: ["I1", "I2", "I5"],
  start: 1,
  seeds: 20,
  edits: [
    {
      file: "src/engine/create-products.ts",
      find: `    drafts.map((draft) => withStandingIds(draft.input, idsByErp)),`,
      replace: `    drafts.map((draft) => {
      const input = withStandingIds(draft.input, idsByErp)
      const [first, ...others] = input.variants
      return first ? { ...input, variants: [{ ...first, prices: [] }, ...others] } : input
    }),`,
    },
    {
      file: "src/sync/price-readings.ts",
      find: `    const known = erp !== undefined || link.base_erp[field] !== undefined`,
      replace: `    const known = held !== undefined && (erp !== undefined || field in link.base_erp)`,
    },
  ],
}
