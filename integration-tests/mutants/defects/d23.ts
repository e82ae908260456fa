import { Defect } from "../defect"

export const d23: Defect = {
  id: "D23",
  mechanism: "equal version (whole seconds) drops a second edit of the same second",
  breaks: ["I5", "I2"],
  start: 16,
  seeds: 100,
  edits: [
    {
      file: "src/engine/reconcile-products.ts",
      find: `    const returns = link?.state === "gone" && erp.active`,
      replace: `    if (link && erp.version !== null && link.version.products === erp.version) {
      return false
    }
    const returns = link?.state === "gone" && erp.active`,
    },
  ],
}
