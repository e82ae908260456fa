/** Packages for code that must know nothing of Medusa, but the zod that Medusa brings. */
const NOT_MEDUSA = /^(?!@medusajs\/)|^@medusajs\/framework\/zod$/

/**
 * The rooms of `src/` and what each may import beside itself: rooms or single files of them, and, if
 * not all, which packages.
 *
 * @type {{ room: string, rooms: string[], packages?: RegExp }[]}
 */
export const ROOMS = [
  {
    room: "src/sync",
    rooms: [],
    packages: /^(big\.js|@medusajs\/framework\/zod|node:crypto)$/,
  },
  { room: "src/connectors", rooms: ["src/sync"], packages: NOT_MEDUSA },
  { room: "src/engine", rooms: ["src/sync", "src/connectors/contract"], packages: NOT_MEDUSA },
  { room: "src/modules/erp", rooms: ["src/sync", "src/connectors", "src/engine/ports"] },
  {
    room: "src/catalog",
    rooms: ["src/sync", "src/engine/ports", "src/engine/image-ports", "src/modules/erp"],
  },
  {
    room: "src/runtime",
    rooms: ["src/sync", "src/connectors", "src/engine", "src/modules/erp", "src/catalog"],
  },
  { room: "src/workflows", rooms: ["src/runtime", "src/sync"] },
  { room: "src/api", rooms: ["src/runtime", "src/sync", "src/workflows"] },
  { room: "src/jobs", rooms: ["src/runtime", "src/workflows"] },
  { room: "src/subscribers", rooms: ["src/runtime", "src/workflows"] },
  { room: "src/links", rooms: ["src/modules/erp"] },
  { room: "src/admin", rooms: ["src/runtime/views"] },
]
