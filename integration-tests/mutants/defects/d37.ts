import { Defect } from "../defect"

export const d37: Defect = {
  id: "D37",
  mechanism: "a creation is sent again after a lost reply, under a new key",
  breaks: ["I3", "I9"],
  start: 1,
  seeds: 200,
  edits: [
    {
      file: "src/engine/create-in-erp.ts",
      find: `    key: product.id,
    title: product.title,`,
      replace: `    key: \`\${product.id}:\${made += 1}\`,
    title: product.title,`,
    },
    {
      file: "src/engine/create-in-erp.ts",
      find: `const CHUNK = 50`,
      replace: `const CHUNK = 50
let made = 0`,
    },
  ],
}
