import { Defect } from "../defect"

export const d39: Defect = {
  id: "D39",
  mechanism: "a creation that arrived unheard is agreed on with what the store holds by now",
  breaks: ["I1", "I9"],
  start: 1,
  seeds: 300,
  edits: [
    {
      file: "src/engine/creation-intents.ts",
      find: `      creation: asAnnounced(entry.creation, entry.link, entry.variants),
`,
      replace: ``,
    },
  ],
}
