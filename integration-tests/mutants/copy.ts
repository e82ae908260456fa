import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join, normalize } from "node:path"
import { Defect, Edit } from "./defect"

/** Where the simulation begins. */
export const ENTRY = "integration-tests/convergence/main.ts"

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g

/** Sources by path, relative to the repository. */
export type Sources = ReadonlyMap<string, string>

/** All that the simulation imports, directly or not. @throws Error where an import leads nowhere */
export const readSources = async (root: string): Promise<Sources> => {
  const sources = new Map<string, string>()
  const open = [ENTRY]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (!sources.has(file)) {
      const text = await readFile(join(root, file), "utf8")
      sources.set(file, text)
      open.push(...importsOf(root, file, text))
    }
  }
  return sources
}

const importsOf = (root: string, file: string, text: string): string[] =>
  [...text.matchAll(IMPORT)].map(([, to = ""]) => {
    const path = normalize(join(dirname(file), to))
    const found = [`${path}.ts`, `${path}/index.ts`, path].find((candidate) =>
      existsSync(join(root, candidate)),
    )
    if (!found) {
      throw new Error(`${file} imports ${to}, which is not there`)
    }
    return found
  })

/** The sources with a defect in them. @throws Error when the production code has moved on */
export const mutate = (sources: Sources, defect: Defect): Sources => {
  const mutated = new Map(sources)
  for (const edit of defect.edits) {
    mutated.set(edit.file, edited(defect.id, mutated.get(edit.file), edit))
  }
  return mutated
}

const edited = (id: string, text: string | undefined, { file, find, replace }: Edit): string => {
  if (text === undefined) {
    throw new Error(`${id}: ${file} is not part of the simulation`)
  }
  const [before = "", after, ...more] = text.split(find)
  if (after === undefined || more.length > 0) {
    const times = after === undefined ? "nowhere" : `${more.length + 1} times`
    throw new Error(`${id}: in ${file} this stands ${times}, instead of once:\n${find}`)
  }
  return `${before}${replace}${after}`
}

/** Writes sources into an empty folder of their own. */
export const writeCopy = async (folder: string, sources: Sources): Promise<void> => {
  await rm(folder, { recursive: true, force: true })
  for (const [file, text] of sources) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}
