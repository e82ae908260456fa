import { Defect } from "../defect"

export const d01: Defect = {
  id: "D1",
  mechanism: "the cursor moves past records whose import failed",
  breaks: ["I5", "I2"],
  start: 2,
  seeds: 60,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `    const parked = [...page.parked, ...applied.parked]`,
      replace: `    const parked = page.parked`,
    },
    {
      file: "src/engine/commit.ts",
      find: `      ...applied.dirty,
`,
      replace: ``,
    },
    {
      file: "src/engine/commit.ts",
      find: `    !applied.incomplete.has(link.id) &&
`,
      replace: ``,
    },
  ],
}
