import { readdirSync, readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { join } from "node:path"

// A quoted word after "from" may be SQL as well: only what can be a package's name counts.
const IMPORT = /(?:\brequire\(|\bfrom\s*|\bimport\(|\bimport\s*)["']([@a-z][\w@./-]*)["']/g

/** Packages that Medusa's own packages bring to every store and re-export the API of. */
const PROVIDED = new Set(["@medusajs/admin-sdk"])

/**
 * Checks that every package which the built plugin imports is one it declares.
 *
 * @throws Error that lists file and package.
 */
export function checkImports(plugin: string): void {
  const manifest = JSON.parse(readFileSync(join(plugin, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }
  const declared = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...PROVIDED,
    ...builtinModules,
  ])
  const undeclared: string[] = []
  for (const file of scripts(join(plugin, ".medusa/server"))) {
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      const name = packageName(specifier)
      if (!specifier.startsWith("node:") && !declared.has(name)) {
        undeclared.push(`${file.slice(plugin.length + 1)} imports ${name}`)
      }
    }
  }
  if (undeclared.length > 0) throw new Error(`Undeclared packages:\n${undeclared.join("\n")}`)
}

function packageName(specifier: string): string {
  const parts = specifier.split("/")
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "")
}

function scripts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => join(folder, name))
}
