const { readdirSync } = require("node:fs")
const { join } = require("node:path")

const folder = join(__dirname, "..", "..", "src", "sync", "__tests__")

for (const file of readdirSync(folder).filter((name) => name.endsWith(".unit.spec.ts"))) {
  describe(file, () => void require(join(folder, file)))
}
