import { Defect } from "../defect"

export const d28: Defect = {
  id: "D28",
  mechanism: "a base is rewritten as a whole; a stalled worker writes an expired plan",
  breaks: ["I1", "I4", "I9"],
  start: 350,
  seeds: 100,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `    const current = moving.filter((work) => locked.get(work.link.id)?.seq === work.link.seq)
    const stale = moving.filter((work) => locked.get(work.link.id)?.seq !== work.link.seq)`,
      replace: `    const current = moving
      .filter((work) => locked.has(work.link.id))
      .map((work): LinkWork => {
        const seq = locked.get(work.link.id)?.seq ?? 0
        const { base_erp, base_medusa } = work.link
        return {
          ...work,
          link: { ...work.link, seq },
          patch: { base_erp, base_medusa, ...work.patch },
        }
      })
    const stale = moving.filter((work) => !locked.has(work.link.id))`,
    },
  ],
}
