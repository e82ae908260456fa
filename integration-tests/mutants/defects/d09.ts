import { Defect } from "../defect"

export const d09: Defect = {
  id: "D9",
  mechanism: "the same error twice turns a record off for good",
  breaks: ["I1", "I5", "I3"],
  start: 2,
  seeds: 100,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `    if (outcome?.outcome === "refused") {
`,
      replace: `    if (outcome?.outcome === "refused") {
      const { patch } = entry.work
      if (link.kept["failed"] === true) {
        patch.state = "tombstone"
      } else {
        patch.kept = { ...patch.kept, failed: true }
      }
`,
    },
  ],
}
