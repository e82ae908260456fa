import { readdirSync } from "node:fs"
import { join } from "node:path"

const folder = join(__dirname, "..")
const names = readdirSync(folder).filter((file) => /^Migration.*\.ts$/.test(file))

// All modules of a store share one table of migrations, keyed by the bare name: a second migration of
// the same name is skipped without a word.
describe("migrations", () => {
  it.each(names)("%s has a name that no other package has", async (file) => {
    expect(file).toMatch(/^Migration\d{14}_erp\w*\.ts$/)
    const exported: Record<string, unknown> = await import(join(folder, file))
    expect(Object.keys(exported)).toEqual([file.replace(/\.ts$/, "")])
  })

  it("are ordered by their names, each with a time of its own", () => {
    const times = names.map((name) => name.slice("Migration".length, "Migration".length + 14))
    expect(new Set(times).size).toBe(times.length)
    expect(names.length).toBeGreaterThan(0)
  })
})
